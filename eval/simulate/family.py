"""One made-up family: what is true of it, and how it tells it, piece by piece."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from eval.simulate.words import Words
from tools.facts import FactBook
from tools.households import household
from tools.types import FactValue

_FIRST = ("father_state", "mother_state", "father_absent_months", "mother_absent_months")
_STORY = (
    "child_disability_kind", "child_disability_level", "child_autism", "child_serious_illness",
    "child_rare_disease", "household_category", "sudden_hardship", "heavy_medical_spending",
    "heavy_education_spending", "recognised_orphan", "recognised_de_facto_unsupported",
    "child_in_institution",
)  # fmt: skip
"""What families bring up themselves, if it is so."""
_SILENT = frozenset({"family_violence", "harmed_by_guardian", "child_unattended", "school_bullying"})
"""What would be a danger signal is not so in these families: they talk about benefits."""
_URGENT = frozenset({"urgent_need", "legal_matter"})


@dataclass(slots=True)
class Family:
    """Speaks by its own dice; the same seed says the same."""

    seed: int
    truth: dict[str, FactValue]
    words: Words
    book: FactBook
    dice: random.Random
    told: dict[str, FactValue] = field(default_factory=dict)
    """What it has said so far, as it stands after its own corrections."""
    kept_back: set[str] = field(default_factory=set)
    """What it would rather not tell, or does not know."""
    wrong: tuple[str, FactValue] | None = None
    """A slip of the tongue: the fact, and what was said at first."""

    @classmethod
    def made(cls, seed: int, words: Words, book: FactBook) -> Family:
        """A family from a number."""
        dice = random.Random(seed)
        truth = household(dice, book)
        truth |= dict.fromkeys(_SILENT, False) | dict.fromkeys(_URGENT, "none")
        if truth["child_age"] != 0 and truth["carer"] == "institution":
            truth |= {"child_in_institution": False, "carer": "grandparent"}
        return cls(seed, truth, words, book, dice)

    def opening(self) -> str:
        """The story as it is first told, ending in a question."""
        child = self.dice.choice(self.words.child_called[str(self.truth["carer"])])
        pieces = [self._age(child)]
        for name in (*_FIRST, *_STORY):
            piece = self._piece(name)
            if piece and (name in _FIRST or self.dice.random() < 0.6):
                pieces.append(piece)
                self.told[name] = self.truth[name]
        return "，".join(pieces) + "，" + self.dice.choice(self.words.asks)

    def _age(self, child: str) -> str:
        age = int(self.truth["child_age"])
        if self.dice.random() < 0.15 and 2 <= age <= 15:
            self.wrong = ("child_age", age + 1)
            self.told["child_age"] = age + 1
            return f"我{child}今年{age + 1}岁"
        self.told["child_age"] = age
        return f"我{child}{self.words.story('child_age', age, self.dice)}"

    def _piece(self, name: str) -> str | None:
        value = self.truth[name]
        parent = name.partition("_")[0]
        if name.endswith("_absent_months"):
            return (
                self.words.story(name, value, self.dice)
                if self.truth[f"{parent}_state"] == "out_of_contact" and self.dice.random() < 0.5
                else None
            )
        if name == "child_disability_level" and not self.told.get("child_disability_kind"):
            return None
        return self.words.story(name, value, self.dice)

    def reply(self, asked: str) -> str | None:
        """Its answer to a question of ours; None where it does not understand the question."""
        fact = self.book[asked]
        if asked in self.kept_back:
            return None
        if (fact.sensitive and self.dice.random() < 0.2) or self.dice.random() < 0.04:
            self.kept_back.add(asked)
            return self.dice.choice(self.words.declines if fact.sensitive else self.words.unknowns)
        said = self.words.answer(asked, self.truth[asked], self.dice)
        if said is not None:
            self.told[asked] = self.truth[asked]
        return said

    def returns_to(self, asked: str, newer: str) -> str:
        """Which question it answers after a digression: the open one, if its answer says so by itself."""
        said = self.words.said(asked, self.truth[asked])
        named = asked in self.words.facts  # 评的是2级 may be said of father, mother or child
        plain = said is not None and all(
            self.words.tells_which(answer) and (named or "{p}" in answer) for answer in said.answer
        )
        return asked if plain else newer

    def digression(self) -> str:
        """Something else than the answer."""
        return self.dice.choice(self.words.digressions)

    def correction(self) -> str | None:
        """Takes its slip of the tongue back."""
        if self.wrong is None:
            return None
        name, self.wrong = self.wrong[0], None
        self.told[name] = self.truth[name]
        return f"不对，我说错了，孩子是{self.truth[name]}岁"

    def danger(self) -> str:
        """What must bring a person."""
        return self.dice.choice(self.words.dangers)
