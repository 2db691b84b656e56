"""The registry as data, and the version traps of the facts (issue 3.2)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from knowledge.errors import RegistryError, UnknownReferenceError
from knowledge.sources import CORPUS, Registry
from knowledge.types import Confidence, Extent


@pytest.mark.parametrize(
    ("written", "clause_id"),
    [
        ("民发〔2019〕62号 二(二)", "gov_shishiwurenfuyang_2019_62#二(二)"),
        ("民发[2019]62号二（二）", "gov_shishiwurenfuyang_2019_62#二(二)"),
        ("[杭政办函〔2025〕70号 三(一)]", "hz_kunjing_2025_70#三(一)"),
        ("社会救助法第三十七条", "law_shehuijiuzhufa_2026#第三十七条"),
        ("中华人民共和国社会救助法 第37条", "law_shehuijiuzhufa_2026#第三十七条"),
        ("民法典 第二十七条", "law_minfadian_zongze#第二十七条"),
        ("民法典 第一千零六十七条", "law_minfadian_hunyinjiating#第一千零六十七条"),
        ("《浙江省社会救助条例》第三十九条", "zj_shehuijiuzhu_tiaoli#第三十九条"),
        ("国办发〔2025〕18号", "gov_kunjing_2025_18"),
    ],
)
def test_references_resolve_by_number_short_name_or_title(
    registry: Registry, written: str, clause_id: str
) -> None:
    assert registry.cite(written).clause_id == clause_id


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("民发〔2019〕63号 一", "民发〔2019〕62号"),
        ("社会救济法 第一条", "社会救助法"),
        ("民发〔2019〕62号 二二", "三(一)"),
        ("民法典 第五百条", "第1至204条"),
    ],
)
def test_an_unknown_reference_names_the_nearest(registry: Registry, written: str, names: str) -> None:
    with pytest.raises(UnknownReferenceError) as error:
        registry.cite(written)
    assert names in str(error.value)


def test_only_the_hangzhou_text_ships(registry: Registry) -> None:
    whole = [source.id for source in registry.sources.values() if source.extent is not Extent.NONE]
    assert whole == ["hz_kunjing_2025_70"]
    assert [path.stem for path in (CORPUS / "official").glob("*.txt")] == whole


def test_the_law_of_2026_prevails_over_what_came_before(registry: Registry) -> None:
    law = registry.sources["law_shehuijiuzhufa_2026"]
    assert law.in_force_from == dt.date(2026, 7, 1)
    for older in ("reg_shehuijiuzhu_zanxing", "zj_shehuijiuzhu_tiaoli"):
        source = registry.sources[older]
        assert source.superseded_by == law.id
        assert source.in_force_to is None, "it still counts where the two agree"


def test_old_local_laws_yield_to_newer_national_ones(registry: Registry) -> None:
    expected = {
        "zj_weichengnianren_baohu": "law_weichengnianren_baohufa",
        "zj_fanjiabao": "law_fan_jiatingbaoli",
        "hz_fanjiabao": "law_fan_jiatingbaoli",
        "zj_falvyuanzhu": "law_falvyuanzhu",
        "hz_xueqianjiaoyu": "law_xueqianjiaoyu",
        "reg_ertong_fulijigou_2018": "reg_ertong_fulijigou_2026",
    }
    assert {name: registry.sources[name].superseded_by for name in expected} == expected


def test_texts_that_were_not_had_are_only_reported(registry: Registry) -> None:
    for source in registry.sources.values():
        if source.note.startswith("未读到原文"):
            assert source.confidence is Confidence.REPORTED, source.id


def test_other_places_are_registered_under_their_own_region(registry: Registry) -> None:
    regions = {source.region for source in registry.sources.values()}
    assert {"全国", "浙江省", "杭州市", "重庆市", "山东省"} <= regions


@pytest.mark.shared
def test_every_official_text_is_registered(registry: Registry, official: Path) -> None:
    names = {path.stem for path in official.glob("*.txt")}
    assert len(names) == 66
    assert names <= set(registry.sources)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("superseded_by: nothing", "nothing is not registered"),
        ("short: 民法典", "give one of them another `short`"),
        ("extent: most", "extent"),
        ("colour: red", "colour"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path: Path, change: str, says: str) -> None:
    entry = (
        "- {id: a, title: 某法, issuer: 某部, region: 全国, extent: none, standing: official,"
        " confidence: confirmed, checked_on: 2026-11-21}\n"
        "- {id: b, title: 民法典, issuer: 某部, region: 全国, extent: none, standing: official,"
        " confidence: confirmed, checked_on: 2026-11-21}\n"
    )
    key = change.split(":")[0]
    changed = (
        entry.replace("extent: none", change, 1)
        if key == "extent"
        else entry.replace("{id: a", "{id: a, " + change, 1)
    )
    path = tmp_path / "sources.yaml"
    path.write_text(changed, "utf-8")
    with pytest.raises(RegistryError, match=says):
        Registry.load(path)
