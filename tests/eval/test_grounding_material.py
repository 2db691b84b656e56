"""What the reader of pairs learns from: its form, and that it shares nothing with what is held out (R-75)."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from eval.grounding.material import (
    MATERIAL,
    Block,
    MaterialError,
    development,
    held_out,
    learnable,
    read,
    stretches,
    write,
)
from eval.grounding.training import mechanical

FILES = sorted(MATERIAL.glob("*.txt"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_hand_shares_nothing_with_the_held_out_pairs(path: Path) -> None:
    """R-75: no twelve characters in a row; taken out before the file came here."""
    apart = held_out()
    assert apart
    assert not [block.evidence for block in read(path) if stretches(block.texts) & apart]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_sentence_is_both_true_and_a_lie(path: Path) -> None:
    blocks = read(path)
    assert len(blocks) >= 250
    assert all(block.truths and block.lies for block in blocks)
    assert not [block.evidence for block in blocks if set(block.truths) & set(block.lies)]


def test_hands_do_not_repeat_each_other_or_the_development_pairs() -> None:
    evidence = [block.evidence for path in FILES for block in read(path)]
    assert len(set(evidence)) == len(evidence)
    assert set(evidence).isdisjoint(block.evidence for block in development())


def test_learnable_leaves_out_what_is_like_held_out_pairs() -> None:
    apart = held_out()
    blocks = learnable()
    assert not any(stretches(block.texts) & apart for block in blocks)
    assert {block.by for block in blocks} >= {"anvil", "bell", "clay", "development"}


def test_written_files_are_read_again(tmp_path: Path) -> None:
    block = Block(
        by="hand", evidence="满18周岁还在上学的，可以继续领。", truths=("还在念书就能接着领。",), lies=()
    )
    write(tmp_path / "hand.txt", [block, block], "Two blocks.\nNo policy.")
    assert read(tmp_path / "hand.txt") == (block, block)


@pytest.mark.parametrize("text", ["+ 没有依据的话。\n", "= 依据在这里。\n没有记号的一行\n"])
def test_a_fault_is_named_with_its_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "hand.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MaterialError, match="line"):
        read(path)


EVIDENCE = "监护人应当在10个工作日内向户籍地的街道提出申请，不收取费用。"


@pytest.mark.parametrize("seed", range(12))
def test_a_lie_made_by_rule_differs_in_the_words_it_points_to(seed: int) -> None:
    made = mechanical.lie(EVIDENCE, EVIDENCE, random.Random(seed))
    assert made is not None and made.text != EVIDENCE
    assert made.text[: made.start] == EVIDENCE[: made.start]
    after = len(made.text) - made.end
    assert made.text[made.end :] == EVIDENCE[len(EVIDENCE) - after :]


def test_a_block_is_renamed_throughout() -> None:
    made = mechanical.renamed([EVIDENCE, "街道收申请。", "监护人去申请。"], random.Random(1))
    assert made is not None and made[0] != EVIDENCE
    for word in ("街道", "监护人", "户籍地"):
        if word not in made[0]:
            assert not any(word in text for text in made)


def test_turned_evidence_no_longer_holds_what_was_said() -> None:
    made = mechanical.turned_evidence(EVIDENCE, "去街道申请。", random.Random(2))
    assert made is not None
    assert "街道" not in made


def test_figures_in_other_writing_stay_the_same_figure() -> None:
    said = {mechanical.restated("10天，25人，100元。", random.Random(seed), 0.0) for seed in range(30)}
    assert any("十天，二十五人，100元" in one for one in said)
