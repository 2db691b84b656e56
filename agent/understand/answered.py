"""What a message says as an answer to our own question, beside what else it tells."""

from __future__ import annotations

import re
from collections.abc import Sequence

from agent.types import ConversationState, SaidFact
from agent.understand import replies
from agent.understand.household import is_no_holding
from agent.understand.kin import Subject
from agent.understand.lexicon import Lexicon
from agent.understand.talk import A_CHILD, Segment
from agent.understand.whose import ELSEWHOSE
from tools.facts import Fact, FactBook, FactType


def answered(
    text: str,
    found: list[SaidFact],
    parts: Sequence[Segment],
    state: ConversationState,
    book: FactBook,
    lexicon: Lexicon,
    *,
    correcting: bool,
) -> list[SaidFact]:
    """With what the text says as an answer to our own question; that goes before what it may sound like."""
    pending = state.pending_question or state.unanswered
    if not pending or pending not in book or (found and correcting):
        return found  # 不对，我说错了，她是十二岁: no answer to what we asked meanwhile
    if not state.pending_question and lexicon.asking(text):
        return found
    if pending == "household_category" and (is_no_holding(text) or ELSEWHOSE.search(text)):
        return found
    told = _of_the_child(text, pending)
    if book[pending].type is FactType.ENUM and lexicon.asking(text):
        told = "，".join(
            one for one in re.split("[，,。]", text) if not lexicon.asking(one)
        )  # 没有，低保在哪申请
    answer = replies.read_answer(told, book[pending], lexicon)
    if answer is None or _of_another(pending, parts):
        return found
    if replies.is_whole_answer(text, book[pending]):
        return [answer]
    asked = book[pending]
    known = {fact.name for fact in found}
    if pending in known and asked.type is not FactType.BOOL:
        return [fact for fact in found if not _echo(fact, answer, asked, state)]
    if asked.type is FactType.ENUM and not pending.endswith("_state") and len(text) <= _SHORT:
        return [answer]
    if asked.unit == "个月" and len(text) <= _SHORT and not A_CHILD.search(text):
        return [answer]  # 5个月, asked how long she has been gone, is no baby
    others = [fact for fact in found if fact.name != pending and not _echo(fact, answer, asked, state)]
    return [answer, *others]


OF_A_CHILD = re.compile(
    r"child_(?:age|disability|autism|serious|rare|hiv)|school_|needs_long|limb_surgery|full_time"
)
GROWN_UPS = (Subject.FATHER, Subject.MOTHER, Subject.BOTH, Subject.GRANDPARENT, Subject.RELATIVE)


def _of_another(asked: str, parts: Sequence[Segment]) -> bool:
    """Whether everything is told of somebody else than who was asked about.

    他奶奶是一级, while we wait for the child's grade, is no grade of the child; her mother's three years are
    no term of her father.
    """
    told = {part.subject for part in parts}
    parent = asked.partition("_")[0]
    if parent in ("father", "mother"):
        return bool(told) and not any(
            parent in one.parents or one in (Subject.NOBODY, Subject.SPEAKER, Subject.HOUSEHOLD)
            for one in told
        )
    if not OF_A_CHILD.match(asked):
        return False
    return bool(told) and told <= set(GROWN_UPS) and not any(HIM.search(part.clause) for part in parts)


def _of_the_child(text: str, asked: str) -> str:
    """Of 我没交，孩子交了 what is said of the child, asked for a fact of it."""
    if not (OF_A_CHILD.match(asked) or asked == "insured"):
        return text
    clauses = [clause for clause in re.split(r"[，,。；; ]", text) if clause]
    mine = [
        clause
        for clause in clauses
        if re.match(r"(?:但|不过)?(?:孩子|娃|小孩|孙|儿子|女儿|囡)(?!他?[爸妈爹娘])", clause)
    ]
    others = [clause for clause in clauses if re.match(r"我(?!们)|[他她]?[爸妈爹娘爷奶]", clause)]
    return "，".join(mine) if mine and others else text


HIM = re.compile(
    r"^[他她](?!的?[爸妈爹娘爷奶外舅姑姨叔伯婶哥姐弟妹家])|(?:给|带|帮|替|陪|对|说|讲|把)(?:他|她|孩子|娃)|孩子|娃|孙|儿子|女儿|囡|宝"
)


_SHORT = 14
"""So short an answer to a question with choices says nothing else."""
_ILLNESSES = frozenset({"child_serious_illness", "child_rare_disease", "child_hiv"})


def _echo(fact: SaidFact, answer: SaidFact, asked: Fact, state: ConversationState) -> bool:
    """Whether a reading is only an echo of the question, and nothing that was told.

    比低保边缘高 names no category; 没有罕见病 says nothing of other illnesses; 判了两年, asked for it,
    does not change where the parent is.
    """
    if any(fact.span and fact.span in choice.label for choice in asked.values.values()):
        return fact.name != answer.name
    if asked.name in ("income_level", "rigid_spending_above_share"):
        return fact.name in ("household_category", "school_stage", "child_age")
    if asked.name in _ILLNESSES and answer.value is False:
        return fact.name in _ILLNESSES - {asked.name}
    parent = asked.name.partition("_")[0]
    if "_disability_" in asked.name and "_disability_" in fact.name and parent != fact.name.partition("_")[0]:
        return not A_CHILD.search(fact.span)  # 评的是2级, asked of the father, is not said of the child
    return asked.name.endswith("_months") and fact.name == f"{parent}_state" and fact.name in state.values
