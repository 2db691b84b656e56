"""What may go out: grounding, contacts, links, wording, plain language."""

from guardrails.output.check import OutputCheck
from guardrails.output.objection import Ground, Objection

__all__ = ["Ground", "Objection", "OutputCheck"]
