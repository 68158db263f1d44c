"""The figures that somebody asked for in chat as XLSX: a row for each, with its days and what it stands beside."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO

from openpyxl import Workbook

from documents.report.packing import repacked
from documents.report.workbooks import Value, fill
from followup.figures.asked import Count, ToldRow
from services.views.figures import Few, FigureView
from texts.catalogue import Texts

_HEADS = (
    "figure",
    "row",
    "first",
    "last",
    "number",
    "whole",
    "first_then",
    "last_then",
    "number_then",
    "whole_then",
)


def asked_workbook(figures: Sequence[FigureView], made_at: datetime, say: Texts) -> bytes:
    """What is said of each beside it stands on a sheet of its own."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = say("figure.file.sheet")
    heads = [say(f"figure.file.{name}") for name in _HEADS]
    fill(sheet, heads, [row for one in figures for row in _rows(one, say)])
    told = {one.wanted.what: _about(one, say) for one in figures}
    rows = [[say(f"figure.of.{what}"), about] for what, about in told.items()]
    fill(
        book.create_sheet(say("figure.file.about")),
        [say("figure.file.figure"), say("figure.file.about")],
        rows,
    )
    book.properties.creator = "Uppföljaren"
    book.properties.title = say("figure.title")
    written = BytesIO()
    book.save(written)
    return repacked(written.getvalue(), made_at)


def _about(one: FigureView, say: Texts) -> str:
    said = [say(f"figure.about.{one.wanted.what}")]
    if one.own:
        said.append(say("figure.about.own"))
    if one.begins:
        said.append(say("figure.begins", month=one.begins))
    if not one.apart:
        said.append(say("figure.not_apart"))
    return " ".join(said)


def _rows(one: FigureView, say: Texts) -> Iterator[list[Value]]:
    name = one.wanted.home or say("figure.file.sum")
    yield _row(one, name, one.total, one.beside, say)
    rest = [ToldRow(say("figure.rest"), one.rest.count, one.rest.beside)] if one.rest else []
    for row in (*one.rows, *rest):
        yield _row(one, row.name, row.count, row.beside, say)


def _row(one: FigureView, name: str, count: Count | Few, then: Count | Few, say: Texts) -> list[Value]:
    wanted = one.wanted
    days = (wanted.days.first, wanted.days.last, *_values(count, say))
    return [
        say(f"figure.of.{wanted.what}"),
        name,
        *days,
        wanted.beside.first,
        wanted.beside.last,
        *_values(then, say),
    ]


def _values(count: Count | Few, say: Texts) -> tuple[Value, Value]:
    """A part and its whole, or a number alone."""
    if count == "few":
        return say("figure.file.few"), None
    return count if isinstance(count, tuple) else (count, None)
