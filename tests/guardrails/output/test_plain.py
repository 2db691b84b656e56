"""The plain-language lint (AX-8)."""

from __future__ import annotations

import pytest

from guardrails.output.plain import Rule, common_characters, findings, glossary, length

PLAIN = "孩子没满18周岁，可以申请。带上户口本，到户口所在的街道去。15个工作日内给答复。"


def test_plain_text_passes() -> None:
    assert findings(PLAIN) == ()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (
            "凡是符合有关规定条件并且已经按照要求提交了全部所需材料的家庭均可以向户口所在的街道提出书面的正式申请。",
            Rule.SENTENCE_LENGTH,
        ),
        ("请提交application到街道。", Rule.FOREIGN),
        ("您的结果是{outcome}。", Rule.CODE),
        ("结果为undefined。", Rule.CODE),
        ("饕餮魑魅魍魉。", Rule.RARE_CHARACTERS),
        ("十五个工作日内给答复。", Rule.SPELLED_NUMBER),
        ("孩子可以认定为散居孤儿。", Rule.UNEXPLAINED_TERM),
    ],
)
def test_what_makes_a_text_hard(text: str, rule: Rule) -> None:
    assert rule in {finding.rule for finding in findings(text)}


def test_average_counts_over_all_sentences() -> None:
    text = "这是一句正好超过二十个字所以平均起来太长的话请改短一些。" * 3
    assert {finding.rule for finding in findings(text)} == {Rule.AVERAGE_LENGTH}


def test_a_child_reads_shorter_sentences() -> None:
    text = "你现在在哪里，旁边有没有你信得过的大人在？"
    assert findings(text) == ()
    assert {finding.rule for finding in findings(text, child=True)} == {Rule.SENTENCE_LENGTH}


def test_explained_terms_pass() -> None:
    assert findings("这叫失联，就是联系不上，也没养孩子。") == ()
    assert findings("要公示。公示就是把名单贴出来。") == ()


def test_common_characters_are_level_one() -> None:
    characters = common_characters()
    assert len(characters) == 3755
    assert {"啊", "座", "奶", "补"} <= characters
    assert not {"饕", "魑"} & characters


def test_numbers_and_words_count_as_one() -> None:
    assert length("12356打了18小时") == 6


def test_glossary_is_plain_itself() -> None:
    terms = [term.term for term in glossary()]
    assert len(terms) == len(set(terms)) >= 20
    for term in glossary():
        assert length(term.meaning) <= 40
        assert findings(f"{term.term}，{term.meaning}。") == () or term.term not in term.meaning
        assert term.source
