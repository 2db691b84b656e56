"""What anyone may read: clauses, search, benefits, pre-check, directory, health."""

from __future__ import annotations

import asyncio
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response

from api import models, views
from api.clauses import opened
from api.deps import Open
from api.errors import documented, not_found
from api.precheck_json import precheck_json
from tools.precheck import precheck
from tools.session import everyday

router = APIRouter(prefix="/api", tags=["public"], responses=documented(400, 422, 503))

HITS_MAX = 20


@router.get("/clauses/{clause_id:path}", responses=documented(404, 422))
async def read_clause(
    rooms: Open, clause_id: Annotated[str, Path(min_length=1, max_length=200)]
) -> models.ClauseOut:
    """The words a citation rests on, with the document they stand in."""
    clause = await asyncio.to_thread(opened, rooms.library, clause_id)
    if clause is None:
        raise not_found()
    return clause


@router.get("/search", responses=documented(422))
async def search(
    rooms: Open,
    q: Annotated[models.Text, Query(min_length=1, max_length=400)],
    limit: Annotated[int, Query(ge=1, le=HITS_MAX)] = 8,
) -> models.SearchOut:
    """What the documents say to a question, as of today, for Hangzhou."""
    found = await asyncio.to_thread(rooms.library.search, q, as_of=rooms.now().date(), limit=limit)
    return views.search(found)


@router.get("/benefits")
async def list_benefits(rooms: Open) -> models.BenefitsOut:
    """The catalogue."""
    return models.BenefitsOut(
        items=[views.benefit_summary(each) for each in rooms.catalogue.benefits.values()]
    )


@router.get("/benefits/{benefit_id}", responses=documented(404))
async def read_benefit(rooms: Open, benefit_id: str) -> models.BenefitOut:
    """One benefit: who, what, how, where, and the clauses."""
    benefit = rooms.catalogue.benefits.get(benefit_id)
    if benefit is None:
        raise not_found()
    return views.benefit(benefit, rooms.catalogue)


@router.get("/facts")
async def list_facts(rooms: Open) -> models.VocabularyOut:
    """Every fact that may be declared, with its question and its values."""
    return models.VocabularyOut(items=[views.fact_meaning(each) for each in rooms.catalogue.facts])


@router.post("/precheck", responses=documented(422), response_model=models.PrecheckOut)
async def run_precheck(rooms: Open, asked: models.PrecheckIn) -> Response:
    """What a family with these facts may be entitled to. Nothing is stored."""
    facts = rooms.catalogue.facts.check(asked.facts)
    # Not in a thread: judging takes less than waking one up does on a busy machine.
    found = precheck(
        rooms.catalogue,
        facts,
        as_of=asked.as_of or rooms.now().date(),
        district=asked.district or rooms.settings.district,
        focus=asked.focus or everyday(rooms.catalogue),
        compound=asked.compound,
        declared={name: one.declaration() for name, one in asked.declared.items() if name in facts},
    )
    return Response(precheck_json(found, rooms.catalogue.facts), media_type="application/json")


@router.get("/directory")
async def read_directory(rooms: Open) -> models.DirectoryOut:
    """Whom to call, and who is there now."""
    return models.DirectoryOut(items=[views.contact(each) for each in rooms.directory.contacts(rooms.now())])


@router.get("/health", responses=documented(503))
async def health(rooms: Open) -> models.HealthOut:
    """Whether Minxing can answer."""
    await rooms.store.ping()
    screening = rooms.screener.health().green
    resting = [status.resting for status in rooms.models()]
    model: Literal["none", "ok", "resting"] = "none"
    if resting:
        model = "resting" if all(resting) else "ok"
    return models.HealthOut(status="ok" if screening else "degraded", screening=screening, model=model)
