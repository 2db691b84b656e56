"""The questions of `eval/answers`, answered offline and by each scripted model, and compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from agent.compose.model import ModelComposer
from agent.compose.offline import OfflineComposer
from agent.testing import ScriptedModel
from agent.types import TurnResult
from eval.answers.questions import AnswerQuestion
from eval.batch_types import BatchInput, BatchMessage
from eval.same_truth.compare import Difference, differences, truth_of
from eval.same_truth.manners import Manner, step
from eval.stages import Stages

if TYPE_CHECKING:
    from agent.compose.protocol import Composer
    from agent.turn import Agent

MakeAgent = Callable[["Composer"], "Agent"]


@dataclass(slots=True)
class Compared:
    """One way of wording over all questions."""

    name: str
    questions: int = 0
    sentences: int = 0
    """Released, of the model."""
    dropped: Counter[str] = field(default_factory=Counter)
    """Of the model's sentences, by reason."""
    differing: list[tuple[str, tuple[Difference, ...]]] = field(default_factory=list)


class Watched(ModelComposer):
    """Keeps what each turn dropped and said, for the count."""

    def __init__(self, manner: Manner) -> None:
        self.model = ScriptedModel(script=[step(manner)], piece=400)
        super().__init__(self.model, OfflineComposer(), structured="off", timeout_seconds=60)


def compare(
    make_agent: MakeAgent, questions: Iterable[AnswerQuestion], manners: Iterable[Manner]
) -> list[Compared]:
    """Answer everything offline once, and once in each manner.

    Args:
        make_agent: the same rooms around another composer.
        questions: talks; the answer to the last message counts.
        manners: scripted models.
    """
    asked = list(questions)
    offline = Stages(make_agent(OfflineComposer()))
    truths = {question.id: truth_of(think(offline, question)) for question in asked}
    found: list[Compared] = []
    for manner in manners:
        composer = Watched(manner)
        stages = Stages(make_agent(composer))
        compared = Compared(manner.__name__)
        for question in asked:
            result = think(stages, question)
            compared.questions += 1
            if result.spent is not None:
                compared.dropped.update(why for why, _ in result.spent.dropped)
                compared.sentences += result.spent.released
            unlike = differences(truths[question.id], truth_of(result))
            if unlike:
                compared.differing.append((question.id, unlike))
        found.append(compared)
    return found


def spread(questions: Sequence[AnswerQuestion], count: int) -> list[AnswerQuestion]:
    """So many questions, evenly over the files; all for 0."""
    if not count or count >= len(questions):
        return list(questions)
    return [questions[i * len(questions) // count] for i in range(count)]


def think(stages: Stages, question: AnswerQuestion) -> TurnResult:
    """The whole turn of a question's last message."""
    messages = tuple(BatchMessage(role="family", text=text) for text in question.talk)
    return stages.think(BatchInput(id=question.id, messages=messages, as_of=question.as_of))
