"""Checklists to take to the counter: a page to print, the same as data, and the note for staff."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from api import checklist_models as models
from api import views
from api.deps import Held, Open
from api.errors import documented, not_found
from api.services import Services
from tools.checklist import Checklist, checklist
from tools.dossier.handover import handover_note
from tools.dossier.page import css, page
from tools.precheck import precheck
from tools.types import Declaration, Declarer, Facts, Verdict
from tools.workdays import WorkCalendar, installed_holidays

router = APIRouter(tags=["dossier"])
STYLE = "/checklist/print.css"
Applied = Annotated[dt.date | None, Query(description="The day the papers are handed in, for the due days.")]


@lru_cache(maxsize=4)
def _calendar(year: int) -> WorkCalendar:
    return WorkCalendar(installed_holidays(year, year + 1))


def _checklist(
    rooms: Services,
    benefit_id: str,
    applied: dt.date | None,
    facts: Facts | None = None,
    verdict: Verdict | None = None,
) -> Checklist:
    if benefit_id not in rooms.catalogue.benefits:
        raise not_found()
    now = rooms.now()
    handed_in = dt.datetime.combine(applied, dt.time(9), now.tzinfo) if applied else None
    return checklist(
        rooms.catalogue,
        benefit_id,
        facts or {},
        as_of=now.date(),
        applied=handed_in,
        calendar=_calendar((applied or now).year),
        verdict=verdict,
    )


@router.get(STYLE, include_in_schema=False)
async def style() -> Response:
    """The style of the page, for screen and paper."""
    return Response(css(), media_type="text/css")


@router.get("/checklist/{benefit_id}", include_in_schema=False)
async def printable(rooms: Open, benefit_id: str, applied: Applied = None) -> HTMLResponse:
    """What to bring and where to go, as a page to print. Nothing of any family is on it."""
    return HTMLResponse(page(_checklist(rooms, benefit_id, applied), applied=applied, style_href=STYLE))


@router.get("/api/benefits/{benefit_id}/checklist", responses=documented(404, 422))
async def read_checklist(rooms: Open, benefit_id: str, applied: Applied = None) -> models.ChecklistOut:
    """The same as data, with the day by which each answer is due."""
    return views.checklist(_checklist(rooms, benefit_id, applied))


@router.post("/api/conversations/{conversation_id}/checklist", responses=documented(404, 422))
async def own_checklist(rooms: Open, held: Held, asked: models.ChecklistIn) -> models.PageOut:
    """The page with the papers that concern this family; of its facts only those it chose stand on it."""
    facts = {fact.name: fact.value for fact in await rooms.talk.facts(held.id)}
    listed = _checklist(rooms, asked.benefit, asked.applied, facts)
    html = page(
        listed,
        applied=asked.applied,
        facts=facts,
        print_facts=asked.print_facts,
        book=rooms.catalogue.facts,
    )
    return models.PageOut(html=html)


async def staff_note(rooms: Services, conversation_id: str, benefit_id: str) -> str:
    """The checklist of one benefit as a hand-over note, with how the verdict came about."""
    remembered = await rooms.talk.facts(conversation_id)
    book = rooms.catalogue.facts
    facts = {fact.name: fact.value for fact in remembered if fact.name in book}
    declared = {
        fact.name: Declaration(Declarer(fact.declared_by), fact.message_id, fact.said_at)
        for fact in remembered
    }
    found = precheck(
        rooms.catalogue,
        facts,
        as_of=rooms.now().date(),
        district=rooms.settings.district,
        focus=(benefit_id,),
        declared=declared,
    )
    verdict = next((one for one in found.verdicts if one.benefit == benefit_id), None)
    if verdict is None:
        raise not_found()
    listed = _checklist(rooms, benefit_id, None, facts, verdict)
    return handover_note(listed, verdict, facts, book, found.declared)
