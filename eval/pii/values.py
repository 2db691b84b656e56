"""Made-up values as people write them, with right and wrong checksums. Nothing here belongs to anybody."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

import yaml

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_SPOKEN = "零一二三四五六七八九"
_MONTHS = ("一", "三", "五", "七", "八", "十", "十二")
_DAYS = ("二", "五", "六", "十一", "二十", "廿三")
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


_WORDS: dict[str, Sequence[str]] = yaml.safe_load(Path(__file__).with_name("values.yaml").read_text("utf-8"))


def _digits(random: Random, count: int) -> str:
    return "".join(random.choice("0123456789") for _ in range(count))


def _spoken(number: str, random: Random) -> str:
    one = random.choice("一幺")
    return "".join(
        one if d == "1" else _SPOKEN[int(d)] if d.isdigit() else random.choice("叉Xx") for d in number
    )


def _id(random: Random) -> str:
    body = (
        random.choice(_WORDS["areas"])
        + f"{random.randint(1945, 2024)}{random.randint(1, 12):02d}{random.randint(1, 28):02d}"
    )
    body += _digits(random, 3)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, _WEIGHTS, strict=True)) % 11]


def resident_id(random: Random) -> str:
    """18 places in many spellings; one in six has a wrong check place, one in ten is of the old kind."""
    number, form = _id(random), random.randrange(20)
    if form < 3:
        return number[:17] + random.choice([d for d in "0123456789" if d != number[17]])
    if form < 5:
        return number[:6] + number[8:17]
    if form < 8:
        return f"{number[:6]}{random.choice(' -')}{number[6:14]}{random.choice(' -')}{number[14:]}"
    if form < 10:
        return number.translate(_WIDE)
    if form < 13:
        return _spoken(number, random)
    if form == 13:
        return " ".join([number[:3], number[3:6], number[6:10], number[10:14], number[14:]])
    return number.lower() if form == 14 else number


def mobile(random: Random) -> str:
    """11 places in many spellings."""
    number = (
        "1"
        + random.choice(["35", "38", "39", "50", "58", "77", "80", "86", "95", "33", "66"])
        + _digits(random, 8)
    )
    form = random.randrange(14)
    forms: dict[int, str] = {
        0: f"{number[:3]} {number[3:7]} {number[7:]}",
        1: f"{number[:3]}-{number[3:7]}-{number[7:]}",
        2: f"+86{number}",
        3: f"+86 {number[:3]} {number[3:7]} {number[7:]}",
        4: number.translate(_WIDE),
        5: _spoken(number, random),
        6: f"{_spoken(number[:3], random)} {_spoken(number[3:7], random)} {_spoken(number[7:], random)}",
        7: f"{number[:4]} {number[4:8]} {number[8:]}",
        8: f"86-{number}",
    }
    return forms.get(form, number)


def landline(random: Random) -> str:
    """With and without an area code and an extension."""
    local = random.choice("5678") + _digits(random, 7)
    return random.choice(
        [
            f"0571-{local}",
            f"0571{local}",
            f"(0571){local}",
            f"0571 {local}",
            f"0571—{local}",
            local,
            f"{local[:4]} {local[4:]}",
            f"0571-{local}转{_digits(random, 3)}",
            f"0558-{local[:7]}",
            f"021-{local}",
        ]
    )


def bank_card(random: Random) -> str:
    """UnionPay and others; one in six has a wrong check place."""
    prefix, length = random.choice(
        [
            ("622848", 19),
            ("621700", 19),
            ("622202", 19),
            ("622908", 18),
            ("436742", 16),
            ("955880", 19),
            ("621661", 19),
        ]
    )
    body = prefix + _digits(random, length - len(prefix) - 1)
    total = sum(v - 9 if (v := int(d) * (1 if i % 2 else 2)) > 9 else v for i, d in enumerate(reversed(body)))
    check = -total % 10
    number = body + str(check if random.random() > 1 / 6 else (check + 3) % 10)
    form = random.randrange(8)
    if form < 3:
        return " ".join(number[i : i + 4] for i in range(0, len(number), 4))
    if form == 3:
        return number.translate(_WIDE)
    return _spoken(number, random) if form == 4 else number


def person(random: Random) -> str:
    """Mostly common names of two and three characters; every fifth is of another kind."""
    if random.random() < 0.2:
        return random.choice(_WORDS["whole_names"])
    given = random.choice(_WORDS["given"]) + (
        random.choice(_WORDS["given"]) if random.random() < 0.75 else ""
    )
    return random.choice(_WORDS["surnames"]) + given


def titled(random: Random) -> str:
    """A family name with a title, or 老李头."""
    if random.random() < 0.15:
        return f"老{random.choice('李王张陈周')}头"
    return random.choice("王李张刘陈杨赵周吴徐孙朱林郭罗宋沈") + random.choice(_WORDS["titles"])


def address(random: Random) -> str:
    """Below the district, in city and village forms."""
    building, unit, room = (
        random.randint(1, 40),
        random.randint(1, 4),
        random.randint(1, 18) * 100 + random.randint(1, 4),
    )
    road, estate = (
        f"{random.choice(_WORDS['roads'])}{random.randint(1, 999)}号",
        random.choice(_WORDS["estates"]),
    )
    return random.choice(
        [
            f"{road}{estate}{building}幢{unit}单元{room}室",
            f"{road}{building}幢{room}",
            f"{estate}{building}幢{unit}单元{room}室",
            f"{estate}{building}-{unit}-{room}",
            f"{estate}{building}栋",
            estate,
            road,
            f"{random.choice(_WORDS['towns'])}{random.choice(_WORDS['villages'])}{random.randint(1, 20)}组",
            f"{random.choice(_WORDS['towns'])}{random.choice(_WORDS['villages'])}",
            f"{random.choice(_WORDS['villages'])}{random.randint(1, 200)}号",
            random.choice(_WORDS["villages"]),
        ]
    )


def school_class(random: Random) -> str:
    """A school, a class, or both."""
    school, grade = random.choice(_WORDS["schools"]), random.choice("一二三四五六")
    klass = random.choice(
        [
            f"{grade}年级{random.choice('一二三四')}班",
            f"{grade}年级({random.randint(1, 9)})班",
            f"{grade}({random.randint(1, 9)})班",
            f"{random.randint(1, 6)}0{random.randint(1, 9)}班",
        ]
    )
    upper = random.choice(
        [
            f"初{random.choice('一二三')}({random.randint(1, 12)})班",
            f"高{random.choice('一二三')}{random.randint(1, 12)}班",
        ]
    )
    if "幼儿园" in school:
        return school + random.choice(["", "大一班", "中二班", "小(3)班"])
    if "中学" in school or school.endswith("二中"):
        return school + random.choice(["", upper])
    return random.choice([school, school + klass, school + klass, klass])


def birth(random: Random) -> str:
    """A whole date, in figures or in Chinese."""
    year, month, day = random.randint(2008, 2025), random.randint(1, 12), random.randint(1, 28)
    spoken_year = "".join(_SPOKEN[int(d)] for d in str(year)).replace("零", random.choice("零〇"))
    return random.choice(
        [
            f"{year}年{month}月{day}日",
            f"{year}-{month:02d}-{day:02d}",
            f"{year}.{month}.{day}",
            f"{year}/{month}/{day}",
            f"{year}年{month}月{day}号",
            f"{spoken_year}年{random.choice(_MONTHS)}月{random.choice(_DAYS)}日",
            f"{str(year)[2:]}年{month}月{day}号",
        ]
    )


def _lettered(random: Random, letters: str, count: int) -> str:
    return random.choice(letters) + _digits(random, count)


def _disability(random: Random) -> str:
    number = _id(random) + random.choice("1234567") + random.choice("1234")
    return random.choice(
        [
            number,
            number,
            f"{number[:18]} {number[18:]}",
            f"{number[:6]} {number[6:14]} {number[14:]}",
            number + "B1",
        ]
    )


def _email(random: Random) -> str:
    name = random.choice(
        ["wangxl", "li.na88", "zhao_gang", "hz2015", "a123456", "chenmei-66", _digits(random, 9)]
    )
    host = random.choice(["163.com", "qq.com", "126.com", "sina.com.cn", "outlook.com", "zju.edu.cn"])
    return f"{name}{random.randint(1, 99)}@{host}"


def _wechat(random: Random) -> str:
    return random.choice(
        [
            "wxid_" + _digits(random, 4) + "k9d2",
            "lily_" + _digits(random, 4),
            "zhaogang" + _digits(random, 3),
            "Mama" + _digits(random, 6),
            "hz-" + _digits(random, 5),
        ]
    )


def _plate(random: Random) -> str:
    tail = _digits(random, 2) + random.choice("KDBFM") + _digits(random, 2)
    return random.choice(
        [
            f"浙A{_digits(random, 5)}",
            f"浙A·{tail}",
            f"浙AD{_digits(random, 5)}",
            f"皖K {tail}",
            f"浙a{tail.lower()}",
            f"豫Q{_digits(random, 5)}",
        ]
    )


def _ip(random: Random) -> str:
    if random.random() < 0.2:
        return f"240e:{random.randint(100, 999)}:{random.randint(1000, 9999)}::{random.randint(1, 99)}"
    parts = (random.choice([10, 36, 60, 115, 183, 220]), *(random.randint(1, 254) for _ in range(3)))
    return ".".join(str(part) for part in parts)


VALUES: dict[str, Callable[[Random], str]] = {
    "CN_RESIDENT_ID": resident_id,
    "CN_MOBILE": mobile,
    "CN_LANDLINE": landline,
    "BANK_CARD": bank_card,
    "PASSPORT": lambda r: r.choice([_lettered(r, "EGDP", 8), "E" + r.choice("ABCDH") + _digits(r, 7)]),
    "HK_MACAO_TAIWAN_PERMIT": lambda r: r.choice(
        [_lettered(r, "HM", 8), _lettered(r, "HM", 10), _lettered(r, "C", 8), _digits(r, 8)]
    ),
    "HOUSEHOLD_REGISTER": lambda r: _digits(r, r.choice([6, 8, 9, 10])),
    "DISABILITY_CERTIFICATE": _disability,
    "BIRTH_CERTIFICATE": lambda r: r.choice([_lettered(r, "OPQRSTU", 9), _digits(r, 9)]),
    "STUDENT_NUMBER": lambda r: r.choice(
        ["G" + _id(r), "G" + _id(r), "L3301" + _digits(r, 14), "20" + _digits(r, 8)]
    ),
    "SOCIAL_SECURITY_CARD": lambda r: r.choice([_lettered(r, "ABCD", 8), _digits(r, 9), _digits(r, 12)]),
    "EMAIL": _email,
    "WECHAT": _wechat,
    "QQ": lambda r: r.choice("123456789") + _digits(r, r.choice([5, 7, 8, 9])),
    "CAR_PLATE": _plate,
    "IP_ADDRESS": _ip,
    "ADDRESS": address,
    "SCHOOL_CLASS": school_class,
    "PERSON": person,
    "NICKNAME": lambda r: r.choice(_WORDS["nicknames"]),
    "TITLED": titled,
    "DATE_OF_BIRTH": birth,
}

BENIGN: dict[str, Callable[[Random], str]] = {
    "document": lambda r: r.choice(_WORDS["documents"]),
    "clause": lambda r: r.choice(_WORDS["clauses"]),
    "yuan": lambda r: r.choice(["1100元", "860块", "2400元", "1.2万元", "三千块", "12000元", "15800.50元"]),
    "date": lambda r: r.choice(
        ["2026年3月1日", "2025年1月1日", "2026-07-01", "2024年4月26日", "二〇二六年三月一日"]
    ),
    "days": lambda r: r.choice(["15个工作日", "30天", "7天", "三个月", "十个工作日", "72小时"]),
    "age": lambda r: r.choice(["18岁", "十六岁", "3周岁", "60岁", "8周岁", "六岁半"]),
    "district": lambda r: r.choice(_WORDS["districts"]),
    "programme": lambda r: r.choice(_WORDS["programmes"]),
    "hotline": lambda r: r.choice(_WORDS["hotlines"]),
    "kin": lambda r: r.choice(_WORDS["kin"]),
    "benefit": lambda r: r.choice(_WORDS["benefits"]),
    "percent": lambda r: r.choice(["70%", "百分之六十", "三分之一", "九成"]),
    "postcode": lambda r: r.choice(["310012", "311100", "310052"]),
}
