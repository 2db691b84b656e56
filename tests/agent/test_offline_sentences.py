"""Whatever the offline composer may say passes the output check and is plain, over all data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from agent.compose.offline.draft import split
from agent.phrases import load_phrases
from agent.release import Checker
from agent.turn import Agent
from agent.understand.intents import HEAD_FILE, load_intents
from tests.agent.conftest import Parts, said, talk

SLOTS = {
    "name": "事实无人抚养儿童基本生活补贴",
    "names": "「资助参保」、「医疗救助」",
    "first": "特困人员救助供养",
    "second": "孤儿基本生活保障",
    "failed": "父母双方都没法抚养孩子",
    "missing": "孩子的年龄",
    "conditions": "爸爸在服刑，妈妈得了重病",
    "label": "孩子的年龄",
    "value": "9岁",
    "outcome": "很可能符合",
    "parent": "爸爸",
    "place": "上海",
    "number": "12345",
    "purpose": "问政策",
    "who": "大的",
    "told": "孩子的年龄，9岁",
    "clause": "民发〔2019〕62号 二(一)",
}
ROOM = Path(__file__).resolve().parents[2] / "agent"
SPOKEN = ("verdict", "question", "lead", "unknown", "person")
LONGEST = 40
"""AX-8: characters of a sentence."""


def sentences(model: object) -> Iterator[str]:
    """Every `say` in a benefit's data, however deep."""
    if isinstance(model, BaseModel):
        if isinstance(getattr(model, "say", None), str):
            yield model.say  # type: ignore[attr-defined]
        for value in model.__dict__.values():
            yield from sentences(value)
    elif isinstance(model, dict):
        for value in model.values():
            yield from sentences(value)
    elif isinstance(model, tuple | list):
        for value in model:
            yield from sentences(value)


def objections(parts: Parts, text: str, evidence: str) -> list[str]:
    found = Checker(parts.check).objections(text, (evidence,))
    return [f"{text}: {o.ground.value} {o.found}" for o in found]


def test_no_paragraph_of_a_guide_ever_fails(parts: Parts) -> None:
    """Step 8 for the offline composer: a sentence that would be dropped fails the build instead."""
    bad: list[str] = []
    for guide in parts.library.guides:
        for _, clauses in guide.sections:
            for clause in clauses:
                for text in (clause.text, *split(clause.text)):
                    bad += objections(parts, text, clause.text)
    assert bad == []


def test_no_sentence_of_a_benefit_ever_fails(parts: Parts) -> None:
    bad: list[str] = []
    for benefit in parts.catalogue.benefits.values():
        for text in sentences(benefit):
            bad += objections(parts, text, text)
    assert bad == []


def test_no_fixed_phrase_or_question_ever_fails(parts: Parts) -> None:
    phrases = load_phrases()
    bad: list[str] = []
    for group in SPOKEN:
        for key in phrases.groups[group]:
            text = phrases(f"{group}.{key}", **SLOTS)
            bad += objections(parts, text, text)
    for fact in parts.catalogue.facts:
        bad += objections(parts, fact.question, fact.question)
    assert bad == []


def test_fixed_phrases_are_plain(parts: Parts) -> None:
    """AX-8, AX-9: at most forty characters a sentence, no code or foreign words."""
    for group in SPOKEN:
        for key, text in load_phrases().groups[group].items():
            bare = re.sub(r"[「『]?\{\w+\}[」』]?", "", text)
            assert not re.search(r"[A-Za-z]", bare), key
            for part in re.split(r"[。？！]", bare):
                assert len(part) <= LONGEST, f"{group}.{key}: {part}"


def test_fixed_phrases_name_no_figure_but_telephone_numbers(parts: Parts) -> None:
    """SE-7: what a phrase says rests on no evidence, so it states nothing that needs any."""
    for key, text in load_phrases().fixed().items():
        figures = set(re.findall(r"\d+", text)) - parts.directory.numbers
        assert not figures, key


@pytest.mark.parametrize("intent", ["where", "materials", "how_long", "how_to_apply", "amount", "contact"])
async def test_every_entry_answers_every_practical_question(
    parts: Parts, agent: Agent, intent: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Where, what to bring, how long, how, how much, whom to call: every entry, all cited."""
    asks = {
        "where": "去哪里办", "materials": "要带什么材料", "how_long": "要多久", "how_to_apply": "怎么申请",
        "amount": "多少钱", "contact": "打什么电话",
    }  # fmt: skip
    for guide in [g for g in parts.library.guides if g.entry.startswith("B")]:
        (result,) = await talk(agent, [f"{guide.name}{asks[intent]}"])
        if result.reply is None:
            continue
        assert result.reply.sentences, guide.name
        assert result.understanding is not None
        assert guide.entry in (result.understanding.topic, *result.understanding.topics), guide.name
        if intent != "contact":
            assert result.reply.citations, f"{guide.name}: {said(result)}"
        assert "dropped" not in caplog.text, guide.name


def test_the_intent_head_fits_its_examples() -> None:
    """`python -m agent.understand.train` was run after the last change of the examples."""
    import numpy as np

    with np.load(HEAD_FILE) as head:
        assert str(head["examples"]) == load_intents()[1]


def test_examples_are_many_and_different() -> None:
    file, _ = load_intents()
    seen: dict[str, str] = {}
    for name, spec in file.intents.items():
        assert len(spec.examples) >= 25, name
        for text in spec.examples:
            assert text not in seen, f"{text} stands under {name} and {seen[text]}"
            seen[text] = name


def test_no_phrase_lies_unused() -> None:
    """Every fixed sentence is said somewhere."""
    code = "".join(path.read_text(encoding="utf-8") for path in ROOM.rglob("*.py"))
    phrases = load_phrases()
    unused = [
        f"{group}.{key}"
        for group in SPOKEN
        for key in phrases.groups[group]
        if f"{group}.{key}" not in code and not key.startswith("note_")
    ]
    assert unused == []
