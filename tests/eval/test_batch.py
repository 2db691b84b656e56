"""The evaluators' door: every stage over the real rooms, and bad lines that only spoil themselves."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eval import batch, batch_schema
from eval.stages import Stages
from settings import Settings, load_settings

Work = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Stages:
    return Stages.open(load_settings(data_dir=tmp_path_factory.mktemp("data")))


@pytest.fixture
def work(stages: Stages, monkeypatch: pytest.MonkeyPatch) -> Work:
    monkeypatch.setattr(Stages, "open", classmethod(lambda cls, settings: stages))

    def run(stage: str, *lines: object) -> list[dict[str, Any]]:
        source = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
        sink = io.StringIO()
        batch.run_batch(Settings(), stage, source, sink)
        return [json.loads(line) for line in sink.getvalue().splitlines()]

    return run


TALK = "孩子爸爸坐牢判了三年，妈妈尿毒症，孩子11岁，有补贴吗"


def test_screen(work: Work) -> None:
    danger, personal = work(
        "screen", {"id": 1, "text": "我撑不下去了，不想活了"}, {"id": "b", "text": "电话13857112345，问低保"}
    )
    assert danger["route"] in ("crisis_now", "human_urgent")
    assert danger["severity"] >= "S3"
    assert danger["triggers"]
    assert "13857112345" not in personal["redacted"]
    (entity,) = [e for e in personal["entities"] if e["type"] == "CN_MOBILE"]
    assert "电话13857112345，问低保"[entity["start"] : entity["end"]] == "13857112345"


def test_search(work: Work) -> None:
    good, amount, off = work(
        "search",
        {"id": 1, "text": "残疾孩子康复去哪申请"},
        {"id": 2, "text": "杭州孤儿一个月发多少钱"},
        {"id": 3, "text": "今天股票怎么样"},
    )
    assert good["answerable"]
    assert {"document", "number", "clause", "standing", "score", "text"} <= good["hits"][0].keys()
    assert (amount["answerable"], amount["reason"]) == (False, "no_amount")
    assert not off["answerable"]


def test_precheck_from_words_and_from_facts(work: Work) -> None:
    said, given = work(
        "precheck",
        {"id": 1, "text": TALK},
        {
            "id": 2,
            "text": "有补贴吗",
            "facts": {"father_state": "dead", "mother_state": "dead", "child_age": 5},
        },
    )
    outcome = {v["benefit"]: v for v in said["verdicts"]}
    assert outcome["B02"]["outcome"] == "likely"
    assert outcome["B02"]["name"] == "事实无人抚养儿童基本生活补贴"
    assert any(source["number"] == "民发〔2019〕62号" for source in outcome["B02"]["sources"])
    assert {v["benefit"]: v["outcome"] for v in given["verdicts"]}["B01"] == "likely"


def test_turn_carries_facts_over_messages(work: Work) -> None:
    (line,) = work(
        "turn",
        {"id": 1, "messages": [{"role": "family", "text": TALK}, {"role": "family", "text": "要多久？"}]},
    )
    assert line["facts"]["father_term_months"] == 36
    assert "how_long" in line["intents"]
    assert any("15" in sentence["text"] for sentence in line["reply"])
    assert all(sentence["evidence"] for sentence in line["reply"])
    assert line["citations"]
    assert line["ticket"] is None


def test_turn_shows_the_card_and_the_ticket(work: Work) -> None:
    (line,) = work("turn", {"id": 1, "text": "我现在就在楼顶，不想活了"})
    assert line["ticket"]["severity"] == line["severity"] == "S4"
    assert "110" in line["card"]
    assert all(sentence["evidence"][0].startswith("t:") for sentence in line["reply"])


def test_below_a_standing_card_a_question_is_answered_and_danger_is_not(work: Work) -> None:
    """CR-4, CR-5, CR-25: the severity stands, the card too; only what asks without new danger is answered."""
    danger = "我撑不下去了，不想活了"

    def told(last: str) -> dict[str, Any]:
        messages = [{"role": "family", "text": text} for text in (danger, last)]
        return work("turn", {"id": 1, "messages": messages})[0]

    asked, denied, again = told("孩子的低保怎么申请"), told("开玩笑的"), told("我真的不想活了，低保怎么办")
    assert {one["severity"] for one in (asked, denied, again)} == {"S3"}
    assert all(one["card"] and one["ticket"]["severity"] == "S3" for one in (asked, denied, again))
    assert asked["citations"]
    assert asked["reply"][0]["evidence"][0].startswith("t:")
    assert any("低保" in said["text"] for said in asked["reply"])
    assert not denied["citations"]
    assert not again["citations"]


@pytest.mark.parametrize(
    ("line", "id_", "complaint"),
    [
        ("not json", None, "not JSON"),
        ("[1]", None, "valid dictionary"),
        ('{"id": 7}', 7, "either"),
        ('{"id": 7, "text": "a", "messages": []}', 7, "either"),
        ('{"id": 7, "messages": [{"role": "assistant", "text": "a"}]}', 7, "end with"),
        ('{"id": 7, "text": "a", "as_of": "soon"}', 7, "as_of"),
        ('{"id": 7, "text": "a", "extra": 1}', 7, "extra"),
    ],
)
def test_a_bad_line_only_spoils_itself(work: Work, line: str, id_: object, complaint: str) -> None:
    bad, good = work("screen", line, {"id": 2, "text": "你好"})
    assert (bad["id"], bad["line"]) == (id_, 1)
    assert complaint in bad["error"]
    assert good["route"] == "normal"


@pytest.mark.parametrize("text", ["", " ", "\x00", "\ud800", "🙂" * 50, "a" * 20_000, "'; DROP TABLE x;--"])
def test_odd_text_is_answered(work: Work, text: str) -> None:
    (line,) = work("turn", json.dumps({"id": 1, "text": text}))
    assert "error" not in line
    assert line["route"]


def test_the_published_schema_is_the_models() -> None:
    assert batch_schema.FILE.read_text("utf-8") == batch_schema.text(), "run: python -m eval.batch_schema"


def test_many_lines_keep_their_order_over_workers(tmp_path: Path) -> None:
    lines = [json.dumps({"id": n, "text": "低保怎么申请"}) for n in range(batch.ALONE_LINES + 9)]
    sink = io.StringIO()
    batch.run_batch(load_settings(data_dir=tmp_path), "screen", lines, sink, workers=2)
    assert [json.loads(line)["id"] for line in sink.getvalue().splitlines()] == list(range(len(lines)))
