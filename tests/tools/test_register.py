"""A bureau's register, checked row by row as one family would be (issue 4, item 9)."""

from __future__ import annotations

import importlib.util
import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import missing
from tests.tools.conftest import PROJECT, TODAY
from tools.catalogue import Catalogue
from tools.errors import CatalogueError
from tools.households import household
from tools.table.frames import polars
from tools.table.mapping import Column, Mapping
from tools.table.register import Progress, RegisterError, check_partition, check_register, rows_of
from tools.types import FactValue


@pytest.fixture(scope="module")
def pl() -> Any:
    if importlib.util.find_spec("polars") is None:
        missing("polars")
    return polars()


def families(catalogue: Catalogue, count: int) -> list[dict[str, FactValue]]:
    source = random.Random(3)
    return [
        {name: value for name, value in household(source, catalogue.facts).items() if source.random() < 0.6}
        for _ in range(count)
    ]


def write(path: Path, told: list[dict[str, FactValue]], catalogue: Catalogue) -> Mapping:
    """A register in which values are written as labels, as an officer would."""
    names = catalogue.facts.names
    lines = [",".join(("编号", "姓名", *names))]
    for number, family in enumerate(told):
        cells = [catalogue.facts[name].say(family[name]) if name in family else "" for name in names]
        lines.append(",".join((f"k{number}", "张某", *(f'"{cell}"' for cell in cells))))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Mapping(key="编号", columns={name: Column(fact=name) for name in names})


def run(folder: Path, mapping: Mapping, catalogue: Catalogue, **more: Any) -> Progress:
    return check_register(
        folder / "in.csv",
        more.pop("result", folder / "out.parquet"),
        folder / "rejects.csv",
        mapping=mapping,
        catalogue=catalogue,
        as_of=TODAY,
        **more,
    )


def test_a_row_comes_out_as_one_family_would(pl: Any, tmp_path: Path, catalogue: Catalogue) -> None:
    """Columns and closures are two readings of the same rules: they agree, unknown facts and all."""
    told = families(catalogue, 150)
    mapping = write(tmp_path / "in.csv", told, catalogue)
    progress = run(tmp_path, mapping, catalogue)
    assert (progress.rows, progress.rejected) == (150, 0)
    table = pl.read_parquet(tmp_path / "out.parquet")
    for row in table.iter_rows(named=True):
        expected = catalogue.verdicts(told[int(row["key"][1:])], TODAY)
        assert {verdict.benefit: verdict.outcome.value for verdict in expected} == {
            entry: row[entry] for entry in catalogue.benefits
        }


def test_nothing_personal_is_copied(pl: Any, tmp_path: Path, catalogue: Catalogue) -> None:
    mapping = write(tmp_path / "in.csv", families(catalogue, 5), catalogue)
    run(tmp_path, mapping, catalogue, result=tmp_path / "out.csv")
    text = (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert "张某" not in text
    assert "father_state" not in text


def small(folder: Path, rows: list[str], encoding: str = "utf-8") -> Mapping:
    text = "\n".join(["编号,年龄,父亲,母亲,刑期,已领", *rows]) + "\n"
    (folder / "in.csv").write_bytes(text.encode(encoding))
    return Mapping(
        key="编号",
        columns={
            "年龄": Column(fact="child_age"),
            "父亲": Column(fact="father_state", values={"服刑": "imprisoned", "亡": "dead"}),
            "母亲": Column(fact="mother_state", values={"亡": "dead", "重病": "seriously_ill"}),
            "刑期": Column(fact="father_term_months"),
        },
        received={"已领": "B02"},
    )


def test_bad_rows_go_aside_with_the_reason(pl: Any, tmp_path: Path, catalogue: Catalogue) -> None:
    mapping = small(
        tmp_path, ["a,7,服刑,亡,72,否", "b,七,服刑,亡,72,否", "c,7,出国,亡,,否", ",7,亡,亡,,否", "d,99,,,,"]
    )
    progress = run(tmp_path, mapping, catalogue)
    assert (progress.rows, progress.rejected) == (5, 4)
    rejects = pl.read_csv(tmp_path / "rejects.csv")
    assert rejects["row"].to_list() == [3, 4, 5, 6]
    reasons = rejects["reason"].to_list()
    assert "年龄" in reasons[0]
    assert "父亲" in reasons[1]
    assert "编号" in reasons[2]
    assert "出国" not in "".join(reasons)


def test_what_a_child_misses(pl: Any, tmp_path: Path, catalogue: Catalogue) -> None:
    """Entitled and not received is missed; unknown stays unknown and is not missed."""
    mapping = small(tmp_path, ["a,7,服刑,亡,72,否", "b,7,服刑,亡,72,是", "c,7,服刑,亡,,否"])
    run(tmp_path, mapping, catalogue)
    table = pl.read_parquet(tmp_path / "out.parquet")
    assert table["missed"].to_list() == ["B02", "", ""]
    assert table["B02"].to_list() == ["likely", "likely", "unknown"]


def test_gb18030(pl: Any, tmp_path: Path, catalogue: Catalogue) -> None:
    mapping = small(tmp_path, ["a,7岁,服刑,亡,72个月,否"], "gb18030")
    run(tmp_path, mapping, catalogue, encoding="gb18030")
    assert pl.read_parquet(tmp_path / "out.parquet")["B02"].to_list() == ["likely"]


def test_the_wrong_encoding_is_said(pl: Any, tmp_path: Path, catalogue: Catalogue) -> None:
    mapping = small(tmp_path, ["a,7,服刑,亡,72,否"], "gb18030")
    with pytest.raises(RegisterError):
        run(tmp_path, mapping, catalogue, encoding="ascii")


def test_a_broken_run_goes_on_where_it_stopped(pl: Any, tmp_path: Path, catalogue: Catalogue) -> None:
    told = families(catalogue, 40)
    mapping = write(tmp_path / "in.csv", told, catalogue)

    def stop(progress: Progress) -> None:
        if progress.parts == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(tmp_path, mapping, catalogue, rows_per_part=10, on_progress=stop)
    assert not (tmp_path / "out.parquet").exists()
    progress = run(tmp_path, mapping, catalogue, rows_per_part=10)
    assert (progress.resumed, progress.parts, progress.rows) == (2, 4, 40)
    assert pl.read_parquet(tmp_path / "out.parquet").height == 40
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.parquet", "rejects.csv"]


KILLED = """
import datetime as dt, os, signal, sys
from pathlib import Path
from tests.tools.conftest import registry_cite
from tools.catalogue import Catalogue
from tools.table.mapping import Mapping
from tools.table.register import check_register

def killed_after_two(progress):
    if progress.parts == 2:
        os.kill(os.getpid(), signal.SIGKILL)

folder = Path(sys.argv[1])
catalogue = Catalogue.load(registry_cite())
check_register(
    folder / "in.csv", folder / "out.parquet", folder / "rejects.csv",
    mapping=Mapping.load(folder / "mapping.yaml", catalogue), catalogue=catalogue,
    as_of=dt.date(2026, 11, 21), rows_per_part=10, on_progress=killed_after_two,
)
"""


def test_a_killed_process_loses_only_its_last_part(pl: Any, tmp_path: Path, catalogue: Catalogue) -> None:
    written = write(tmp_path / "in.csv", families(catalogue, 40), catalogue)
    described = yaml.safe_dump(written.model_dump(exclude_defaults=True), allow_unicode=True)
    (tmp_path / "mapping.yaml").write_text(described, encoding="utf-8")
    mapping = Mapping.load(tmp_path / "mapping.yaml", catalogue)
    ended = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], cwd=PROJECT, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert not (tmp_path / "out.parquet").exists()
    progress = run(tmp_path, mapping, catalogue, rows_per_part=10)
    assert (progress.resumed, progress.parts, progress.rows) == (2, 4, 40)
    whole = run(tmp_path, mapping, catalogue, result=tmp_path / "again.parquet")
    assert whole.resumed == 0
    assert pl.read_parquet(tmp_path / "out.parquet").equals(pl.read_parquet(tmp_path / "again.parquet"))


def test_the_example_of_the_docs_runs(pl: Any, tmp_path: Path, catalogue: Catalogue) -> None:
    """docs/register.md with Dask, on one machine: its parts make what one run makes of the whole."""
    if importlib.util.find_spec("dask") is None:
        missing("dask")
    doc = (PROJECT / "docs" / "register.md").read_text(encoding="utf-8")
    example = doc.split("```python\n")[1].split("```")[0]
    (tmp_path / "province.py").write_text(example, encoding="utf-8")
    told = families(catalogue, 30)
    mapping = write(tmp_path / "in.csv", told, catalogue)
    described = yaml.safe_dump(mapping.model_dump(exclude_defaults=True), allow_unicode=True)
    (tmp_path / "mapping.yaml").write_text(described, encoding="utf-8")
    lines = (tmp_path / "in.csv").read_text(encoding="utf-8").splitlines()
    for part in range(3):
        rows = [lines[0], *lines[1 + part * 10 : 11 + part * 10]]
        (tmp_path / f"register-{part}.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    said = subprocess.run(
        [sys.executable, "province.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout == "30 rows checked\n"
    run(tmp_path, mapping, catalogue)
    parts = [pl.read_parquet(path) for path in sorted(tmp_path.glob("register-*.result.parquet"))]
    assert pl.concat(parts).equals(pl.read_parquet(tmp_path / "out.parquet"))


def test_rows_are_counted_for_the_bar(pl: Any, tmp_path: Path, catalogue: Catalogue) -> None:
    write(tmp_path / "in.csv", families(catalogue, 7), catalogue)
    assert rows_of(tmp_path / "in.csv") == 7
    assert rows_of(tmp_path / "nothing.csv") is None


def test_partitions_make_the_whole(pl: Any, tmp_path: Path, catalogue: Catalogue) -> None:
    """The function that Dask or Ray would call on each partition."""
    mapping = write(tmp_path / "in.csv", families(catalogue, 30), catalogue)
    frame = pl.read_csv(tmp_path / "in.csv", infer_schema=False).with_row_index("row", offset=2)
    whole, _ = check_partition(frame, mapping, catalogue, TODAY)
    pieces = [check_partition(frame.slice(start, 10), mapping, catalogue, TODAY)[0] for start in (0, 10, 20)]
    assert pl.concat(pieces).equals(whole)


def test_a_missing_column_is_named(pl: Any, tmp_path: Path, catalogue: Catalogue) -> None:
    mapping = small(tmp_path, ["a,7,服刑,亡,72,否"])
    wrong = mapping.model_copy(update={"key": "学号"})
    with pytest.raises(CatalogueError, match="学号"):
        run(tmp_path, wrong, catalogue)


def test_an_empty_register(pl: Any, tmp_path: Path, catalogue: Catalogue) -> None:
    mapping = small(tmp_path, [])
    with pytest.raises(RegisterError, match="no rows"):
        run(tmp_path, mapping, catalogue)


def test_a_result_of_another_kind(pl: Any, tmp_path: Path, catalogue: Catalogue) -> None:
    with pytest.raises(RegisterError, match="parquet"):
        run(tmp_path, small(tmp_path, ["a,7,亡,亡,,"]), catalogue, result=tmp_path / "out.xlsx")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("key: a\ncolumns: {x: {fact: no_such}}", "no_such"),
        ("key: a\ncolumns: {x: {fact: father_state, values: {跑了: fled}}}", "father_state|爸爸"),
        ("key: a\ncolumns: {x: {fact: child_age}}\nreceived: {y: B99}", "B99"),
        ("key: a\ncolumns: {x: {fact: child_age}, y: {fact: child_age}}", "same fact"),
    ],
)
def test_a_mapping_is_checked(
    pl: Any, tmp_path: Path, catalogue: Catalogue, text: str, complaint: str
) -> None:
    path = tmp_path / "mapping.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogueError, match=complaint):
        Mapping.load(path, catalogue)
