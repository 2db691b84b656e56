"""Minxing for other agents of the city, over the Model Context Protocol.

Tools only read. Nothing that is asked here is stored, and no fact of a family is written to a log.
"""

from __future__ import annotations

import datetime as dt
import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from api import models, views
from knowledge.library import Library
from settings import Settings
from tools.catalogue import Catalogue
from tools.directory import Directory
from tools.errors import ToolsError
from tools.precheck import precheck as check
from tools.session import everyday

INSTRUCTIONS = (
    "Minxing knows the welfare of children in difficulty (困境儿童) in Hangzhou. Use list_facts for the "
    "names of facts, precheck for entitlement, search_policy for policy text, find_contact for phone "
    "numbers. Verdicts are a first check; 乡镇(街道) and 民政 decide. Never state an amount that a result "
    "does not hold. Where a child is in danger, give 110 or 120 first."
)


class McpMissingError(ToolsError):
    """Shown to the operator: what to install."""


@dataclass(frozen=True)
class Door:
    """The tools that are offered. Their docstrings are what the other agent reads."""

    library: Library
    catalogue: Catalogue
    directory: Directory
    now: Callable[[], dt.datetime]
    """The clock, aware, Asia/Shanghai."""
    refusal: type[Exception]
    """The SDK's error whose words reach the caller."""

    def search_policy(self, question: str, as_of: dt.date | None = None, limit: int = 5) -> models.SearchOut:
        """Search Hangzhou's child-welfare policy; says if the answer is not in the documents."""
        day = as_of or self.now().date()
        return views.search(self.library.search(question[:500], as_of=day, limit=max(1, min(limit, 10))))

    def precheck(
        self,
        facts: dict[str, bool | int | str],
        as_of: dt.date | None = None,
        district: str = "",
        focus: list[str] | None = None,
        declared: dict[str, models.DeclarationIn] | None = None,
    ) -> models.PrecheckOut:
        """Pre-check a family against every benefit: outcomes with reasons, and what to ask next.

        `declared` may say who told each fact (family, form, staff, document); the trace repeats it.
        """
        day = as_of or self.now().date()
        try:
            found = check(
                self.catalogue,
                facts,
                as_of=day,
                district=district,
                focus=tuple(focus or everyday(self.catalogue)),
                declared={name: one.declaration() for name, one in (declared or {}).items() if name in facts},
            )
        except ToolsError as error:
            raise self.refusal(str(error)) from None
        return views.precheck(found, self.catalogue.facts)

    def list_facts(self) -> list[models.FactMeaning]:
        """Names, questions and values of the facts that precheck understands."""
        return [views.fact_meaning(fact) for fact in self.catalogue.facts]

    def list_benefits(self) -> list[models.BenefitSummary]:
        """All benefits and services that have rules, with their entry ids."""
        return [views.benefit_summary(benefit) for benefit in self.catalogue.benefits.values()]

    def get_benefit(self, entry: str) -> models.BenefitOut:
        """One benefit: what it gives, where to apply, papers, steps, time limits, clauses."""
        try:
            return views.benefit(self.catalogue.benefit(entry), self.catalogue)
        except ToolsError as error:
            raise self.refusal(str(error)) from None

    def find_contact(self, tags: list[str]) -> list[models.ContactOut]:
        """Phone numbers for a need: violence, suicide, missing, medical, legal, benefits, complaint."""
        return [views.contact(contact) for contact in self.directory.find(tags, self.now())]


def open_door(settings: Settings, now: Callable[[], dt.datetime]) -> Any:
    """The server over the rooms it needs. Screening and storage stay closed: nothing here is a family's talk.

    Raises:
        McpMissingError: the SDK is not installed.
    """
    from knowledge.engines import open_library

    library = open_library(settings)
    return build(library, Catalogue.load(library.cite), Directory.load(), now)


TOOLS = ("search_policy", "precheck", "list_facts", "list_benefits", "get_benefit", "find_contact")


def build(
    library: Library, catalogue: Catalogue, directory: Directory, now: Callable[[], dt.datetime]
) -> Any:
    """The server, for `run("stdio")` or `run("streamable-http", host=…, port=…)`.

    Raises:
        McpMissingError: the SDK is not installed.
    """
    try:
        sdk = importlib.import_module("mcp.server")
        refusal = importlib.import_module("mcp.server.mcpserver.exceptions").ToolError
    except ImportError:
        raise McpMissingError(
            "The MCP SDK is not installed; `pip install -r requirements.lock` brings it."
        ) from None
    server = sdk.MCPServer("minxing", instructions=INSTRUCTIONS)
    door = Door(library, catalogue, directory, now, refusal)
    for name in TOOLS:
        server.add_tool(getattr(door, name), name=name)
    return server
