"""Who works with families, and whose child they tell of."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

ROLES_FILE = Path(__file__).with_name("roles.yaml")
CHILD = "孩子"


class WorkRole(BaseModel):
    """One role of `roles.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    says: re.Pattern[str]
    oneself: str
    """A sentence that sends somebody to who reads it; empty where none does."""
    knows: tuple[str, ...] = ()
    """Facts that whoever has the role is not asked for."""
    own: dict[re.Pattern[str], str] = {}
    """What who has the role asks about their own work, and the question that names it."""


class RoleFile(BaseModel):
    """`roles.yaml`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    roles: dict[str, WorkRole]
    family: re.Pattern[str]
    case: re.Pattern[str]


@cache
def load_roles() -> RoleFile:
    """Read once a process."""
    return RoleFile.model_validate(yaml.safe_load(ROLES_FILE.read_text(encoding="utf-8")))


def role_of(text: str) -> str:
    """The role with families that a message says its writer has; empty for a family.

    Examples:
        >>> role_of("我是学校心理老师，想问个学生"), role_of("我是老师，我女儿5岁了")
        ('teacher', '')
    """
    file = load_roles()
    if file.family.search(text):
        return ""
    return next((key for key, role in file.roles.items() if role.says.search(text)), "")


def of_case(text: str) -> str:
    """The same where somebody's pupil or charge is the child that the talk is about.

    Examples:
        >>> of_case("班里一个男生爸爸坐牢，妈妈改嫁了"), of_case("村里有户人家，爸爸瘫痪")
        ('孩子爸爸坐牢，妈妈改嫁了', '孩子，爸爸瘫痪')
    """
    return load_roles().case.sub(CHILD, text)


def of_own_work(text: str, role: str) -> str:
    """What a message asks about its writer's own work, with the role named in it; all else stays as it is.

    Examples:
        >>> of_own_work("平时要干些啥", "childrens_director"), of_own_work("平时要干些啥", "")
        ('当儿童主任的，平时要做哪些工作', '平时要干些啥')
    """
    known = load_roles().roles.get(role)
    for asked, question in (known.own if known is not None else {}).items():
        text = asked.sub(question, text, count=1)
    return text


def sends_to_oneself(sentence: str, role: str) -> bool:
    """Whether a sentence tells who has a role to go and ask themselves.

    Examples:
        >>> sends_to_oneself("打12345问。", "hotline"), sends_to_oneself("打12345问。", "teacher")
        (True, False)
    """
    known = load_roles().roles.get(role)
    return known is not None and bool(known.oneself) and bool(re.search(known.oneself, sentence))


def known_to(role: str) -> tuple[str, ...]:
    """Facts that whoever has a role is not asked for."""
    known = load_roles().roles.get(role)
    return known.knows if known is not None else ()
