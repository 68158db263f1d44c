"""What the public may read of a year, as a value: no facts, no unit's count, no number that is not published."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from followup.figures.figure import Cell, Figure, Label, Row, Table
from followup.figures.period import Period
from followup.wording.share import percent
from followup.wording.wording import Wording


@dataclass(frozen=True)
class Limits:
    """At least so many children behind each count; `least` is the step that a table begins at, by its id."""

    few: int
    least: Mapping[str, int] = field(default_factory=dict)

    def step(self, table_id: str) -> int:
        return self.least.get(table_id, 0)


@dataclass(frozen=True)
class Proof:
    """With these anybody can repeat the draw."""

    frame_hash: str
    public_value: str


@dataclass(frozen=True)
class OfHalf:
    """Which half-year's selection the figures are of, and whether the other half's is drawn too."""

    half: int
    both: bool


@dataclass(frozen=True)
class PublicYear:
    """`withheld` are the tables that would be about fewer than `few` children; `kept` stand as in the edition before.

    `counts` is false where not even the sums may be told beside the list of units; `of_half` is None where the
    selection is the whole year's.
    """

    period: Period
    made_at: datetime
    few: int
    counts: bool
    tables: Mapping[str, Table]
    withheld: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    proof: Proof | None = None
    of_half: OfHalf | None = None

    def without_children(self) -> "PublicYear":
        """As it is drawn: how many children a figure rests on is known only where corrections are weighed."""
        return replace(self, tables={id_: _forgetting(one) for id_, one in self.tables.items()})

    def printed(self, say: Callable[[Wording], str]) -> "PublicYear":
        """With its words said, as they are kept when it is published."""
        return replace(self, tables={id_: _printed(one, say) for id_, one in self.tables.items()})


@dataclass(frozen=True)
class Edition:
    """A public year as it was published; a correction is the next number and replaces the whole."""

    year: int
    number: int
    published_at: datetime
    reviewed_by: str
    reviewed_on: date
    public: PublicYear


def count(value: int, children: Iterable[str]) -> Figure:
    return Figure("", value, "", "", children=len(set(children)))


def part(value: int, of: int, children: Iterable[str]) -> Figure:
    return Figure("", value, "", "", of, children=len(set(children)))


def whole_percent(value: int, of: int, children: Iterable[str]) -> Figure:
    """Of reports, since their numbers tell the number of placements."""
    share = percent(value, of)
    assert share is not None
    return Figure("", share, "", "", children=len(set(children)), in_percent=True)


def _forgetting(table: Table) -> Table:
    return _changed(
        table, lambda cell: replace(cell, children=0) if isinstance(cell, Figure) else cell, str_or_wording
    )


def _printed(table: Table, say: Callable[[Wording], str]) -> Table:
    def label(one: Label) -> Label:
        return one if isinstance(one, str) else say(one)

    def cell(one: Cell) -> Cell:
        if isinstance(one, tuple):
            return ", ".join(map(say, one))
        return say(one) if isinstance(one, Wording) else one

    return _changed(table, cell, label)


def str_or_wording(label: Label) -> Label:
    return label


def _changed(table: Table, cell: Callable[[Cell], Cell], label: Callable[[Label], Label]) -> Table:
    def row(one: Row) -> Row:
        return Row(one.key, label(one.label), tuple(map(cell, one.cells)))

    total = row(table.total) if table.total else None
    return replace(table, rows=tuple(map(row, table.rows)), total=total)
