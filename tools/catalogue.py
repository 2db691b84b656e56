"""All benefits, validated and compiled: the rules of one release of the policy."""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from knowledge.types import Citation
from tools.benefit import Benefit
from tools.compiling import Terms, compile_rule, terms_on
from tools.conditions import Comparison, Condition, Use, walk
from tools.definitions import DEFINITIONS_FILE, Definitions
from tools.engine import Setting
from tools.errors import CatalogueError, ToolsError
from tools.facts import FACTS_FILE, FactBook
from tools.implications import IMPLICATIONS_FILE
from tools.interaction import Link, Links, links_of
from tools.phrases import PHRASES_FILE, Phrases
from tools.questions import QUESTIONS_FILE, Compound, load_compounds
from tools.rule import Rule
from tools.types import Facts, Verdict
from tools.yaml_source import YamlSource

ROOM = Path(__file__).parent

Cite = Callable[[str], Citation]


class UnknownBenefitError(ToolsError):
    """Shown to the caller: no entry has this id."""


class Catalogue:
    """Benefits by entry id, in order. Immutable; shared between threads."""

    def __init__(
        self,
        book: FactBook,
        phrases: Phrases,
        benefits: Mapping[str, Benefit],
        cite: Cite,
        compounds: Sequence[Compound] = (),
    ) -> None:
        self.facts = book
        self.phrases = phrases
        self.compounds = tuple(compounds)
        self.benefits = dict(sorted(benefits.items()))
        self._cited = {reference: cite(reference) for reference in _references(self.benefits.values())}
        self.links: tuple[Link, ...] = tuple(
            link for benefit in self.benefits.values() for link in links_of(benefit, self._cited)
        )
        self._shared = Setting(book, {}, self._cited.__getitem__, phrases.every)
        self._relations = Links(self.links)
        # Few days and districts differ in anything that a rule depends on.
        self._compiled = lru_cache(maxsize=512)(self._compile)
        self.rules = lru_cache(maxsize=64)(self._rules_on)

    @classmethod
    def load(
        cls,
        cite: Cite,
        *,
        benefits: Path = ROOM / "benefits",
        facts: Path = FACTS_FILE,
        implications: Path = IMPLICATIONS_FILE,
        definitions: Path = DEFINITIONS_FILE,
        phrases: Path = PHRASES_FILE,
        questions: Path = QUESTIONS_FILE,
    ) -> Catalogue:
        """Read and validate everything; every reference is resolved with `cite`.

        Raises:
            CatalogueError: names file, line and the mend.
        """
        book = FactBook.load(facts, implications)
        named = Definitions.load(definitions)
        found: dict[str, Benefit] = {}
        for path in sorted(benefits.glob("*.yaml")):
            benefit = load_benefit(path, book, named, cite)
            found[benefit.id] = benefit
        for path in sorted(benefits.glob("*.yaml")):
            _known_others(path, found[path.stem], found)
        return cls(book, Phrases.load(phrases), found, cite, load_compounds(book, questions))

    def cite(self, reference: str) -> Citation:
        """The citation of a reference that some benefit's file holds."""
        return self._cited[reference]

    @property
    def references(self) -> tuple[str, ...]:
        """Every reference that some benefit's file holds."""
        return tuple(self._cited)

    def benefit(self, entry: str) -> Benefit:
        """A benefit by its entry id.

        Raises:
            UnknownBenefitError: there is no rule for that entry.
        """
        try:
            return self.benefits[entry]
        except KeyError:
            raise UnknownBenefitError(f"没有编号为 {entry[:20]!r} 的补助。编号是 B01 这样的写法。") from None

    def _rules_on(self, as_of: dt.date, district: str) -> tuple[Rule, ...]:
        return tuple(
            self._compiled(entry, terms_on(benefit, as_of, district))
            for entry, benefit in self.benefits.items()
        )

    def _compile(self, entry: str, terms: Terms) -> Rule:
        return compile_rule(
            self.benefits[entry],
            terms,
            book=self.facts,
            phrases=self.phrases,
            cite=self._cited.__getitem__,
            shared=self._shared,
        )

    def verdicts(self, facts: Facts, as_of: dt.date, district: str = "") -> tuple[Verdict, ...]:
        """Verdicts of every benefit for checked facts, with what they do to each other."""
        return self.verdicts_of(facts, self.facts.infer(facts), as_of, district)

    def verdicts_of(
        self, told: Facts, known: Facts, as_of: dt.date, district: str = ""
    ) -> tuple[Verdict, ...]:
        """The same where what follows from the facts is inferred already."""
        row = self.facts.row(known)
        return self._relations.settle([rule.verdict(row) for rule in self.rules(as_of, district)], told)

    def rule(self, entry: str, as_of: dt.date, district: str = "") -> Rule:
        """One compiled rule."""
        self.benefit(entry)
        return next(rule for rule in self.rules(as_of, district) if rule.benefit.id == entry)


def load_benefit(path: Path, book: FactBook, definitions: Definitions, cite: Cite) -> Benefit:
    """One file of `benefits/`, validated, its definitions expanded, its facts and references known.

    Raises:
        CatalogueError: names file, line and the mend.
    """
    source = YamlSource(path)
    written = source.validate(Benefit)
    if written.id != path.stem:
        raise source.error(f"id is {written.id}; it must be the file name, {path.stem}", ("id",))
    for key in ("who", "residence"):
        tree: Condition | None = getattr(written, key)
        if tree is not None:
            _known_definitions(source, tree, key, definitions)
            _known_facts(source, tree, key, book)
    for name in written.hallmarks:
        _known_fact(source, name, ("hallmarks",), book)
    expanded = written.model_copy(
        update={
            "who": definitions.expand(written.who),
            "residence": definitions.expand(written.residence) if written.residence is not None else None,
        }
    )
    _known_facts(source, expanded.who, "who", book)
    for reference in _references([expanded]):
        try:
            cite(reference)
        except Exception as error:
            raise source.error(
                f"the source {reference!r} is not in the library: {error}", _find(source, reference)
            ) from None
    return expanded


def _find(source: YamlSource, reference: str) -> tuple[str | int, ...]:
    """Path of the first place where a reference is written."""

    def look(data: object, path: tuple[str | int, ...]) -> Iterator[tuple[str | int, ...]]:
        if data == reference:
            yield path
        elif isinstance(data, dict):
            for key, value in data.items():
                yield from look(value, (*path, str(key)))
        elif isinstance(data, list):
            for index, value in enumerate(data):
                yield from look(value, (*path, index))

    return next(look(source.data, ()), ())


def _known_fact(source: YamlSource, name: str, path: tuple[str | int, ...], book: FactBook) -> None:
    if name not in book:
        near = difflib.get_close_matches(name, book.names, n=1)
        hint = f"; did you mean {near[0]}?" if near else "; facts.yaml lists them"
        raise source.error(f"no fact is called {name!r}{hint}", path)


def _known_definitions(source: YamlSource, tree: Condition, key: str, definitions: Definitions) -> None:
    names = list(definitions)
    for part, path in walk(tree, (key,)):
        if isinstance(part, Use) and part.use not in names:
            near = difflib.get_close_matches(part.use, names, n=1)
            hint = f"; did you mean {near[0]}?" if near else "; definitions.yaml lists them"
            raise source.error(f"no definition is called {part.use!r}{hint}", (*path, "use"))


def _known_facts(source: YamlSource, tree: Condition, key: str, book: FactBook) -> None:
    for part, path in walk(tree, (key,)):
        if not isinstance(part, Comparison):
            continue
        _known_fact(source, part.fact, (*path, "fact"), book)
        if part.equals is None:
            continue
        fact = book[part.fact]
        for value in part.equals if isinstance(part.equals, tuple) else (part.equals,):
            try:
                fact.check(value)
            except ToolsError as error:
                raise source.error(str(error), (*path, "is")) from None


def _known_others(path: Path, benefit: Benefit, benefits: Mapping[str, Benefit]) -> None:
    for index, conflict in enumerate(benefit.conflicts):
        for other in conflict.others:
            if other not in benefits or other == benefit.id:
                raise YamlSource(path).error(
                    f"conflicts with {other}, which has no file in benefits/", ("conflicts", index, "with")
                )


def _references(benefits: Iterable[Benefit]) -> tuple[str, ...]:
    """Every reference that the files hold, without repeats."""
    found: dict[str, None] = {}

    def look(data: object) -> None:
        if isinstance(data, dict):
            for key, value in data.items():
                if key in ("source", "in_force_source") and isinstance(value, str) and value:
                    found[value] = None
                elif key == "sources":
                    found.update(dict.fromkeys(value))
                else:
                    look(value)
        elif isinstance(data, list | tuple):
            for value in data:
                look(value)

    for benefit in benefits:
        look(benefit.model_dump(by_alias=True))
    return tuple(found)


__all__ = ["Catalogue", "CatalogueError", "Cite", "UnknownBenefitError", "load_benefit"]
