"""An interactive pre-check: one question at a time, back, correct, skip. The terminal and forms drive it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from tools.asking import UNREMARKABLE
from tools.benefit import Standing
from tools.catalogue import Catalogue
from tools.errors import FactError
from tools.precheck import Change, changes, precheck
from tools.questions import facts_said
from tools.types import FactValue, Outcome, Precheck, Question, Verdict


@dataclass(frozen=True, slots=True)
class _State:
    """Everything that one answer changes, so that going back is taking the state before."""

    facts: Mapping[str, FactValue]
    asked: tuple[str, ...]
    declined: tuple[str, ...]


class PrecheckSession:
    """Asks until nothing that matters is open.

    Drive it so: show `question`; call `answer(text)` or `decline()`; stop when `question` is None and show
    `precheck.verdicts`. `back()` undoes the last answer, `correct()` changes an earlier one.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        *,
        as_of: dt.date,
        district: str = "",
        facts: Mapping[str, object] | None = None,
        focus: Collection[str] | None = None,
        compound: bool = True,
    ) -> None:
        """Start.

        Args:
            catalogue: the rules.
            as_of: the day the policy is read on.
            district: one of Hangzhou's thirteen, or empty.
            facts: what is known already.
            focus: entries to settle; None: all that may be brought up unasked.
            compound: whether one question may be about several facts, where one plain sentence asks for them.
        """
        self.catalogue = catalogue
        self.as_of = as_of
        self.district = district
        self.focus = tuple(focus) if focus is not None else everyday(catalogue)
        self.compound = compound
        self._past: list[_State] = []
        self._now = _State(catalogue.facts.check(facts or {}), (), ())
        self.precheck: Precheck = self._check(self._now)

    @property
    def question(self) -> Question | None:
        """The one next thing to ask; None when the pre-check is done."""
        return self.precheck.next_question

    @property
    def facts(self) -> Mapping[str, FactValue]:
        """What is known, by name."""
        return self._now.facts

    @property
    def told(self) -> tuple[tuple[str, str, str], ...]:
        """(name, label, value in plain Chinese) of what is known; sensitive facts are not repeated back."""
        book = self.catalogue.facts
        return tuple(
            (name, book[name].label, book[name].say(value))
            for name, value in self._now.facts.items()
            if not book[name].sensitive
        )

    def answer(self, text: str) -> tuple[Change, ...]:
        """Take the answer to the question, as a value, a label, the number of a choice, or a number.

        Of a question about several facts as many choices as hold, such as `2 9` or 「肢体残疾、孤独症」.
        「不知道」 and 「不想说」 are answers too: the question is not asked again.

        Returns:
            What it changed.

        Raises:
            FactError: it is none of them; says what would be. Nothing has changed then.
        """
        question = self.question
        if question is None:
            raise FactError("", "已经没有要问的了。")
        if text.strip("。，！ ") in self.catalogue.phrases.declines:
            return self.decline()
        if question.several:
            return self._take(facts_said(question, self._chosen(question, text)))
        return self._take({question.fact: self._value(question, text)})

    def decline(self) -> tuple[Change, ...]:
        """The family would rather not say, or does not know. It is not asked again."""
        question = self.question
        if question is None:
            return ()
        state = replace(self._now, declined=(*self._now.declined, *question.facts))
        return self._move(state)

    def correct(self, fact: str, text: str) -> tuple[Change, ...]:
        """Change an earlier answer, or tell something that was not asked.

        Raises:
            FactError: there is no such fact, or it does not take that value.
        """
        found = self.catalogue.facts[fact]
        return self._take({fact: self._value(Question(fact, "", "", found.choices, False), text)})

    def back(self) -> bool:
        """Undo the last answer, correction or skip. False when there is nothing to undo."""
        if not self._past:
            return False
        self._now = self._past.pop()
        self.precheck = self._check(self._now)
        return True

    def verdicts(self, *outcomes: Outcome) -> tuple[Verdict, ...]:
        """Verdicts of these outcomes, of all if none is given: of the entries in focus, and of others that
        came out well on the way.
        """
        return tuple(
            verdict
            for verdict in self.precheck.verdicts
            if (verdict.benefit in self.focus or verdict.outcome in (Outcome.LIKELY, Outcome.CHOICE))
            and (not outcomes or verdict.outcome in outcomes)
        )

    def _value(self, question: Question, text: str) -> FactValue:
        text = text.strip()
        if question.choices and text.isdecimal() and 1 <= int(text[:4]) <= len(question.choices):
            text = question.choices[int(text) - 1][0]
        elif text.strip("。，！ ") in self.catalogue.phrases.none_of_it:
            # 「没有」 to a list of kinds is its 「都不是」; of a yes or no it depends on how one was asked.
            text = next((value for value, _ in question.choices if value in UNREMARKABLE - {"able"}), text)
        return self.catalogue.facts[question.fact].parse(text)

    def _chosen(self, question: Question, text: str) -> list[str]:
        """The choices that an answer names: all of them are ours, and 「都没有」 stands alone."""
        labels = [label for label, _ in question.choices]
        nothing = [label for label, says in zip(labels, question.says, strict=True) if not says]
        if text.strip() in labels:
            return [text.strip()]
        chosen = []
        for part in re.split(r"[\s,，、；;和]+", text.strip("。！ ")):
            if part.isdecimal() and 1 <= int(part[:4]) <= len(labels):
                chosen.append(labels[int(part) - 1])
            elif part in labels:
                chosen.append(part)
            elif part in self.catalogue.phrases.none_of_it and nothing:
                chosen += nothing
            else:
                raise FactError(question.fact, f"没有看懂「{part[:40]}」。可以答编号，有几样答几样。")
        if len(chosen) > 1 and set(chosen) & set(nothing):
            raise FactError(question.fact, f"「{nothing[0]}」和别的不能一起选。")
        return chosen

    def _take(self, told: Mapping[str, FactValue]) -> tuple[Change, ...]:
        facts = {**self._now.facts, **told}
        asked = tuple(dict.fromkeys((*self._now.asked, *told)))
        declined = tuple(name for name in self._now.declined if name not in told)
        return self._move(_State(facts, asked, declined))

    def _move(self, state: _State) -> tuple[Change, ...]:
        before, after = self.precheck, self._check(state)
        self._past.append(self._now)
        self._now, self.precheck = state, after
        return changes(before, after)

    def _check(self, state: _State) -> Precheck:
        return precheck(
            self.catalogue,
            state.facts,
            as_of=self.as_of,
            district=self.district,
            asked=state.asked,
            declined=state.declined,
            focus=self.focus,
            compound=self.compound,
        )


@lru_cache(maxsize=8)
def everyday(catalogue: Catalogue) -> tuple[str, ...]:
    """Benefits that may be brought up unasked: no services, and none that only a sensitive fact points to."""
    return tuple(
        entry
        for entry, benefit in catalogue.benefits.items()
        if benefit.standing is not Standing.SERVICE
        and not (benefit.hallmarks and all(catalogue.facts[name].sensitive for name in benefit.hallmarks))
    )
