"""Streams are redacted the same, wherever they are cut (PR-4, R-43)."""

from __future__ import annotations

import codecs

import pytest

from guardrails.pii import EntityType, Redactor, StreamRedactor, Vault
from guardrails.types import Entity

TEXT = (
    "请记下她的身份证330108201611053616。\n手机是139 5711 2233，家在文三路508号12幢601室。"
    "孩子叫王小丽，在学军小学三年级二班。"
    "到户口所在的乡镇（街道）申请就行，街道收到以后十五个工作日内查好，不算周末和节假日，以街道审核为准。"
    "批下来的从下个月开始发，不批的要书面说明理由。\n银行卡6228480402564890018发钱用。有事打12356。"
)
SECRETS = ("330108201611053616", "5711", "文三路508号", "王小丽", "学军小学", "6228480402564890018")


class Remembering(Redactor):
    """The stream asks for the same buffers wherever it is cut; each is redacted once."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._known: dict[tuple[str, str], tuple[str, tuple[Entity, ...]]] = {}

    def redact(self, text: str, vault: Vault) -> tuple[str, tuple[Entity, ...]]:
        key = (text, vault.to_json())
        if key not in self._known:
            self._known[key] = self._redactor.redact(text, Vault.from_json(key[1]))
        redacted, entities = self._known[key]
        for entity in entities:
            vault.placeholder(EntityType(entity.type), text[entity.start : entity.end])
        return redacted, entities


@pytest.fixture(scope="module")
def remembering(redactor: Redactor) -> Redactor:
    return Remembering(redactor)


def stream(redactor: Redactor, pieces: list[str]) -> tuple[str, list[str]]:
    vault = Vault()
    machine = StreamRedactor(redactor, vault)
    shown = [machine.feed(piece) for piece in pieces]
    shown.append(machine.close())
    return "".join(shown), shown


def test_cut_at_every_position(remembering: Redactor) -> None:
    whole, _ = stream(remembering, [TEXT])
    for secret in SECRETS:
        assert secret not in whole
    assert "12356" in whole
    for cut in range(1, len(TEXT)):
        assert stream(remembering, [TEXT[:cut], TEXT[cut:]])[0] == whole


def test_character_by_character_shows_no_part_of_a_secret(redactor: Redactor) -> None:
    whole, _ = stream(redactor, [TEXT])
    assert stream(redactor, list(TEXT))[0] == whole


def test_byte_by_byte(redactor: Redactor) -> None:
    """R-43: split at every byte; the decoder keeps half characters back."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    pieces = [decoder.decode(bytes([byte])) for byte in TEXT.encode("utf-8")]
    assert stream(redactor, pieces)[0] == stream(redactor, [TEXT])[0]


def test_it_does_stream(redactor: Redactor) -> None:
    _, shown = stream(redactor, [sentence + "。" for sentence in TEXT.split("。")])
    assert any(shown[:-1])


def test_endless_text_without_marks_is_let_go(redactor: Redactor) -> None:
    machine = StreamRedactor(redactor, Vault())
    text = "去街道问一问再说" * 200 + "电话13957112233" + "没有别的了" * 300
    out = machine.feed(text)
    assert len(out) > 500
    assert "13957112233" not in out + machine.close()
