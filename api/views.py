"""Values of the rooms below as the door shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from api import checklist_models as papers
from api import models
from knowledge.types import Citation, SearchResult, Source
from tools.benefit import Benefit, Said
from tools.catalogue import Catalogue
from tools.checklist import Checklist, Item, Limit
from tools.facts import Fact, FactBook, FactType
from tools.types import (
    Contact,
    Declaration,
    Declarer,
    FactValue,
    Precheck,
    Question,
    TraceStep,
    Verdict,
)


def citation(item: Citation) -> models.CitationOut:
    """A citation."""
    return models.CitationOut(
        clause_id=item.clause_id,
        document=item.document,
        document_id=item.document_id,
        number=item.number,
        clause=item.clause,
        standing=item.standing,
        confidence=item.confidence,
    )


def source(item: Source | None) -> models.SourceOut | None:
    """A document, if it is known."""
    if item is None:
        return None
    return models.SourceOut(
        id=item.id,
        title=item.title,
        number=item.number,
        issuer=item.issuer,
        issued=item.issued,
        extent=item.extent,
        checked_on=item.checked_on,
    )


def search(found: SearchResult) -> models.SearchOut:
    """What a search found."""
    hits = [
        models.HitOut(
            clause_id=hit.clause.id,
            text=hit.clause.text,
            heading_path=list(hit.clause.heading_path),
            citation=citation(hit.clause.citation),
            score=hit.score,
        )
        for hit in found.hits
    ]
    return models.SearchOut(answerable=found.answerable, reason=found.reason, hits=hits)


def benefit_summary(item: Benefit) -> models.BenefitSummary:
    """A line of the catalogue."""
    return models.BenefitSummary(id=item.id, name=item.name, summary=item.summary)


def benefit(item: Benefit, catalogue: Catalogue) -> models.BenefitOut:
    """A benefit with every sentence's clause."""

    def said(sentence: Said) -> models.SaidOut:
        return models.SaidOut(say=sentence.say, source=citation(catalogue.cite(sentence.source)))

    def gift(sentence: Said, *, not_published: bool, ask: str) -> models.GiftOut:
        return models.GiftOut(**said(sentence).model_dump(), not_published=not_published, ask=ask)

    return models.BenefitOut(
        **benefit_summary(item).model_dump(),
        standing=item.standing,
        department=said(item.department),
        gives=[gift(each, not_published=each.not_published, ask=each.ask) for each in item.gives],
        place=said(item.apply.place),
        materials=[said(each) for each in item.apply.materials],
        steps=[said(each) for each in item.apply.steps],
        time_limits=[said(each) for each in item.apply.time_limits],
        notes=[said(each) for each in item.notes],
        sources=[citation(catalogue.cite(reference)) for reference in item.sources],
    )


def fact_meaning(item: Fact) -> models.FactMeaning:
    """A fact as a form asks it."""
    choices = [
        models.FactChoice(value=value == "true" if item.type is FactType.BOOL else value, label=label)
        for value, label in item.choices
    ]
    return models.FactMeaning(
        name=item.name,
        label=item.label,
        question=item.question,
        why=item.why,
        sensitive=item.sensitive,
        unit=item.unit,
        min=item.min,
        max=item.max,
        choices=choices,
    )


def precheck(found: Precheck, book: FactBook) -> models.PrecheckOut:
    """All verdicts with their traces."""
    read = _Reading(found.declared, book)
    return models.PrecheckOut(
        verdicts=[_verdict(each, read) for each in found.verdicts],
        next_question=question(found.next_question),
        as_of=found.as_of,
        district=found.district,
    )


class _Reading:
    """Facts as a trace shows them: each is made once, though many conditions read it."""

    def __init__(self, declared: Mapping[str, Declaration], book: FactBook) -> None:
        self._declared, self._book = declared, book
        self._made: dict[tuple[str, FactValue], models.ReadOut] = {}

    def __call__(self, name: str, value: FactValue) -> models.ReadOut:
        if (name, value) not in self._made:
            who = self._declared.get(name, Declaration(Declarer.FAMILY))
            self._made[name, value] = read_fact(self._book[name], value, who)
        return self._made[name, value]


def read_fact(fact: Fact, value: FactValue, who: Declaration) -> models.ReadOut:
    """A fact as a trace shows it; the value of a sensitive one is not repeated back."""
    return models.ReadOut(
        name=fact.name,
        label=fact.label,
        value=None if fact.sensitive else value,
        value_label="" if fact.sensitive else fact.say(value),
        declared_by=who.by,
        message_id=who.message_id,
        at=who.at,
        because=who.because,
    )


def _verdict(item: Verdict, read: _Reading) -> models.VerdictOut:
    return models.VerdictOut(
        benefit=item.benefit,
        name=item.name,
        outcome=item.outcome,
        failed=list(item.failed),
        missing=list(item.missing),
        notes=list(item.notes),
        sources=[_cited(each) for each in item.sources],
        trace=[_step(each, read) for each in item.trace],
    )


def _step(item: TraceStep, read: _Reading) -> models.TraceOut:
    written = step_without_facts(item)
    written.facts = [read(name, value) for name, value in item.facts]
    return written


def step_without_facts(item: TraceStep) -> models.TraceOut:
    """A step of a trace, less the family's own values."""
    return models.TraceOut(
        condition=item.condition,
        truth=item.truth,
        facts=[],
        missing=list(item.missing),
        source=_cited(item.source),
        depth=item.depth,
    )


@lru_cache(maxsize=4096)
def _cited(item: Citation) -> models.CitationOut:
    return citation(item)


def question(item: Question | None) -> models.QuestionOut | None:
    """The next question, if there is one."""
    if item is None:
        return None
    return models.QuestionOut(
        fact=item.fact,
        text=item.text,
        why=item.why,
        choices=[models.FactChoice(value=value, label=label) for value, label in item.choices],
        sensitive=item.sensitive,
        unit=item.unit,
        facts=list(item.facts),
        several=item.several,
        says=[dict(says) for says in item.says],
        otherwise=dict(item.otherwise),
    )


def checklist(item: Checklist) -> papers.ChecklistOut:
    """A checklist as data."""

    def items(lines: Iterable[Item]) -> list[papers.ItemOut]:
        return [_item(line) for line in lines]

    return papers.ChecklistOut(
        benefit=item.benefit,
        name=item.name,
        summary=item.summary,
        automatic=item.automatic,
        where=_item(item.where),
        channel=items(item.channel),
        materials=items(item.materials),
        steps=items(item.steps),
        limits=[_limit(line) for line in item.limits],
        notice=_item(item.notice) if item.notice else None,
        beware=items(item.beware),
        gives=items(item.gives),
        department=_item(item.department),
        reported=item.reported,
        as_of=item.as_of,
    )


def _item(item: Item) -> papers.ItemOut:
    return papers.ItemOut(text=item.text, otherwise=item.otherwise, source=citation(item.source))


def _limit(item: Limit) -> papers.LimitOut:
    return papers.LimitOut(
        text=item.text,
        amount=item.amount,
        unit=item.unit,
        counts_from=item.counts_from,
        due=item.due.on.date() if item.due else None,
        due_is_exact=item.due is not None and item.due.exact,
        source=citation(item.source),
    )


def contact(item: Contact) -> models.ContactOut:
    """A number of the directory."""
    return models.ContactOut(
        id=item.id,
        number=item.number,
        name=item.name,
        purpose=item.purpose,
        scope=item.scope,
        hours=item.hours,
        open_now=item.open_now,
        checked_on=item.checked_on,
        emergency=item.emergency,
    )
