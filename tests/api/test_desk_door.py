"""Who gets into the desk, and what each role may do there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api.desk import router
from api.desk_door import Allowed, signed_in
from desk.types import Action, Role
from tests.api.desk_staff import PASSWORD, Staff, log_in, make_account
from tests.conftest import Running


@pytest.fixture(scope="module")
def people(door: Running) -> Iterator[dict[str, Staff]]:
    staff = {role.value: log_in(door, role.value) for role in Role}
    yield staff
    for member in staff.values():
        member.http.close()


def routes() -> list[APIRoute]:
    return [route for route in router.routes if isinstance(route, APIRoute)]


def guards(dependant: Dependant) -> set[Any]:
    found = {dependant.call} if dependant.call else set()
    return (
        found.union(*(guards(each) for each in dependant.dependencies)) if dependant.dependencies else found
    )


@pytest.mark.parametrize("route", routes(), ids=lambda route: route.path)
def test_every_route_names_the_action_it_needs(route: APIRoute) -> None:
    """SE-19: deny by default. Only login is open; `me` and `logout` are for any role."""
    calls = guards(route.dependant)
    if route.path.endswith("/login"):
        assert signed_in not in calls
    elif route.path.endswith(("/me", "/logout")):
        assert signed_in in calls
    else:
        assert any(isinstance(call, Allowed) for call in calls)


ACTION_OF: dict[str, Action] = {
    "/queue": Action.SEE_QUEUE,
    "/closed": Action.SEE_QUEUE,
    "/open": Action.OPEN_CASE,
    "/events": Action.OPEN_CASE,
    "/claim": Action.WORK_CASE,
    "/reply": Action.WORK_CASE,
    "/release": Action.WORK_CASE,
    "/hand-over": Action.WORK_CASE,
    "/close": Action.WORK_CASE,
    "/accounts": Action.MANAGE_ACCOUNTS,
    "/disable": Action.MANAGE_ACCOUNTS,
    "/audit": Action.READ_AUDIT,
}
MAY = {
    "值班员": {Action.SEE_QUEUE, Action.OPEN_CASE, Action.WORK_CASE},
    "督导": {Action.SEE_QUEUE, Action.OPEN_CASE, Action.WORK_CASE},
    "管理员": {Action.MANAGE_ACCOUNTS},
    "审计": {Action.READ_AUDIT},
}
BODIES: dict[str, dict[str, Any]] = {
    "/reply": {"text": "x"},
    "/hand-over": {"to": "nobody"},
    "/accounts": {"name": "", "role": "", "password": ""},
}


@pytest.mark.parametrize("role", [role.value for role in Role])
@pytest.mark.parametrize("route", routes(), ids=lambda route: route.path)
def test_role_by_route(door: Running, people: dict[str, Staff], role: str, route: APIRoute) -> None:
    """SE-19: the whole matrix over real HTTP; who may ask for a ticket that is not there gets 404 or 422."""
    ending = "/" + route.path.rsplit("/", 1)[1]
    if ending not in ACTION_OF:
        return
    path = route.path.removeprefix("/api/desk").format(ticket_id="none", name="nobody")
    method = next(iter(route.methods or ()))
    staff = people[role]
    if method == "GET":
        status = staff.get(path).status_code
    else:
        status = staff.post(path, BODIES.get(ending), **{"Idempotency-Key": "k"}).status_code
    if ACTION_OF[ending] in MAY[role]:
        assert status in (200, 404, 422)
    else:
        assert status == 403


@pytest.mark.parametrize("route", routes(), ids=lambda route: route.path)
def test_without_a_login_nothing_opens(door: Running, route: APIRoute) -> None:
    """SE-13: nor with an invented cookie, nor with a host that looks like another route."""
    if route.path.endswith("/login"):
        return
    method = next(iter(route.methods or ()))
    path = route.path.format(ticket_id="none", name="nobody", benefit_id="B02")
    with door.client() as http:
        for cookies in ({}, {"minxing_desk": "invented"}, {"minxing_desk": ""}):
            http.cookies.clear()
            http.cookies.update(cookies)
            body = BODIES.get("/" + path.rsplit("/", 1)[1], {}) if method == "POST" else None
            answer = http.request(
                method, path, json=body, headers={"Idempotency-Key": "k", "Origin": door.url}
            )
            assert answer.status_code == 401
            assert answer.json()["error"]["code"] == "not_logged_in"
        strange = http.get("/api/desk/queue", headers={"Host": "x/../public?"})
        assert strange.status_code == 400


def test_writes_need_the_csrf_token_and_our_own_origin(door: Running, people: dict[str, Staff]) -> None:
    """SE-17."""
    staff = people["值班员"]
    token, origin = staff.headers["X-CSRF-Token"], door.url
    for headers, code in (
        ({}, "bad_origin"),
        ({"Origin": origin}, "bad_csrf"),
        ({"Origin": origin, "X-CSRF-Token": "x" * 43}, "bad_csrf"),
        ({"Origin": origin, "X-CSRF-Token": "\u00e9"}, "bad_csrf"),
        ({"Origin": "https://evil.example", "X-CSRF-Token": token}, "bad_origin"),
        ({"Origin": "http://127.0.0.1:1", "X-CSRF-Token": token}, "bad_origin"),
        ({"Origin": "null", "X-CSRF-Token": token}, "bad_origin"),
    ):
        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        answer = staff.http.post("/api/desk/tickets/none/claim", headers=raw)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, code)
    assert staff.post("/tickets/none/claim").status_code == 404
    with door.client() as http:
        login = {"name": staff.name, "password": PASSWORD}
        assert http.post("/api/desk/login", json=login).status_code == 403
        assert (
            http.post("/api/desk/login", json=login, headers={"Origin": "https://evil.example"}).status_code
            == 403
        )


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(door: Running) -> None:
    """SE-17."""
    name = make_account(door, "值班员")
    with door.client(Origin=door.url) as http:
        answer = http.post("/api/desk/login", json={"name": name, "password": PASSWORD})
        cookie = answer.headers["set-cookie"]
        assert "HttpOnly" in cookie and "SameSite=strict" in cookie and "Path=/" in cookie
        assert http.cookies["minxing_desk"] not in answer.text
        first = http.cookies["minxing_desk"]
        http.post("/api/desk/login", json={"name": name, "password": PASSWORD})
        assert http.cookies["minxing_desk"] != first


def test_logout_kills_the_session_on_the_server(door: Running) -> None:
    """SE-17: the stolen cookie is worthless afterwards."""
    staff = log_in(door)
    stolen = dict(staff.http.cookies)
    assert staff.post("/logout").status_code == 204
    with door.client() as thief:
        thief.cookies.update(stolen)
        assert thief.get("/api/desk/me").status_code == 401


def test_wrong_logins_are_slowed_down_with_the_same_words(door: Running) -> None:
    """SE-18."""
    name = make_account(door, "值班员")
    with door.client(Origin=door.url) as http:
        answers = [http.post("/api/desk/login", json={"name": name, "password": "wrong"}) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [401] * 5 + [429]
        assert int(answers[5].headers["Retry-After"]) > 0
        unknown = http.post("/api/desk/login", json={"name": "nobody", "password": "wrong"})
        assert unknown.json() == answers[0].json()


def test_refusals_are_audited_and_the_log_is_whole(door: Running, people: dict[str, Staff]) -> None:
    """SE-20, R-24."""
    people["审计"].post("/tickets/none/claim")
    log = people["审计"].get("/audit").json()
    assert log["whole"] and log["count"] > 0
    refused = next(line for line in log["entries"] if line["action"] == "refused")
    assert refused["actor"] == people["审计"].name and refused["detail"] == {"action": "work_case"}


def test_accounts_are_made_by_the_administrator(door: Running, people: dict[str, Staff]) -> None:
    """SE-16, SE-19."""
    administrator = people["管理员"]
    new = {"name": "新来的值班员", "role": "值班员", "password": "password1234"}
    answer = administrator.post("/accounts", new)
    assert (answer.status_code, answer.json()["error"]["field"]) == (422, "password")
    assert administrator.post("/accounts", {**new, "password": PASSWORD}).status_code == 201
    colleague = log_in(door, name="新来的值班员")
    assert "password" not in administrator.get("/accounts").text
    assert administrator.post("/accounts/新来的值班员/disable").status_code == 200
    assert colleague.get("/me").status_code == 401
