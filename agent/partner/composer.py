"""A turn around the partner: ask first, go, come back marked; everything else is worded as ever."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from agent.compose.protocol import Brief, Composer, Draft, Release
from agent.hidden import in_plain_words
from agent.partner.answer import fit
from agent.partner.client import Errand, Partner, PartnerFailedError
from agent.partner.consent import Answer, read
from agent.partner.data import texts, topics
from agent.types import Intent, Role, Sentence

if TYPE_CHECKING:
    from agent.compose.spending import ModelStatus
    from tools.types import FactValue

logger = logging.getLogger("minxing.agent")

QUESTION_CHARS = 200
_NEVER = frozenset({Intent.HUMAN, Intent.FORGET_ME, Intent.COMPLAINT, Intent.CORRECT})


@dataclass(slots=True)
class _Said:
    """Sentences of this answer, released one by one."""

    brief: Brief
    release: Release
    partner: str
    sentences: list[Sentence] = field(default_factory=list)

    async def phrase(self, key: str, role: Role = Role.ANSWER, *evidence: str, **slots: str) -> bool:
        """One of our own sentences."""
        text = texts().say(f"partner.{key}", partner=self.partner, **slots)
        return await self.add(text, (self.brief.ledger.phrase(f"partner.{key}", text), *evidence), role)

    async def add(self, text: str, evidence: tuple[str, ...], role: Role, source: str = "") -> bool:
        """Offer a sentence to the output check."""
        sentence = Sentence(text, evidence, role, source)
        released = await self.release(sentence)
        if released:
            self.sentences.append(sentence)
        return released

    def draft(self, *suggestions: str, errand: str = "") -> Draft:
        """The finished answer."""
        offered = tuple(texts().partner[f"suggest_{each}"] for each in suggestions)
        return Draft(tuple(self.sentences), offered, composer="partner", errand=errand)


class PartnerComposer:
    """Wraps the composer of the house."""

    def __init__(self, inner: Composer, partner: Partner) -> None:
        self._inner = inner
        self._partner = partner

    @property
    def streams(self) -> bool:
        """As the composer of the house."""
        return self._inner.streams

    def status(self) -> tuple[ModelStatus, ...]:
        """Models of the composer of the house."""
        status = getattr(self._inner, "status", None)
        return status() if status is not None else ()

    async def compose(self, brief: Brief, release: Release) -> Draft:
        """Answer, offer to hand on, or hand on."""
        said = _Said(brief, release, self._partner.name)
        if brief.before.errand and not _awaited(brief):
            answer = read(brief.text)
            if answer in (Answer.YES, Answer.WORDS_ONLY):
                return await self._go(said, with_facts=answer is Answer.YES)
            if answer is Answer.NO:
                await said.phrase("declined")
                return said.draft()
        if not _never(brief) and not brief.understanding.topics and topics().of(brief.text):
            return await self._offer(said)
        return await self._inner.compose(brief, release)

    async def _offer(self, said: _Said) -> Draft:
        """Say who would be asked, exactly what would leave, and ask."""
        shown = in_plain_words(said.brief.text, texts().partner["hidden"])  # what is shown is what leaves
        words = shown.strip()[:QUESTION_CHARS]
        quoted = said.brief.ledger.fact("errand", "要转过去的话", words)
        await said.phrase("ask")
        if not await said.phrase("ask_words", Role.ITEM, quoted, words=words):
            await said.phrase("ask_words_hidden", Role.ITEM)
        values = self._facts(said.brief)
        labels = [said.brief.rooms.catalogue.facts[name] for name in values]
        if labels:
            told = "、".join(f"{fact.label}（{fact.say(values[fact.name])}）" for fact in labels)
            known = [said.brief.ledger.fact(f.name, f.label, f.say(values[f.name])) for f in labels]
            await said.phrase("ask_facts", Role.ITEM, *known, facts=told)
        else:
            await said.phrase("ask_none", Role.ITEM)
        if not await said.phrase("ask_may", Role.QUESTION):
            return said.draft()
        return said.draft("yes", *(("words",) if labels else ()), "no", errand=words)

    async def _go(self, said: _Said, *, with_facts: bool) -> Draft:
        """Hand the question on and bring back what may be read."""
        facts = self._facts(said.brief) if with_facts else {}
        try:
            answer = await self._partner.ask(Errand(said.brief.before.errand, facts))
        except PartnerFailedError as error:
            logger.warning("the partner failed (%s)", error)
            return await self._nothing(said, "silent")
        sorted_ = fit(answer)
        instead, shown = list(sorted_.instead), 0
        for text in sorted_.sentences:
            marked = text if shown else texts().say("partner.says", partner=said.partner) + text
            id_ = said.brief.ledger.partner(marked)
            if await said.add(marked, (id_,), Role.ITEM if shown else Role.ANSWER, source=said.partner):
                shown += 1
            else:
                instead.append("left_out")
        if not shown:
            return await self._nothing(said, "useless", *instead)
        for key in dict.fromkeys(instead):
            await said.phrase(key, Role.NOTE)
        await said.phrase("back", Role.NOTE)
        await said.phrase("back_next", Role.NOTE)
        return said.draft()

    async def _nothing(self, said: _Said, key: str, *instead: str) -> Draft:
        await said.phrase(key)
        for each in dict.fromkeys(instead):
            if each != "left_out":
                await said.phrase(each, Role.NOTE)
        contact = said.brief.rooms.directory.get("12345")
        await said.phrase("silent_next", Role.REFERRAL, said.brief.ledger.contact(contact))
        return said.draft()

    def _facts(self, brief: Brief) -> dict[str, FactValue]:
        known = brief.state.values
        return {name: known[name] for name in topics().shareable if name in known}


def _never(brief: Brief) -> bool:
    """Nothing is handed on where something else is wanted first."""
    return brief.understanding.intent in _NEVER or _awaited(brief)


def _awaited(brief: Brief) -> bool:
    """Nor where a person is awaited, where there is distress, or for a child."""
    return brief.ticket_stored or brief.care or brief.offer_person or brief.child_speaks
