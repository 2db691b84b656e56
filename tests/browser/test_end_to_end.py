"""Issue 2, items 3a to 3f, as a newcomer would try them: community page, real rooms, real browser."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.widget import Widget
from tests.conftest import Running

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

GRANDMOTHER = "外孙女的爸爸判了六年，妈妈肝癌晚期，我带着她，有什么补助吗？"
IDENTITY, MOBILE = "330106201203151233", "13957188231"


@pytest.fixture
def widget(page: Page, minxing: Running) -> Widget:
    return Widget(page, minxing.url).open()


def ask(widget: Widget, text: str) -> Locator:
    """Say it and wait until the whole answer stands: its sources come after its sentences."""
    widget.say(text)
    turn = widget.log.locator(".turn").nth(widget.before)
    turn.locator(".role-answer, .role-care, .role-note, .role-referral").first.wait_for()
    return turn


def facts(widget: Widget) -> str:
    widget.button("我了解到的情况").click()
    sheet = widget.panel.locator(".sheet")
    sheet.locator(".facts, .path").first.wait_for()
    text = sheet.inner_text()
    widget.button("回到对话").click()
    return text


def test_a_grandmother_asks_and_keeps_asking(widget: Widget) -> None:
    """3a, 3b, 3c."""
    turn = ask(widget, GRANDMOTHER)
    turn.locator(".source").first.wait_for()
    answer = turn.inner_text()
    assert "事实无人抚养儿童" in answer
    assert "很可能符合" in answer or turn.locator(".role-question").count() == 1
    assert re.search(r"乡镇（街道）", answer)

    turn.locator(".sources .source").first.click()
    clause = widget.panel.locator(".sheet")
    clause.locator("blockquote").wait_for()
    opened = clause.inner_text()
    assert "条款" in opened
    assert "原文" in opened
    widget.page.keyboard.press("Escape")
    assert not clause.is_visible()
    assert widget.panel.is_visible()

    known = facts(widget)
    assert "坐牢" in known
    assert "重病" in known

    later = ask(widget, "要多久？").inner_text()
    assert "工作日" in later
    aside = ask(widget, "儿童主任是啥").inner_text()
    assert "儿童主任" in aside
    assert facts(widget) == known

    money = ask(widget, "一个月多少钱").inner_text()
    assert not re.search(r"\d+\s*元", money)
    assert re.search("没有公布|没有写|没有查到", money)
    assert re.search("12345|街道|民政", money)


def test_the_clause_that_a_source_names_stands_in_what_it_opens(widget: Widget) -> None:
    """A paragraph may rest on several clauses: the drawer names them all."""
    sources = ask(widget, "重残孩子参照单人户纳入最低生活保障，去哪里办").locator(".sources .source")
    sources.first.wait_for()
    for source in (each for each in sources.all() if each.is_visible()):
        source.click()
        opened = widget.panel.locator(".sheet")
        opened.locator("dl").wait_for()
        clause = opened.locator("h3").inner_text().rpartition(" ")[2]
        assert clause in opened.locator("dl").inner_text()
        widget.page.keyboard.press("Escape")


def test_a_long_answer_shows_five_points_and_keeps_the_rest_at_hand(widget: Widget) -> None:
    """AX-8: nobody is met by a wall of text, and nothing is left out."""
    before = widget.log.locator(".turn").count()
    widget.say("低保有哪些规定")
    turn = widget.log.locator(".turn").nth(before)
    points = turn.locator(".role-item")
    turn.locator("details.rest summary").wait_for()
    assert points.filter(visible=True).count() == 5
    turn.locator("details.rest summary").click()
    assert points.filter(visible=True).count() == points.count() > 5


def test_personal_numbers_are_answered_and_kept_nowhere(widget: Widget, minxing: Running) -> None:
    """3d: shown masked, and in no file of the data folder."""
    ask(widget, f"我身份证{IDENTITY}，电话{MOBILE}，孩子有残疾证，能申请康复补助吗")
    mine = widget.log.locator(".bubble.mine").last
    mine.locator(".fate", has_text="已隐去个人信息").wait_for()
    shown = mine.inner_text()
    assert IDENTITY not in shown
    assert MOBILE not in shown
    for path in minxing.settings.data_dir.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert IDENTITY.encode() not in content, path
            assert MOBILE.encode() not in content, path


def test_despair_gets_the_card_and_a_ticket(widget: Widget, minxing: Running) -> None:
    """3e: from the template bank, numbers as links, the ticket on top of the queue."""
    widget.say("我撑不下去了，不想活了")
    card = widget.log.locator(".card.urgent")
    card.wait_for()
    links = {link.get_attribute("href") for link in card.locator("a.call").all()}
    assert "tel:12356" in links
    assert links & {"tel:110", "tel:120"}
    assert widget.log.locator(".turn").count() == 1  # the greeting: no answer beside the card
    queue = minxing.run(minxing.app.state.services.store.tickets.queue())
    conversation = widget.page.evaluate("JSON.parse(sessionStorage.getItem('minxing.conversation')).id")
    place = next(index for index, ticket in enumerate(queue) if ticket.conversation_id == conversation)
    assert queue[place].severity >= 3
    assert all(ticket.severity >= queue[place].severity for ticket in queue[:place])


def test_a_person_is_asked_for_in_one_step(widget: Widget, minxing: Running) -> None:
    """3f: a ticket at once, and honest about who is there (CR-22, CR-28)."""
    widget.panel.locator(".composer .person").click()
    widget.status.filter(has_text="还没有人接").wait_for()
    conversation = widget.page.evaluate("JSON.parse(sessionStorage.getItem('minxing.conversation')).id")
    queue = minxing.run(minxing.app.state.services.store.tickets.queue())
    assert [t.reason for t in queue if t.conversation_id == conversation] == ["family_asked"]
    assert "接通" not in widget.log.inner_text()


def test_a_fact_is_put_right(widget: Widget) -> None:
    """「我了解到的情况」: seen, edited, taken back."""
    ask(widget, GRANDMOTHER)
    widget.button("我了解到的情况").click()
    sheet = widget.panel.locator(".sheet")
    row = sheet.locator(".facts li", has_text="爸爸的情况")
    row.get_by_role("button", name="改").click()
    row.get_by_role("button", name="已经去世").click()
    sheet.locator(".facts li", has_text="爸爸的情况").filter(has_text="已经去世").wait_for()
    mother = sheet.locator(".facts li", has_text="妈妈的情况")
    mother.get_by_role("button", name="删掉").click()
    mother.wait_for(state="detached")


@pytest.mark.parametrize("large", [False, True])
def test_on_a_small_phone_the_first_number_and_the_safety_buttons_show_at_once(
    widget: Widget, page: Page, large: bool
) -> None:
    """CR-12, CR-15, AX-6: nobody in danger has to scroll for 120 or for 安全."""
    page.set_viewport_size({"width": 360, "height": 640})
    if large:
        widget.button("大字").click()
    widget.say("我不想活了，想从楼上跳下去")
    card = widget.log.locator(".card.urgent")
    card.wait_for()
    widget.status.filter(has_text="还没有人接").wait_for()
    widget.until("document.querySelector('minxing-chat').shadowRoot.activeElement?.tagName === 'H3'")
    log = widget.log.bounding_box()
    question = card.locator(".foot p").bounding_box()
    assert log and question
    assert card.locator(".foot p").inner_text() == "你现在安全吗？"
    first = card.locator("a.call").first.bounding_box()
    assert first and log["y"] <= first["y"] and first["y"] + first["height"] <= question["y"]
    for choice in card.locator(".choice").all():
        box = choice.bounding_box()
        assert box and box["height"] >= 60 and box["y"] + box["height"] <= log["y"] + log["height"]
        assert box["x"] >= 0 and box["x"] + box["width"] <= 360
    card.locator(".choice", has_text="安全").first.click()
    widget.log.get_by_text("知道您现在安全").wait_for()


def test_the_checklist_in_the_drawer_prints_alone_on_one_page(widget: Widget, page: Page) -> None:
    """What the family takes to the counter: no talk and no page around it, in large letters."""
    from pypdf import PdfReader

    turn = ask(widget, "外孙女九岁，她爸爸判了六年，妈妈肝癌晚期，我带着她，有什么补助吗？")
    turn.get_by_role("button", name="我家的办事清单").first.click()
    widget.panel.locator(".paper h2").first.wait_for()
    page.evaluate("window.print = () => { window.printed = true }")
    widget.button("打印这张清单").click()
    assert page.evaluate("window.printed")
    widget.until("[...document.styleSheets].some(each => each.href?.endsWith('/widget/print.css'))")
    sheets = PdfReader(
        io.BytesIO(
            page.pdf(format="A4", margin={"top": "11mm", "bottom": "11mm", "left": "11mm", "right": "11mm"})
        )
    ).pages
    assert len(sheets) == 1
    printed = re.sub(r"\s", "", sheets[0].extract_text())
    assert "要带什么" in printed and "政策按" in printed
    for elsewhere in ("和睦社区", "回到对话", "打印这张清单", "外孙女九岁", "快速离开"):
        assert elsewhere not in printed
    page.emulate_media(media="print")
    letters = widget.panel.locator(".paper li").first.evaluate("each => getComputedStyle(each).fontSize")
    assert float(letters.removesuffix("px")) >= 17
    page.emulate_media(media="screen")
    widget.button("回到对话").click()
    whole = PdfReader(io.BytesIO(page.pdf(format="A4"))).pages
    assert "和睦社区" in "".join(sheet.extract_text() for sheet in whole)
