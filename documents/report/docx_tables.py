"""Draws a table of figures or texts: a header on each page, numbers to the right, rows in one piece."""

from collections.abc import Callable, Sequence
from copy import deepcopy

from docx.document import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Emu, Length
from docx.table import Table as DocxTable
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph

from documents.report.docx_fields import keep_in_one_piece, put_style, repeat_on_each_page, rule, shade
from documents.report.docx_styles import PALE, RULE, SMALL_TEXT, TABLE_TEXT, WIDTH, text_width
from documents.report.words import Words
from followup.figures.figure import Table

# In letters of the table's text: a line's length, the air of a column, and the longest that a column asks for.
_LETTERS, _LEAST, _MOST = 106, 2, 34
_BOLD = 1.15
_MANY = 6
_SHORT = 10


def draw_table(document: Document, table: Table, words: Words) -> None:
    headers, rows = (_sideways if table.sideways else _upright)(table, words)
    with_sum = table.total is not None and not table.sideways
    is_short = len(rows) < _SHORT
    draw_lines(document, [headers, *rows], _aligned(table), with_sum=with_sum, on_one_page=is_short)


def draw_lines(
    document: Document,
    lines: Sequence[Sequence[str]],
    aligned: Sequence[bool],
    *,
    with_sum: bool = False,
    on_one_page: bool = False,
) -> None:
    """The first line is the headers; which columns are `aligned` to the right, and whether the last line is a sum.

    What is to be `on_one_page` stays with the note below it, and headers always with the first row.
    """
    headers, *rows = lines
    drawn: DocxTable = document.add_table(rows=1, cols=len(headers))
    drawn.alignment, drawn.autofit = WD_TABLE_ALIGNMENT.LEFT, False
    rule(drawn, RULE)
    widths = _widths(lines, text_width(document))
    cells = _shaped(drawn.rows[0], aligned, widths, bold=True, keep=True)
    for cell, text in zip(cells, headers, strict=True):
        _write(cell.paragraphs[0], text)
        shade(cell, PALE)
    repeat_on_each_page(drawn.rows[0])
    summed = len(rows) - 1 if with_sum else len(rows)
    _add_rows(drawn, rows[:summed], aligned, widths, bold=False, keep=on_one_page)
    _add_rows(drawn, rows[summed:], aligned, widths, bold=True, keep=on_one_page)
    for row in drawn.rows:
        keep_in_one_piece(row)
    _set_columns(drawn, widths)


def _add_rows(
    drawn: DocxTable,
    rows: Sequence[Sequence[str]],
    aligned: Sequence[bool],
    widths: Sequence[Length],
    *,
    bold: bool,
    keep: bool,
) -> None:
    """One is shaped and the others are copies of it: shaping each cell took most of a report's time."""
    if not rows:
        return
    pattern = drawn.add_row()  # type: ignore[no-untyped-call]
    _shaped(pattern, aligned, widths, bold=bold, keep=keep)
    drawn._tbl.remove(pattern._tr)
    for texts in rows:
        row = deepcopy(pattern._tr)
        drawn._tbl.append(row)
        for cell, text in zip(row.tc_lst, texts, strict=True):
            _write(Paragraph(cell.p_lst[0], drawn), text)


def _upright(table: Table, words: Words) -> tuple[list[str], list[list[str]]]:
    headers = [words(f"year.row.{table.id}"), *(_header(table, words))]
    rows = [[words.label(row.label), *(words.cell(cell) for cell in row.cells)] for row in table.all_rows]
    return headers, rows


def _sideways(table: Table, words: Words) -> tuple[list[str], list[list[str]]]:
    headers = [words(f"year.row.{table.id}"), *(words.label(row.label) for row in table.all_rows)]
    rows = [
        [header, *(words.cell(row.cells[place]) for row in table.all_rows)]
        for place, header in enumerate(_header(table, words))
    ]
    return headers, rows


def _header(table: Table, words: Words) -> list[str]:
    pairs = (words.header(table, column) for column in table.columns)
    return [f"{name}\n{unit}" if unit else name for name, unit in pairs]


def _aligned(table: Table) -> list[bool]:
    """Which columns are numbers, set to the right."""
    if table.sideways:
        return [False, *(True for _ in table.all_rows)]
    return [False, *(bool(column.unit) for column in table.columns)]


def _shaped(
    row: _Row, aligned: Sequence[bool], widths: Sequence[Length], *, bold: bool, keep: bool
) -> Sequence[_Cell]:
    """The row's cells, each with an empty run for its text."""
    cells = row.cells
    for cell, to_the_right, width in zip(cells, aligned, widths, strict=True):
        paragraph = cell.paragraphs[0]
        put_style(paragraph, SMALL_TEXT if len(cells) > _MANY else TABLE_TEXT)
        paragraph.add_run().bold = bold
        if to_the_right:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if keep:
            paragraph.paragraph_format.keep_with_next = True
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        cell.width = width
    return cells


def _write(paragraph: Paragraph, text: str) -> None:
    first, _, unit = text.partition("\n")
    paragraph.runs[0].text = first
    if unit:
        paragraph.add_run().add_break()
        paragraph.add_run(unit)


def _widths(texts: Sequence[Sequence[str]], whole: Length) -> list[Length]:
    """Each column has room for its longest word, but for a checksum; the rest goes to those with the longest texts."""
    columns = list(zip(*texts, strict=True))
    needed = [_LEAST + min(_MOST, _longest(column, _words)) for column in columns]
    wanted = [_LEAST + min(_MOST, _longest(column, _lines)) for column in columns]
    more = [max(0.0, want - need) for want, need in zip(wanted, needed, strict=True)]
    room = max(0.0, _LETTERS * max(1, whole / WIDTH) - sum(needed))
    shares = [need + room * extra / (sum(more) or 1) for need, extra in zip(needed, more, strict=True)]
    return [Emu(int(whole * share / sum(shares))) for share in shares]


def set_widths(drawn: DocxTable, widths: Sequence[Length]) -> None:
    """At each cell and at each column, since word processors heed one or the other."""
    for row in drawn.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width
    _set_columns(drawn, widths)


def _set_columns(drawn: DocxTable, widths: Sequence[Length]) -> None:
    for column, width in zip(drawn.columns, widths, strict=True):
        column.width = width


def _longest(column: Sequence[str], parts: Callable[[str], list[str]]) -> float:
    """In letters; the header, which comes first, is bold."""
    header, *rest = (max(map(len, parts(text))) for text in column)
    return max([_BOLD * header, *rest])


def _lines(text: str) -> list[str]:
    return text.split("\n")


def _words(text: str) -> list[str]:
    """What is not broken over two lines; a no-break blank holds a share together."""
    return text.replace("\n", " ").split(" ")
