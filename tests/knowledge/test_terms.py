"""Lay words lead to official terms: issue 3, items 1 and 5."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.errors import TermsError
from knowledge.sources import CORPUS, Registry
from knowledge.terms import expand, load_terms, normalise, read_terms
from tests.knowledge.guide_text import NAMES, guides, prose

EXAMPLES = [
    ("低宝怎么办", {"低保", "最低生活保障"}),
    ("残联证丢了", {"残疾人证"}),
    ("孤儿费几多铜钿", {"孤儿基本生活费", "标准"}),
    ("我家小伢儿", {"儿童"}),
    ("阿囡没爹没娘", {"儿童", "孤儿"}),
    ("老倌吃牢饭", {"配偶", "服刑在押"}),
    ("他爸进去了", {"服刑在押"}),
    ("妈妈跑了没影了", {"失联"}),
    ("爸爸走了", {"失联", "死亡"}),
    ("关在戒毒所", {"强制隔离戒毒"}),
    ("生了大毛病", {"重病"}),
    ("掉了工作", {"失业"}),
    ("事实孤儿补贴", {"事实无人抚养儿童基本生活补贴"}),
    ("五保户", {"特困人员"}),
    ("暂住证过期", {"居住证"}),
    ("幼儿园大班要钱吗", {"学前一年免保育教育费"}),
    ("自 闭 症", {"孤独症"}),
    ("跑断腿，要带啥", {"申请材料"}),
    ("没批下来", {"书面说明理由"}),
    ("日脚难过", {"生活困难"}),
    ("日子过不下去", set()),
]


@pytest.mark.parametrize(("text", "official"), EXAMPLES)
def test_everyday_words_lead_to_official_terms(text: str, official: set[str]) -> None:
    assert official <= set(expand(text))


@pytest.mark.parametrize(
    ("text", "not_meant"),
    [
        ("我街道跑了好几趟", "失联"),
        ("把棺材本都搭进去了", "服刑在押"),
        ("累死了", "死亡"),
        ("法院判了离婚", "服刑在押"),
        ("低保边缘家庭", "最低生活保障"),
        ("添翼计划是什么", "明天计划"),
    ],
)
def test_words_that_only_look_alike_do_not_mislead(text: str, not_meant: str) -> None:
    assert not_meant not in expand(text)


def test_what_the_text_says_already_is_not_added() -> None:
    assert expand("孤儿基本生活费多少钱") == ("标准",)
    assert expand("今天天气好") == ()


def test_there_are_at_least_three_hundred_pairs() -> None:
    terms = load_terms()
    assert sum(len(term.lay) for term in terms.terms) >= 300
    assert {"小伢儿", "阿囡", "老倌", "低宝", "残联证", "孤儿费"} <= set(terms.meanings)


def test_every_official_term_stands_in_a_document() -> None:
    """An official term is printed in a guide or in the Hangzhou text, or names the clause that prints it."""
    shipped = "".join(prose(guide) + guide.name for guide in guides().values())
    shipped += (CORPUS / "official" / "hz_kunjing_2025_70.txt").read_text("utf-8")
    registry = Registry.load()
    for term in load_terms().terms:
        if term.source:
            assert registry.cite(term.source).clause, term.official
        else:
            assert term.official in shipped, term.official


def test_every_benefit_is_reached_from_everyday_words() -> None:
    """B01-B19, B36: someone who does not know the name finds it."""
    officials = {term.official for term in load_terms().terms}
    wanted = [NAMES[f"B{i:02}"] for i in (*range(1, 15), 16, 17, 18, 19, 20, 21, 22, 36)]
    assert set(wanted) <= officials
    assert {"明天计划", "光明工程", "添翼计划"} <= officials


def test_programmes_are_named_for_the_redaction() -> None:
    named = {"添翼计划", "明天计划", "光明工程", "浙里护苗", "福彩圆梦", "杭民星", "杭小育"}
    assert named <= set(load_terms().programmes)


def test_terms_cannot_be_changed() -> None:
    with pytest.raises(Exception, match="frozen"):
        load_terms().terms[0].official = "别的"


@given(st.text(max_size=60))
def test_expanding_never_fails_and_stays_within_the_terms(text: str) -> None:
    found = expand(text)
    assert len(set(found)) == len(found)
    assert set(found) <= {term.official for term in load_terms().terms}
    assert found == expand(text)


@given(st.text(alphabet="低保孤儿　 残疾证ＡＢ\n", max_size=30))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("terms:\n- {official: 低保, lay: [低宝, 低宝]}", "低宝 is listed 2 times"),
        ("terms:\n- {official: 低保, lay: [保]}", "too short"),
        ("terms:\n- {official: 低保, lay: [低保]}", "lists itself"),
        ("terms:\n- {official: 低保, lay: [低 宝]}", "write 低 宝 as 低宝"),
        ("terms:\n- {official: 低保, lay: []}", "lay"),
        ("terms:\n- {official: 低保, lay: [低宝]}\n- {official: 低保, lay: [底保]}", "appears twice"),
        ("terms:\n- {official: 低保, lay: [低宝], note: x}", "note"),
        ("terms: [", "could not be read"),
        (
            "terms:\n" + "".join(f"- {{official: 补贴{i}, lay: [残补]}}\n" for i in range(4)),
            "残补 stands under 4",
        ),
    ],
)
def test_a_wrong_file_is_named_with_its_mend(tmp_path: Path, body: str, message: str) -> None:
    path = tmp_path / "terms.yaml"
    path.write_text(body, "utf-8")
    with pytest.raises(TermsError, match=message) as raised:
        read_terms(path)
    assert "terms.yaml" in str(raised.value)
