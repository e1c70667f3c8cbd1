"""The paper itself: page, official fonts and tables of a GB/T 9704 sheet, and a zip whose bytes do not vary."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from reporting.figures import Figure, Registry
from reporting.wording import amount_zh

TITLE_FONT, HEI, KAI, FANG, SONG = "方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312", "宋体"
BODY_SIZE, TABLE_SIZE, LINE_PITCH = Pt(16), Pt(10.5), Pt(28.95)
FIGURE_STYLE, MARK_STYLE = "Figure", "Figure mark"
NUMBER = re.compile(r"\d[\d.:%]*(?=\D|$)")
FIXED_TIME = (1980, 1, 1, 0, 0, 0)
RED = RGBColor(0xC0, 0x00, 0x00)


@dataclass(frozen=True)
class Shown:
    """A figure in other words than its value and unit: a percentage, a price ratio."""

    figure: Figure
    text: str


Part = str | Figure | Shown
Cell = Part | list[Part]


def _page_number(run: Any) -> None:
    """The field that Word fills with the number of the page."""
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = text
        run._r.append(part)  # noqa: SLF001 (python-docx has no public way to a field)


def _row_property(row: Any, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))  # noqa: SLF001 (nor to a row that repeats)


def _font(target: Any, name: str, size: Pt | None = None) -> None:
    """Sets a font for all scripts: Word takes the one for Chinese from w:eastAsia alone."""
    target.font.name = name
    if size is not None:
        target.font.size = size
    fonts = target.element.get_or_add_rPr().get_or_add_rFonts() if hasattr(target, "element") else None
    if fonts is not None:
        for script in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
            fonts.set(qn(script), name)
        fonts.set(qn("w:hint"), "eastAsia")  # quotation marks belong to the Chinese font


def mark_of(registry: Registry, figure: Figure) -> str:
    """The raised number by which the text refers to the list of figures."""
    return f"[{registry.number(figure)}]"


class Paper:
    """A sheet that is written from top to bottom. Figures are given as parts and get their raised number."""

    def __init__(self, registry: Registry, title: str, as_of: date) -> None:
        self.registry = registry
        self.document = Document()
        self._page()
        self._styles()
        self._properties(title, as_of)

    def _page(self) -> None:
        section = self.document.sections[0]
        section.orientation = WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.left_margin = Mm(37), Mm(28)
        section.right_margin, section.bottom_margin = Mm(26), Mm(35)
        section.footer_distance = Mm(25)
        self.document.settings.odd_and_even_pages_header_footer = True
        for footer, side in (
            (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
            (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
        ):
            paragraph = footer.paragraphs[0]
            paragraph.alignment = side
            for text in ("— ", None, " —"):
                run = paragraph.add_run(text or "")
                _font(run, SONG, Pt(14))
                if text is None:
                    _page_number(run)

    def _styles(self) -> None:
        normal = self.document.styles["Normal"]
        _font(normal, FANG, BODY_SIZE)
        normal.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
        normal.paragraph_format.line_spacing = LINE_PITCH
        normal.paragraph_format.space_after = normal.paragraph_format.space_before = Pt(0)
        self.document.styles.add_style(FIGURE_STYLE, WD_STYLE_TYPE.CHARACTER)
        mark = self.document.styles.add_style(MARK_STYLE, WD_STYLE_TYPE.CHARACTER)
        mark.font.superscript = True
        mark.font.color.rgb = RGBColor(0x59, 0x59, 0x59)

    def _properties(self, title: str, as_of: date) -> None:
        properties = self.document.core_properties
        properties.author = properties.last_modified_by = "守线"
        properties.title, properties.subject, properties.comments = title, "内部资料 注意保存", ""
        properties.language, properties.keywords, properties.revision = "zh-CN", "", 1
        properties.created = properties.modified = datetime(as_of.year, as_of.month, as_of.day)  # noqa: DTZ001 (OOXML wants it bare)
        relations = self.document.part.package.rels
        for key in [k for k, r in relations.items() if r.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
            del relations[key]  # the template's picture of an empty page

    def line(self, text: str, font: str, size: Pt, *, align: str = "left", red: bool = False) -> Any:
        """A line of its own: masthead, mark, title."""
        paragraph = self.document.add_paragraph()
        paragraph.alignment = {"left": WD_ALIGN_PARAGRAPH.LEFT, "center": WD_ALIGN_PARAGRAPH.CENTER}[align]
        if size > BODY_SIZE:
            paragraph.paragraph_format.line_spacing = Pt(size.pt * 1.5)
        run = paragraph.add_run(text)
        _font(run, font, size)
        if red:
            run.font.color.rgb = RED
        return paragraph

    def between(self, left: str, right: str) -> None:
        """One line with a text at each end, over the red rule."""
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(156), alignment=2)
        _font(paragraph.add_run(f"{left}\t{right}"), FANG, BODY_SIZE)
        borders, rule = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
        for name, value in (("val", "single"), ("sz", "18"), ("space", "4"), ("color", "C00000")):
            rule.set(qn(f"w:{name}"), value)
        borders.append(rule)
        paragraph._p.get_or_add_pPr().append(borders)  # noqa: SLF001 (nor to a rule)

    def blank(self) -> None:
        self.document.add_paragraph()

    def heading(self, text: str, level: int = 1, *, new_page: bool = False) -> None:
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.first_line_indent = Pt(32)
        paragraph.paragraph_format.keep_with_next = True
        paragraph.paragraph_format.page_break_before = new_page
        _font(paragraph.add_run(text), HEI if level == 1 else KAI, BODY_SIZE)

    def text(self, *parts: Part) -> None:
        """A body paragraph, indented by two characters."""
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.first_line_indent = Pt(32)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        paragraph.paragraph_format.keep_with_next = isinstance(parts[-1], str) and parts[-1].endswith("：")
        self._write(paragraph, parts, BODY_SIZE, FANG)

    def _write(self, paragraph: Any, parts: Sequence[Part], size: Pt, font: str) -> None:
        for part in parts:
            if isinstance(part, str):
                _font(paragraph.add_run(part), font, size)
                continue
            figure = part.figure if isinstance(part, Shown) else part
            shown = part.text if isinstance(part, Shown) else amount_zh(figure.value, figure.unit)
            digits = NUMBER.match(shown)
            head = digits.group() if digits else shown
            # the mark stands right behind the digits: no line breaks there, as it would behind 户
            for text, style in ((head, FIGURE_STYLE), (mark_of(self.registry, figure), MARK_STYLE)):
                _font(paragraph.add_run(text, style=style), font, size)
            if shown[len(head) :]:
                _font(paragraph.add_run(shown[len(head) :], style=FIGURE_STYLE), font, size)

    def table(
        self,
        header: Sequence[str],
        rows: Sequence[Sequence[Cell]],
        widths_mm: Sequence[float],
        size: Pt = TABLE_SIZE,
    ) -> None:
        """A ruled table with a repeated header; a cell is one part or several."""
        table = self.document.add_table(rows=0, cols=len(header), style="Table Grid")
        table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
        for column, width in zip(table.columns, widths_mm, strict=True):
            column.width = Mm(width)
        for number, cells in enumerate([header, *rows]):
            row = table.add_row()
            _row_property(row, "w:cantSplit")
            if number == 0:
                _row_property(row, "w:tblHeader")
            for cell, content, width in zip(row.cells, cells, widths_mm, strict=True):
                cell.width, cell.vertical_alignment = Mm(width), WD_CELL_VERTICAL_ALIGNMENT.CENTER
                paragraph = cell.paragraphs[0]
                paragraph.paragraph_format.line_spacing = Pt(size.pt * 1.4)
                parts = content if isinstance(content, list) else [content]
                self._write(paragraph, parts, size, HEI if number == 0 else FANG)
        self.document.add_paragraph().paragraph_format.line_spacing = Pt(10)

    def save(self, path: Path) -> None:
        """Writes the file; the same content gives the same bytes."""
        buffer = BytesIO()
        self.document.save(buffer)
        with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
            for name in sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
                entry = zipfile.ZipInfo(name, FIXED_TIME)
                entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 0
                target.writestr(entry, source.read(name))
