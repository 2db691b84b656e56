"""The desk in a real browser: log in, queue, claim, answer, close."""

from __future__ import annotations

import asyncio
import datetime as dt
import functools
import re
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from desk.terminal import add_account
from storage.store import Store
from tests.api.conftest import open_family
from tests.api.desk_staff import in_days
from tests.browser.desk_rooms import desk_rooms, father, grandmother
from tests.conftest import Running, running, test_settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser


def expect(locator: Locator) -> Any:
    """Playwright's waiting assertions, imported late: without Playwright these tests are skipped."""
    from playwright.sync_api import expect as playwright_expect

    playwright_expect.set_options(timeout=PATIENCE)
    return playwright_expect(locator)


T = TypeVar("T")
PATIENCE = 20_000
"""Milliseconds. A busy machine is slow; a page that is wrong stays wrong."""
PASSWORD = "weifeng chuizhe xihu"
SIZES = {"laptop": (1280, 800), "tablet": (768, 1024)}
NAMES = {"王芳": "值班员", "李雷": "值班员", "老陈": "管理员", "周敏": "审计", "方敏": "值班员"}


def elsewhere(work: Callable[[], T]) -> T:
    """Run in a thread of its own: Playwright keeps an event loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(work).result()


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[Running]:
    """All rooms and one colleague; nobody else's case stands in this queue."""
    settings = test_settings(tmp_path)
    assert elsewhere(functools.partial(add_account, settings, "方敏", "值班员", PASSWORD)) is None
    with running(settings) as opened:
        yield opened


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A desk with four accounts."""
    settings = test_settings(tmp_path_factory.mktemp("desk"))
    for name, role in NAMES.items():
        assert elsewhere(functools.partial(add_account, settings, name, role, PASSWORD)) is None
    with running(settings, desk_rooms) as opened:
        yield opened


@pytest.fixture
def office(server: Running) -> Running:
    """The desk with an empty queue."""
    seed(server, clear)
    return server


async def clear(store: Store, now: dt.datetime) -> str:
    """Close what an earlier test left open."""
    member = await store.staff.by_name("李雷")
    assert member is not None
    for ticket in await store.tickets.queue():
        await store.tickets.release(ticket.id, None, (), now)
        await store.tickets.claim(ticket.id, member, (), now)
        await store.tickets.close(
            ticket.id, member, outcome="其他", follow_up_on=None, sticky=0, events=(), now=now
        )
    return ""


def seed(
    office: Running, work: Callable[[Store, dt.datetime], Coroutine[None, None, str]], minutes: float = 2
) -> str:
    """A conversation stored by another process, as if a second server had taken it in."""

    async def store() -> str:
        opened = await Store.open(office.settings)
        try:
            return await work(opened, dt.datetime.now(dt.UTC) - dt.timedelta(minutes=minutes))
        finally:
            await opened.close()

    return elsewhere(lambda: asyncio.run(store()))


@pytest.fixture
def window(browser: Browser) -> Iterator[Callable[[str], Page]]:
    """Opens pages; an error in their scripts or a breach of the CSP fails the test."""
    broken: list[str] = []
    contexts = []

    def opened(size: str = "laptop") -> Page:
        width, height = SIZES[size]
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.on("console", lambda line: broken.append(line.text) if "Content Security" in line.text else None)
        page.on("dialog", lambda dialog: broken.append(f"dialog {dialog.message}"))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not broken


def log_in(page: Page, office: Running, name: str) -> None:
    page.goto(f"{office.url}/desk")
    page.get_by_label("姓名").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_text(f"{name} · {NAMES[name]}").wait_for()


@pytest.mark.parametrize("size", SIZES)
def test_from_login_to_close(office: Running, window: Callable[[str], Page], size: str) -> None:
    """CR-24, CR-27, CR-29, SE-5: the whole way of a case, by a person at the page."""
    seed(office, father, 12)
    seed(office, grandmother)
    page = window(size)
    page.goto(f"{office.url}/desk")
    page.get_by_label("姓名").fill("王芳")
    page.get_by_label("密码").fill("wrong password")
    page.get_by_role("button", name="登录").click()
    page.get_by_role("alert").filter(has_text="姓名或密码不对").wait_for()
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()

    tickets = page.locator("button.ticket")
    tickets.first.wait_for()
    assert re.match(r"四级 危急\s*等了 \d+ 分", tickets.first.inner_text()), (
        "the worst stands on top, in words"
    )
    assert "家属要求转人工" in tickets.nth(1).inner_text()
    assert "一件四级危急没有人接" in page.get_by_role("alert").inner_text()
    assert "1 件紧急" in page.title()
    tickets.first.click()

    page.get_by_role("heading", name="本人想自杀").wait_for()
    assert page.locator("desk-talk mark").all_inner_texts() == ["撑不下去", "不想活了"]
    assert "<img src=x onerror=alert(1)>" in page.locator("desk-talk").inner_text()
    assert page.locator("desk-talk img").count() == 0
    assert page.get_by_role("button", name="民发〔2019〕62号 一").first.is_visible()
    knows = page.locator("desk-knows")
    assert knows.locator(".signal mark").all_inner_texts() == ["不想活了", "撑不下去"], "once a message"
    assert "爸爸的刑期" in knows.inner_text() and "信号提示可能要立即报告" in knows.inner_text()
    knows.locator("summary", has_text="事实无人抚养儿童基本生活补贴").click()
    assert "爸爸的期限在6个月以上" in knows.locator(".verdict[open] .trace").inner_text()

    page.get_by_role("button", name="认领", exact=True).click()
    page.get_by_label("回复家属").fill("我是王芳，<b>我在</b>听。")
    page.keyboard.press("Control+Enter")
    said = page.locator(".said.staff .words")
    said.wait_for()
    assert said.inner_text() == "我是王芳，<b>我在</b>听。"
    assert page.get_by_label("回复家属").input_value() == ""
    assert page.locator(".alarm").is_hidden()

    page.locator("summary", has_text="结案").click()
    page.get_by_label("联系上").check()
    page.get_by_label("回访日期").fill(in_days(3))
    page.get_by_label("结案后的风险等级").select_option("0")
    page.get_by_role("button", name="结案", exact=True).click()
    page.get_by_role("alert").filter(has_text="写明理由").wait_for()
    page.get_by_label("说明").fill("已和妈妈通话，孩子在身边")
    page.get_by_role("button", name="结案", exact=True).click()
    page.get_by_text("从队列里选一件事").wait_for(state="attached")
    expect(page.locator("button.ticket")).to_have_count(1)

    page.get_by_role("button", name="已结案").click()
    page.locator("button.ticket.closed").first.click()
    page.get_by_label("理由").fill("回访之前看一遍")
    page.get_by_role("button", name="查看").click()
    page.get_by_text("已和妈妈通话，孩子在身边").wait_for()


def test_two_people_and_one_case(office: Running, window: Callable[[str], Page]) -> None:
    """R-21, R-26: what comes in appears by itself, the slower one reads the name, a draft is not lost."""
    wang, li = window("laptop"), window("laptop")
    log_in(wang, office, "王芳")
    log_in(li, office, "李雷")
    wang.get_by_text("现在没有人在等。").wait_for()
    # Li's page learns nothing new of the case: the click is on its way when Wang's claim is stored.
    li.route("**/events?**", lambda route: route.abort())
    seed(office, grandmother)
    for page in (wang, li):
        page.get_by_role("alert").filter(has_text="一件四级危急没有人接").wait_for(timeout=PATIENCE)
        page.get_by_role("button", name="现在去看").click()
        page.get_by_role("button", name="认领", exact=True).wait_for()
    wang.get_by_role("button", name="认领", exact=True).click()
    wang.get_by_label("回复家属").fill("写到一半的话")
    li.get_by_role("button", name="认领", exact=True).click()
    li.get_by_role("alert").filter(has_text="这件事现在由王芳在办").wait_for()
    expect(li.locator("button.ticket")).to_contain_text("王芳在办")

    wang.locator("summary", has_text="转给同事").click()
    wang.get_by_label("同事").select_option("李雷")
    wang.get_by_role("button", name="转给同事").click()
    li.locator("button.ticket").filter(has_text="我在办").click(timeout=PATIENCE)
    li.get_by_label("回复家属").wait_for()
    li.locator("summary", has_text="转给同事").click()
    li.get_by_role("button", name="交还队列").click()
    wang.locator("button.ticket").filter(has_text="等待认领").click(timeout=PATIENCE)
    wang.get_by_role("button", name="认领", exact=True).click()
    expect(wang.get_by_label("回复家属")).to_have_value("写到一半的话")


def test_a_real_talk_arrives_with_facts_rules_and_clauses(
    whole: Running, window: Callable[[str], Page]
) -> None:
    """CR-21, CR-29, PR-1: what the agent heard, decided and cited is in the case file; the number is not."""
    with whole.client() as http:
        family = open_family(http)
        asked = family.say("外孙女今年9岁，爸爸判了六年，妈妈肝癌晚期，我带着她，有什么补助吗？")
        family.answered(asked.json()["message_id"])
        family.say("我电话13812345678，我不想活了")
    page = window("laptop")
    log_in(page, whole, "方敏")
    page.locator("button.ticket").filter(has_text="本人想自杀").first.click()
    knows = page.locator("desk-knows")
    expect(knows).to_contain_text("不想活")
    expect(knows).to_contain_text("爸爸的期限")
    verdict = knows.locator(".verdict").filter(has_text="事实无人抚养儿童基本生活补贴")
    expect(verdict).to_contain_text("很可能符合")
    verdict.locator("summary").first.click()
    expect(verdict.locator(".trace")).to_contain_text("爸爸服刑在押")
    assert "13812345678" not in page.locator("minxing-desk").inner_text()
    page.locator(".sources .clause").first.click()
    expect(page.get_by_role("dialog").locator(".clause-text p").nth(1)).to_contain_text(re.compile(r"\S{6,}"))
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_by_keyboard_alone(office: Running, window: Callable[[str], Page]) -> None:
    """AX-3: to a case and back without a mouse."""
    seed(office, father)
    page = window("laptop")
    log_in(page, office, "王芳")
    page.locator("button.ticket").wait_for()
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('ticket')"):
            break
    page.keyboard.press("Enter")
    expect(page.locator(".case-head h2")).to_be_focused()
    for _ in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent === '认领'"):
            break
    page.keyboard.press("Enter")
    expect(page.get_by_label("回复家属")).to_be_focused()


def test_other_roles_see_no_talk(office: Running, window: Callable[[str], Page]) -> None:
    """SE-19, SE-20."""
    seed(office, grandmother)
    chief, auditor = window("laptop"), window("laptop")
    log_in(chief, office, "老陈")
    chief.get_by_role("row").filter(has_text="王芳").wait_for()
    chief.get_by_label("姓名").fill("新来的")
    chief.get_by_label("密码").fill("password1234")
    chief.get_by_role("button", name="开通").click()
    chief.get_by_role("alert").filter(has_text="太常见").wait_for()
    chief.get_by_label("密码").fill(PASSWORD)
    chief.get_by_role("button", name="开通").click()
    chief.get_by_role("row").filter(has_text="新来的").wait_for()
    log_in(auditor, office, "周敏")
    auditor.get_by_text("前后相连，没有改动").wait_for()
    auditor.get_by_role("row").filter(has_text="开通账号").first.wait_for()
    for page in (chief, auditor):
        assert page.locator("desk-queue").count() == 0
        assert "不想活" not in page.content()
    chief.get_by_role("button", name="退出").click()
    chief.get_by_label("姓名").wait_for()
    chief.reload()
    chief.get_by_role("button", name="登录").wait_for()


CONTRAST = """
() => {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgb = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = (c) => c.slice(0, 3).map((v) => v / 255)
    .map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const bad = [];
  for (const node of document.querySelectorAll('body *')) {
    const own = [...node.childNodes].some((c) => c.nodeType === 3 && c.textContent.trim());
    if (!own || !node.checkVisibility() || node.disabled) continue;
    let ground = [0, 0, 0, 0];
    for (let behind = node; behind && ground[3] < 255; behind = behind.parentElement) {
      ground = rgb(getComputedStyle(behind).backgroundColor);
    }
    const [a, b] = [light(rgb(getComputedStyle(node).color)), light(ground)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) bad.push(`${node.className} ${node.textContent.slice(0, 20)} ${ratio.toFixed(2)}`);
  }
  return bad;
}
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_and_no_sideways_scrolling(
    office: Running, window: Callable[[str], Page], scheme: str
) -> None:
    """AX-1: 4.5:1 for every text in sight, by day and by night, and nothing wider than the page."""
    seed(office, father)
    seed(office, grandmother)
    for size in SIZES:
        page = window(size)
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        log_in(page, office, "王芳")
        page.locator("button.ticket").first.wait_for()
        assert page.evaluate(CONTRAST) == []
        page.locator("button.ticket").first.click()
        page.locator("desk-knows h3").first.wait_for()
        page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert page.evaluate(CONTRAST) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_no_markup_is_ever_made_from_text() -> None:
    """SE-5, SE-14: no innerHTML, no inline script or style, nothing from elsewhere, no storage (PR-10)."""
    files = sorted((Path(__file__).resolve().parents[2] / "web/desk").glob("*.*"))
    assert len(files) > 10
    for path in files:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".js":
            for word in (
                "innerHTML",
                "outerHTML",
                "insertAdjacentHTML",
                "document.write",
                "eval(",
                "localStorage",
            ):
                assert word not in text, f"{path.name} uses {word}"
        if path.suffix != ".md":
            assert "http://" not in text and "https://" not in text
        if path.suffix == ".html":
            assert "style=" not in text and not re.search(r"<script(?![^>]*src=)", text)
            assert not re.search(r"\son\w+=", text)
