"""A chat client is not pushed to: what a person wrote reaches it with its next request."""

from __future__ import annotations

import openai

from tests.api.doors.test_completions import DANGER, ask, user
from tests.conftest import Running


def test_a_person_takes_the_talk_over(minxing: Running, client: openai.OpenAI) -> None:
    """CR-23: the bot is silent; CR-22: nobody says that a person came before one did."""
    services = minxing.app.state.services
    store, now = services.store, services.now
    first = ask(client, user(DANGER), user="taken over")
    id_ = first.minxing["conversation_id"]
    assert "值班员王" not in first.choices[0].message.content
    member = minxing.run(store.staff.add("王芳", "值班员", "not a hash", now()))
    ticket = minxing.run(store.tickets.of(id_))
    minxing.run(store.tickets.claim(ticket.id, member, [], now()))
    minxing.run(store.tickets.reply(ticket.id, member, "k1", "hash", "我是王芳，您现在安全吗？", now()))
    second = ask(client, user("安全"), metadata={"conversation_id": id_})
    content = second.choices[0].message.content
    assert "值班员王芳：我是王芳，您现在安全吗？" in content
    third = ask(client, user("谢谢"), metadata={"conversation_id": id_})
    assert "您现在安全吗" not in third.choices[0].message.content, "told once"
    assert "值班员看得到" in third.choices[0].message.content


def test_a_client_reads_the_words_it_sent_and_no_placeholder(minxing: Running, client: openai.OpenAI) -> None:
    """PR-3: what this request told stands as it was told; what another told is named by its kind."""
    services = minxing.app.state.services
    store, now = services.store, services.now
    told = ask(client, user("我叫瞿桂兰，转人工"), user="by name")
    id_ = told.minxing["conversation_id"]
    member = minxing.run(store.staff.add("李雷", "值班员", "not a hash", now()))
    ticket = minxing.run(store.tickets.of(id_))
    minxing.run(store.tickets.claim(ticket.id, member, [], now()))
    for key in ("k1", "k2"):
        minxing.run(
            store.tickets.reply(ticket.id, member, key, key, "<姓名1>，您好，<电话1>是您的吗？", now())
        )
        again = [user("我叫瞿桂兰，转人工")] if key == "k1" else []
        said = ask(client, *again, user("我在"), metadata={"conversation_id": id_}).choices[0].message.content
        assert ("瞿桂兰" if again else "（已隐去的姓名）") + "，您好，（已隐去的电话）是您的吗？" in said
    kept = minxing.run(store.events.after(id_, 0, 100))
    assert not any("瞿桂兰" in event.json for event in kept), "nothing of it is stored"
