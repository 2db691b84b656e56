"""The reviewed bank of cards: no machine writes a word of them."""

from guardrails.templates.bank import TemplateBank
from guardrails.templates.card import Button, Buttons, Call, Card, Text

__all__ = ["Button", "Buttons", "Call", "Card", "TemplateBank", "Text"]
