from __future__ import annotations

import pytest

from knowledge.errors import LabelError
from knowledge.references import article_number, canonical_label, document_key


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("三(一)", "三(一)"),
        ("二（二）1．", "二(二)1"),
        ("二、（二）1、", "二(二)1"),
        ("五(十一)", "五(十一)"),
        ("第18条", "第十八条"),
        ("第十八条第二款第（三）项", "第十八条第二款第(三)项"),
        ("第十八条第三项", "第十八条第(三)项"),
        ("第一千零九十三条", "第一千零九十三条"),
        ("第十条之二", "第十条之二"),
        ("附件1", "附件1"),
        ("引言", "引言"),
        ("", ""),
    ],
)
def test_labels_have_one_form(written: str, label: str) -> None:
    assert canonical_label(written) == label
    assert canonical_label(label) == label


@pytest.mark.parametrize("written", ["二二", "三条", "第条", "一(a)", "见上", "二(二)(三)(四)"])
def test_what_is_no_label_is_refused_with_the_mend(written: str) -> None:
    with pytest.raises(LabelError, match="第十八条"):
        canonical_label(written)


@pytest.mark.parametrize(
    "written", ["民发〔2019〕62号", "民发[2019]62号", "民发（2019）62号", "民发 (2019) 62 号", "民发201962号"]
)
def test_brackets_of_a_number_do_not_matter(written: str) -> None:
    assert document_key(written) == "民发〔2019〕62号"


def test_article_numbers() -> None:
    assert article_number("第十八条第二款") == 18
    assert article_number("三(一)") is None
