"""What the sections are written from: the year's tables, the words, and for whom it is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from documents.report.blocks import Block, FigureTable, Paragraph
from documents.report.words import Words
from followup.access.targets import Measure, Targets
from followup.figures.figure import ALL, Figure, Row, Table
from followup.figures.period import Period
from followup.figures.published import Edition, OfHalf, Proof, PublicYear
from followup.figures.year import year_tables
from followup.figures.year_facts import YearFacts
from followup.figures.year_selections import half_of, proof_of

_TARGETED: Mapping[str, Measure] = {
    "response_months": "in_time",
    "response_teams": "in_time",
    "papers": "plans",
    "clocks": "clocks",
}


@dataclass(frozen=True)
class Material:
    """What a section may be written from, whoever reads it; on the default template where there is no other."""

    municipality: str
    words: Words
    period: Period
    made_at: datetime
    tables: Mapping[str, Table]
    proof: Proof | None
    of_half: OfHalf | None
    board: str = field(default="", kw_only=True)
    template: bytes | None = field(default=None, kw_only=True)
    targets: Targets = field(default_factory=Targets, kw_only=True)
    own_names: Mapping[str, str] = field(default_factory=dict, kw_only=True)

    def figure(self, table_id: str, row: str, column: str) -> Figure | None:
        """None where it is not there, or is not told."""
        table = self.tables.get(table_id)
        found = table and next((one for one in table.all_rows if one.key == row), None)
        if table is None or not found or column not in [one.id for one in table.columns]:
            return None
        cell = table.cell(row, column)
        return cell if isinstance(cell, Figure) else None

    def rows(self, table_id: str) -> Sequence[Row]:
        table = self.tables.get(table_id)
        return table.rows if table else ()

    @property
    def response(self) -> Figure | None:
        """Of all reports in the period, which stands beside every table."""
        return self.figure("response_months", ALL, "response") if self.rows("response_months") else None

    def grid(self, table_id: str, *notes: str) -> list[Block]:
        """The table with its notes, or the sentence that says why there is none; nothing of what is internal."""
        table = self.tables.get(table_id)
        if table is None:
            return []
        if table.is_empty:
            return [Paragraph(self.words(f"year.nothing.{table_id}"))]
        caption = self.words(f"year.caption_of.{table_id}")
        return [FigureTable(table, caption, [*self._target(table_id), *notes, *self._notes(table)])]

    def _target(self, table_id: str) -> list[str]:
        """Beside the figures that the municipality has set a target for."""
        measure = _TARGETED.get(table_id)
        target = self.targets.of(measure) if measure else 0
        return [self.words(f"year.target.{measure}", target=target)] if target else []

    def _notes(self, table: Table) -> list[str]:
        """Where its figures come from, and the response rate unless it stands in the table."""
        names = _sources(table)
        if not names:
            return []
        said = [self.words("year.in_several_rows")] if _holds_children_twice(table) else []
        said.append(self.words("year.source_note", sources=self._source_names(names)))
        if not any(column.id in ("response", "reports") for column in table.columns):
            said += self.response_note()
        return said

    def response_note(self) -> list[str]:
        figure = self.response
        return [] if figure is None else [self.words("year.response_note", share=self.words.figure(figure))]

    def _source_names(self, names: Sequence[str]) -> str:
        return "; ".join(self.words(f"year.source_name.{name}") for name in names)


@dataclass(frozen=True)
class Public(Material):
    """Drawn from a public year alone; a draft as long as it is no edition."""

    year: PublicYear
    edition: Edition | None = None

    def grid(self, table_id: str, *notes: str) -> list[Block]:
        """One sentence in place of a table about too few; a note under one that stands as in the edition before."""
        if table_id in self.year.withheld:
            return [Paragraph(self.words("year.withheld", few=self.year.few))]
        later = [self.words("year.kept")] if table_id in self.year.kept else []
        return super().grid(table_id, *notes, *later)


@dataclass(frozen=True)
class Internal(Material):
    """With all that is known; `whole` also has what does not exist outside the quality team.

    `division` is the part of the municipality whose units alone it is of, empty where it is of all.
    """

    facts: YearFacts
    whole: YearFacts
    public: Public
    division: str = field(default="", kw_only=True)


def public_material(
    year: PublicYear,
    municipality: str,
    words: Words,
    edition: Edition | None = None,
    *,
    board: str = "",
    template: bytes | None = None,
    targets: Targets | None = None,
) -> Public:
    year = year.without_children()
    told = (year.tables, year.proof, year.of_half)
    return Public(
        municipality,
        words.of_board(board),
        year.period,
        year.made_at,
        *told,
        year,
        edition,
        board=board,
        template=template,
        targets=targets or Targets(),
    )


def material_of(whole: YearFacts, public: Public, own_names: Mapping[str, str] | None = None) -> Internal:
    """`own_names` are what the municipality calls the figures in another system, by their ids."""
    facts = whole.outside_the_team()
    return Internal(
        municipality=public.municipality,
        words=public.words,
        period=facts.period,
        made_at=facts.made_at,
        tables=year_tables(facts),
        proof=proof_of(facts),
        of_half=half_of(facts),
        facts=facts,
        whole=whole,
        public=public,
        board=public.board,
        template=public.template,
        targets=public.targets,
        own_names=own_names or {},
    )


def _sources(table: Table) -> list[str]:
    return list(dict.fromkeys(column.source for column in table.columns if column.source))


def _holds_children_twice(table: Table) -> bool:
    """Children who have lived at more than one place stand in more than one row, and once in the sum."""
    if not any(row.key == ALL for row in table.all_rows):
        return False
    for column in table.columns:
        cells = [table.cell(row.key, column.id) for row in table.rows]
        counts = [
            one for one in cells if isinstance(one, Figure) and one.unit == "children" and one.of is None
        ]
        whole = table.cell(ALL, column.id)
        if counts and isinstance(whole, Figure) and sum(int(one.value) for one in counts) > whole.value:
            return True
    return False
