"""Checks what an editor wrote: `minxing tools check`, or `python -m tools.check`."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.types import Citation
from tools.benefit import Benefit
from tools.catalogue import ROOM, Catalogue, load_benefit
from tools.compiling import compile_rule, terms_on
from tools.conditions import Condition, NotOf, Use, children
from tools.definitions import Definitions
from tools.directory import Directory
from tools.engine import FALSE, TRUE, Node
from tools.errors import CatalogueError, ToolsError
from tools.facts import FactBook
from tools.phrases import Phrases
from tools.questions import load_compounds
from tools.rule import Rule
from tools.satisfy import Search
from tools.types import Outcome
from tools.yaml_source import YamlSource

SENTENCE_MAX = 40
"""Longest sentence that a family reads, in characters (AX-8)."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A mistake, where it stands, and how to mend it."""

    file: str
    line: int | None
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


def check(cite: Callable[[str], Citation], as_of: dt.date, room: Path = ROOM) -> tuple[Finding, ...]:
    """Everything that is wrong with facts, definitions, benefits and cases, file by file."""
    try:
        book = FactBook.load(room / "facts.yaml", room / "implications.yaml")
        load_compounds(book, room / "questions.yaml")
        definitions = Definitions.load(room / "definitions.yaml")
        phrases = Phrases.load(room / "phrases.yaml")
    except CatalogueError as error:
        return (_finding(error),)
    findings: list[Finding] = []
    rules: dict[str, Rule] = {}
    for path in sorted((room / "benefits").glob("*.yaml")):
        try:
            benefit = load_benefit(path, book, definitions, cite)
            terms = terms_on(benefit, as_of)
            rules[benefit.id] = compile_rule(benefit, terms, book=book, phrases=phrases, cite=cite)
        except CatalogueError as error:
            findings.append(_finding(error))
            continue
        except (ToolsError, KeyError) as error:
            findings.append(Finding(path.name, None, str(error)))
            continue
        findings += _impossible(path, benefit, rules[benefit.id], book)
        findings += _long(path, benefit)
    if not findings:
        try:
            catalogue = Catalogue.load(
                cite,
                benefits=room / "benefits",
                facts=room / "facts.yaml",
                implications=room / "implications.yaml",
                definitions=room / "definitions.yaml",
                phrases=room / "phrases.yaml",
                questions=room / "questions.yaml",
            )
        except CatalogueError as error:
            return (_finding(error),)
        findings += _cases(room / "cases", catalogue, as_of)
    return tuple(findings)


def _finding(error: CatalogueError) -> Finding:
    return Finding(error.file, error.line, error.message)


def _impossible(path: Path, benefit: Benefit, rule: Rule, book: FactBook) -> Iterator[Finding]:
    """Conditions that no household meets, and those that every household meets."""
    source = YamlSource(path)
    search = Search(book, rule.parameters)
    written = source.validate(Benefit)

    def look(node: Node, mark: Condition, where: tuple[str | int, ...]) -> Iterator[Finding]:
        for wanted, complaint in ((TRUE, "no household can meet"), (FALSE, "every household meets")):
            if not search.possible(node, wanted):
                mend = "compare it with the values in facts.yaml, or take it out"
                label = node.condition.say or "this group"
                yield Finding(path.name, source.line(where), f"{complaint} 「{label}」; {mend}")
                return
        inner = children(mark)
        if isinstance(mark, Use) or len(inner) != len(node.children):
            return  # a definition is looked at as a whole
        key = next(iter(set(_keys(mark))), "")
        for index, (child, child_mark) in enumerate(zip(node.children, inner, strict=True)):
            step: tuple[str | int, ...] = ("not",) if isinstance(mark, NotOf) else (key, index)
            yield from look(child, child_mark, (*where, *step))

    yield from look(rule.who, written.who, ("who",))


def _keys(condition: Condition) -> Iterator[str]:
    for key in ("all", "any", "of"):
        if hasattr(condition, key):
            yield key


def _long(path: Path, benefit: Benefit) -> Iterator[Finding]:
    """Sentences that a family would have to read twice (AX-8)."""
    source = YamlSource(path)

    def look(data: Any, where: tuple[str | int, ...]) -> Iterator[Finding]:
        if isinstance(data, dict):
            for key, value in data.items():
                yield from look(value, (*where, str(key)))
        elif isinstance(data, list):
            for index, value in enumerate(data):
                yield from look(value, (*where, index))
        elif (
            isinstance(data, str)
            and where
            and where[-1] in ("say", "note", "summary", "if_missing", "consequence")
        ):
            for sentence in data.replace("；", "。").replace("：", "。").split("。"):
                if len(sentence) > SENTENCE_MAX:
                    yield Finding(
                        path.name,
                        source.line(where),
                        f"a sentence of {len(sentence)} characters; at most {SENTENCE_MAX}",
                    )

    yield from look(source.data, ())


def _cases(folder: Path, catalogue: Catalogue, as_of: dt.date) -> Iterator[Finding]:
    """Households that do not come out as the editor wrote."""
    for path in sorted(folder.glob("*.yaml")):
        source = YamlSource(path)
        if path.stem not in catalogue.benefits:
            yield Finding(
                path.name, None, "there is no benefit of this name; rename the file or add the benefit"
            )
            continue
        for index, case in enumerate(source.data):
            try:
                expected = Outcome(case["expect"])
                facts = catalogue.facts.check(case["facts"])
            except (KeyError, ValueError, ToolsError) as error:
                yield Finding(path.name, source.line((index,)), f"「{case.get('name', index)}」: {error}")
                continue
            day = case.get("as_of", as_of)
            verdicts = catalogue.verdicts(facts, day, case.get("district", ""))
            verdict = next(one for one in verdicts if one.benefit == path.stem)
            if verdict.outcome is not expected:
                why = "；".join(verdict.failed or verdict.missing)
                message = f"「{case['name']}」 comes out {verdict.outcome} ({why}), expected {expected}"
                yield Finding(path.name, source.line((index,)), message)


def schema() -> dict[str, Any]:
    """JSON Schema of a benefit file, for editors that check while one types."""
    found = Benefit.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}


def main(arguments: list[str] | None = None, cite: Callable[[str], Citation] | None = None) -> int:
    """Print the findings, or with `--schema` the JSON Schema. 0 when all is well, 1 otherwise.

    Args:
        arguments: of the command line.
        cite: resolves a reference; with that of an open library a clause must stand in the text, where the
            text is held. None: documents by name, clauses by their form only.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.check")
    parser.add_argument("--schema", action="store_true", help="print the JSON Schema of a benefit file")
    parser.add_argument("--as-of", type=dt.date.fromisoformat, help="the day the policy is read on")
    given = parser.parse_args(arguments)
    if given.schema:
        sys.stdout.write(json.dumps(schema(), ensure_ascii=False, indent=2) + "\n")
        return 0
    if cite is None:
        from knowledge.sources import Registry

        cite = Registry.load().cite
    last_checked = max(contact.checked_on for contact in Directory.load().contacts())
    findings = check(cite, given.as_of or last_checked)
    for finding in findings:
        sys.stdout.write(f"{finding}\n")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
