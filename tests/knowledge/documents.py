"""Small office files and PDFs made by hand, so that tests need no program that writes them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(body: str, numbering: str = "", prolog: str = "") -> bytes:
    """A Word file with this body XML."""
    document = (
        f'<?xml version="1.0" encoding="UTF-8"?>{prolog}<w:document {_W}><w:body>{body}</w:body></w:document>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", document)
        if numbering:
            archive.writestr("word/numbering.xml", f"<w:numbering {_W}>{numbering}</w:numbering>")
    return out.getvalue()


def paragraph(text: str, properties: str = "", numbered: tuple[int, int] | None = None) -> str:
    """One paragraph; `properties` of its run, `numbered`: (list, level) counted by Word."""
    number = ""
    if numbered:
        listed, level = numbered
        number = f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{listed}"/></w:numPr></w:pPr>'
    return f"<w:p>{number}<w:r><w:rPr>{properties}</w:rPr><w:t>{escape(text)}</w:t></w:r></w:p>"


def table(rows: Sequence[Sequence[str]]) -> str:
    """A table."""
    cells = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


@dataclass(frozen=True, slots=True)
class Line:
    """One line on a PDF page."""

    text: str
    size: float = 12
    color: str = "0 g"
    x: float = 72
    mode: int = 0


def pdf(pages: Sequence[Sequence[Line]]) -> bytes:
    """A PDF whose font maps every character to itself."""
    objects: list[bytes] = []

    def add(content: bytes) -> int:
        objects.append(content)
        return len(objects)

    cmap = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def\n"
        b"1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        b"1 beginbfrange <0000> <FFFF> <0000> endbfrange\nendcmap end end"
    )
    to_unicode = add(_stream(cmap))
    descendant = add(
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /DW 1000"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>"
    )
    font = add(
        b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H"
        b" /DescendantFonts [%d 0 R] /ToUnicode %d 0 R >>" % (descendant, to_unicode)
    )
    parent = len(objects) + 2 * len(pages) + 1
    kids = []
    for lines in pages:
        content = add(_stream("\n".join(_shown(n, line) for n, line in enumerate(lines)).encode("ascii")))
        kids.append(
            add(
                b"<< /Type /Page /Parent %d 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
                b" /Resources << /Font << /F %d 0 R >> >> >>" % (parent, content, font)
            )
        )
    references = b" ".join(b"%d 0 R" % kid for kid in kids)
    assert add(b"<< /Type /Pages /Count %d /Kids [%s] >>" % (len(kids), references)) == parent
    catalog = add(b"<< /Type /Catalog /Pages %d 0 R >>" % parent)
    return _written(objects, catalog)


def _shown(number: int, line: Line) -> str:
    codes = line.text.encode("utf-16-be").hex()
    y = 780 - 20 * number
    return f"q {line.color} BT /F {line.size} Tf {line.mode} Tr 1 0 0 1 {line.x} {y} Tm <{codes}> Tj ET Q"


def _stream(data: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(data), data)


def _written(objects: list[bytes], catalog: int) -> bytes:
    out = b"%PDF-1.7\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer << /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        catalog,
        start,
    )
    return out
