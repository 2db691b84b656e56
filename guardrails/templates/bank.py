"""Reading `bank.yaml` and rendering the card that fits (CR-10 to CR-20)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from guardrails.templates.card import Block, Button, Buttons, Call, Card, Text
from guardrails.types import Category, Route, Speaker
from tools.directory import Directory, UnknownContactError

BANK = Path(__file__).with_name("bank.yaml")
CARDED = (Route.CRISIS_NOW, Route.HUMAN_URGENT, Route.HUMAN_OFFER, Route.NORMAL_WITH_CARE)
ANY = "any"


class BankError(Exception):
    """Shown to the developer: `bank.yaml` does not hold together."""


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Choice(_Data):
    """A button: what it shows and what it says."""

    label: str
    say: str


class Part(_Data):
    """One block of a template; exactly one of text, call, buttons, ask."""

    text: str = ""
    when: Literal["always", "ticket", "no_ticket"] = "always"
    call: str = ""
    label: str = ""
    buttons: tuple[Choice, ...] = ()
    ask: Literal["", "safety"] = ""

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if sum(map(bool, (self.text, self.call, self.buttons, self.ask))) != 1:
            raise ValueError("a block is either text, call, buttons or ask")
        if self.call and not self.label:
            raise ValueError("a call says when to call")
        return self


class Template(_Data):
    """The words for one route, some groups of categories and some speakers."""

    id: str
    route: Route
    groups: tuple[str, ...] = Field(min_length=1)
    speakers: tuple[Speaker, ...] = ()
    """Empty: everybody for whom there is nothing more fitting."""
    title: str
    blocks: tuple[Part | str, ...]
    quiet: bool = False
    follow_up: str = ""


class BankFile(_Data):
    """The file `bank.yaml`."""

    version: str
    written_on: dt.date
    reviewer: str
    reviewed_on: dt.date | None
    safety_question: str
    safety_answers: tuple[str, ...]
    groups: dict[str, tuple[Category, ...]]
    snippets: dict[str, Part]
    templates: tuple[Template, ...]

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        known = {*self.groups, ANY}
        for template in self.templates:
            if missing := [name for name in template.groups if name not in known]:
                raise ValueError(f"{template.id}: no group {missing}")
            if missing := [b for b in template.blocks if isinstance(b, str) and b not in self.snippets]:
                raise ValueError(f"{template.id}: no snippet {missing}")
        ids = [template.id for template in self.templates]
        if len(set(ids)) != len(ids):
            raise ValueError("two templates have the same id")
        return self


class TemplateBank:
    """All templates, ready to render. Immutable."""

    def __init__(self, file: BankFile, directory: Directory) -> None:
        self.file = file
        self._directory = directory
        self._group = {category: name for name, some in file.groups.items() for category in some}
        self._by_key: dict[tuple[Route, str, Speaker | None], Template] = {}
        for template in file.templates:
            for group in template.groups:
                for speaker in template.speakers or (None,):
                    key = (template.route, group, speaker)
                    if key in self._by_key:
                        raise BankError(f"{template.id} and {self._by_key[key].id} both answer {key}")
                    self._by_key[key] = template
            for part in self.parts(template):
                if part.call:
                    directory.get(part.call)

    @classmethod
    def load(cls, directory: Directory, path: Path = BANK) -> TemplateBank:
        """Read the bank and check it against the directory.

        Raises:
            BankError: the file does not hold together, or names a contact that is not in the directory.
        """
        try:
            return cls(BankFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8"))), directory)
        except (ValidationError, UnknownContactError, yaml.YAMLError) as error:
            raise BankError(f"{path.name}: {error}") from error

    def parts(self, template: Template) -> Iterator[Part]:
        """The blocks of a template, snippets resolved."""
        for block in template.blocks:
            yield self.file.snippets[block] if isinstance(block, str) else block

    def template(self, route: Route, category: Category | None, speaker: Speaker) -> Template:
        """The template that fits best: group and speaker, then group, then speaker, then the general one."""
        group = self._group.get(category, ANY) if category else ANY
        for key in ((group, speaker), (group, None), (ANY, speaker), (ANY, None)):
            if (found := self._by_key.get((route, *key))) is not None:
                return found
        raise BankError(f"no template answers {route}")

    def card(
        self,
        route: Route,
        category: Category | None,
        speaker: Speaker,
        *,
        now: dt.datetime,
        ticket_stored: bool,
    ) -> Card:
        """The card for a screening.

        Args:
            route: one that has cards: not `normal`, not `complaint`.
            category: of the leading signal.
            speaker: who seems to be writing.
            now: aware; lines that are closed now are replaced by their fallback, or left out.
            ticket_stored: whether a person was really told (CR-12, CR-22).
        """
        template = self.template(route, category, speaker)
        blocks: list[Block] = []
        for part in self.parts(template):
            blocks.extend(self._render(part, now, ticket_stored=ticket_stored, shown=blocks))
        return Card(
            template.id,
            template.title,
            tuple(blocks),
            self.file.version,
            self.file.reviewer,
            template.quiet,
            template.follow_up,
        )

    def _render(
        self, part: Part, now: dt.datetime, *, ticket_stored: bool, shown: list[Block]
    ) -> Iterator[Block]:
        if part.when == ("no_ticket" if ticket_stored else "ticket"):
            return
        if part.text:
            yield Text(part.text)
        elif part.buttons:
            yield Buttons(tuple(Button(choice.label, choice.say) for choice in part.buttons))
        elif part.ask:
            yield Text(self.file.safety_question)
            yield Buttons(tuple(Button(answer, answer) for answer in self.file.safety_answers))
        else:
            yield from self._call(part, now, shown)

    def _call(self, part: Part, now: dt.datetime, shown: list[Block]) -> Iterator[Block]:
        contact = self._directory.get(part.call, now)
        if contact.open_now is False:
            instead = self._directory.fallback(part.call, now)
            if instead is None or instead.open_now is False:
                return
            contact = instead
        if any(isinstance(block, Call) and block.number == contact.number for block in shown):
            return
        yield Call(
            contact.number,
            f"{part.label} {contact.number}",
            contact.name,
            contact.purpose,
            contact.hours,
            contact.open_now,
            contact.id,
        )
