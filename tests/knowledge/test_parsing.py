"""Cutting texts into clauses (issue 3.3): the Hangzhou copy, small texts for each rule, the 66 beside us."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest

from knowledge.parsing.clauses import Entry, clauses
from knowledge.parsing.crossrefs import link
from knowledge.parsing.document import parse
from knowledge.sources import CORPUS, Registry
from knowledge.types import Clause, Confidence, Extent, Source, Standing

HANGZHOU = CORPUS / "official" / "hz_kunjing_2025_70.txt"


def source(document_id: str = "test") -> Source:
    return Source(
        id=document_id,
        title="某办法",
        issuer="某部",
        region="全国",
        extent=Extent.WHOLE,
        standing=Standing.OFFICIAL,
        confidence=Confidence.CONFIRMED,
        checked_on=dt.date(2026, 11, 21),
    )


def cut(text: str) -> dict[str, Entry]:
    return {entry.clause.citation.clause: entry for entry in clauses(parse(text), source())}


def squeezed(text: str) -> str:
    return re.sub(r"[\s#>*|_-]", "", text)


def test_the_hangzhou_copy_with_its_lost_punctuation(registry: Registry) -> None:
    text = HANGZHOU.read_text("utf-8")
    document = parse(text)
    assert document.number == "杭政办函〔2025〕70号", "printed as 杭政办函202570"
    assert document.issuer == "杭州市人民政府办公厅"
    assert document.issued == dt.date(2025, 12, 30)
    assert document.in_force_from == dt.date(2026, 3, 1)
    entries = {e.clause.citation.clause: e for e in clauses(document, registry.sources[HANGZHOU.stem])}
    sections = {"三": "(一) (二) (三) (四) (五)", "四": "(六) (七) (八)", "五": "(九) (十) (十一) (十二)"}
    labels = {section + item for section, items in sections.items() for item in items.split()}
    assert set(entries) == labels | {"引言", "一", "二", "三", "四", "五", "六"}
    assert entries["四(七)"].clause.heading_path == ("四、构建“政府+社会”多元发展格局",)
    assert "至少一名儿童主任" in entries["四(七)"].clause.text
    kept = "".join(entry.clause.text for entry in entries.values())
    for furniture in ("返 回", "所在位置", "发布时间", "此件公开发布", "编辑", "found at"):
        assert furniture not in kept


LAW = """
# 某某法
2020年1月1日 某某会议通过
目　录
第一章　总　　则
第二章　附则

第一章　总　　则
第一条　为了试验，制定本法。
第二条　本法所称孤儿，是指没有父母的儿童。
孤儿有下列权利：
（一）吃饭；
（二）上学：
1.小学；
2.中学。
前款规定的上学，依照本法第一条办理。
第三条　有下列情形之一的，不适用本法第二条第二款：
（一）成年；
（二）其他。
第四条之一　孤儿的认定，依照《中华人民共和国民法典》第二十七条和第二条的规定执行。
第二章　附则
第五条规定的事项另有规定的，从其规定。
第五条　本法自2021年2月3日起施行。
"""


def test_a_law_by_article_paragraph_item_and_point() -> None:
    entries = cut(LAW)
    assert "第二条第二款第(二)项" in entries
    assert entries["第二条第二款第(二)项第2目"].clause.text == "2.中学。"
    assert entries["第二条"].clause.heading_path == ("第一章 总则",)
    assert entries["第二条"].clause.text.endswith("依照本法第一条办理。")
    assert entries["第三条"].aliases == ("第三条第一款",), "an only paragraph need not be counted"
    assert entries["第三条第(一)项"].aliases == ("第三条第一款第(一)项",)
    assert entries["第二条第二款第(一)项"].aliases == ("第二条第(一)项",)
    assert parse(LAW).in_force_from == dt.date(2021, 2, 3)


def test_a_sentence_that_begins_with_a_reference_is_no_article() -> None:
    entries = cut(LAW)
    assert entries["第五条"].clause.text == "第五条 本法自2021年2月3日起施行。"


def test_only_whole_articles_are_searched() -> None:
    entries = cut(LAW)
    searched = {label for label, entry in entries.items() if entry.search_text}
    assert searched == {"第一条", "第二条", "第三条", "第四条之一", "第五条"}


def test_references_lead_to_clauses(registry: Registry) -> None:
    entries, report = link(list(cut(LAW).values()), registry.lookup)
    links = {entry.clause.citation.clause: entry.clause.links for entry in entries}
    assert "test#第二条第二款" in links["第三条"]
    assert "test#第二条第二款" in links["第二条第三款"], "前款"
    assert "law_minfadian_zongze#第二十七条" in links["第四条之一"]
    assert "test#第二条" in links["第四条之一"]
    assert not report.unresolved


def test_definitions_lead_to_the_clauses_that_use_them(registry: Registry) -> None:
    filler = "".join(
        f"第{n}条　各级政府应当做好工作。\n" for n in ("六", "七", "八", "九", "十", "十一", "十二")
    )
    text = "第一条　本法所称重残，是指一级残疾。\n第二条　重残儿童优先。\n第三条　各方尽责。\n" + filler
    entries, _ = link(list(cut(text).values()), registry.lookup)
    links = {entry.clause.citation.clause: entry.clause.links for entry in entries}
    assert links["第二条"] == ("test#第一条",)
    assert links["第三条"] == ()


NOTICE = """某部关于试验的通知
某发[2020]3号
各省、自治区、直辖市民政厅（局）：
为做好试验，现通知如下：
一、明确对象
对象为孤儿。
二、规范流程
（一）申请。向乡镇申请。
（二）审核
1. 乡镇审核，15个工作日。
2． 县级确认，下列不算：
（1）没交材料；
（2）2020.5以前的。
三、加强保障（三）不是编号。
以上请遵照执行。
附件：1.申请表
2.名单
某 部
2020年5月6日
附件1
申请表
一、填表说明
请如实填写。
"""


def test_a_notice_by_section_item_and_point() -> None:
    document = parse(NOTICE)
    assert document.title == "某部关于试验的通知"
    assert document.number == "某发〔2020〕3号"
    assert document.issued == dt.date(2020, 5, 6)
    entries = {entry.clause.citation.clause: entry for entry in clauses(document, source())}
    assert entries["二(二)2(2)"].clause.text == "（2）2020.5以前的。"
    assert entries["二(一)"].clause.heading_path == ("二、规范流程",)
    assert entries["附件1一"].clause.text == "一、填表说明\n请如实填写。"
    assert "2.名单" not in "".join(entry.clause.text for entry in entries.values())


def test_items_that_count_on_across_sections() -> None:
    entries = cut("一、甲\n（一）子。做一。\n（二）丑。做二。\n二、乙\n（三）寅。做三。\n")
    assert list(entries) == ["一", "一(一)", "一(二)", "二", "二(三)"]


def test_a_table_row_carries_its_headings() -> None:
    entries = cut("一、标准\n| 对象 | 标准 |\n|---|---|\n| 散居孤儿 | 甲档 |\n| 机构孤儿 | 乙档 |\n")
    assert entries["一表1第2行"].clause.text == "对象：机构孤儿；标准：乙档"


def test_a_gap_in_the_copy_is_not_counted_to_the_article_before() -> None:
    entries = cut("第一条　甲。\n……\n〔某条末〕乙。\n第九条　丙。\n")
    assert entries["第一条"].clause.text == "第一条 甲。"
    assert entries["段1"].clause.text == "〔某条末〕乙。"


def test_a_text_without_numbers_keeps_its_paragraphs() -> None:
    text = "公告\n孤儿基本生活费的标准由各地按照当地实际情况确定。\n请到户籍所在地的乡镇人民政府提出申请。\n"
    document = parse(text)
    assert [e.clause.citation.clause for e in clauses(document, source())] == ["段1", "段2"]
    assert document.warnings


@pytest.mark.parametrize(
    "text", ["", "\n\n", "　", "|||", "第条", "一、", "（一）", "\x00\ufeff", "第一条", "附件", "……"]
)
def test_odd_texts_are_parsed_without_an_error(text: str) -> None:
    parse(text)


def check_offsets(text: str, clause: Clause) -> None:
    assert squeezed(text[clause.start : clause.end]) == squeezed(clause.text), clause.id


def test_offsets_lead_back_into_the_original() -> None:
    for text in (LAW, NOTICE):
        for entry in cut(text).values():
            check_offsets(text, entry.clause)


@pytest.mark.shared
def test_all_official_texts_as_they_are(official: Path, registry: Registry) -> None:
    """Every line is a clause or set aside, every label is unique, every offset leads back (issue 3.3)."""
    searched = 0
    for path in sorted(official.glob("*.txt")):
        text, registered = path.read_text("utf-8"), registry.sources[path.stem]
        document = parse(text, title=registered.title)
        entries = clauses(document, registered)
        ids = [entry.clause.id for entry in entries]
        assert len(ids) == len(set(ids)), path.name
        lines = [block.text for node in document.root.walk() for block in node.blocks]
        lines += [block.text for block in document.aside]
        body = text.split("-----\n", 1)[1]
        assert squeezed("".join(sorted(lines))) == squeezed("".join(sorted(_lines(body)))), path.name
        for entry in entries:
            if "……" not in text[entry.clause.start : entry.clause.end]:
                check_offsets(text, entry.clause)
        searched += sum(bool(entry.search_text) for entry in entries)
    assert searched > 2_900


def _lines(body: str) -> list[str]:
    cleaned = (re.sub(r"^[\s\u3000#>]+|\*\*|__|`", "", line).strip() for line in body.splitlines())
    return [re.sub(r"^[-*+] (?=\S)", "", line) for line in cleaned if line]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "articles"),
    [
        ("law_weichengnianren_baohufa", 132),
        ("law_minfadian_zongze", 204),
        ("law_shehuijiuzhufa_2026", 78),
        ("law_zhianguanli_2025", 144),
        ("zj_shehuijiuzhu_tiaoli", 63),
        ("gov_tekun_rending", 29),
        ("judicial_minfadian_zongze_jieshi", 39),
    ],
)
def test_laws_are_cut_article_by_article(official: Path, name: str, articles: int) -> None:
    document = parse((official / f"{name}.txt").read_text("utf-8"))
    numbers = [node.number for node in document.root.walk() if node.article]
    assert numbers == list(range(1, articles + 1))


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "label", "begins", "path"),
    [
        ("gov_shishiwurenfuyang_2019_62", "二(二)", "（二）查验。", "二、规范认定流程"),
        ("gov_dishouru_jiance_2023", "四(二)1", "1.医疗救助", "(二)完善专项社会救助"),
        ("gov_gaige_shehuijiuzhu_2020", "二(三)8", "8.健全医疗救助制度", "(三)健全专项社会救助"),
        ("zj_canjiertongkangfu_2018_36_PARTIAL", "二(二)1", "1.基本康复训练", "(二)服务项目和标准"),
        ("law_minfadian_hunyinjiating", "第一千零九十三条", "第一千零九十三条", "第一节 收养关系的成立"),
        ("judicial_minfadian_zongze_jieshi", "第六条", "第六条", "三、监护"),
    ],
)
def test_clauses_checked_by_eye(official: Path, name: str, label: str, begins: str, path: str) -> None:
    document = parse((official / f"{name}.txt").read_text("utf-8"))
    entries = {e.clause.citation.clause: e.clause for e in clauses(document, source(name))}
    assert entries[label].text.startswith(begins)
    assert entries[label].heading_path[-1] == path
