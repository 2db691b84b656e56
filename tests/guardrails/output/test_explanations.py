"""Explanations that stand inside a sentence (AX-8), and what the check is shown without them."""

from __future__ import annotations

import pytest

from guardrails.output.plain import explains, glossary, without_explanations

TERMS = {term.term: term for term in glossary()}


@pytest.mark.parametrize("name", TERMS)
def test_a_bracketed_term_is_explained(name: str) -> None:
    term = TERMS[name]
    assert explains(f"这里说的是{term.bracketed}。", term)
    assert not explains(f"这里说的是{name}。", term)
    assert not explains("这里说的是别的。", term)


@pytest.mark.parametrize("name", TERMS)
def test_only_our_own_words_behind_their_term_are_left_out(name: str) -> None:
    term = TERMS[name]
    sentence = f"这里说的是{term.bracketed}。"
    assert without_explanations(sentence, (term.bracketed,)) == f"这里说的是{name}。"
    assert without_explanations(sentence, (f"这里说的是{name}。",)) == sentence
    elsewhere = f"这里说的是别的（{term.meaning}）。"
    assert without_explanations(elsewhere, (term.bracketed,)) == elsewhere
    altered = f"这里说的是{name}（{term.meaning}，都能领）。"
    assert without_explanations(altered, (term.bracketed,)) == altered


def test_what_belongs_to_the_word_stays_before_the_bracket() -> None:
    term = TERMS["特困"]
    said = f"特困人员（{term.meaning}）可以申请。"
    assert without_explanations(said, (term.bracketed,)) == "特困人员可以申请。"
