"""The parts of a question: each thing that was asked, answered from the guide that the talk leads to."""

from __future__ import annotations

import re

from agent import asking
from agent.compose.offline import choice, eligibility, guides, policy, selection, smalltalk, verdicts
from agent.compose.offline.choice_words import load_choice
from agent.compose.offline.draft import Writer
from agent.types import Intent, Role
from agent.understand.questions import load_topics, only_qualifies
from knowledge.types import Guide, GuideKind

_TILL_WHEN = re.compile(
    r"几岁|几年|到什么时候|有效期|满(18|十八)|(补|钱|那份)[^，。]{0,8}(没了|没有了|停|断|取消)"
    r"|(?:领|拿|发|给)(?:到|得了?)?多(?:久|长时间)(?!到|才|下|能)"
)
"""能领到几岁 asks for a limit of the benefit, not for the days of its procedure."""
_PAPERS = re.compile(r"材料|证|资料|东西|带|准备|表")
"""Asks for papers themselves, and not only for the steps: 要啥手续."""
_HAD = (*guides.PARTS, Intent.AMOUNT, Intent.CONTACT)
_TURNED_AWAY = (
    Intent.OUT_OF_SCOPE, Intent.STATUS_OF_MY_CASE, Intent.OTHER_PLACE, Intent.THANKS, Intent.GREETING,
)  # fmt: skip
"""What is not ours to answer, unless the guides have something on the story that was told."""
_WHERE_FROM = "L05"
"""Who is registered elsewhere asks how the benefit is had that fits; this guide tells the steps of 居住证."""
_REFUSED = ("L07", "B37")
_ENDS = (Intent.HUMAN, Intent.OTHER_PLACE, Intent.FORGET_ME)
AFTER = 3
"""Paragraphs of a procedure behind the one that decides."""
_CHAT = 10
"""Characters up to which thanks and greetings are what they seem."""
_MOST = 3
"""Questions of one message that are answered; more are offered as suggestions."""


def answer(writer: Writer, intents: list[Intent]) -> bool:
    """Answer what was asked, part by part. False when nothing was found for any of it."""
    answered = False
    asks = policy.asks(writer)
    if Intent.HOW_TO_APPLY in intents and not _PAPERS.search(writer.text):
        intents = [i for i in intents if i is not Intent.MATERIALS]  # the steps say what to bring
    if Intent.APPEAL in intents:
        intents = [i for i in intents if i is not Intent.HOW_LONG]  # 几天之内要去告 asks for no procedure
    for intent in intents[:_MOST]:
        if asking.supposed(intent, writer.brief.text) and policy.sure_of(writer):
            answered = policy.say_found(writer, policy.PARAGRAPHS) or answered
            if intent is Intent.HUMAN:
                writer.phrase("person.human_offer", role=Role.NOTE)
            continue
        if intent in _TURNED_AWAY and asks and _ours(writer) and len(writer.brief.text) > _CHAT:
            if intent is Intent.STATUS_OF_MY_CASE:
                _part(writer, intent)
            answered = policy.say_found(writer, policy.PARAGRAPHS) or answered
            continue
        if intent is Intent.URGENT_NEED and asks and _not_that_urgent(writer):
            answered = policy.say_found(writer, policy.PARAGRAPHS) or answered
            continue
        answered = _part(writer, intent) or answered
        if intent is Intent.URGENT_NEED and asks and policy.leads_elsewhere(writer):
            policy.say_found(writer, policy.BESIDE)
        if intent in asking.HEARD and (selection.strongly_found(writer) or (asks and policy.sure_of(writer))):
            policy.say_found(writer, policy.BESIDE)
        if intent in _ENDS:
            break
    return answered


def _ours(writer: Writer) -> bool:
    """Whether what was taken for somebody else's matter is told, or surely found, in the guides."""
    goes_on = writer.brief.before.topic is not None and selection.strongly_found(writer)
    return policy.story_found(writer) or goes_on


def _not_that_urgent(writer: Writer) -> bool:
    """A need that only sounds urgent: nothing was told that cannot wait, and guides answer what was asked."""
    told = writer.brief.state.values
    return "urgent_need" not in told and "sudden_hardship" not in told and policy.leads_elsewhere(writer)


def _part(writer: Writer, intent: Intent) -> bool:
    """Answer one thing that was asked. False when nothing was found for it."""
    if play := smalltalk.PLAYS.get(intent):
        play(writer)
        return True
    topic = _about(writer, intent)
    if intent is Intent.HOW_TO_APPLY and topic in _REFUSED:
        intent = Intent.APPEAL
    guide = guides.guide_of(writer, topic)
    if intent is Intent.AMOUNT:
        return policy.amount(writer, guide)
    if intent is Intent.CONTACT:
        return policy.contact(writer, topic)
    if intent is Intent.APPEAL and choice.refused_by_office(writer):
        return policy.appeal(writer)
    first = verdicts.lead(writer)
    alone = len(writer.text) <= _CHAT and len(writer.brief.before.listed) == 1
    alone = alone and len(policy.spoken_of(writer)) < 2
    if intent is Intent.COMPARE and alone and not writer.brief.understanding.topics and first is not None:
        eligibility.one(writer, first.benefit)  # 能拿哪个, where there are no two to choose from
        return True
    if intent is Intent.COMPARE:
        return policy.compare(writer)
    elsewise = _TILL_WHEN.search(writer.text) or load_choice().visits.search(writer.text)
    if intent in guides.PARTS and guide is not None and not elsewise:
        if _another_matter(writer, guide):
            return policy.say_found(writer, policy.BESIDE)
        return _procedure(writer, intent, guide)
    found = policy.policy(writer)
    if intent is Intent.WHERE and (answering := guides.guide_of(writer, writer.about)) is not None:
        guides.where(writer, answering, most=1)
    return found


def _procedure(writer: Writer, intent: Intent, guide: Guide) -> bool:
    """Where, what to bring, how long or all the steps, from the guide that the question is about."""
    if intent is Intent.MATERIALS and guides.without_paper(writer, guide):
        return True
    tell, opening = guides.PARTS[intent]
    if intent is Intent.HOW_TO_APPLY and selection.beyond_procedure(writer):
        asked = writer.brief.understanding.intents
        return Intent.ASK_POLICY not in asked and policy.say_found(writer, policy.PARAGRAPHS)
    if Intent.AM_I_ELIGIBLE in writer.brief.understanding.intents and verdicts.denied(writer, guide.entry):
        eligibility.one(writer, guide.entry)  # 我现在就能申请吗: not yet, then how
    decided = policy.decide(writer, guide)
    said = len(writer.sentences)
    tell(writer, guide, **({"most": AFTER} if decided else {}))
    told = len(writer.sentences) > said
    writer.headed(said, opening, name=guide.name)
    writer.topic = guide.entry
    goes_on = policy.asked_on(writer)
    policy.say_found(writer, policy.SHORT if goes_on else policy.BESIDE, aimed=goes_on and told)
    return True


def _another_matter(writer: Writer, guide: Guide) -> bool:
    """Whether a service is asked about for something that its procedure does not settle.

    休学要什么手续 leads to the guide on schools, whose steps are those against bullying.
    """
    if guide.kind is not GuideKind.SERVICE or guide.entry in writer.brief.understanding.topics:
        return False
    return selection.beside_procedure(writer, guide.entry)


def _came_from(writer: Writer) -> str | None:
    """What 刚才那个 goes back to: a verdict of this talk that stands, other than what was just spoken of."""
    running = writer.brief.before.topic
    spoken = (v for v in verdicts.ranked(writer) if v.outcome in verdicts.SURE and v.benefit != running)
    return next((v.benefit for v in spoken if verdicts.mentioned(writer, v)), None)


def _about(writer: Writer, intent: Intent) -> str | None:
    """The entry that a question is about: what words of the story lead to, what is named, the running one.

    Where nothing is spoken of but the family told enough, it is the benefit that fits best, and that is said.
    """
    topic, named = writer.brief.understanding.topic, writer.brief.understanding.topics
    if intent in _HAD and len(named) == 1 and only_qualifies(named[0], writer.text):
        named, topic = (), writer.brief.before.topic
    if topic in choice.denied(writer):
        named, topic = tuple(n for n in named if n != topic), writer.brief.before.topic
    story = choice.best_guide(writer)
    if story == _WHERE_FROM and verdicts.lead(writer) is not None:
        story = None
    listed = writer.brief.before.listed
    if not named and listed and load_choice().back.search(writer.text):
        return _came_from(writer) or listed[0]
    if story is not None and intent in guides.PARTS and not named and choice.only_told(writer, story):
        story = selection.turned_to(writer, story)
    prevails = story in load_choice().prevails or topic in choice.denied(writer)
    if story is not None and (prevails or not named):
        return story
    if len(named) > 1 and intent in _HAD:
        return next(iter(choice.likeliest(writer, named)), topic)
    elsewhere = re.search(load_topics().elsewhere, writer.brief.text)
    if topic is None and not elsewhere and intent in _HAD:
        lead = verdicts.lead(writer)
        if lead is not None:
            eligibility.one(writer, lead.benefit)
            return lead.benefit
    return topic if named else selection.turned_to(writer, topic)
