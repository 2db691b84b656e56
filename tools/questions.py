"""Questions that settle several facts in one plain sentence: read from `questions.yaml`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from tools.errors import ToolsError
from tools.facts import Fact, FactBook
from tools.types import FactValue, Question
from tools.yaml_source import YamlSource

QUESTIONS_FILE = Path(__file__).with_name("questions.yaml")


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Choice(_Data):
    label: str
    says: dict[str, FactValue]


class Compound(_Data):
    """One question about several facts. Of its choices as many hold as the family says."""

    id: str
    question: str
    why: str
    choices: tuple[_Choice, ...] = Field(min_length=2)
    otherwise: dict[str, FactValue] = Field(min_length=2)
    """What it means not to choose anything about a fact; it names every fact of the question."""
    both: dict[str, FactValue] = Field(default_factory=dict)
    """What it means to choose two values of one fact, such as 多重残疾; else the first one counts."""

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts it settles, in order."""
        return tuple(self.otherwise)

    def ask(self, book: FactBook, known: Collection[str]) -> Question:
        """The question, less the choices about what is known already."""
        open_facts = tuple(name for name in self.facts if name not in known)
        kept = [one for one in self.choices if not one.says or set(one.says) & set(open_facts)]
        return Question(
            fact=open_facts[0],
            text=self.question,
            why=self.why,
            choices=tuple((one.label, one.label) for one in kept),
            sensitive=any(book[name].sensitive for name in open_facts),
            facts=open_facts,
            says=tuple(tuple(one.says.items()) for one in kept),
            otherwise=tuple((name, self.otherwise[name]) for name in open_facts),
            both=tuple(self.both.items()),
        )


def load_compounds(book: FactBook, path: Path = QUESTIONS_FILE) -> tuple[Compound, ...]:
    """Read and validate the file.

    Raises:
        CatalogueError: names the line and the mend.
    """
    source = YamlSource(path)
    found = []
    for name, raw in source.data.items():
        one = source.validate(Compound, {"id": name, **raw}, (name,))
        for index, says in ((None, one.otherwise), *enumerate(choice.says for choice in one.choices)):
            where = (name, "otherwise") if index is None else (name, "choices", index)
            for fact, value in says.items():
                if fact not in one.otherwise:
                    raise source.error(f"{fact} is not among `otherwise`: add it there", where)
                try:
                    book[fact].check(value)
                except ToolsError as error:
                    raise source.error(str(error), where) from None
        found.append(one)
    return tuple(found)


def single(fact: Fact) -> Question:
    """A fact as a question."""
    return Question(fact.name, fact.question, fact.why, fact.choices, fact.sensitive, fact.unit, (fact.name,))


def facts_said(question: Question, chosen: Collection[str]) -> dict[str, FactValue]:
    """The facts that an answer to a compound question settles: what was chosen, and the rest as not so."""
    told: dict[str, FactValue] = {}
    clash: Mapping[str, FactValue] = dict(question.both)
    for (label, _), says in zip(question.choices, question.says, strict=True):
        if label in chosen:
            for name, value in says:
                told[name] = clash.get(name, told[name]) if name in told else value
    return {**dict(question.otherwise), **told}
