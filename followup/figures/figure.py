"""A figure, and tables of figures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from followup.wording.share import percent
from followup.wording.wording import Wording, wording

ALL = "all"
TOTAL = wording("year.total")


@dataclass(frozen=True)
class Figure:
    """One number; `of` is the whole it is a share of, `source` names the text that says where it comes from.

    `children` is how many there are behind it, counted where it decides what may be published. A figure `in_percent`
    is a share of which only the whole percent is known.
    """

    name: str
    value: int | Decimal
    unit: str
    source: str
    of: int | None = None
    children: int = 0
    in_percent: bool = False

    @property
    def percent(self) -> int | None:
        if self.in_percent:
            return int(self.value)
        return None if self.of is None else percent(int(self.value), self.of)

    @property
    def is_share(self) -> bool:
        return self.in_percent or self.of is not None


Label = str | Wording
# Several wordings are said one after the other.
Cell = Figure | Wording | tuple[Wording, ...] | str | date | None


@dataclass(frozen=True)
class Column:
    """A column of figures has a unit and a source; one without is of words or dates."""

    id: str
    unit: str = ""
    source: str = ""


@dataclass(frozen=True)
class Row:
    key: str
    label: Label
    cells: tuple[Cell, ...]

    @property
    def figures(self) -> Iterator[Figure]:
        return (cell for cell in self.cells if isinstance(cell, Figure))


@dataclass(frozen=True)
class Table:
    """Rows of figures; `total` is the sum of the rows, `sideways` is drawn with its rows beside each other.

    `step` is how coarse a public table is (followup/figures/ladder.py).
    """

    id: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row | None = None
    sideways: bool = False
    step: int = 0

    @property
    def all_rows(self) -> tuple[Row, ...]:
        return self.rows if self.total is None else (*self.rows, self.total)

    @property
    def figures(self) -> Iterator[Figure]:
        return (figure for row in self.all_rows for figure in row.figures)

    @property
    def is_empty(self) -> bool:
        """Without rows; a public table may have its sum alone, which has then been asked for by `step`."""
        return not self.rows and not self.step

    def cell(self, row: str, column: str) -> Cell:
        """Raises KeyError when there is no such row."""
        found = {one.key: one for one in self.all_rows}[row]
        return found.cells[[one.id for one in self.columns].index(column)]

    def figure(self, row: str, column: str) -> Figure:
        cell = self.cell(row, column)
        assert isinstance(cell, Figure), (self.id, row, column)
        return cell


# What a counter gives for a cell: a count, a part of a whole, a figure but for its name, words, a day, or nothing.
Counted = int | Decimal | tuple[int, int] | Figure | tuple[Wording, ...] | Wording | str | date | None
Line = tuple[str, Label, Sequence[Counted]]


def table(
    id: str,  # noqa: A002 - a table's own name.
    columns: Sequence[Column],
    lines: Sequence[Line],
    *,
    total: Sequence[Counted] | None = None,
    total_label: Label = TOTAL,
    sideways: bool = False,
    step: int = 0,
) -> Table:
    """Makes figures of what was counted."""
    rows = tuple(_row(id, columns, line) for line in lines)
    sum_row = None if total is None else _row(id, columns, (ALL, total_label, total))
    return Table(id, tuple(columns), rows, sum_row, sideways, step)


def _row(table_id: str, columns: Sequence[Column], line: Line) -> Row:
    key, label, values = line
    cells = tuple(
        _cell(f"{table_id}.{key}.{column.id}", column, value)
        for column, value in zip(columns, values, strict=True)
    )
    return Row(key, label, cells)


def _cell(name: str, column: Column, value: Counted) -> Cell:
    match value:
        case Figure():
            return replace(value, name=name, unit=column.unit, source=column.source)
        case (int() as part, int() as whole):
            return Figure(name, part, column.unit, column.source, whole)
        case int() | Decimal():
            return Figure(name, value, column.unit, column.source)
        case _:
            return value
