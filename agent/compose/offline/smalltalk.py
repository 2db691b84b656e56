"""What is not a policy question: greetings, thanks, limits, a person, anger, need that cannot wait."""

from __future__ import annotations

from functools import lru_cache

from agent.compose.offline import eligibility, guides
from agent.compose.offline.choice_words import load_choice
from agent.compose.offline.draft import Writer, split
from agent.compose.protocol import Rooms
from agent.types import Intent, Role
from knowledge.library import Library
from tools.catalogue import Catalogue
from tools.directory import Directory
from tools.urgent import UrgentHelp, UrgentLane

_LISTENING = ("12356", "12355")
"""Lines of the directory for who wants somebody to talk to, not somebody of an office."""

_REGISTERED_ELSEWHERE = "L05"
"""The guide on what is had here and what there; of it as many paragraphs are said …"""
_WHERE_MOST = 2
"""… as this, where the search finds them among its first."""
_NEAR = 8


def human(writer: Writer) -> None:
    """转人工: in one step, without an argument, honest about who is there (CR-28)."""
    stored = writer.brief.ticket_stored
    writer.phrase("person.human_stored" if stored else "person.human_not_stored")
    if stored:
        writer.phrase("person.human_waiting", role=Role.NOTE)
    writer.phrase("person.human_number", "k:12345", role=Role.REFERRAL)
    if load_choice().confides.search(writer.text):
        contacts(writer, *_LISTENING)


def urgent(writer: Writer) -> None:
    """今晚没地方住: what can be had at once and who to call, before any question (临时救助)."""
    rooms = writer.brief.rooms
    now = next(iter(_lane(rooms).help(writer.brief.state.values, writer.brief.now)), None)
    guide = guides.guide_of(writer, "B11")
    if now is not None:
        _at_once(writer, now)
        if guide is not None and now.benefit == guide.entry:
            for clause in guides.first_then_papers(guide):
                writer.clause(clause)
    else:
        writer.phrase("person.urgent", role=Role.ANSWER)
    if guide is not None and now is None:
        for clause in guide.section("怎么办理")[:2]:
            writer.clause(clause, Role.ANSWER)
        hospital = [c for c in guide.section("注意什么") if "医院" in c.text or "急救" in c.text]
        if writer.brief.state.values.get("urgent_need") == "no_money_for_hospital":
            for clause in hospital[:1]:
                writer.clause(clause, Role.ANSWER)
    contacts(writer, *(contact.id for contact in now.call) if now is not None else ("12345",))
    eligibility.one(writer, now.benefit if now is not None else "B11")
    writer.topic = now.benefit if now is not None else "B11"


def _at_once(writer: Writer, now: UrgentHelp) -> None:
    """The one thing to do first, then the steps, each with its clause (`tools/urgent.yaml`)."""
    part, citation = f"urgent.{now.need}", now.steps[0][1]
    for number, sentence in enumerate(split(now.first)):
        evidence = writer.ledger.said(now.benefit, f"{part}.first.{number}", sentence, citation)
        writer.add(sentence, evidence, role=Role.ANSWER)
    for number, (text, source) in enumerate(now.steps):
        writer.add(text, writer.ledger.said(now.benefit, f"{part}.{number}", text, source), role=Role.ANSWER)


def _lane(rooms: Rooms) -> UrgentLane:
    return _loaded(rooms.directory, rooms.library, rooms.catalogue)


@lru_cache(maxsize=8)
def _loaded(directory: Directory, library: Library, catalogue: Catalogue) -> UrgentLane:
    return UrgentLane.load(directory, library.cite, catalogue.facts)


def contacts(writer: Writer, *ids: str) -> None:
    """Lines of the directory as call cards in words, with what is known of their hours."""
    found = {contact.id: contact for contact in writer.brief.work.contacts}
    for id_ in ids:
        contact = found.get(id_) or writer.brief.rooms.directory.get(id_, writer.brief.now)
        text = f"{contact.number}（{contact.name}）：{contact.purpose}"
        if contact.open_now is None:
            text = f"{_ended(text)[:-1]}。{contact.hours}"
        writer.add(_ended(text), writer.ledger.contact(contact), role=Role.REFERRAL)


def _ended(text: str) -> str:
    return text if text.endswith("。") else f"{text}。"


def are_you_human(writer: Writer) -> None:
    """The truth at once (LG-1)."""
    writer.phrase("person.are_you_human")
    writer.phrase("person.what_i_do", role=Role.NOTE)
    writer.phrase("person.what_i_do_not", role=Role.NOTE)
    writer.phrase("person.human_offer", role=Role.NOTE)


def greeting(writer: Writer) -> None:
    """Says what it is, asks for the story."""
    writer.phrase("person.hello")
    writer.phrase("person.hello_ask")


def thanks(writer: Writer) -> None:
    """Short, and no bond (LG-3)."""
    writer.phrase("person.thanks")


def forget_me(writer: Writer) -> None:
    """Where to delete."""
    writer.phrase("person.forget")
    writer.phrase("person.forget_all", role=Role.NOTE)


def complaint(writer: Writer) -> None:
    """Sorry, who takes complaints, a person."""
    writer.phrase("person.complaint")
    writer.phrase("person.complaint_next", "k:12345", role=Role.REFERRAL)
    writer.phrase("person.complaint_person", role=Role.NOTE)


def out_of_scope(writer: Writer) -> None:
    """A refusal that names who can help."""
    writer.phrase("person.out_of_scope")
    writer.phrase("person.out_of_scope_next", "k:12345", role=Role.REFERRAL)


def medicine(writer: Writer) -> None:
    """A dose is a doctor's to say, and an emergency is one for 120."""
    writer.phrase("person.medicine")
    writer.phrase("person.medicine_next", "k:120", role=Role.REFERRAL)


def other_place(writer: Writer) -> None:
    """Another place's rules are never mixed into a Hangzhou answer."""
    place = writer.brief.understanding.place or "那边"
    writer.phrase("unknown.other_place", place=place)
    writer.phrase("unknown.other_place_next", "k:12345", role=Role.REFERRAL)
    topic = next(iter(writer.brief.understanding.topics), None)
    if (guide := guides.guide_of(writer, topic)) is not None:
        for clause in [c for c in guides.labelled(guide, "在哪办") if "户口" in c.text][:1]:
            writer.clause(clause)
    near = (hit.clause for hit in writer.brief.work.near[:_NEAR])
    for clause in [c for c in near if c.guide == _REGISTERED_ELSEWHERE][:_WHERE_MOST]:
        writer.clause(clause)


def my_case(writer: Writer) -> None:
    """We see no case files."""
    writer.phrase("unknown.no_case")
    writer.phrase("unknown.no_case_next", "k:12345", role=Role.REFERRAL)
    if (guide := guides.guide_of(writer, writer.brief.understanding.topic)) is not None:
        guides.how_long(writer, guide, most=2)


PLAYS = {
    Intent.HUMAN: human,
    Intent.URGENT_NEED: urgent,
    Intent.ARE_YOU_HUMAN: are_you_human,
    Intent.GREETING: greeting,
    Intent.THANKS: thanks,
    Intent.FORGET_ME: forget_me,
    Intent.COMPLAINT: complaint,
    Intent.OUT_OF_SCOPE: out_of_scope,
    Intent.OTHER_PLACE: other_place,
    Intent.STATUS_OF_MY_CASE: my_case,
}
