"""The form that a model's answer has in the structured modes."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field


class AnswerSentence(BaseModel):
    """一句话和它的证据。"""

    text: str = Field(description="一句家常话，不超过40个字")
    evidence: list[str] = Field(description="这句话用的证据编号")
    role: Literal["answer", "why", "item", "note", "referral"] = "answer"


class Answer(BaseModel):
    """整个回答，一句一条，先说结论。"""

    sentences: list[AnswerSentence]
