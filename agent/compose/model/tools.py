"""The model's three tools: typed, read-only, bound to this turn; no path, no link, no facts (SE-6)."""

from __future__ import annotations

import asyncio
import json
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from agent.compose.protocol import Brief

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

CALLS_MOST = 4
_SPENT = "工具次数用完了，请直接回答。"


@dataclass(slots=True)
class TurnTools:
    """What the tools of one turn may look at, and how often they were called."""

    brief: Brief
    calls: int = 0

    def spend(self) -> bool:
        """Count a call; False when there were enough."""
        self.calls += 1
        return self.calls <= CALLS_MOST


current: ContextVar[TurnTools] = ContextVar("minxing_turn_tools")
"""The turn that a tool call belongs to. Set by the composer; a tool cannot reach another conversation."""


def make_tools() -> list[BaseTool]:
    """`search_policy`, `precheck_benefits`, `find_contact`."""
    from langchain_core.tools import tool

    @tool
    async def search_policy(question: str) -> str:
        """按意思查政策条文。question：一句完整的中文问题。返回证据编号和原文。"""
        turn = current.get()
        if not turn.spend():
            return _SPENT
        return await asyncio.to_thread(_search, turn.brief, question[:200])

    @tool
    async def precheck_benefits(entry: str = "") -> str:
        """看程序对这个家庭的预审结果。entry：补助编号如 B02，空着就是全部。不能改事实。"""
        turn = current.get()
        return _verdicts(turn.brief, entry[:8]) if turn.spend() else _SPENT

    @tool
    async def find_contact(
        need: Literal["benefits", "legal", "mental_health", "violence", "complaint"],
    ) -> str:
        """查可以打的电话。"""
        turn = current.get()
        return _contacts(turn.brief, need) if turn.spend() else _SPENT

    return [search_policy, precheck_benefits, find_contact]


def _search(brief: Brief, question: str) -> str:
    found = brief.rooms.library.search(question, as_of=brief.as_of, limit=5)
    return _json((brief.ledger.clause(hit.clause), hit.clause.text[:300]) for hit in found.hits)


def _verdicts(brief: Brief, entry: str) -> str:
    precheck = brief.work.precheck
    if precheck is None:
        return "没有预审结果。"
    say = brief.rooms.phrases
    chosen = [v for v in precheck.verdicts if not entry or v.benefit == entry]
    rows = []
    for verdict in chosen:
        outcome = say(f"outcome.{verdict.outcome.value}")
        id_ = brief.ledger.verdict(verdict, outcome)
        rows.append((id_, f"「{verdict.name}」{outcome}。{'；'.join(verdict.failed)}"))
    return _json(rows)


def _contacts(brief: Brief, need: str) -> str:
    found = brief.rooms.directory.find((need,), brief.now)[:3]
    return _json((brief.ledger.contact(c), f"{c.number} {c.name}：{c.purpose} {c.hours}") for c in found)


def _json(rows: object) -> str:
    return json.dumps([{"id": i, "text": t} for i, t in rows], ensure_ascii=False)  # type: ignore[attr-defined]
