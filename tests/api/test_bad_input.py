"""Issue 2, "Bad input": a clear answer, nothing lost, no stack trace, no 500."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.api.conftest import Family

JSON = {"content-type": "application/json"}

ACCEPTED = {
    "only emoji": "\U0001f62d\U0001f62d\U0001f62d",
    "SQL": "'; DROP TABLE messages; --",
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "20,000 characters": "孩" * 20_000,
    "a file pasted in": "姓名,年龄\n" + "某某,7\n" * 900,
    "format strings": "{0.__class__} %s %n ${7*7} {{7*7}}",
    "right-to-left": "‮abc‬",
}


@pytest.mark.parametrize("text", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_strange_text_is_taken_and_kept(family: Family, text: str) -> None:
    response = family.say(text)
    assert response.status_code == 202, response.text
    stored = [e for e in family.events() if e["event"] == "message"]
    assert [e["data"]["text"] for e in stored] == [text]


def test_nul_and_lone_surrogates_are_cleaned_not_lost(family: Family) -> None:
    response = family.http.post(
        family.path("/messages"),
        content=r'{"text": "\u0000孩\ud83d子\u0007"}'.encode(),
        headers={**family.headers, **JSON, "Idempotency-Key": "nul"},
    )
    assert response.status_code == 202, response.text
    assert [e["data"]["text"] for e in family.events() if e["event"] == "message"] == ["孩�子"]


REFUSED = {
    "broken JSON": (b'{"text":', "body"),
    "not UTF-8": (b"\xff\xfe\x00", "body"),
    "empty": (b'{"text": ""}', "text"),
    "blank": (b'{"text": " \\n\\t "}', "text"),
    "only NUL": (b'{"text": "\\u0000"}', "text"),
    "text missing": (b"{}", "text"),
    "text a number": (b'{"text": 7}', "text"),
    "text null": (b'{"text": null}', "text"),
    "a list": (b"[]", "body"),
    "too much": (b'{"text": "x", "role": "staff"}', "role"),
    "deep": (b'{"text": ' + b"[" * 5000 + b"]" * 5000 + b"}", None),
}


@pytest.mark.parametrize(("body", "field"), REFUSED.values(), ids=REFUSED.keys())
def test_a_wrong_body_is_422_and_names_the_field(family: Family, body: bytes, field: str | None) -> None:
    headers = {**family.headers, **JSON, "Idempotency-Key": "wrong"}
    response = family.http.post(family.path("/messages"), content=body, headers=headers)
    assert response.status_code == 422, response.text
    error = response.json()["error"]
    assert error["message"]
    assert "Traceback" not in response.text
    if field:
        assert error["field"] == field
    assert not [e for e in family.events() if e["event"] == "message"]


@pytest.mark.parametrize("key", ["", "x" * 129, "空格 and 中文".encode().decode("latin-1")])
def test_a_wrong_key_is_422(family: Family, key: str) -> None:
    headers = [
        (n.encode(), v.encode("latin-1")) for n, v in {**family.headers, "Idempotency-Key": key}.items()
    ]
    response = family.http.post(family.path("/messages"), json={"text": "你好"}, headers=headers)
    assert response.status_code == 422
    assert response.json()["error"]["field"] == "Idempotency-Key"


def test_a_missing_key_is_422(family: Family) -> None:
    response = family.http.post(family.path("/messages"), json={"text": "你好"}, headers=family.headers)
    assert response.status_code == 422
    assert response.json()["error"]["field"] == "Idempotency-Key"


def test_same_key_same_body_is_one_message(family: Family) -> None:
    """SE-11, R-04."""
    first, second = family.say("你好", key="k1"), family.say("你好", key="k1")
    assert first.status_code == second.status_code == 202
    assert first.json() == second.json()
    assert len([e for e in family.events() if e["event"] == "message"]) == 1


def test_fifty_at_once_under_one_key_are_one_message(family: Family) -> None:
    """R-01: one message, fifty identical answers."""
    with ThreadPoolExecutor(25) as pool:
        responses = list(pool.map(lambda _: family.say("我不想活了", key="k1"), range(50)))
    assert {response.status_code for response in responses} == {202}
    assert len({response.text for response in responses}) == 1
    events = [e["event"] for e in family.events()]
    assert events.count("message") == 1
    assert events.count("card") == 1


def test_same_key_other_body_is_409_and_stores_nothing(family: Family) -> None:
    """R-02."""
    family.say("你好", key="k1")
    response = family.say("再见", key="k1")
    assert response.status_code == 409
    assert response.json()["error"]["field"] == "Idempotency-Key"
    assert len([e for e in family.events() if e["event"] == "message"]) == 1


def test_same_key_in_another_conversation_is_independent(family: Family, stranger: Family) -> None:
    """R-03."""
    assert (
        family.say("你好", key="k1").json()["message_id"]
        != stranger.say("你好", key="k1").json()["message_id"]
    )


def test_an_overlong_message_is_413(family: Family) -> None:
    response = family.say("孩" * 20_001)
    assert response.status_code == 413
    assert response.json()["error"]["field"] == "text"
    assert not [e for e in family.events() if e["event"] == "message"]


def test_a_body_of_megabytes_is_413_with_numbers_to_call(family: Family) -> None:
    response = family.say("孩" * 700_000)
    assert response.status_code == 413
    assert "110" in response.json()["error"]["phone"]


def test_a_body_of_megabytes_in_chunks_is_413(family: Family) -> None:
    """No Content-Length to go by."""
    chunks = (b" " * 100_000 for _ in range(20))
    headers = {**family.headers, **JSON, "Idempotency-Key": "chunks"}
    response = family.http.post(family.path("/messages"), content=chunks, headers=headers)
    assert response.status_code == 413
    assert response.json()["error"]["code"] == "body_too_large"


def test_an_unknown_address_and_method_are_answered_in_chinese(family: Family) -> None:
    missing = family.http.get("/api/nothing-here")
    assert missing.status_code == 404
    wrong = family.http.patch("/api/conversations")
    assert wrong.status_code == 405
    for response in (missing, wrong):
        assert any("一" <= letter <= "鿿" for letter in response.json()["error"]["message"])
