"""A hand-off through the whole server: asked, agreed, marked on the wire, kept over requests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.agent.partner.fake_partner import FakePartner, fake_partner
from tests.api.doors.conftest import make_key, official
from tests.api.doors.test_completions import ask, user
from tests.conftest import Running, running, test_settings


@pytest.fixture(scope="module")
def partner() -> Iterator[FakePartner]:
    with fake_partner() as server:
        yield server


@pytest.fixture(scope="module")
def together(partner: FakePartner, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    settings = test_settings(tmp_path_factory.mktemp("together"), partner_url=partner.url)
    with running(settings) as server:
        yield server


def test_the_partner_is_named_on_the_wire(together: Running, partner: FakePartner) -> None:
    with official(together, make_key(together)) as client:
        offered = ask(client, user("七个月的宝宝能吃蛋黄吗，怎么加辅食？"))
        assert "要我帮您转过去问吗" in offered.choices[0].message.content
        assert offered.minxing["suggestions"] == ["可以，去问吧", "不用了"]
        assert not partner.questions
        id_ = offered.minxing["conversation_id"]
        answered = ask(client, user("可以，去问吧"), metadata={"conversation_id": id_})
    assert "杭小育说：" in answered.choices[0].message.content
    sources = {sentence.get("source") for sentence in answered.minxing["sentences"]}
    assert sources == {None, "杭小育"}
    assert answered.minxing["citations"] == []
    assert partner.questions == ["七个月的宝宝能吃蛋黄吗，怎么加辅食？"]
