"""What the sections are written from: the year's tables, the words, and for whom it is written."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from documents.report.blocks import Block, Grid, Paragraph
from documents.report.words import Words
from followup.figures.facts import Facts
from followup.figures.figure import Figure, Table
from followup.figures.small_numbers import public
from followup.figures.year import year_tables


@dataclass(frozen=True)
class Material:
    """`is_public` leaves out what is internal, and free text."""

    municipality: str
    facts: Facts
    words: Words
    tables: dict[str, Table] = field(default_factory=dict)
    is_public: bool = False

    def for_the_public(self) -> "Material":
        return replace(self, tables=public(self.tables), is_public=True)

    @property
    def response(self) -> Figure | None:
        """Of all reports in the period, which stands beside every table."""
        table = self.tables["response_months"]
        return None if table.is_empty else table.figure("all", "response")

    def grid(self, table_id: str, *notes: str) -> list[Block]:
        """The table with its notes, or the sentence that says why there is none; nothing of what is internal."""
        table = self.tables.get(table_id)
        if table is None:
            return []
        if table.is_empty:
            return [Paragraph(self.words(f"year.nothing.{table_id}"))]
        caption = self.words(f"year.caption_of.{table_id}")
        return [Grid(table, caption, [*notes, *self._notes(table)])]

    def _notes(self, table: Table) -> list[str]:
        """Where its figures come from, and the response rate unless it stands in the table."""
        names = _sources(table)
        if not names:
            return []
        said = [self.words("year.source_note", sources=self._source_names(names))]
        if not any(column.id in ("response", "reports") for column in table.columns):
            said += self.response_note()
        if any(figure.suppressed for figure in table.figures):
            said.append(self.words("year.few_note"))
        return said

    def response_note(self) -> list[str]:
        figure = self.response
        return [] if figure is None else [self.words("year.response_note", share=self.words.figure(figure))]

    def _source_names(self, names: Sequence[str]) -> str:
        return "; ".join(self.words(f"year.source_name.{name}") for name in names)


def material_of(facts: Facts, municipality: str, words: Words) -> Material:
    return Material(municipality, facts, words, year_tables(facts))


def _sources(table: Table) -> list[str]:
    return list(dict.fromkeys(column.source for column in table.columns if column.source))
