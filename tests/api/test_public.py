"""What anyone may read: clauses open, search answers, the pre-check names its clauses (issue 2, part 6)."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import httpx
import pytest

from tests.conftest import Running


@pytest.fixture
def http(minxing: Running) -> Iterator[httpx.Client]:
    with minxing.client() as client:
        yield client


def test_a_found_clause_opens(http: httpx.Client) -> None:
    found = http.get("/api/search", params={"q": "爸爸坐牢妈妈重病，外婆带着孩子"}).json()
    assert found["answerable"]
    assert found["hits"]
    for hit in found["hits"]:
        opened = http.get(f"/api/clauses/{quote(hit['clause_id'], safe='')}")
        assert opened.status_code == 200, hit["clause_id"]
        clause = opened.json()
        assert clause["held"]
        assert "\n".join(clause["paragraphs"]) == hit["text"]
        assert clause["citation"]["standing"] in ("official", "restated")
        assert clause["source"]["title"] == clause["citation"]["document"]


def test_a_clause_whose_text_is_not_held_opens_as_our_own_words(http: httpx.Client) -> None:
    """Registered documents are cited; what we made of them is shown and says so."""
    opened = http.get(f"/api/clauses/{quote('gov_shishiwurenfuyang_2019_62#一', safe='')}").json()
    assert not opened["held"]
    assert opened["citation"]["standing"] == "restated"
    assert opened["citation"]["number"] == "民发〔2019〕62号"
    assert opened["paragraphs"]
    unknown = http.get(f"/api/clauses/{quote('gov_shishiwurenfuyang_2019_62#随便', safe='')}")
    assert unknown.status_code == 404


def test_own_words_lead_to_the_original_where_it_is_held(http: httpx.Client) -> None:
    found = http.get("/api/search", params={"q": "困境儿童基本生活补贴谁可以领", "limit": 20}).json()["hits"]
    ours = [hit for hit in found if hit["citation"]["document_id"] == "hz_kunjing_2025_70"]
    restated = next(hit for hit in ours if hit["citation"]["standing"] == "restated")
    opened = http.get(f"/api/clauses/{quote(restated['clause_id'], safe='')}").json()
    original = http.get(f"/api/clauses/{quote(opened['original'], safe='')}").json()
    assert original["citation"]["standing"] == "official"
    assert original["citation"]["clause"] == restated["citation"]["clause"]


def test_an_amount_that_is_not_published_is_not_answered(http: httpx.Client) -> None:
    found = http.get("/api/search", params={"q": "事实无人抚养儿童基本生活补贴杭州一个月多少钱"}).json()
    assert not found["answerable"]
    assert found["reason"] == "no_amount"


@pytest.mark.parametrize(
    "clause_id", ["nothing", "a/b", "../../etc/passwd", "%00", "guide:B99#x/1", "#", "x" * 200]
)
def test_an_unknown_clause_is_404(http: httpx.Client, clause_id: str) -> None:
    response = http.get(f"/api/clauses/{quote(clause_id, safe='')}")
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "not_found"


def test_every_benefit_opens_with_a_clause_for_every_sentence(http: httpx.Client) -> None:
    items = http.get("/api/benefits").json()["items"]
    assert {"B01", "B02", "B11"} <= {item["id"] for item in items}
    for item in items:
        benefit = http.get(f"/api/benefits/{item['id']}").json()
        assert benefit["name"] == item["name"]
        for part in ("gives", "materials", "steps", "time_limits", "notes"):
            assert all(sentence["source"]["clause_id"] for sentence in benefit[part])
        assert all(gift["ask"] for gift in benefit["gives"] if gift["not_published"])
    assert http.get("/api/benefits/B99").status_code == 404


def test_a_precheck_says_likely_and_why(http: httpx.Client) -> None:
    facts = {
        "child_age": 9,
        "registered_residence": "hangzhou",
        "father_state": "imprisoned",
        "father_term_months": 72,
        "mother_state": "seriously_ill",
    }
    answer = http.post("/api/precheck", json={"facts": facts, "as_of": "2026-11-21"})
    assert answer.status_code == 200, answer.text
    verdict = next(v for v in answer.json()["verdicts"] if v["benefit"] == "B02")
    assert verdict["outcome"] == "likely"
    assert verdict["sources"]
    assert all(step["source"]["clause"] for step in verdict["trace"])


def test_a_precheck_without_facts_asks(http: httpx.Client) -> None:
    answer = http.post("/api/precheck", json={"facts": {}}).json()
    assert answer["next_question"]["text"]
    assert not [v for v in answer["verdicts"] if v["outcome"] == "likely"]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"child_age": -3}, "child_age"),
        ({"child_age": 1e300}, "child_age"),
        ({"child_age": "seven"}, "child_age"),
        ({"child_age": True}, "child_age"),
        ({"father_state": "angry"}, "father_state"),
        ({"nonsense": 1}, "nonsense"),
    ],
)
def test_an_absurd_fact_is_named(http: httpx.Client, facts: dict[str, object], field: str) -> None:
    """R-46."""
    response = http.post("/api/precheck", json={"facts": facts})
    assert response.status_code == 422
    assert response.json()["error"]["field"] == field


def test_not_a_number_is_refused(http: httpx.Client) -> None:
    for value in (b"NaN", b"Infinity", b"-Infinity"):
        response = http.post(
            "/api/precheck",
            content=b'{"facts": {"child_age": ' + value + b"}}",
            headers={"content-type": "application/json"},
        )
        assert response.status_code == 422


def test_every_fact_has_a_question_and_its_values(http: httpx.Client) -> None:
    items = http.get("/api/facts").json()["items"]
    by_name = {item["name"]: item for item in items}
    assert by_name["child_age"]["unit"] == "岁"
    assert by_name["child_autism"]["choices"][0]["value"] is True
    assert all(item["question"] and item["why"] for item in items)


def test_the_directory_says_what_is_known_of_hours(http: httpx.Client) -> None:
    """CR-13."""
    items = {item["number"]: item for item in http.get("/api/directory").json()["items"]}
    assert {"110", "120", "12356", "12345"} <= set(items)
    assert items["110"]["emergency"]
    assert items["12356"]["open_now"] is None


def test_health(http: httpx.Client) -> None:
    assert http.get("/api/health").json() == {"status": "ok", "screening": True, "model": "none"}
    assert http.get("/healthz").json() == {"status": "ok"}


def test_the_description_is_published(http: httpx.Client) -> None:
    paths = http.get("/api/openapi.json").json()["paths"]
    assert "/api/conversations/{conversation_id}/messages" in paths
    assert "/api/precheck" in paths
