"""The guides as data: complete, named, marked, and plain enough for a grandmother (AX-8, AX-9, CR-14)."""

from __future__ import annotations

import re
import statistics

import pytest

from knowledge.types import Clause, Confidence, Guide, GuideKind, Standing
from tests.knowledge.guide_text import (
    FOLDER,
    GROUPS,
    LIFE,
    NAMES,
    guides,
    paragraphs,
    prose,
    rare_characters,
    section,
    sentences,
)

ENTRIES = sorted({**NAMES, **GROUPS, **LIFE})
REPORTED = "据公开报道，以当地为准"

YUAN = {
    "B14": {"2400"},
    "B20": {"10000"},
    "B36": {"3600", "300"},
}
"""The only sums that may be printed, each with the entry it belongs to; all others are not published."""

PHONES = {"110", "120", "119", "12345", "12348", "12349", "12356", "12338", "0571-85029595"}
"""The numbers of the hotline list that guides may print."""

FORBIDDEN = (
    "想想孩子",
    "一切都会好",
    "会好起来",
    "自杀未遂",
    "自杀失败",
    "成功自杀",
    "我理解你的感受",
    "保证能",
    "一定能批",
    "肯定能",
    "绝对保密",
    "你应该早",
    "怪你",
    "怎么不早",
)
"""CR-14: no blame, no promise of an outcome or of secrecy, no empty comfort."""


def test_every_entry_group_and_life_situation_has_its_guide() -> None:
    assert sorted(guides()) == ENTRIES
    assert len(ENTRIES) == 37 + 6 + 8


@pytest.mark.parametrize("entry", ENTRIES)
def test_name_kind_and_file_agree(entry: str) -> None:
    guide = guides()[entry]
    assert guide.name == {**NAMES, **GROUPS, **LIFE}[entry]
    if entry in GROUPS:
        assert guide.kind is GuideKind.GROUP
    elif entry in LIFE:
        assert guide.kind is GuideKind.LIFE
    else:
        assert guide.kind in {GuideKind.BENEFIT, GuideKind.SERVICE}
        assert (FOLDER / f"{entry}.md").is_file()


def test_slugs_of_group_and_life_guides_are_english() -> None:
    others = sorted(path.name for path in FOLDER.glob("*.md") if not re.fullmatch(r"B\d\d\.md", path.name))
    assert all(re.fullmatch(r"(group|life)_[a-z_]+\.md", name) for name in others if name != "README.md")


@pytest.mark.parametrize("entry", ENTRIES)
def test_sentences_are_short(entry: str) -> None:
    """AX-8: 20 characters on average, 40 at most; one to three sentences a paragraph."""
    guide = guides()[entry]
    lengths = {sentence: len(sentence) for sentence in sentences(prose(guide))}
    assert max(lengths.values()) <= 40, max(lengths, key=lambda sentence: lengths[sentence])
    assert statistics.mean(lengths.values()) <= 20
    for clause in paragraphs(guide):
        assert 1 <= len(sentences(clause.text)) <= 3, clause.text


@pytest.mark.parametrize("entry", ENTRIES)
def test_characters_are_common_and_chinese(entry: str) -> None:
    """AX-8: at least 98 % common characters; AX-9: no letters and no code in what a family reads."""
    text = prose(guides()[entry])
    characters = re.findall(r"[\u4e00-\u9fff]", text)
    rare = rare_characters(text)
    assert sum(character in rare for character in characters) <= 0.02 * len(characters), rare
    assert not re.search(r"[A-Za-z]", text)


@pytest.mark.parametrize("entry", ENTRIES)
def test_punctuation_is_full_width_and_numbers_are_digits(entry: str) -> None:
    text = prose(guides()[entry])
    assert not re.search(r"[,;:!?()]", text)
    assert not re.search(r"[一二三四五六七八九十两]+(?:个月|周岁|个工作日|小时|倍)", text)


def _all_paragraphs() -> list[Clause]:
    return [clause for guide in guides().values() for clause in paragraphs(guide)]


def test_every_paragraph_restates_a_named_clause() -> None:
    for clause in _all_paragraphs():
        assert clause.citation.standing is Standing.RESTATED
        assert clause.citation.document
        if clause.citation.confidence is Confidence.CONFIRMED:
            where = [citation for citation in (clause.citation, *clause.also) if citation.clause]
            assert where or clause.citation.document_id in READ_PAGES, clause.text


READ_PAGES = {"county_fucai_yuanmeng_2024", "page_hz_xinli_2008", "hz_liudong_ertong_draft_2024"}
"""Pages that we read and that number no clauses."""


def test_reported_facts_say_so_and_only_they() -> None:
    for clause in _all_paragraphs():
        assert (REPORTED in clause.text) == (clause.citation.confidence is Confidence.REPORTED), clause.text


def test_nothing_recalled_is_shipped() -> None:
    for path in FOLDER.glob("*.md"):
        text = path.read_text("utf-8")
        assert "recalled" not in text, path.name
        for figure in ("1250", "1500", "2300", "12385", "12393"):
            assert figure not in text, (path.name, figure)


@pytest.mark.parametrize("entry", ENTRIES)
def test_sums_and_phone_numbers_are_known_ones(entry: str) -> None:
    text = prose(guides()[entry])
    assert set(re.findall(r"(\d[\d,.]*)元", text)) <= YUAN.get(entry, set())
    assert set(re.findall(r"(?<!\d)(?:1[12]\d|12\d{3}|0571-\d{8}|1\d{10})(?!\d)(?!元)", text)) <= PHONES


@pytest.mark.parametrize("entry", ENTRIES)
def test_no_blame_and_no_promise(entry: str) -> None:
    """CR-14."""
    text = prose(guides()[entry])
    assert [phrase for phrase in FORBIDDEN if phrase in text] == []


@pytest.mark.parametrize("entry", ENTRIES)
def test_the_decision_is_left_to_those_who_decide(entry: str) -> None:
    """Design, rule 4: the decision is always the 乡镇(街道)'s or the department's."""
    guide = guides()[entry]
    words = prose(guide).replace(REPORTED, "")
    if entry in {"B36", "L08"} or "为准" in words:
        assert re.search(r"审核|认定|决定|确认|裁定|规定|登记|查到|处理|诊断|查验", words)
    else:
        pytest.fail(f"{entry} does not say who decides")


@pytest.mark.parametrize("entry", sorted(NAMES))
def test_how_to_apply_says_where_what_how_long_and_who(entry: str) -> None:
    text = section(guides()[entry], "怎么办理")
    assert re.search(r"在哪[办报]：", text), "where"
    assert re.search(r"带什么：|人带：", text), "what to bring"
    assert re.search(r"几天：|天内", text), "how long"
    assert re.search(r"谁能|谁可以", text), "who may apply"


@pytest.mark.parametrize("entry", ENTRIES)
def test_there_is_always_someone_to_ask(entry: str) -> None:
    text = section(guides()[entry], "问谁")
    assert re.search(r"乡镇（街道）|村（居）委会|民政局|残联|学校|幼儿园|法律援助|派出所|\d{3,}", text)


@pytest.mark.parametrize("entry", sorted(entry for entry in NAMES if entry not in {"B20", "B36"}))
def test_unpublished_amounts_are_said_to_be_unpublished(entry: str) -> None:
    """The documents print no amount for Hangzhou: every benefit says so and whom to ask."""
    guide = guides()[entry]
    if guide.kind is not GuideKind.BENEFIT:
        return
    said = section(guide, "给什么")
    assert re.search(r"(?:没有公布|没有写|没有查到)[^\n]*请问|没有写每月发钱", said), said


def test_guides_are_not_copies_of_one_another() -> None:
    """Beside the shared paragraphs on whom to ask and where to apply, no paragraph stands twice."""
    seen: dict[str, Guide] = {}
    for guide in guides().values():
        for heading, clauses in guide.sections:
            if heading in {"怎么办理", "问谁", "依据"}:
                continue
            for clause in clauses:
                assert clause.text not in seen or len(clause.text) <= 45, (clause.text, guide.entry)
                seen[clause.text] = guide
