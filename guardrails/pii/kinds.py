"""The closed set of personal identifiers, and how each is called in a placeholder."""

from __future__ import annotations

from enum import StrEnum


class EntityType(StrEnum):
    """What kind of identifier a stretch of text is. The values are stable: reports and suites name them."""

    CN_RESIDENT_ID = "CN_RESIDENT_ID"
    CN_MOBILE = "CN_MOBILE"
    CN_LANDLINE = "CN_LANDLINE"
    BANK_CARD = "BANK_CARD"
    PASSPORT = "PASSPORT"
    HK_MACAO_TAIWAN_PERMIT = "HK_MACAO_TAIWAN_PERMIT"
    HOUSEHOLD_REGISTER = "HOUSEHOLD_REGISTER"
    DISABILITY_CERTIFICATE = "DISABILITY_CERTIFICATE"
    BIRTH_CERTIFICATE = "BIRTH_CERTIFICATE"
    STUDENT_NUMBER = "STUDENT_NUMBER"
    SOCIAL_SECURITY_CARD = "SOCIAL_SECURITY_CARD"
    EMAIL = "EMAIL"
    WECHAT = "WECHAT"
    QQ = "QQ"
    CAR_PLATE = "CAR_PLATE"
    IP_ADDRESS = "IP_ADDRESS"
    ADDRESS = "ADDRESS"
    SCHOOL_CLASS = "SCHOOL_CLASS"
    PERSON = "PERSON"
    DATE_OF_BIRTH = "DATE_OF_BIRTH"

    @property
    def label(self) -> str:
        """The word inside a placeholder, such as `姓名` in `<姓名1>`."""
        return _LABELS[self]


_LABELS = {
    EntityType.CN_RESIDENT_ID: "身份证号",
    EntityType.CN_MOBILE: "电话",
    EntityType.CN_LANDLINE: "电话",
    EntityType.BANK_CARD: "银行卡号",
    EntityType.PASSPORT: "护照号",
    EntityType.HK_MACAO_TAIWAN_PERMIT: "港澳台证件号",
    EntityType.HOUSEHOLD_REGISTER: "户口簿号",
    EntityType.DISABILITY_CERTIFICATE: "残疾证号",
    EntityType.BIRTH_CERTIFICATE: "出生证号",
    EntityType.STUDENT_NUMBER: "学籍号",
    EntityType.SOCIAL_SECURITY_CARD: "社保卡号",
    EntityType.EMAIL: "邮箱",
    EntityType.WECHAT: "微信号",
    EntityType.QQ: "QQ号",
    EntityType.CAR_PLATE: "车牌号",
    EntityType.IP_ADDRESS: "IP地址",
    EntityType.ADDRESS: "住址",
    EntityType.SCHOOL_CLASS: "学校班级",
    EntityType.PERSON: "姓名",
    EntityType.DATE_OF_BIRTH: "出生日期",
}

LABELS = tuple(dict.fromkeys(_LABELS.values()))
"""Every word that may stand in a placeholder."""

PLACEHOLDER = rf"<(?:{'|'.join(LABELS)})[1-9]\d{{0,3}}>"
"""Regular expression of a placeholder: at most four digits, so that nothing personal hides in one."""
