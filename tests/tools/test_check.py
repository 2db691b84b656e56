"""An editor's mistake is named with file, line and mend (issue 4, item 1)."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.encoder import load_encoder
from knowledge.library import Library
from knowledge.types import Citation
from tests.tools.conftest import PROJECT, TODAY
from tools.check import Finding, check, main, schema

ROOM = PROJECT / "tools"


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A copy of the data with two benefits."""
    for name in ("facts.yaml", "implications.yaml", "questions.yaml", "definitions.yaml", "phrases.yaml"):
        shutil.copy(ROOM / name, tmp_path)
    for folder in ("benefits", "cases"):
        (tmp_path / folder).mkdir()
        for entry in ("B03", "B19"):
            text = (ROOM / folder / f"{entry}.yaml").read_text(encoding="utf-8")
            start, end = text.find("conflicts:"), text.find("apply:")
            text = text[:start] + text[end:] if 0 < start < end else text
            (tmp_path / folder / f"{entry}.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def spoil(room: Path, file: str, old: str, new: str) -> int:
    """Replace a piece of a file; the line it stands on."""
    path = room / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_the_shipped_rules_are_right(cite: Callable[[str], Citation]) -> None:
    assert check(cite, TODAY) == ()


def test_a_clean_room(room: Path, cite: Callable[[str], Citation]) -> None:
    assert check(cite, TODAY, room) == ()


MISTAKES = [
    ("benefits/B19.yaml", "fact: school_stage", "fact: school_stag", "did you mean school_stage"),
    ("benefits/B19.yaml", "is: kindergarten_last_year", "is: kindergarden", "kindergarten_last_year"),
    (
        "benefits/B19.yaml",
        "source: 国办发〔2025〕27号 二(一)",
        "source: 国办发〔2025〕72号 二(一)",
        "not in the library",
    ),
    ("benefits/B19.yaml", "standing: entitlement", "standing: promise", "entitlement"),
    ("benefits/B19.yaml", "summary:", "sumary:", "no such field"),
    ("benefits/B19.yaml", "id: B19", "id: B18", "file name"),
    ("benefits/B19.yaml", "hallmarks: [school_stage]", "hallmarks: [school]", "no fact is called"),
    ("benefits/B03.yaml", "    - use: minor\n", "    - use: miner\n", "no definition is called"),
    ("benefits/B03.yaml", "not_published: true", "not_published: maybe", "not_published"),
    ("benefits/B03.yaml", "    ask: 户籍地的区、县（市）民政局\n", "", "who to ask"),
    ("benefits/B03.yaml", "fact: child_hiv, is: true", "fact: child_hiv", "is, at_least, below"),
    (
        "benefits/B03.yaml",
        "民发〔2012〕179号 四}",
        "民发〔2012〕179号 第四十条第九项款}",
        "not in the library",
    ),
    ("implications.yaml", "is: [not_yet]}", "is: [not_yt]}", "school_stage|上什么学"),
    ("questions.yaml", "child_autism: true", "child_autizm: true", "add it there"),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "mend"), MISTAKES, ids=[one[2].strip()[:24] for one in MISTAKES]
)
def test_a_mistake_is_named(
    room: Path, cite: Callable[[str], Citation], file: str, old: str, new: str, mend: str
) -> None:
    line = spoil(room, file, old, new)
    (finding,) = check(cite, TODAY, room)
    assert finding.file == Path(file).name
    assert re.search(mend, finding.message)
    assert finding.line is not None
    assert abs(finding.line - line) <= 4


def test_a_clause_that_is_not_in_the_text(room: Path, tmp_path: Path) -> None:
    """`minxing tools check` looks into the documents it holds; by its form alone the clause could exist."""
    library = Library.open(tmp_path / "snapshots", load_encoder())
    line = spoil(room, "benefits/B03.yaml", "杭政办函〔2025〕70号 三(一)", "杭政办函〔2025〕70号 九(九)")
    (finding,) = check(library.cite, TODAY, room)
    assert (finding.file, finding.line) == ("B03.yaml", line)
    assert "has no clause “九(九)”" in finding.message


def findings(room: Path, cite: Callable[[str], Citation], who: str) -> tuple[Finding, ...]:
    path = room / "benefits" / "B19.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    data["who"] = yaml.safe_load(who)
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    (room / "cases" / "B19.yaml").write_text("[]", encoding="utf-8")
    return check(cite, TODAY, room)


YOUNG = "{say: a, fact: child_age, below: 6}"
OLD = "{say: b, fact: child_age, at_least: 6}"
LAW = "source: 民法典 第十七条"


@pytest.mark.parametrize(
    ("who", "complaint"),
    [
        (f"{{say: x, fact: child_age, at_least: 99, {LAW}}}", "no household can meet"),
        (f"{{say: x, fact: child_age, at_least: 0, {LAW}}}", "every household meets"),
        (f"{{{LAW}, all: [{YOUNG}, {OLD}]}}", "no household can meet"),
        (f"{{say: s, {LAW}, any: [{YOUNG}, {OLD}]}}", "every household meets"),
        (f"{{say: s, {LAW}, at_least: 2, of: [{YOUNG}, {OLD}]}}", "no household can meet"),
        (f"{{say: s, {LAW}, not: {{say: a, fact: child_age, below: 99}}}}", "no household can meet"),
    ],
)
def test_conditions_that_decide_nothing(
    room: Path, cite: Callable[[str], Citation], who: str, complaint: str
) -> None:
    found = findings(room, cite, who)
    assert found
    assert complaint in found[0].message


def test_a_condition_without_a_published_text_is_allowed(room: Path, cite: Callable[[str], Citation]) -> None:
    who = "{source: 民法典 第十七条, all: [{say: a, fact: child_age, below: 6}, {say: b, unpublished: true}]}"
    assert findings(room, cite, who) == ()


def test_a_household_that_comes_out_otherwise(room: Path, cite: Callable[[str], Citation]) -> None:
    line = spoil(
        room,
        "cases/B19.yaml",
        "income_level: above_average}, expect: likely",
        "income_level: above_average}, expect: unlikely",
    )
    (finding,) = check(cite, TODAY, room)
    assert finding.line == line
    assert "comes out likely" in finding.message


def test_broken_yaml(room: Path, cite: Callable[[str], Citation]) -> None:
    line = spoil(room, "benefits/B19.yaml", "standing: entitlement", "standing: [entitlement")
    (finding,) = check(cite, TODAY, room)
    assert finding.line is not None
    assert finding.line >= line


def test_a_long_sentence(room: Path, cite: Callable[[str], Citation]) -> None:
    spoil(room, "benefits/B19.yaml", "由幼儿园直接减免", "由幼儿园直接减免" + "很长" * 20)
    (finding,) = check(cite, TODAY, room)
    assert "characters" in finding.message


def test_the_schema_takes_every_file() -> None:
    jsonschema: Any = pytest.importorskip("jsonschema")  # comes with schemathesis
    validator = jsonschema.Draft202012Validator(schema())
    for path in sorted((ROOM / "benefits").glob("*.yaml")):
        data = json.loads(json.dumps(yaml.safe_load(path.read_text(encoding="utf-8")), default=str))
        errors = [error.message for error in validator.iter_errors(data)]
        assert not errors, f"{path.name}: {errors[:2]}"


def test_the_schema_in_docs_is_this_one() -> None:
    """`python -m tools.check --schema > docs/benefit.schema.json` brings it up to date."""
    written = json.loads((PROJECT / "docs" / "benefit.schema.json").read_text(encoding="utf-8"))
    assert written == schema()


def test_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--as-of", "2026-11-21"]) == 0
    assert capsys.readouterr().out == ""
