"""The second look: its file fits its features, and it leans the way it should."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from guardrails.signals.second_look import FILE, NAMES, SecondLook, features
from guardrails.signals.training.second_look import fit, unread

WORDING = np.zeros(3, np.float32)


def severity(*levels: float) -> np.ndarray:
    return np.array(levels, np.float32)


def test_the_message_itself_outweighs_the_talk() -> None:
    look = SecondLook.load()
    alarming = severity(0.99, 0.97, 0.9, 0.3)
    calm = features(severity(0.02, 0.01, 0.005, 0.001), alarming, WORDING, "那她还能去哪里读")
    grave = features(alarming, alarming, WORDING, "我把药都收好了")
    assert look.score(calm) < look.calm <= look.score(grave)


def test_a_file_of_other_features_is_refused(tmp_path: Path) -> None:
    """CR-9: then the classifier counts as missing, and the rules stand."""
    told = json.loads(FILE.read_text(encoding="utf-8"))
    told["weights"].pop(NAMES[-1])
    (tmp_path / "second_look.json").write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(ValueError, match="train it again"):
        SecondLook.load(tmp_path / "second_look.json")


def test_what_is_learned_is_learned_again() -> None:
    """The fit finds the feature that decides, and no line is scored by a fit that has read its hand."""
    chance = np.random.default_rng(3)
    x = chance.normal(size=(400, 3))
    y = x[:, 1] + 0.3 * chance.normal(size=400) > 0
    weights = fit(x, y)
    assert np.abs(weights[1]) > 5 * np.abs(weights[[0, 2]]).max()
    hands = np.array(["a", "b"] * 200)
    scores = unread(x, y, hands)
    assert ((scores > 0) == y).mean() > 0.85
    assert scores[0] == pytest.approx(float(x[0] @ fit(x[1::2], y[1::2])[:-1] + fit(x[1::2], y[1::2])[-1]))
