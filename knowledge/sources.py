"""The registry of documents: what may be cited, under which names, and which text governs."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import yaml
from pydantic import TypeAdapter, ValidationError

from knowledge.errors import LabelError, RegistryError, UnknownReferenceError
from knowledge.references import article_number, canonical_label, clause_id, document_key
from knowledge.types import Citation, Extent, Reference, Source, Standing
from knowledge.yaml_files import load_yaml

CORPUS = Path(__file__).resolve().parent / "corpus"


class Registry:
    """Every registered document, found by id, 文号, short name or title."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._sources = {source.id: source for source in sources}
        self._by_key: dict[str, list[Source]] = defaultdict(list)
        for source in self._sources.values():
            for name in self._names(source):
                self._by_key[document_key(name)].append(source)
        self._check()

    @classmethod
    def load(cls, path: Path = CORPUS / "sources.yaml") -> Registry:
        """Read and validate the registry.

        Raises:
            RegistryError: naming the entry and what is wrong with it.
        """
        try:
            rows = load_yaml(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
            raise RegistryError(f"{path.name} cannot be read: {error}") from None
        try:
            sources = TypeAdapter(list[Source]).validate_python(rows)
        except ValidationError as error:
            first = error.errors()[0]
            at = first["loc"][0] if first["loc"] else 0
            name = (
                rows[at].get("id", f"entry {at}")
                if isinstance(at, int) and isinstance(rows[at], dict)
                else at
            )
            raise RegistryError(f"{path.name}: {name}: {first['loc'][1:]}: {first['msg']}") from None
        ids = [source.id for source in sources]
        if repeated := {i for i in ids if ids.count(i) > 1}:
            raise RegistryError(f"{path.name}: id {sorted(repeated)[0]} is used twice; ids must be unique")
        return cls(sources)

    @staticmethod
    def _names(source: Source) -> set[str]:
        names = {source.id, source.title, source.title.removeprefix("中华人民共和国")}
        if source.short and source.title.startswith("中华人民共和国"):
            names.add(f"中华人民共和国{source.short}")
        return names | {name for name in (source.number, source.short) if name}

    def _check(self) -> None:
        for source in self._sources.values():
            if source.superseded_by is not None and source.superseded_by not in self._sources:
                raise RegistryError(f"{source.id}: superseded_by {source.superseded_by} is not registered")
        for key, sources in self._by_key.items():
            if len(sources) > 1 and any(source.articles is None for source in sources):
                ids = "、".join(source.id for source in sources)
                raise RegistryError(
                    f"“{key}” names {ids}: give one of them another `short`, or `articles` to each"
                )

    @property
    def sources(self) -> Mapping[str, Source]:
        """All sources by id."""
        return self._sources

    def get(self, document_id: str) -> Source | None:
        """The source with this id, if registered."""
        return self._sources.get(document_id)

    def with_sources(self, sources: Iterable[Source]) -> Registry:
        """A registry in which these are added, or replace those with their id.

        A name that is taken already stays with its owner: an ingested text cannot take the name of a law.
        """
        extended = Registry.__new__(Registry)
        extended._sources = dict(self._sources)
        extended._by_key = defaultdict(list, {key: list(owners) for key, owners in self._by_key.items()})
        for source in sources:
            old = extended._sources.get(source.id)
            extended._sources[source.id] = source
            for name in self._names(source):
                owners = extended._by_key[document_key(name)]
                if old is not None and old in owners:
                    owners[owners.index(old)] = source
                elif not owners:
                    owners.append(source)
        return extended

    def find(self, text: str) -> Source | None:
        """The one source whose id, 文号, short name or title this is."""
        found = self._by_key.get(document_key(text), [])
        return found[0] if len(found) == 1 else None

    def resolve(self, text: str) -> Reference:
        """Read `民发〔2019〕62号 二(二)` or `社会救助法第三十七条` as document and canonical clause label.

        Raises:
            UnknownReferenceError: naming the nearest registered document, or what is wrong with the label.
        """
        key = document_key(text.strip().strip("[]"))
        name = self._leading_name(key)
        if name is None:
            raise UnknownReferenceError(f"“{text}” is not registered in sources.yaml.{self._nearest(text)}")
        try:
            label = canonical_label(key[len(name) :])
        except LabelError as error:
            raise UnknownReferenceError(f"“{text}”: {error}{self._nearest(text)}") from None
        return Reference(self._pick(name, label, text).id, label)

    def lookup(self, text: str) -> Reference | None:
        """What `resolve` gives, or None at once where it would raise: for words that may be no reference."""
        if self._leading_name(document_key(text.strip().strip("[]"))) is None:
            return None
        try:
            return self.resolve(text)
        except UnknownReferenceError:
            return None

    def _leading_name(self, key: str) -> str | None:
        """The longest registered name that the text starts with: 民法典总则编解释 before 民法典."""
        return next((key[:n] for n in range(len(key), 1, -1) if key[:n] in self._by_key), None)

    def _pick(self, name: str, label: str, text: str) -> Source:
        candidates = self._by_key[name]
        if len(candidates) == 1 or not label:
            return candidates[0]
        number = article_number(label)
        for source in candidates:
            if number and source.articles and source.articles[0] <= number <= source.articles[1]:
                return source
        spans = "；".join(f"{s.title} 第{s.articles[0]}至{s.articles[1]}条" for s in candidates if s.articles)
        raise UnknownReferenceError(f"“{text}” lies outside the registered articles: {spans}.")

    def _nearest(self, text: str) -> str:
        parts = text.split()
        wanted = document_key(parts[0] if parts else text)
        near = difflib.get_close_matches(wanted, self._by_key, n=1, cutoff=0.3)
        if not near:
            return ""
        source = self._by_key[near[0]][0]
        return f" Nearest: {source.number or source.short or source.title} ({source.title})."

    def cite(self, text: str) -> Citation:
        """The citation that a written reference stands for; the label is checked for its form only.

        Raises:
            UnknownReferenceError: as `resolve`.
        """
        return self.citation(self.resolve(text))

    def citation(self, reference: Reference) -> Citation:
        """The citation of a resolved reference.

        Raises:
            KeyError: when the document is not registered.
        """
        source = self._sources[reference.document]
        # Whose words a reader sees: where we do not hold the text, they are ours, whatever the document is.
        standing = Standing.RESTATED if source.extent is Extent.NONE else source.standing
        return Citation(
            clause_id=clause_id(source.id, reference.clause),
            document=source.title,
            document_id=source.id,
            number=source.number,
            clause=reference.clause,
            standing=standing,
            confidence=source.confidence,
        )
