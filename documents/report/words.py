"""How figures, labels and headers are written: Swedish numbers, whole percent, and a unit at every figure."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from documents.imports.reading import Say
from followup.figures.figure import Cell, Column, Figure, Label, Table
from followup.wording.form import clean_text
from followup.wording.wording import Wording


class Words:
    """Writes in the language of `say`, without the signs that older texts were stored with and no document can hold.

    Where a text speaks of the board it is called by its name, if that is known.
    """

    def __init__(self, say: Say, board: str = "") -> None:
        self._say = say
        self.board = board or say(Wording("year.board.unnamed"))

    def of_board(self, board: str) -> "Words":
        return Words(self._say, board)

    def say(self, wording: Wording) -> str:
        return clean_text(self._say(Wording(wording.id, {"board": self.board, **wording.values})))

    def __call__(self, id: str, **values: object) -> str:  # noqa: A002 - the catalogue's own word for it.
        return self.say(Wording(id, values))

    def number(self, value: int | Decimal) -> str:
        """With the language's own signs for decimals and thousands."""
        return self("year.number", number=Decimal(value))

    def label(self, label: Label) -> str:
        return clean_text(label) if isinstance(label, str) else self.say(label)

    def cell(self, cell: Cell) -> str:
        if isinstance(cell, Figure):
            return self.figure(cell)
        if isinstance(cell, date):
            return self("year.day", day=cell)
        if isinstance(cell, tuple):
            return ", ".join(self.label(one) for one in cell)
        return "" if cell is None else self.label(cell)

    def figure(self, figure: Figure) -> str:
        """A share with what it is a share of: 43 % (41 av 96)."""
        if figure.in_percent:
            return self("year.percent", percent=figure.percent)
        if figure.of is None:
            return self.number(figure.value)
        if not figure.of:
            return self("year.nothing_to_count")
        part, whole = self.number(figure.value), self.number(figure.of)
        return self("year.share", percent=figure.percent, part=part, whole=whole)

    def with_unit(self, figure: Figure) -> str:
        """A count as it stands in a sentence: 60 barn och unga."""
        return self(f"year.noun.{figure.unit}", n=int(figure.value), figure=self.figure(figure))

    def header(self, table: Table, column: Column) -> tuple[str, str]:
        """The column's name, and the unit of its figures; empty where it has none."""
        name = self(f"year.column.{column.id}")
        return name, self.unit(table, column)

    def unit(self, table: Table, column: Column) -> str:
        if not column.unit:
            return ""
        of = is_share(table, column)
        return self(f"year.share_of.{column.unit}") if of else self(f"year.unit.{column.unit}")


def is_share(table: Table, column: Column) -> bool:
    place = table.columns.index(column)
    cells = [row.cells[place] for row in table.all_rows]
    return any(isinstance(cell, Figure) and cell.is_share for cell in cells)


def sources_of(tables: Mapping[str, Table]) -> list[str]:
    """The sources that the tables name, each once."""
    named = (column.source for one in tables.values() for column in one.columns if column.source)
    return list(dict.fromkeys(named))
