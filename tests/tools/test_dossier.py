"""A page that a family takes to the street office, and the note for the desk (issue 4, item 6)."""

from __future__ import annotations

import datetime as dt
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest

from tests.tools.conftest import TODAY
from tools.benefit import TimeUnit
from tools.catalogue import Catalogue, UnknownBenefitError
from tools.checklist import checklist
from tools.dossier.handover import handover_note
from tools.dossier.page import page
from tools.types import FactValue
from tools.workdays import WorkCalendar, installed_holidays

FAMILY: dict[str, FactValue] = {
    "child_age": 7,
    "father_state": "imprisoned",
    "father_term_months": 72,
    "mother_state": "seriously_ill",
}
APPLIED = dt.datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


class Text(HTMLParser):
    """The words of a page, and a check that its tags close."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words = ""
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag not in ("meta", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


def test_materials_of_this_family(catalogue: Catalogue) -> None:
    found = "".join(item.text for item in checklist(catalogue, "B02", FAMILY, as_of=TODAY).materials)
    assert "申请表" in found
    assert "法院判决书" in found
    assert "妈妈的病历" in found
    assert "残疾证" not in found
    assert "回执" not in found


def test_unknown_facts_keep_materials_in(catalogue: Catalogue) -> None:
    found = "".join(item.text for item in checklist(catalogue, "B02", {}, as_of=TODAY).materials)
    assert "残疾证" in found
    assert "回执" in found


def test_each_material_says_what_to_do_without_it(catalogue: Catalogue) -> None:
    for entry in catalogue.benefits:
        for item in checklist(catalogue, entry, {}, as_of=TODAY).materials:
            assert item.otherwise, f"{entry}: {item.text}"


def test_due_days_add_up(catalogue: Catalogue) -> None:
    """Trap 10: 15 working days, and then 15 working days more."""
    limits = checklist(catalogue, "B02", FAMILY, as_of=TODAY, applied=APPLIED).limits
    assert [limit.due.on.date() for limit in limits if limit.due] == [
        dt.date(2026, 12, 14),
        dt.date(2027, 1, 4),
    ]
    assert not any(limit.due.exact for limit in limits if limit.due)


def test_holidays_move_due_days(catalogue: Catalogue) -> None:
    calendar = WorkCalendar({dt.date(2026, 10, 1): True, dt.date(2027, 1, 1): True})
    limits = checklist(catalogue, "B02", FAMILY, as_of=TODAY, applied=APPLIED, calendar=calendar).limits
    due = [limit.due for limit in limits if limit.due]
    assert due[1].on.date() == dt.date(2027, 1, 5)
    assert all(one.exact for one in due)


@pytest.mark.parametrize(
    ("unit", "amount", "end"),
    [
        (TimeUnit.HOURS, 72, "2026-11-26 09:00"),
        (TimeUnit.DAYS, 7, "2026-11-30 09:00"),
        (TimeUnit.WORKING_DAYS, 5, "2026-11-30 09:00"),
        (TimeUnit.MONTHS, 3, "2027-02-23 09:00"),
    ],
)
def test_units_are_kept_apart(unit: TimeUnit, amount: int, end: str) -> None:
    assert f"{WorkCalendar().add(APPLIED, amount, unit).on:%Y-%m-%d %H:%M}" == end


def test_a_month_that_is_shorter() -> None:
    last_of_january = dt.datetime(2027, 1, 31, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert WorkCalendar().add(last_of_january, 1, TimeUnit.MONTHS).on.date() == dt.date(2027, 2, 28)


def test_a_worked_weekend_counts() -> None:
    saturday = dt.date(2026, 11, 28)
    friday = dt.datetime(2026, 11, 27, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert WorkCalendar({saturday: False}).add(friday, 1, TimeUnit.WORKING_DAYS).on.date() == saturday


def test_the_page_of_every_benefit(catalogue: Catalogue) -> None:
    for entry in catalogue.benefits:
        listed = checklist(catalogue, entry, {}, as_of=TODAY, applied=APPLIED)
        text = Text(page(listed, applied=APPLIED.date()))
        assert text.open == []
        assert listed.name in text.words
        assert listed.where.text in text.words
        assert "不是审批决定" in text.words
        assert "None" not in text.words


def test_nothing_personal_unless_chosen(catalogue: Catalogue) -> None:
    listed = checklist(catalogue, "B02", FAMILY, as_of=TODAY)
    assert "7岁" not in page(listed, facts=FAMILY, book=catalogue.facts)
    chosen = page(listed, facts=FAMILY, book=catalogue.facts, print_facts=("child_age",))
    assert "7岁" in chosen
    assert "72个月" not in chosen


def test_the_page_runs_no_script_and_fetches_nothing(catalogue: Catalogue) -> None:
    for entry in catalogue.benefits:
        html = page(checklist(catalogue, entry, {}, as_of=TODAY))
        assert "<script" not in html
        assert "http" not in html
        assert "url(" not in html


def test_the_style_may_come_from_a_file(catalogue: Catalogue) -> None:
    html = page(checklist(catalogue, "B02", {}, as_of=TODAY), style_href="/static/print.css")
    assert "<style" not in html
    assert 'href="/static/print.css"' in html


def test_automatic_payment_is_checked_not_applied_for(catalogue: Catalogue) -> None:
    """Trap 15."""
    html = page(checklist(catalogue, "B16", {}, as_of=TODAY))
    assert "不用申请" in html
    assert "查一查" in html


@pytest.mark.parametrize(("entry", "held"), [("B02", False), ("B06", True), ("B10", True), ("B17", True)])
def test_public_notice(catalogue: Catalogue, entry: str, held: bool) -> None:
    """Trap 9."""
    notice = catalogue.benefit(entry).apply.public_notice
    assert notice is not None
    assert notice.held is held
    assert notice.days == (7 if held else None)


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        ("B04", "registered_residence"),
        ("B14", "residence_or_permit"),
        ("B11", "where_it_happens"),
        ("B18", "school"),
        ("B02", "anywhere"),
        ("B16", "none"),
    ],
)
def test_where_to_apply(catalogue: Catalogue, entry: str, kind: str) -> None:
    """Trap 8."""
    assert catalogue.benefit(entry).apply.place.kind.value == kind


def test_the_handover_note(catalogue: Catalogue) -> None:
    verdict = next(one for one in catalogue.verdicts(FAMILY, TODAY) if one.benefit == "B02")
    listed = checklist(catalogue, "B02", FAMILY, as_of=TODAY, verdict=verdict)
    note = handover_note(listed, verdict, FAMILY, catalogue.facts)
    assert "很可能符合" in note
    assert "爸爸的期限在6个月以上：满足" in note
    assert "72个月" not in note


def test_an_unknown_entry(catalogue: Catalogue) -> None:
    with pytest.raises(UnknownBenefitError):
        checklist(catalogue, "B99", {}, as_of=TODAY)


def test_published_holidays_are_known() -> None:
    """国庆 is off and one of its weekends is worked; a year that is not published yet is not made up."""
    days = installed_holidays(2026, 2035)
    assert days[dt.date(2026, 10, 1)] is True
    assert False in days.values()
    calendar = WorkCalendar(days)
    before = dt.datetime(2026, 9, 30, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    due = calendar.add(before, 1, TimeUnit.WORKING_DAYS)
    assert due.on.date() > dt.date(2026, 10, 5)
    assert due.exact
    assert not calendar.knows(dt.date(2026, 1, 1), dt.date(2035, 1, 1))
