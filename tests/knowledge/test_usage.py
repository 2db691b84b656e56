"""`minxing knowledge diff` and `coverage`: who rests on what (issue 3.7)."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.asks import load_asks
from knowledge.coverage import coverage, unused, write_page
from knowledge.diff import Kind, diff
from knowledge.errors import SnapshotError
from knowledge.guides import load_guides
from knowledge.library import Library
from knowledge.sources import Registry
from knowledge.usage import Usage, Users

OLD = "试验办法\n第一条　甲。\n第二条　乙：\n（一）丙。\n第三条　丁。\n"
NEW = "试验办法\n第一条　甲。\n第二条　乙：\n（一）戊。\n第四条　己。\n"


@pytest.fixture
def usage(tmp_path: Path, registry: Registry) -> Usage:
    benefits, suites = tmp_path / "benefits", tmp_path / "suites"
    benefits.mkdir()
    suites.mkdir()
    rule = "who:\n  - {source: 民发〔2019〕62号 二(二)}\nname: 民发〔2019〕62号\n"
    (benefits / "B02.yaml").write_text(rule, "utf-8")
    turn = "{expect: {cites: 民发〔2019〕62号 一|杭政办函〔2025〕70号 五(十一)}}"
    (suites / "a.yaml").write_text(f"suite: a\ncases:\n  - id: one\n    turns: [{turn}]\n", "utf-8")
    return Usage.collect(registry, load_guides(registry).values(), benefits, suites)


def test_users_of_a_clause_its_parts_and_what_it_is_part_of(usage: Usage) -> None:
    two_two = usage.of("gov_shishiwurenfuyang_2019_62", "二(二)")
    assert two_two.benefits == ["B02"]
    assert any(name.startswith("guide:B02#") for name in two_two.guides)
    assert usage.of("gov_shishiwurenfuyang_2019_62", "二").benefits == ["B02"]
    assert usage.of("gov_shishiwurenfuyang_2019_62", "一").cases == ["a/one"]
    assert not usage.of("gov_shishiwurenfuyang_2019_62", "一").benefits
    assert not usage.of("gov_shishiwurenfuyang_2019_62", "九")
    assert usage.of("law_minfadian_zongze", "第二条").guides == [], "第二条 is no part of 第二十七条"


def test_coverage_lists_what_nothing_uses(library: Library, usage: Usage, tmp_path: Path) -> None:
    rows = coverage(library, usage)
    idle = {row.clause for row in unused(rows)}
    assert "四(八)" in idle
    assert "hz_kunjing_2025_70#四(八)" in load_asks().by_clause, "how families ask is no use of a clause"
    assert not {"三(一)", "四(七)", "五(十一)"} & idle
    assert any(not row.held and row.document_id == "gov_shishiwurenfuyang_2019_62" for row in rows)
    page = tmp_path / "coverage.html"
    write_page(rows, page)
    text = page.read_text("utf-8")
    assert "a/one" in text
    assert text.count("<summary>") == len({row.document_id for row in rows})
    assert "guide:" not in text, "guides are named as people know them: B02 二/1"
    assert '<tr class="unused" id="hz_kunjing_2025_70#四(八)">' in text


def test_two_versions_of_a_text(tmp_path: Path, usage: Usage) -> None:
    old, new = tmp_path / "old.txt", tmp_path / "new.txt"
    old.write_text(OLD, "utf-8")
    new.write_text(NEW, "utf-8")
    changes = {(change.clause, change.kind) for change in diff(old, new, tmp_path, usage)}
    assert changes == {("第二条", Kind.CHANGED), ("第三条", Kind.GONE), ("第四条", Kind.ADDED)}
    assert diff(old, old, tmp_path, usage) == []


@pytest.mark.shared
def test_a_change_names_the_guides_that_rest_on_it(official: Path, tmp_path: Path, usage: Usage) -> None:
    text = (official / "gov_shishiwurenfuyang_2019_62.txt").read_text("utf-8")
    new = tmp_path / "new.txt"
    new.write_text(text.replace("验结论之日起15个工作日", "验结论之日起10个工作日"), "utf-8")
    (change,) = diff(official / "gov_shishiwurenfuyang_2019_62.txt", new, tmp_path, usage)
    assert change.clause_id == "gov_shishiwurenfuyang_2019_62#二(三)"
    assert any(name.startswith("guide:B02#怎么办理/") for name in change.users.guides)
    assert isinstance(change.users, Users)


def test_a_snapshot_with_itself_and_one_that_is_not_there(library: Library, usage: Usage) -> None:
    snapshots = library.view.folder.parent
    assert diff("current", library.view.folder.name, snapshots, usage) == []
    with pytest.raises(SnapshotError, match=library.view.folder.name):
        diff("nothing", "current", snapshots, usage)
