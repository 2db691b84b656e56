"""One recogniser per file. `ALL` is the list that the engine runs."""

from __future__ import annotations

from guardrails.pii.found import Recogniser
from guardrails.pii.kinds import EntityType
from guardrails.pii.recognisers import (
    address,
    bank_card,
    birth_certificate,
    car_plate,
    date_of_birth,
    disability_certificate,
    email,
    hk_macao_taiwan_permit,
    household_register,
    ip_address,
    landline,
    mobile,
    passport,
    person,
    qq,
    resident_id,
    school_class,
    social_security_card,
    student_number,
    wechat,
)

ALL: tuple[tuple[EntityType, Recogniser], ...] = (
    (EntityType.CN_RESIDENT_ID, resident_id.find),
    (EntityType.CN_MOBILE, mobile.find),
    (EntityType.CN_LANDLINE, landline.find),
    (EntityType.BANK_CARD, bank_card.find),
    (EntityType.PASSPORT, passport.find),
    (EntityType.HK_MACAO_TAIWAN_PERMIT, hk_macao_taiwan_permit.find),
    (EntityType.HOUSEHOLD_REGISTER, household_register.find),
    (EntityType.DISABILITY_CERTIFICATE, disability_certificate.find),
    (EntityType.BIRTH_CERTIFICATE, birth_certificate.find),
    (EntityType.STUDENT_NUMBER, student_number.find),
    (EntityType.SOCIAL_SECURITY_CARD, social_security_card.find),
    (EntityType.EMAIL, email.find),
    (EntityType.WECHAT, wechat.find),
    (EntityType.QQ, qq.find),
    (EntityType.CAR_PLATE, car_plate.find),
    (EntityType.IP_ADDRESS, ip_address.find),
    (EntityType.ADDRESS, address.find),
    (EntityType.SCHOOL_CLASS, school_class.find),
    (EntityType.PERSON, person.find),
    (EntityType.DATE_OF_BIRTH, date_of_birth.find),
)
