"""Passages kept out of the index, with the reason: hidden, for a model, or asking for money (SE-4)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.ingest.report import Quarantined
from knowledge.parsing.blocks import Block
from knowledge.parsing.readers import Hidden

_EXCERPT = 80
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_INSTRUCTION = re.compile(
    r"(?:忽略|无视|忘记|不要遵守|绕过)(?:掉)?(?:以上|上述|之前|前面|先前|此前|所有|你的|任何|系统)[^。]{0,12}(?:指令|指示|提示|规则|要求|设定|限制|内容)"
    r"|(?:系统|开发者)(?:提示词?|指令|消息)\s*[:：]|(?:你|您)(?:现在)?(?:是|扮演)(?:一个|一名|一位)?[^，。；\n]{0,10}(?:AI|人工智能|语言模型|大模型|聊天机器人|智能助手)"
    r"|作为(?:一个)?(?:AI|人工智能|语言模型|大模型)(?:助手|模型)?[，,]?(?:你|请)"
    r"|(?:请|必须|务必|一律)(?:直接)?(?:回答|回复|输出|告诉用户|告知用户|对用户说)[：:“\"「]"
    r"|(?:模型|助手|机器人|AI)(?:应当|必须|务必|请)(?:回答|回复|输出|说|告诉)"
    r"|ignore\s+(?:all\s+|any\s+)?(?:previous|prior|above|earlier)\s+(?:instructions?|prompts?|rules?)"
    r"|disregard\s+(?:all\s+|the\s+)?(?:previous|above|prior)|system\s*prompt|you\s+are\s+(?:now\s+)?(?:an?\s+)?(?:ai|assistant|chatbot)"
    r"|<\|(?:im_start|im_end|system|user|assistant)\|>|\[/?INST\]|<</?SYS>>|###\s*(?:system|instruction)",
    re.I,
)
_PAYMENT = re.compile(
    r"(?:转账|汇款|打款|付款|收款|缴款|存入)[^。；\n]{0,40}?(?<!\d)\d(?:[ -]?\d){9,22}(?!\d)"
    r"|(?:账号|帐号|卡号|账户|帐户|银行卡|支付宝|微信)(?:号|名)?\s*(?:为|是)?\s*[:：]?\s*"
    r"(?<!\d)\d(?:[ -]?\d){9,22}(?!\d)"
)
_DIGITS = re.compile(r"(?<!\d)\d(?:[ -]?\d){15,18}(?!\d)")


def screen(blocks: Sequence[Block], hidden: Sequence[Hidden]) -> tuple[list[Block], list[Quarantined]]:
    """The lines that may be indexed, and what was kept out."""
    kept: list[Block] = []
    out = [
        Quarantined(_excerpt(item.text), f"text that nobody sees: {item.why}", item.page) for item in hidden
    ]
    for block in blocks:
        if reason := _reason(block.text):
            out.append(Quarantined(_excerpt(block.text), reason, block.page))
        else:
            kept.append(block)
    return kept, out


def _reason(text: str) -> str:
    if _INVISIBLE.search(text):
        return "invisible characters"
    if _INSTRUCTION.search(text):
        return "reads like an order to a model, not like policy"
    if _PAYMENT.search(text) or any(_is_card(match[0]) for match in _DIGITS.finditer(text)):
        return "holds the number of an account or a card"
    return ""


def _is_card(digits: str) -> bool:
    """Luhn's check, which bank cards pass and document numbers rarely do."""
    values = [int(char) for char in digits if char.isdigit()][::-1]
    total = sum(values[::2]) + sum(sum(divmod(2 * value, 10)) for value in values[1::2])
    return len(values) >= 16 and total % 10 == 0


def _excerpt(text: str) -> str:
    visible = _INVISIBLE.sub("", " ".join(text.split()))
    return visible if len(visible) <= _EXCERPT else visible[: _EXCERPT - 1] + "…"
