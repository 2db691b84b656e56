"""PR-1: planted identifiers go through every surface of a running Minxing, and come out nowhere."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from agent.compose.offline import OfflineComposer
from agent.turn import Agent
from eval import page, report
from eval.batch import work_line
from eval.record import Header, Record
from eval.stages import CHINA, Stages
from eval.types import CaseResult, Observation, RunResult, TurnResult
from guardrails.output import OutputCheck
from guardrails.templates import TemplateBank
from tests.api.conftest import Family, open_family
from tests.api.desk_staff import log_in
from tests.conftest import Running, running, test_settings
from tests.fake_llm import FakeModel, fake_model

STORY = "外孙女九岁，她爸爸判了六年，妈妈肝癌晚期，有什么补助吗？"
DANGER = "我撑不下去了，不想活了"
PLANTED = {
    "我叫瞿桂兰，孙子的低保怎么申请": ["瞿桂兰"],
    "我身份证是330106195803120720，孤儿补助怎么办": ["330106195803120720"],
    "孩子身份证 330122 20140716 3313，能办残疾证吗": ["330122201407163313"],
    "我电话13857160394，麻烦告诉我去哪办低保": ["13857160394"],
    "打我老伴的手机 138-6713-5508 也行，材料要带什么": ["13867135508"],
    "号码是一三九五七一八二六四零，临时救助怎么申请": ["一三九五七一八二六四零", "13957182640"],
    "家里座机0571-86413729，白天有人，低保要多久": ["0571-86413729", "86413729"],
    "住在拱墅区翠柏路217号9幢3单元1402室，到哪里申请": ["翠柏路217号", "9幢3单元", "1402室"],
    "我家在临安区湍口镇塘秀村12组，孤儿去哪办": ["塘秀村12组"],
    "补贴打到银行卡6217001540001234564可以吗": ["6217001540001234564"],
    "农行卡号 6228 4800 4025 6489 002，低保能打进来吗": ["6228480040256489002"],
    "加我微信lanlan_7788hz，困境儿童补贴怎么办": ["lanlan_7788hz"],
    "我的QQ是839204716，康复去哪里申请": ["839204716"],
    "残疾证号33010619580312072043，护理补贴怎么申请": ["33010619580312072043"],
    "护照号EH4820957，孩子在杭州能上学吗": ["EH4820957"],
    "邮箱qu.guilan58@163.com，请问医疗救助怎么申请": ["qu.guilan58@163.com"],
    "车牌浙A7K9P2，家里有车能申请低保吗": ["浙A7K9P2"],
    "我孙子叫郗梓萌，自闭症，康复去哪里申请": ["郗梓萌"],
    "孩子在翠苑第二小学三年级4班读书，学费能减免吗": ["翠苑第二小学", "三年级4班"],
    "出生证编号T330482915，上户口要去哪里": ["T330482915"],
    "学籍号G330106201407163318，资助怎么申请": ["G330106201407163318"],
    "社保卡号A83920475，医疗救助怎么报": ["A83920475"],
    "港澳通行证C58204936，孩子能享受吗": ["C58204936"],
    "孩子妈妈叫綦晓蓉，失踪两年了，能申请事实无人抚养吗": ["綦晓蓉"],
    "孩子爸爸闵国樑坐牢六年，妈妈死了，能领什么": ["闵国樑"],
    "她是2014年7月16日出生的，户口本上写着，育儿补贴有吗": ["2014年7月16日"],
    "邻居是车荷珍，电话+86 15058192730，低保能代办吗": ["15058192730", "车荷珍"],
    "身份证３３０１８３１９６６１１２９００２８丢了，低保怎么办": ["330183196611290028"],
}
"""What a family writes, and the values in it that may come out nowhere."""
VALUES = tuple(value for values in PLANTED.values() for value in values)
_SEPARATORS = re.compile(rb"[\s\-_.]")


@dataclass
class Surfaces:
    """All bytes that left Minxing or lie on its disk, by surface."""

    seen: dict[str, list[bytes]] = field(default_factory=dict)

    def add(self, name: str, *content: str | bytes) -> None:
        """Keep what was seen on a surface."""
        self.seen.setdefault(name, []).extend(
            c.encode("utf-8", "surrogatepass") if isinstance(c, str) else c for c in content
        )

    def hits(self) -> list[str]:
        """Surface and value wherever a planted value stands, in any writing."""
        found = []
        for name, contents in self.seen.items():
            whole = b"\n".join(contents)
            bare = _SEPARATORS.sub(b"", whole)
            for value in VALUES:
                if any(form in whole for form in written(value)) or squeezed(value) in bare:
                    found.append(f"{name}: {value}")
        return found


def squeezed(value: str) -> bytes:
    """Without separators."""
    return _SEPARATORS.sub(b"", value.encode())


def written(value: str) -> Iterator[bytes]:
    """The ways in which a value may lie in a file."""
    yield value.encode()
    yield value.encode("utf-16-le")
    yield value.encode("utf-16-be")
    yield json.dumps(value).strip('"').encode()
    if len(value) > 3:
        yield value.encode("gb18030")


@pytest.fixture(scope="module")
def model() -> Iterator[FakeModel]:
    with fake_model() as server:
        yield server


@pytest.fixture(scope="module")
def server(model: FakeModel, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    settings = test_settings(
        tmp_path_factory.mktemp("canary"),
        llm_base_url=model.url,
        llm_model="fake",
        llm_timeout_seconds=30,
        evaluation=True,
        messages_per_minute=10_000,
        messages_per_minute_per_address=100_000,
        conversations_per_hour_per_address=100_000,
    )
    with running(settings) as started:
        yield started


@pytest.fixture(scope="module")
def surfaces(server: Running, model: FakeModel) -> Iterator[Surfaces]:
    """Everything driven once, with logging as loud as it gets."""
    seen, log = Surfaces(), Kept()
    root = logging.getLogger()
    level = root.level
    root.addHandler(log)
    root.setLevel(logging.DEBUG)
    try:
        with server.client() as http:
            http.event_hooks["response"] = [
                lambda response: seen.add("http", response.read(), str(response.headers))
            ]
            talks(http)
            errors(http)
            desk(http, server, seen)
        outside(server, seen)
    finally:
        root.removeHandler(log)
        root.setLevel(level)
    seen.add("model", *(json.dumps(request, ensure_ascii=False) for request in model.requests))
    seen.add("logs", *log.lines)
    for file in Path(server.settings.data_dir).rglob("*"):
        if file.is_file():
            seen.add(f"data/{file.name}", file.read_bytes())
    yield seen


class Kept(logging.Handler):
    """Keeps what the server's own loggers and its libraries write; the test's own client is left out."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if not record.name.startswith(("httpx", "httpcore")):
            self.lines.append(logging.Formatter().format(record))


def talks(http: httpx.Client) -> None:
    """Messages in several conversations, follow-ups that ask them back, and facts by form."""
    texts = list(PLANTED)
    for start in range(0, len(texts), 7):
        family = open_family(http)
        for text in (STORY, *texts[start : start + 7], "我刚才说的姓名电话和地址再念一遍"):
            answered(family, family.say(text).json()["message_id"])
        http.get(family.path("/facts"), headers=family.headers)
        http.put(family.path("/facts/district"), json={"value": VALUES[3]}, headers=family.headers)
        http.post(family.path("/token"), headers=family.headers)


def answered(family: Family, message_id: str) -> None:
    """Wait for the end of the turn, reading on from what was read: loud logs make polling dear."""
    after, end = 0, time.monotonic() + 60
    while time.monotonic() < end:
        time.sleep(0.1)
        page = family.http.get(
            family.path("/events"), params={"poll": 1, "after": after}, headers=family.headers
        )
        for event in page.json()["events"]:
            after = event["seq"]
            if event["event"] == "done" and event["data"]["message_id"] == message_id:
                return
    raise AssertionError("the turn did not end")


def errors(http: httpx.Client) -> None:
    """What is refused may not be quoted back or written down."""
    family = open_family(http)
    everything = "，".join(PLANTED)
    assert family.say(everything + "，" + "字" * 20_000).status_code == 413
    family.say(everything, key="x" * 300)
    headers = {**family.headers, "Idempotency-Key": "k"}
    for body in (
        {"text": everything, "name": everything},
        {"text": [everything]},
        {everything: 1},
        everything,
    ):
        assert http.post(family.path("/messages"), json=body, headers=headers).status_code == 422
    assert (
        http.post(family.path("/messages"), content=everything.encode(), headers=headers).status_code == 422
    )
    for value in VALUES:
        http.put(family.path(f"/facts/{value}"), json={"value": True}, headers=family.headers)
        http.put(family.path("/facts/child_age"), json={"value": value}, headers=family.headers)
        http.get(f"/api/clauses/{value}")
        http.get(f"/api/benefits/{value}")
        http.get(f"/api/conversations/{value}/facts", headers={"Authorization": "Bearer x"})
        http.post("/api/precheck", json={"facts": {value: value}})
    for text in list(PLANTED)[:6]:
        http.get("/api/search", params={"q": text})


def desk(http: httpx.Client, server: Running, seen: Surfaces) -> None:
    """A family in danger, and all that staff can open of it."""
    family = open_family(http)
    texts = list(PLANTED)
    together = ["。".join(texts[start : start + 4]) for start in range(0, len(texts), 4)]
    for text in together:
        family.say(f"{text}。{DANGER}")
    family.events()
    staff = log_in(server)
    staff.http.event_hooks["response"] = [lambda response: seen.add("desk", response.read())]
    ticket = max(staff.queue(), key=lambda each: str(each["opened_at"]))
    path = f"/tickets/{ticket['id']}"
    opened = staff.post(f"{path}/open").json()
    assert len([e for e in opened["events"] if e["name"] == "message"]) == len(together)
    staff.post(f"{path}/claim")
    family.say(next(iter(PLANTED)))
    staff.get(f"{path}/events", after=0)
    staff.post(f"{path}/release")
    staff.get("/closed")
    staff.get("/audit")
    staff.http.close()


def outside(server: Running, seen: Surfaces) -> None:
    """`minxing batch` at every stage, and the reports of a run whose every turn failed."""
    rooms = server.app.state.services
    clock = lambda: rooms.now().astimezone(CHINA)  # noqa: E731
    agent = Agent(
        rooms.library, rooms.catalogue, rooms.directory, rooms.screener, TemplateBank.load(rooms.directory),
        OutputCheck(rooms.directory.numbers), None, OfflineComposer(), clock=clock,
    )  # fmt: skip
    stages = Stages(agent)
    for number, text in enumerate((*PLANTED, *(f"{text}。{DANGER}" for text in list(PLANTED)[:5]))):
        line = json.dumps({"id": number, "text": text})
        for stage in ("screen", "turn"):
            seen.add(f"batch {stage}", work_line(stages, stage, number, line))
    nothing = Observation("normal", "S0", None, (), (), {}, {}, (), "", "", None, None, "")
    turns = tuple(TurnResult(text, nothing, ("nothing was said",)) for text in PLANTED)
    result = RunResult("http://target", (CaseResult("canary", "all", "planted values", turns),), 1.0)
    folder = Path(server.settings.data_dir) / "reports"
    page.page(result, folder / "eval.html")
    record = Record(folder / "eval.jsonl", Header(target="t", started=dt.datetime.now(dt.UTC)), resume=False)
    for case in result.cases:
        record.add(case)
    record.close()
    report.junit(result, folder / "eval.xml")


def test_at_least_twenty_five_values_are_planted() -> None:
    assert len(set(VALUES)) >= 25


def test_every_surface_was_reached(surfaces: Surfaces) -> None:
    """Nothing is clean because nothing was there."""
    sizes = {name: sum(map(len, contents)) for name, contents in surfaces.seen.items()}
    for name in (
        "http",
        "desk",
        "model",
        "logs",
        "batch screen",
        "batch turn",
        "data/minxing.sqlite3",
        "data/eval.html",
    ):
        assert sizes.get(name, 0) > 500, f"{name}: {sizes}"


def test_no_planted_value_comes_out_anywhere(surfaces: Surfaces) -> None:
    """PR-1, PR-9, R-43."""
    assert surfaces.hits() == []


def test_the_search_would_find_a_leak() -> None:
    """The canary itself: each writing of each value is seen."""
    for value in VALUES:
        for form in (*written(value), "-".join(value).encode(), " ".join(value).encode()):
            leaking = Surfaces()
            leaking.add("x", b"\x00" + form + b"\xff")
            assert leaking.hits(), form
