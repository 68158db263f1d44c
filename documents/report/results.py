"""The results of the follow-up under the seven headings of the board's decision (R94)."""

from documents.report.blocks import Block, Heading, Paragraph
from documents.report.material import Material
from documents.report.plots import drawn, signals


def results(material: Material) -> list[Block]:
    words = material.words
    return [
        Heading(1, words("year.results")),
        Paragraph(words("year.results.intro")),
        Heading(2, words("year.area.values")),
        Heading(2, words("year.area.outcomes")),
        *material.grid("goal_progress"),
        Heading(2, words("year.area.requirements")),
        *material.grid("papers"),
        *material.grid("contracts_ending"),
        Heading(2, words("year.area.indicators")),
        *material.grid("provider_report"),
        Heading(2, words("year.area.deviations")),
        *drawn(material.tables["signals"], lambda table: signals(table, words)),
        *material.grid("signals"),
        *material.grid("signal_parts"),
        *material.grid("signals_by_unit"),
        Heading(2, words("year.area.inspectorate")),
        Heading(2, words("year.area.improvement")),
    ]
