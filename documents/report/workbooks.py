"""The figures as XLSX: one sheet per table for analysis, and one row per figure and follow-up for Stratsys."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from io import BytesIO
from itertools import chain

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from documents.report.docx_styles import PALE
from documents.report.marked import checklist, with_evidence
from documents.report.material import Internal
from documents.report.packing import repacked
from documents.report.words import Words, is_share, sources_of
from followup.figures.bands import shown_as
from followup.figures.figure import Cell, Column, Figure, Row, Table
from followup.figures.year import year_tables
from followup.figures.year_facts import YearFollowUp
from followup.figures.year_follow_ups import by_name, verdict_words
from followup.follow_ups.follow_up import AREAS
from followup.times.calendar import municipal_day
from followup.wording.form import clean_text
from followup.wording.law import paragraph

Value = str | int | float | date | None
PERCENT, RATE, DAY = "0 %", "0.0", "yyyy-mm-dd"
_NARROWEST, _WIDEST = 10, 60


class Rate(float):
    """A figure with decimals, which is no part of a whole: 0.6 per 100 months is not 60 %."""


def analysis(material: Internal) -> bytes:
    """A sheet about the file, one for each table, and one for the sources; for the quality team alone."""
    cited = paragraph("secrecy_of_social_services", municipal_day(material.made_at)) or ""
    secret = material.words("year.secrecy", paragraph=cited)
    words, book = material.words, _book(material, [[material.words("year.sheet.secrecy"), secret]])
    tables = year_tables(material.whole)
    for table in tables.values():
        fill(book.create_sheet(words(f"year.sheet.{table.id}")), _head(table, words), _body(table, words))
    rows = [[words(f"year.source_name.{one}"), words(f"year.source.{one}")] for one in sources_of(tables)]
    heads = [words("year.sheet.source"), words("year.sheet.meaning")]
    fill(book.create_sheet(words("year.sheet.sources")), heads, rows)
    for sheet in book.worksheets:
        assert sheet.oddHeader is not None
        sheet.oddHeader.center.text = secret
    return _saved(book, material)


def stratsys(material: Internal) -> bytes:
    """The public figures, one a row; every unit without numbers, since others read it; and what was written.

    Of a small unit nothing that was written is told.
    """
    words, book = material.words, _book(material)
    heads = [words(f"year.stratsys.{name}") for name in _LONG]
    rows = chain.from_iterable(_long_rows(table, material) for table in material.public.tables.values())
    fill(book.create_sheet(words("year.sheet.figures")), heads, rows)
    heads = [words(f"year.stratsys.{name}") for name in _UNIT]
    fill(book.create_sheet(words("year.sheet.units")), heads, _units(material))
    told = [one for one in by_name(material.facts) if one.follow_up.unit_id not in material.facts.small]
    names = (*_ABOUT, *AREAS, "strengths", "improvements", "checklist")
    heads = [words(f"year.stratsys.{name}") for name in names]
    fill(
        book.create_sheet(words("year.sheet.follow_ups_told")), heads, [_told(one, material) for one in told]
    )
    return _saved(book, material)


# The first two are how another system knows the figure: ours, and what the municipality calls it there.
_LONG = (
    "id",
    "own_name",
    "table",
    "row",
    "column",
    "value",
    "of",
    "share",
    "unit",
    "first",
    "last",
    "source",
)
_UNIT = ("unit_code", "unit_name", "provider", "form", "band", "coverage", "verdict")
_ABOUT = (
    "number",
    "diary_number",
    "unit_code",
    "unit_name",
    "provider",
    "method",
    "held_on",
    "verdict",
    "verdict_on",
    "actions",
)


def _units(material: Internal) -> list[list[Value]]:
    """Those with placements in the period: the band and the evidence at its end, and the newest verdict."""
    words, facts = material.words, material.facts
    housing = {stay.unit_id for stay in facts.stays}
    newest = {one.unit_id: one for one in sorted(facts.month_ends, key=lambda one: one.month)}
    verdicts = {one.follow_up.unit_id: one.follow_up.verdict for one in by_name(facts)}
    return [
        [
            unit.key,
            unit.name,
            unit.provider_name,
            words.say(unit.care.said("year.form")),
            words(f"year.column.{shown_as(newest[unit.id])}") if unit.id in newest else None,
            words(f"year.stratsys.{'enough' if newest[unit.id].enough else 'not_enough'}")
            if unit.id in newest
            else None,
            words.label(verdict_words(verdicts.get(unit.id))),
        ]
        for unit in facts.units
        if unit.id in housing
    ]


def _long_rows(table: Table, material: Internal) -> Iterable[Sequence[Value]]:
    words, period = material.words, material.period
    for row in table.all_rows:
        for column, cell in zip(table.columns, row.cells, strict=True):
            if isinstance(cell, Figure):
                id_ = figure_id(table, row, column)
                yield [
                    id_,
                    material.own_names.get(id_),
                    words(f"year.caption_of.{table.id}"),
                    words.label(row.label),
                    words(f"year.column.{column.id}"),
                    *_numbers(cell),
                    words.unit(table, column),
                    period.starts,
                    period.until,
                    words(f"year.source_name.{column.source}"),
                ]


def figure_id(table: Table, row: Row, column: Column) -> str:
    """The same each year and in each language, whatever the number is."""
    return f"{table.id}.{row.key}.{column.id}"


def _numbers(figure: Figure) -> list[Value]:
    """The number, the whole, and the share."""
    if figure.in_percent:
        return [None, None, int(figure.value) / 100]
    share = int(figure.value) / figure.of if figure.of else None
    return [_number(figure.value), figure.of, share]


def _number(value: int | Decimal) -> int | float:
    return value if isinstance(value, int) else Rate(value)


def _told(review: YearFollowUp, material: Internal) -> Sequence[Value]:
    words, one = material.words, review.follow_up
    unit = material.facts.unit_of[one.unit_id]
    about: list[Value] = [
        one.number,
        review.diary_number or None,
        unit.key,
        unit.name,
        unit.provider_name,
        words(f"choice.follow_up_method.{one.method}") if one.method else None,
        one.held_on,
        words.label(verdict_words(one.verdict)),
        one.verdict_on,
        len(review.actions),
    ]
    areas = [with_evidence(words, one, area) or None for area in AREAS]
    points = "\n".join(f"{point}: {found}" for point, found in checklist(words, one))
    return [*about, *areas, one.strengths or None, one.improvements or None, points or None]


def _head(table: Table, words: Words) -> list[str]:
    heads = [words(f"year.row.{table.id}")]
    for column in table.columns:
        name, unit = words.header(table, column)
        if is_share(table, column):
            heads += [words(f"year.sheet.{part}", name=name) for part in ("part", "whole", "percent")]
        else:
            heads.append(words("year.sheet.with_unit", name=name, unit=unit) if unit else name)
    return heads


def _body(table: Table, words: Words) -> list[list[Value]]:
    rows: list[list[Value]] = []
    for row in table.all_rows:
        cells = zip(table.columns, row.cells, strict=True)
        values = chain.from_iterable(_values(table, column, cell, words) for column, cell in cells)
        rows.append([words.label(row.label), *values])
    return rows


def _values(table: Table, column: Column, cell: Cell, words: Words) -> list[Value]:
    if is_share(table, column):
        if isinstance(cell, Figure):
            return _numbers(cell)
        return [words.cell(cell) or None, None, None]
    if isinstance(cell, Figure):
        return _numbers(cell)[:1]
    return [cell if isinstance(cell, date) else words.cell(cell) or None]


def _book(material: Internal, first: Sequence[list[Value]] = ()) -> Workbook:
    words, facts = material.words, material.facts
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    rows: list[list[Value]] = [
        *first,
        [words("year.sheet.municipality"), material.municipality],
        [words("year.stratsys.first"), facts.period.starts],
        [words("year.stratsys.last"), facts.period.until],
        [words("year.sheet.made"), municipal_day(facts.made_at)],
    ]
    fill(
        book.create_sheet(words("year.sheet.about")),
        [words("year.sheet.what"), words("year.sheet.value")],
        rows,
    )
    return book


def fill(sheet: Worksheet, heads: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """The header stays in sight and filters; columns are as wide as what stands in them."""
    lines: list[Sequence[Value]] = [heads, *rows]
    for number, line in enumerate(lines, 1):
        for place, value in enumerate(line, 1):
            cell = sheet.cell(number, place)
            assert isinstance(cell, SheetCell)
            _write(cell, value)
    for cell in sheet[1]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor=PALE)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(heads))}{len(lines)}"
    for place in range(len(heads)):
        longest = max(len(str(line[place])) for line in lines if line[place] is not None)
        sheet.column_dimensions[get_column_letter(place + 1)].width = min(
            max(longest + 2, _NARROWEST), _WIDEST
        )


def _write(cell: SheetCell, value: Value) -> None:
    # Older texts were stored with signs that no workbook can hold.
    cell.value = clean_text(value) if isinstance(value, str) else value
    if isinstance(value, Rate):
        cell.number_format = RATE
    elif isinstance(value, float):
        cell.number_format = PERCENT
    elif isinstance(value, date):
        cell.number_format = DAY
    elif isinstance(value, str):
        # What somebody wrote is never a formula, also when it begins like one.
        cell.data_type = "s"
        cell.alignment = Alignment(wrap_text=len(value) > _WIDEST, vertical="top")


def _saved(book: Workbook, material: Internal) -> bytes:
    written = BytesIO()
    book.properties.creator = "Uppföljaren"
    book.properties.title = material.words("year.title.board" if material.board else "year.title")
    book.save(written)
    return repacked(written.getvalue(), material.facts.made_at)
