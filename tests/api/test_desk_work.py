"""From the family's danger signal to the closed case, over real HTTP."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.api.conftest import Family, open_family
from tests.api.desk_staff import Staff, in_days, log_in
from tests.api.scripted import DANGER
from tests.conftest import Running


@pytest.fixture(scope="module")
def wang(door: Running) -> Iterator[Staff]:
    staff = log_in(door)
    yield staff
    staff.http.close()


@pytest.fixture(scope="module")
def li(door: Running) -> Iterator[Staff]:
    staff = log_in(door)
    yield staff
    staff.http.close()


def ticket_of(staff: Staff, family: Family) -> dict[str, Any]:
    """The newest ticket in the queue: of the family that just wrote."""
    return max(staff.queue(), key=lambda ticket: str(ticket["opened_at"]))


def closing(**changes: Any) -> dict[str, Any]:
    good = {"outcome": "联系上", "follow_up_on": in_days(3), "severity_after": 0, "remark": "已和妈妈通话"}
    return {**good, **changes}


def test_a_case_from_signal_to_close(family: Family, wang: Staff, li: Staff) -> None:
    """CR-21 to CR-29, R-24, R-26: the whole way."""
    family.say(f"我{DANGER}")
    ticket = ticket_of(wang, family)
    assert (ticket["severity"], ticket["severity_label"], ticket["status"]) == (4, "四级 危急", "waiting")
    path = f"/tickets/{ticket['id']}"

    case = wang.post(f"{path}/open").json()
    assert [event["name"] for event in case["events"]][-2:] == ["message", "card"]
    assert case["note"]["asked"] == [f"我{DANGER}"] and case["note"]["why"] == "发现危险信号"
    assert [line["id"] for line in case["checklist"] if line["suggested"]] == ["unnatural_harm"]
    assert case["pages"][0]["label"] == "已呼叫值班员" and case["duty"]

    assert wang.reply(ticket["id"], "x").json()["error"]["code"] == "not_claimed"
    assert wang.post(f"{path}/claim").json()["mine"] is True
    late = li.post(f"{path}/claim")
    assert (late.status_code, late.json()["error"]["code"]) == (409, "not_yours")
    assert wang.name in late.json()["error"]["message"]
    assert li.reply(ticket["id"], "x").status_code == 409
    assert li.post(f"{path}/open").status_code == 422
    assert li.post(f"{path}/open", {"reason": "王芳让我看一眼"}).status_code == 200

    sent = wang.reply(ticket["id"], "我在，<b>您</b>慢慢说", key="one")
    again = wang.reply(ticket["id"], "我在，<b>您</b>慢慢说", key="one")
    assert sent.json()["seq"] == again.json()["seq"] and again.json()["replayed"]
    said = family.events()[-1]
    assert (said["event"], said["data"]["text"], said["data"]["author"]) == (
        "message",
        "我在，<b>您</b>慢慢说",
        "staff",
    )

    family.say("你是真人吗")
    news = wang.get(f"{path}/events", after=said["seq"]).json()
    assert [event["data"]["text"] for event in news["events"]] == ["你是真人吗"]
    assert family.events()[-1]["data"]["text"] == "你是真人吗", "the bot is silent"

    assert wang.post(f"{path}/hand-over", {"to": "没有这个人"}).status_code == 422
    assert wang.post(f"{path}/hand-over", {"to": li.name}).json()["owner"] == li.name
    draft = wang.reply(ticket["id"], "晚了一步的话")
    assert draft.status_code == 409 and li.name in draft.json()["error"]["message"]

    missing = li.post(f"{path}/close", {"outcome": "联系上"})
    assert (missing.status_code, missing.json()["error"]["field"]) == (422, "follow_up_on")
    assert li.post(f"{path}/close", closing()).json()["status"] == "closed"
    assert family.events()[-1]["data"]["state"] == "closed"
    assert ticket["id"] not in [line["id"] for line in li.queue()]
    assert ticket["id"] in [line["id"] for line in li.get("/closed").json()["tickets"]]
    assert li.post(f"{path}/open").status_code == 422, "a closed case needs a reason"


def test_release_gives_the_case_back_and_the_bot_stays_honest(family: Family, wang: Staff) -> None:
    """R-27, R-28."""
    family.say(f"我{DANGER}")
    ticket = ticket_of(wang, family)
    path = f"/tickets/{ticket['id']}"
    wang.post(f"{path}/claim")
    assert wang.post(f"{path}/release").json()["status"] == "waiting"
    last = family.events()[-1]["data"]
    assert last["state"] == "person_left" and "没有丢" in last["text"]
    wang.post(f"{path}/claim")
    wang.post(f"{path}/close", closing())


def test_of_two_who_claim_at_once_one_wins(door: Running, wang: Staff, li: Staff) -> None:
    """R-21."""
    with door.client() as http:
        for _ in range(5):
            family = open_family(http)
            family.say(f"我{DANGER}")
            path = f"/tickets/{ticket_of(wang, family)['id']}"
            with ThreadPoolExecutor(2) as pool:
                claims = [pool.submit(who.post, f"{path}/claim") for who in (wang, li)]
                answers = [claim.result().status_code for claim in claims]
            assert sorted(answers) == [200, 409]
            for who in (wang, li):
                who.post(f"{path}/close", closing())


def test_waiting_requests_return_when_something_happens(door: Running, wang: Staff) -> None:
    """The queue and the open talk are live."""
    before = wang.get("/queue").json()
    assert wang.get("/queue", after=before["version"], wait=0.2).json()["version"] == before["version"]
    results: list[dict[str, Any]] = []
    waiter = threading.Thread(
        target=lambda: results.append(wang.get("/queue", after=before["version"], wait=20).json())
    )
    waiter.start()
    with door.client() as http:
        family = open_family(http)
        family.say(f"我{DANGER}")
    waiter.join(timeout=15)
    assert len(results[0]["tickets"]) == len(before["tickets"]) + 1
    path = f"/tickets/{ticket_of(wang, family)['id']}"
    wang.post(f"{path}/claim")
    wang.post(f"{path}/close", closing())


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/tickets/none/reply", {"text": ""}),
        ("/tickets/none/reply", {"text": "x" * 20_001}),
        ("/tickets/none/reply", {}),
        ("/tickets/none/close", {"follow_up_on": "yesterday"}),
        ("/tickets/none/close", {"severity_after": "four"}),
        ("/tickets/none/hand-over", {"to": 1}),
        ("/tickets/none/open", {"reason": None}),
        ("/tickets/none/open", {"surprise": True}),
    ],
)
def test_bad_input_names_the_field(wang: Staff, path: str, body: dict[str, Any]) -> None:
    answer = wang.post(path, body, **{"Idempotency-Key": "k"})
    assert answer.status_code == 422 and answer.json()["error"]["field"]
