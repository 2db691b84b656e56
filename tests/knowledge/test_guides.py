"""Guides as data, and what the reader refuses (issue 3.1)."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.errors import GuideError
from knowledge.guides import load_guides, read_guide
from knowledge.parsing.clauses import clauses
from knowledge.parsing.document import parse
from knowledge.sources import Registry
from knowledge.types import Confidence, Guide, GuideKind, Standing

GOOD = """---
entry: B98
name: 试验补贴
summary: 一句话说清楚。
kind: benefit
also_called: [试验钱]
---

## 谁可以

孩子没满18岁，
父母都有一种情况。 [民发〔2019〕62号 一][民发〔2020〕125号 一] {confirmed}

- 服刑六个月以上。 ［民发〔2019〕62号 一］ {confirmed}

## 给什么

- 据公开报道，以当地为准。 [福彩圆梦办法] {reported}
"""


@pytest.fixture(scope="module")
def guides(registry: Registry) -> dict[str, Guide]:
    return load_guides(registry)


def test_every_entry_and_group_has_its_guide(guides: dict[str, Guide]) -> None:
    assert {f"B{n:02}" for n in range(1, 38)} <= set(guides)
    assert sum(guide.kind is GuideKind.GROUP for guide in guides.values()) >= 6
    assert sum(guide.kind is GuideKind.LIFE for guide in guides.values()) >= 8


def test_every_paragraph_names_a_clause_in_our_own_standing(guides: dict[str, Guide]) -> None:
    for guide in guides.values():
        for _, paragraphs in guide.sections:
            for clause in paragraphs:
                assert clause.links
                assert clause.citation.standing is Standing.RESTATED
                if clause.citation.confidence is Confidence.REPORTED:
                    assert "据公开报道，以当地为准" in clause.text


@pytest.mark.shared
def test_every_cited_clause_exists_in_the_official_text(
    guides: dict[str, Guide], registry: Registry, official: Path
) -> None:
    known = set()
    for path in official.glob("*.txt"):
        source = registry.sources[path.stem]
        for entry in clauses(parse(path.read_text("utf-8"), title=source.title), source):
            known |= {f"{path.stem}#{label}" for label in (entry.clause.citation.clause, *entry.aliases)}
    documents = {clause_id.partition("#")[0] for clause_id in known}
    wrong = [
        f"{clause.id}: {target}"
        for guide in guides.values()
        for _, paragraphs in guide.sections
        for clause in paragraphs
        for target in clause.links
        if "#" in target and target.partition("#")[0] in documents and target not in known
    ]
    assert not wrong


def test_reads_paragraphs_items_and_marks(tmp_path: Path, registry: Registry) -> None:
    path = tmp_path / "b98.md"
    path.write_text(GOOD, "utf-8")
    guide = read_guide(path, registry)
    first, second = guide.section("谁可以")
    assert first.text == "孩子没满18岁，父母都有一种情况。"
    assert first.id == "guide:B98#谁可以/1"
    assert (first.citation.number, first.citation.clause) == ("民发〔2019〕62号", "一")
    assert [c.number for c in first.also] == ["民发〔2020〕125号"]
    assert second.text == "服刑六个月以上。"
    assert GOOD[second.start : second.end].startswith("- 服刑")
    assert guide.section("给什么")[0].citation.confidence is Confidence.REPORTED


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("---\nentry", "entry", "b98.md:1: must begin with front matter"),
        ("kind: benefit", "kind: money", "kind"),
        ("entry: B98", "entry: beta", "entry"),
        ("{confirmed}\n\n-", "\n\n-", "b98.md:11: must end with its references"),
        ("{confirmed}", "{sure}", "must be {confirmed} or {reported}"),
        ("62号 一][", "63号 一][", "Nearest: 民发〔2019〕62号"),
        ("62号 一][", "62号 一百][", "is no clause label"),
        ("据公开报道，以当地为准。", "学生本人申请。", "must say 「据公开报道，以当地为准」"),
        ("{reported}", "{confirmed}", "only reported"),
        ("## 给什么", "## 其他", "is not one of"),
        ("## 给什么", "### 给什么", "only `##` headings"),
        ("## 给什么", "## 谁可以", "appears twice"),
        ("## 谁可以\n", "## 谁可以\n\n## 怎么办理\n", "is empty"),
        ("服刑六个月以上", "<b>服刑</b>六个月以上", "no tables, images, links or HTML"),
        ("服刑六个月以上。", "", "has references but no words"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(
    tmp_path: Path, registry: Registry, old: str, new: str, says: str
) -> None:
    assert old in GOOD
    path = tmp_path / "b98.md"
    path.write_text(GOOD.replace(old, new, 1), "utf-8")
    with pytest.raises(GuideError) as error:
        read_guide(path, registry)
    assert says in str(error.value)
    assert str(error.value).startswith("b98.md:")


def test_two_guides_of_one_entry_are_refused(tmp_path: Path, registry: Registry) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text(GOOD, "utf-8")
    with pytest.raises(GuideError, match="taken"):
        load_guides(registry, tmp_path)
