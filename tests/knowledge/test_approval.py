"""A document of an unknown issuer waits for a second named person (SE-4)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from rich.console import Console

from knowledge.encoder import Embedder
from knowledge.errors import ApprovalError
from knowledge.index import snapshot
from knowledge.ingest import Outcome, approve, ingest
from knowledge.ingest.approval import approvals, waiting
from knowledge.ingest.identify import identify
from knowledge.ingest.isolate import isolation, load
from knowledge.sources import Registry
from knowledge.terminal import show_waiting
from settings import Settings, load_settings

DAY = dt.date(2026, 11, 22)
TEXT = (
    "关于发放风筝补贴的通知\n风筝办〔2026〕1号\n\n各街道：\n一、对象\n困境儿童都可以领风筝补贴。\n"
    "二、时间\n每年春天发放。\n\n杭州风筝办公室\n2026年3月1日\n"
)
KNOWN = TEXT.replace("杭州风筝办公室", "杭州市人民政府办公厅").replace("风筝办", "杭政办函")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(data_dir=tmp_path / "data")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "kites.txt"
    path.write_text(TEXT, "utf-8")
    return path


def held(settings: Settings) -> list[str]:
    folder = snapshot.current(settings.snapshots_dir)
    manifest = snapshot.read_manifest(folder) if folder else None
    return [d.source.id for d in manifest.documents if d.origin == snapshot.INGESTED] if manifest else []


def test_two_people_take_in_what_comes_from_an_unknown_issuer(
    settings: Settings, file: Path, encoder: Embedder
) -> None:
    report = ingest([file], settings, encoder=encoder, by="王芳", on=DAY)
    assert [f.outcome for f in report.files] == [Outcome.WAITING]
    assert not held(settings)
    (row,) = waiting(settings.waiting_dir)
    assert (row.document, row.by, row.since) == ("kites", "王芳", "2026-11-22")
    out = Console(record=True, width=150)
    show_waiting(settings, out)
    assert "王芳" in out.export_text()

    for same in ("王芳", " 王芳 "):
        with pytest.raises(ApprovalError, match="another person"):
            approve("kites", settings, by=same, on=DAY, encoder=encoder)
    with pytest.raises(ApprovalError, match="who you are"):
        approve("kites", settings, by=" ", on=DAY, encoder=encoder)
    assert not held(settings)

    approve("kites", settings, by="李强", on=DAY, encoder=encoder)
    assert held(settings) == ["kites"]
    assert not waiting(settings.waiting_dir)
    (noted,) = approvals(settings.waiting_dir)
    assert (noted.by, noted.approved_by, noted.approved_on) == ("王芳", "李强", "2026-11-22")
    folder = snapshot.current(settings.snapshots_dir)
    assert folder is not None
    assert "李强" in (folder / "manifest.json").read_text("utf-8"), "the manifest says who approved"
    with pytest.raises(ApprovalError, match="No document"):
        approve("kites", settings, by="李强", on=DAY, encoder=encoder)


def test_taking_it_in_again_under_another_name_is_no_approval(
    settings: Settings, file: Path, encoder: Embedder
) -> None:
    ingest([file], settings, encoder=encoder, by="王芳", on=DAY)
    ingest([file], settings, encoder=encoder, by="李强", on=DAY)
    assert not held(settings)
    with pytest.raises(ApprovalError, match="王芳"):
        approve("kites", settings, by="王芳", on=DAY, encoder=encoder)


def test_an_approval_holds_for_the_bytes_that_were_seen(
    settings: Settings, file: Path, encoder: Embedder
) -> None:
    ingest([file], settings, encoder=encoder, by="王芳", on=DAY)
    (kept,) = settings.waiting_dir.glob("*/kites.txt")
    kept.write_text(TEXT.replace("春天", "冬天"), "utf-8")
    with pytest.raises(ApprovalError, match="was changed"):
        approve("kites", settings, by="李强", on=DAY, encoder=encoder)
    kept.write_text(TEXT, "utf-8")
    approve("kites", settings, by="李强", on=DAY, encoder=encoder)
    file.write_text(TEXT.replace("春天", "冬天"), "utf-8")
    report = ingest([file], settings, encoder=encoder, by="王芳", on=DAY)
    assert [f.outcome for f in report.files] == [Outcome.WAITING], "another text waits again"


def test_a_known_issuer_or_one_that_the_operator_names_needs_nobody(
    settings: Settings, file: Path, encoder: Embedder
) -> None:
    listed = load_settings(data_dir=settings.data_dir, ingest_issuers=("杭州风筝办公室",))
    assert ingest([file], listed, encoder=encoder, by="王芳", on=DAY, dry_run=True).count(Outcome.ADDED) == 1
    file.write_text(KNOWN, "utf-8")
    report = ingest([file], settings, encoder=encoder, by="王芳", on=DAY, dry_run=True)
    assert report.count(Outcome.ADDED) == 1
    assert not settings.waiting_dir.exists(), "a dry run keeps nothing"


@pytest.mark.shared
def test_the_official_texts_wait_for_nobody(official: Path) -> None:
    """All are registered; three are read here, the run over all 66 is test_ingest's."""
    registry = Registry.load()
    for path in sorted(official.glob("*.txt")):
        assert registry.get(path.stem) is not None, path.name
    with isolation() as reader:
        for name in ("hz_kunjing_2025_70", "law_fan_jiatingbaoli", "gov_gangxing_zhichu"):
            parsed = reader.parse(load(official / f"{name}.txt"))
            assert identify(parsed.document, name, registry, DAY)[0].id == name
