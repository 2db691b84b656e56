"""What `minxing ask`, `search` and `precheck` show in a terminal."""

from __future__ import annotations

import asyncio
import datetime as dt
from zoneinfo import ZoneInfo

import yaml
from rich.console import Console
from rich.prompt import Prompt
from rich.table import Table

from agent.assembly import load_parts, make_agent
from agent.phrases import PHRASES_FILE
from agent.types import ConversationState, Role, TurnInput, TurnResult
from knowledge.engines import open_library
from knowledge.types import Citation
from settings import Settings
from tools.catalogue import Catalogue
from tools.errors import FactError
from tools.precheck import Change
from tools.session import PrecheckSession
from tools.types import Outcome

CHINA = ZoneInfo("Asia/Shanghai")
_WORDS: dict[str, str] = yaml.safe_load(PHRASES_FILE.with_name("terminal.yaml").read_text(encoding="utf-8"))
_BULLETED = {Role.ITEM: "  · "}


def answer_once(settings: Settings, question: str, district: str, out: Console) -> None:
    """Answer one question and show the clauses it rests on; nothing is stored."""
    now = dt.datetime.now(CHINA)
    with out.status(_WORDS["thinking"]):
        agent = make_agent(load_parts(settings), settings, None, lambda: now)
        turn = TurnInput(question, (), ConversationState(district=district), now.date(), now)
        result = asyncio.run(agent.think(turn))
    _show(result, out)


def _show(result: TurnResult, out: Console) -> None:
    if result.card:
        out.print(result.card_text, style="bold", markup=False, highlight=False, soft_wrap=True)
        return
    if result.reply is None:
        return
    for sentence in result.reply.sentences:
        out.print(
            _BULLETED.get(sentence.role, "") + sentence.text, markup=False, highlight=False, soft_wrap=True
        )
    cited = dict.fromkeys(_cited(citation) for citation in result.reply.citations)
    if cited:
        out.print()
        out.print(
            _WORDS["rests_on"] + "；".join(cited), style="dim", markup=False, highlight=False, soft_wrap=True
        )
    for suggestion in result.reply.suggestions:
        out.print(f"> {suggestion}", style="cyan", markup=False, highlight=False, soft_wrap=True)


def _cited(citation: Citation) -> str:
    name = citation.number or citation.document
    return f"{name} {citation.clause}（{_WORDS[citation.standing]}）"


def search_once(settings: Settings, question: str, limit: int, out: Console) -> None:
    """Show the clauses that a question finds, best first."""
    with out.status(_WORDS["searching"]):
        library = open_library(settings)
        found = library.search(question, as_of=dt.datetime.now(CHINA).date(), limit=limit)
    table = Table(show_lines=True)
    for name in ("score", "clause", "text"):
        table.add_column(_WORDS[f"column_{name}"])
    for hit in found.hits:
        table.add_row(f"{hit.score:.2f}", _cited(hit.clause.citation), hit.clause.text)
    out.print(table)
    if not found.answerable:
        out.print(_WORDS[f"unanswered_{found.reason}"], style="yellow", markup=False)


def precheck_session(settings: Settings, district: str, out: Console) -> None:
    """Ask one question at a time; `back`, `skip`, `fix` and `stop` are always understood."""
    library = open_library(settings)
    catalogue = Catalogue.load(library.cite)
    today = dt.datetime.now(CHINA).date()
    session = PrecheckSession(catalogue, as_of=today, district=district)
    out.print(_WORDS["precheck_intro"], markup=False, highlight=False, soft_wrap=True)
    while (question := session.question) is not None:
        out.print()
        out.print(question.text, style="bold", markup=False, highlight=False, soft_wrap=True)
        out.print(question.why, style="dim", markup=False, highlight=False, soft_wrap=True)
        for number, (_, label) in enumerate(question.choices, 1):
            out.print(f"  {number} {label}", markup=False, highlight=False, soft_wrap=True)
        if question.several:
            out.print(_WORDS["several"], style="dim", markup=False, highlight=False, soft_wrap=True)
        try:
            said = Prompt.ask(question.unit or ">", console=out).strip()
        except EOFError:
            break
        if not _obey(said, session, out):
            break
    _verdicts(session, out)


def _obey(said: str, session: PrecheckSession, out: Console) -> bool:
    """Take one answer or command. False: the family wants to stop."""
    words = {_WORDS[f"say_{name}"]: name for name in ("stop", "back", "skip", "fix")}
    command = words.get(said.split("=")[0].split(" ")[0], said.split(" ")[0])
    try:
        match command:
            case "stop":
                return False
            case "back":
                if not session.back():
                    out.print(_WORDS["nothing_to_undo"], markup=False)
            case "skip" | "":
                session.decline()
            case "fix":
                _fix(said, session, out)
            case _:
                _tell_changes(session.answer(said), out)
    except FactError as error:
        out.print(str(error), style="yellow", markup=False, highlight=False, soft_wrap=True)
    return True


def _fix(said: str, session: PrecheckSession, out: Console) -> None:
    """`fix 3 8`: the third thing told is really 8. Without numbers: show what was told."""
    told = session.told
    parts = said.split()
    if len(parts) < 3 or not parts[1].isdecimal() or not 1 <= int(parts[1]) <= len(told):
        for number, (_, label, value) in enumerate(told, 1):
            out.print(f"  {number} {label}：{value}", markup=False, highlight=False, soft_wrap=True)
        out.print(_WORDS["how_to_fix"], style="dim", markup=False, highlight=False, soft_wrap=True)
        return
    _tell_changes(session.correct(told[int(parts[1]) - 1][0], " ".join(parts[2:])), out)


def _tell_changes(changes: tuple[Change, ...], out: Console) -> None:
    for change in changes:
        if change.after in (Outcome.LIKELY, Outcome.CHOICE):
            line = f"  → {change.name}：{_WORDS[f'outcome_{change.after}']}"
            out.print(line, style="green", markup=False, highlight=False, soft_wrap=True)


def _verdicts(session: PrecheckSession, out: Console) -> None:
    table = Table(show_lines=True)
    for name in ("benefit", "outcome", "why", "clause"):
        table.add_column(_WORDS[f"column_{name}"])
    order = (Outcome.LIKELY, Outcome.CHOICE, Outcome.DEPENDS_ON_DISTRICT, Outcome.UNKNOWN, Outcome.UNLIKELY)
    labels = session.catalogue.facts
    for outcome in order:
        for verdict in session.verdicts(outcome):
            why = "；".join((*verdict.failed, *(labels[name].label for name in verdict.missing[:3])))
            clauses = "；".join(
                dict.fromkeys(f"{s.number or s.document} {s.clause}" for s in verdict.sources[:2])
            )
            table.add_row(verdict.name, _WORDS[f"outcome_{outcome}"], why, clauses)
    out.print(table)
    out.print(_WORDS["decision"], markup=False, highlight=False, soft_wrap=True)
