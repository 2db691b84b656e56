"""Who rests on a clause: paragraphs of guides, rules of benefits, cases of suites."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from knowledge.references import clause_id
from knowledge.sources import Registry
from knowledge.types import Guide
from knowledge.yaml_files import load_yaml

PROJECT = Path(__file__).resolve().parents[1]
BENEFITS = PROJECT / "tools" / "benefits"
SUITES = PROJECT / "eval" / "suites"
_LONGEST = 60
"""Characters of a string that may be a reference; longer ones are prose."""


@dataclass(slots=True)
class Users:
    """What rests on one clause, by name."""

    guides: list[str] = field(default_factory=list)
    benefits: list[str] = field(default_factory=list)
    cases: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.guides or self.benefits or self.cases)

    def merged(self, other: Users) -> Users:
        """Both together, without repeats."""
        return Users(
            _unique(self.guides + other.guides),
            _unique(self.benefits + other.benefits),
            _unique(self.cases + other.cases),
        )


class Usage:
    """Users of every clause. Files of other rooms are read as data: references stand in them as strings."""

    def __init__(self, users: Mapping[str, Users]) -> None:
        self._users = users
        self._targets: dict[str, list[str]] = defaultdict(list)
        for target in users:
            self._targets[target.partition("#")[0]].append(target)

    @classmethod
    def collect(
        cls,
        registry: Registry,
        guides: Iterable[Guide],
        benefits: Path = BENEFITS,
        suites: Path = SUITES,
    ) -> Usage:
        """Read guides, benefits and suites. A folder that is not there has no users."""
        users: dict[str, Users] = defaultdict(Users)
        for guide in guides:
            for _, paragraphs in guide.sections:
                for clause in paragraphs:
                    for target in clause.links:
                        users[target].guides.append(clause.id)
        for path in sorted(benefits.glob("*.yaml")):
            for target in set(_references(_read(path), registry)):
                users[target].benefits.append(path.stem)
        for path in sorted(suites.rglob("*.yaml")):
            for name, case in _cases(path):
                for target in set(_references(case, registry)):
                    users[target].cases.append(name)
        return cls(dict(users))

    def of(self, document_id: str, label: str) -> Users:
        """Users of a clause, of its parts, and of the clause that it is a part of."""
        wanted = clause_id(document_id, label)
        found = Users()
        for target in self._targets.get(document_id, ()):
            if target == wanted or (label and _related(target, wanted)):
                found = found.merged(self._users[target])
        return found

    @property
    def clauses(self) -> Mapping[str, Users]:
        """Every clause that anything rests on."""
        return self._users


def _related(one: str, other: str) -> bool:
    """Whether one clause is a part of the other: 第十八条 and 第十八条第二款, 二 and 二(一)."""
    shorter, longer = sorted((one, other), key=len)
    return longer.startswith(shorter) and longer[len(shorter) :][:1] in ("第", "(", "1", "2", "3", "4", "5")


def _unique(items: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(items))


def _read(path: Path) -> Any:
    return load_yaml(path.read_text("utf-8"))


def _cases(path: Path) -> Iterator[tuple[str, Any]]:
    data = _read(path)
    for case in data.get("cases", []) if isinstance(data, dict) else []:
        if isinstance(case, dict):
            yield f"{data.get('suite', path.stem)}/{case.get('id', '?')}", case


def _references(data: Any, registry: Registry) -> Iterator[str]:
    """Clause ids of all strings that are references to a clause."""
    if isinstance(data, dict):
        for value in data.values():
            yield from _references(value, registry)
    elif isinstance(data, list):
        for value in data:
            yield from _references(value, registry)
    elif isinstance(data, str) and len(data) <= _LONGEST * 4:
        for words in data.split("|"):  # suites write alternatives so
            yield from _reference(words, registry)


def _reference(words: str, registry: Registry) -> Iterator[str]:
    if len(words) <= _LONGEST:
        reference = registry.lookup(words)
        if reference is not None and reference.clause:
            yield clause_id(reference.document, reference.clause)
