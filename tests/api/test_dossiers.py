"""The page that a family takes to the counter: nothing of a family on it unless chosen (issue 4, item 6)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.api.desk_staff import log_in
from tests.conftest import Running
from tools.dossier.handover import handover_note
from tools.dossier.page import css
from tools.types import Declaration, Declarer, FactValue

FACTS: dict[str, FactValue] = {
    "child_age": 7,
    "father_state": "imprisoned",
    "father_term_months": 72,
    "mother_state": "seriously_ill",
}


@pytest.fixture(scope="module")
def http(minxing: Running) -> Iterator[httpx.Client]:
    with minxing.client() as client:
        yield client


@pytest.fixture(scope="module")
def family(http: httpx.Client) -> tuple[str, dict[str, str]]:
    """A conversation that holds the facts."""
    opened = http.post("/api/conversations").json()
    headers = {"Authorization": f"Bearer {opened['token']}"}
    for name, value in FACTS.items():
        put = http.put(
            f"/api/conversations/{opened['id']}/facts/{name}", json={"value": value}, headers=headers
        )
        assert put.status_code == 200, put.text
    return opened["id"], headers


def test_anyone_may_print_a_checklist(http: httpx.Client) -> None:
    page = http.get("/checklist/B02", params={"applied": "2026-11-23"})
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")
    assert "事实无人抚养儿童基本生活补贴" in page.text
    assert "2026年12月14日" in page.text  # fifteen working days
    assert "<style" not in page.text and 'href="/checklist/print.css"' in page.text
    assert "style-src 'self'" in page.headers["content-security-policy"]
    assert http.get("/checklist/print.css").text == css()


@pytest.mark.parametrize("path", ["/checklist/B99", "/api/benefits/B99/checklist"])
def test_an_unknown_entry(http: httpx.Client, path: str) -> None:
    assert http.get(path).status_code == 404


def test_the_same_as_data(http: httpx.Client) -> None:
    found = http.get("/api/benefits/B10/checklist", params={"applied": "2026-11-23"}).json()
    assert [limit["unit"] for limit in found["limits"]] == ["working_days", "days", "working_days"]
    assert found["limits"][0]["due"] == "2026-12-14"
    assert all(item["otherwise"] and item["source"]["clause"] for item in found["materials"])
    assert http.get("/api/benefits/B10/checklist").json()["limits"][0]["due"] is None


def test_an_unclear_day(http: httpx.Client) -> None:
    assert http.get("/api/benefits/B10/checklist", params={"applied": "tomorrow"}).status_code == 422


def test_the_papers_of_this_family_and_nothing_else_of_it(
    http: httpx.Client, family: tuple[str, dict[str, str]]
) -> None:
    id_, headers = family
    path = f"/api/conversations/{id_}/checklist"
    page = http.post(path, json={"benefit": "B02"}, headers=headers).json()["html"]
    assert "法院判决书" in page
    assert "回执" not in page  # nobody is out of contact
    assert "7岁" not in page
    assert "<style>" in page and "http" not in page
    chosen = http.post(path, json={"benefit": "B02", "print_facts": ["child_age"]}, headers=headers).json()[
        "html"
    ]
    assert "7岁" in chosen
    assert "72个月" not in chosen


def test_nobody_else_prints_it(http: httpx.Client, family: tuple[str, dict[str, str]]) -> None:
    """SE-9."""
    path = f"/api/conversations/{family[0]}/checklist"
    assert http.post(path, json={"benefit": "B02"}).status_code == 404


def test_the_trace_says_who_declared_what(http: httpx.Client) -> None:
    """Issue 4, item 3: condition, value, clause, who declared it."""
    asked = {
        "facts": {**FACTS, "child_hiv": True},
        "declared": {
            "father_state": {"by": "document", "message_id": "m7", "at": "2026-11-20T09:00:00+08:00"}
        },
    }
    verdicts = http.post("/api/precheck", json=asked).json()["verdicts"]
    read: dict[str, dict[str, Any]] = {
        fact["name"]: fact for one in verdicts for step in one["trace"] for fact in step["facts"]
    }
    assert read["father_state"]["value_label"] == "在坐牢或在看守所"
    assert (read["father_state"]["declared_by"], read["father_state"]["message_id"]) == ("document", "m7")
    assert read["father_state"]["at"].startswith("2026-11-20T09:00")
    assert read["child_age"]["declared_by"] == "family"
    assert read["registered_residence"]["declared_by"] == "presumed"
    assert read["recognised_orphan"]["declared_by"] == "implied"
    assert read["recognised_orphan"]["because"]
    assert read["child_hiv"]["value"] is None  # sensitive: named, not repeated back


def test_a_question_about_several_facts_only_for_who_asks_for_it(http: httpx.Client) -> None:
    facts = {"child_age": 7, "household_category": "ordinary"}
    alone = http.post("/api/precheck", json={"facts": facts}).json()["next_question"]
    assert not alone["several"] and alone["facts"] == [alone["fact"]]
    together = http.post("/api/precheck", json={"facts": facts, "compound": True}).json()["next_question"]
    on_b36 = http.post("/api/precheck", json={"facts": facts, "focus": ["B36"]}).json()["next_question"]
    assert on_b36 is None
    assert together["several"]
    assert len(together["says"]) == len(together["choices"])
    assert set(together["otherwise"]) == set(together["facts"])


def test_the_desk_reads_the_checklist_of_a_case(
    http: httpx.Client, family: tuple[str, dict[str, str]], minxing: Running
) -> None:
    """Issue 4, item 6: the hand-over note, over the desk's own route, for whoever may read the case."""
    id_, headers = family
    key = {**headers, "Idempotency-Key": uuid.uuid4().hex}
    said = http.post(
        f"/api/conversations/{id_}/messages", json={"text": "我撑不下去了，不想活了"}, headers=key
    )
    assert said.is_success, said.text
    wang, li, watcher = log_in(minxing), log_in(minxing), log_in(minxing, "审计")
    ticket = max(wang.queue(), key=lambda one: str(one["opened_at"]))
    path = f"/tickets/{ticket['id']}/checklist/B02"
    note = wang.get(path).json()["note"]
    assert note.startswith("交接单：B02 事实无人抚养儿童基本生活补贴")
    for line in ("孩子的年龄：7岁（", "法院判决书", "民发〔2019〕62号"):
        assert line in note
    assert "（家里自己填的，" in note
    assert wang.get(f"/tickets/{ticket['id']}/checklist/B99").status_code == 404
    assert wang.get("/tickets/nothing/checklist/B02").status_code == 404
    assert wang.post(f"/tickets/{ticket['id']}/claim").status_code == 200
    assert wang.get(path).status_code == 200
    assert li.get(path).status_code == 422  # a colleague's case needs a reason
    assert watcher.get(path).status_code == 403
    assert http.get(f"/api/desk{path}").status_code == 401
    for staff in (wang, li, watcher):
        staff.http.close()


def test_staff_read_who_declared_it() -> None:
    from tests.tools.conftest import TODAY, registry_cite
    from tools.catalogue import Catalogue
    from tools.checklist import checklist

    catalogue = Catalogue.load(registry_cite())
    verdict = next(one for one in catalogue.verdicts(FACTS, TODAY) if one.benefit == "B02")
    listed = checklist(catalogue, "B02", FACTS, as_of=TODAY, verdict=verdict)
    declared = {"child_age": Declaration(Declarer.STAFF)}
    note = handover_note(listed, verdict, FACTS, catalogue.facts, declared)
    assert "孩子的年龄：7岁（工作人员填的）" in note
