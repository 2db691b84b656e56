"""A benefit compiled for a day and a district: facts in, verdict out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from operator import itemgetter

from knowledge.types import Citation
from tools.benefit import Benefit, Standing
from tools.engine import FALSE, TRUE, UNKNOWN, Finding, Node
from tools.facts import FactBook
from tools.kleene import Decide, Row
from tools.phrases import Phrases
from tools.recording import Key
from tools.types import Facts, FactValue, Outcome, TraceStep, Verdict
from tools.unrolled import Account

SEEN_MAX = 4096
READY = 3000
"""A rule that tells at most so many kinds of households apart makes the verdict of each kind once."""
Order = Callable[[tuple[str, ...], Row], tuple[str, ...]]
PLACE, HANGZHOU = "registered_residence", "hangzhou"
"""The place of a pre-check: until a family says where the child is registered, we check for Hangzhou."""


End = tuple[int, Outcome, tuple[str, ...], "tuple[str, ...] | Orders"]
"""Truth, outcome, what failed, what can be asked."""


class Orders:
    """What can be asked of what is missing, in order: it may hang on other facts, as on a parent's state."""

    def __init__(self, missing: tuple[str, ...], order: Order, read: Callable[[Row], Key]) -> None:
        self._missing, self._order, self._read = missing, order, read
        self._seen: dict[Key, tuple[str, ...]] = {}

    def __call__(self, row: Row) -> tuple[str, ...]:
        """The facts to ask a family for."""
        key = self._read(row)
        found = self._seen.get(key)
        if found is None:
            found = self._seen[key] = self._order(self._missing, row)
        return found


class Ends(dict[tuple[Finding, ...], End]):
    """What the findings of a rule's trees come to."""

    def __init__(self, standing: Standing, order: Order, deciding: Sequence[str]) -> None:
        """Start with none.

        Args:
            standing: of the benefit.
            order: which of missing facts can be asked, in order.
            deciding: facts that decide whether others can be asked.
        """
        super().__init__()
        encouraged = standing is Standing.ENCOURAGED
        self._yes = Outcome.DEPENDS_ON_DISTRICT if encouraged else Outcome.LIKELY
        self._order = order
        self._read: Callable[[Row], Key] | None = itemgetter(*deciding) if deciding else None

    def __missing__(self, findings: tuple[Finding, ...]) -> End:
        if len(self) >= SEEN_MAX:
            self.clear()
        truth = min(one.truth for one in findings)
        end = self[findings] = (
            truth,
            (Outcome.UNLIKELY, Outcome.UNKNOWN, self._yes)[truth],
            tuple(dict.fromkeys(say for one in findings for say in one.failed)) if truth == FALSE else (),
            self._asked(findings) if truth == UNKNOWN else (),
        )
        return end

    def _asked(self, findings: tuple[Finding, ...]) -> tuple[str, ...] | Orders:
        missing = tuple(name for one in findings for name in one.missing)
        if not missing or self._read is None:
            return self._order(missing, {})
        return Orders(missing, self._order, self._read)


_setters = [getattr(Verdict, field.name).__set__ for field in fields(Verdict)]
_benefit, _name, _outcome, _failed, _missing, _sources, _trace, _notes = _setters
"""How a verdict's fields are filled in. A frozen dataclass does it by name, at the cost of the judging."""


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One benefit, ready to judge."""

    benefit: Benefit
    who: Node
    residence: Node | None
    begins: TraceStep | None
    """The failing step, on a day before the benefit is in force."""
    sources: tuple[Citation, ...]
    book: FactBook
    phrases: Phrases
    reads: tuple[str, ...]
    """Facts that the verdict depends on."""
    noted: tuple[Node, ...]
    """Conditions whose note is said when they hold."""
    noting: Callable[[Row], Key] | None
    """The values that the notes of a verdict hang on, where they hang on any."""
    said_if_unlikely: tuple[str, ...]
    said_otherwise: tuple[str, ...]
    """Notes that go with every verdict of the kind."""
    said: dict[tuple[int, Key], tuple[str, ...]]
    """Notes put together, by truth and `noting`."""
    parameters: Mapping[str, int]
    """Dated parameters as numbers, on the day."""
    tables: Mapping[str, tuple[Mapping[FactValue | None, int], ...]]
    """What each comparison of the rule says of each value, by fact."""
    key: Callable[[Row], Key] | None
    """The values that the verdict hangs on, where they are few."""
    ready: dict[Key, Verdict]
    """Verdicts by `key`."""
    account: Account
    """The findings of residence, where there is one, and who; and the trace."""
    ends: Ends
    decide: Decide
    """The truth alone: FALSE, UNKNOWN or TRUE. What is absent or None is unknown."""

    def leaves(self) -> tuple[Node, ...]:
        """Every comparison of the rule."""
        return self.who.leaves() + (self.residence.leaves() if self.residence else ())

    def judge(self, facts: Facts) -> Verdict:
        """The verdict of this benefit alone; conflicts with others are looked at afterwards."""
        return self.verdict(self.book.row(facts))

    def verdict(self, row: Row) -> Verdict:
        """The same for a row (`FactBook.row`), which all rules read."""
        if self.key is None:
            return self.judge_afresh(row)
        key = self.key(row)
        ready = self.ready.get(key)
        if ready is None:
            if len(self.ready) >= READY:  # values that are not the facts' own
                self.ready.clear()
            ready = self.ready[key] = self.judge_afresh(row)
        return ready

    def judge_afresh(self, row: Row) -> Verdict:
        """The same without what is ready."""
        if self.begins is not None:
            return self._too_early(self.begins)
        findings, trace = self.account(row)
        truth, outcome, failed, missing = self.ends[findings]
        if missing.__class__ is Orders:
            missing = missing(row)
        notes = self._notes(truth, row) if truth else self.said_if_unlikely
        verdict = object.__new__(Verdict)
        _benefit(verdict, self.benefit.id)
        _name(verdict, self.benefit.name)
        _outcome(verdict, outcome)
        _failed(verdict, failed)
        _missing(verdict, missing)
        _sources(verdict, self.sources)
        _trace(verdict, trace)
        _notes(verdict, notes)
        return verdict

    def _too_early(self, step: TraceStep) -> Verdict:
        failed, trace = (step.condition,), (step,)
        return Verdict(
            self.benefit.id,
            self.benefit.name,
            Outcome.UNLIKELY,
            failed,
            (),
            self.sources,
            trace,
            self.said_if_unlikely,
        )

    def _notes(self, truth: int, row: Row) -> tuple[str, ...]:
        if truth == FALSE:
            return self.said_if_unlikely
        key = (truth, self.noting(row) if self.noting else None)
        said = self.said.get(key)
        if said is None:
            if len(self.said) >= SEEN_MAX:
                self.said.clear()
            said = self.said[key] = self._notes_afresh(truth, row)
        return said

    def _notes_afresh(self, truth: int, row: Row) -> tuple[str, ...]:
        said: list[str] = []
        if truth == TRUE and self.benefit.standing is Standing.ENCOURAGED:
            said.append(self.phrases.encouraged)
        if self.residence is not None and row[PLACE] is None:
            said.append(self.phrases.presumed_residence)
        said += [node.condition.note for node in self.noted if node.decide(row) == TRUE]
        return (*dict.fromkeys(said), *self.said_otherwise)
