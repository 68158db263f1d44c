"""The page for kommunstyrelsen: the private providers, how they are controlled, the result."""

from dataclasses import replace

from documents.report.blocks import Block, Facts, Grid, Heading, Paragraph
from documents.report.material import Material
from followup.calendar import municipal_day
from followup.law import paragraph

ON_A_PAGE = 20


def annex(material: Material) -> list[Block]:
    words, period = material.words, material.facts.period
    cited = paragraph("control_of_private_providers", municipal_day(material.facts.made_at))
    return [
        Heading(1, words("year.annex.title", year=period.year)),
        Paragraph(words("year.annex.intro", first=period.starts, last=period.until, paragraph=cited or "")),
        Facts(
            [
                (words(f"year.annex.{name}"), _answer(material, name))
                for name in ("who", "how", "result", "do")
            ]
        ),
        *_providers(material),
    ]


def _answer(material: Material, name: str) -> str:
    table, words = material.tables["private_providers"], material.words
    if table.is_empty:
        return words("year.annex.none")
    figures = {
        column.id: words.cell(cell)
        for column, cell in zip(table.columns, table.total.cells if table.total else (), strict=True)
    }
    providers = words.number(len(table.rows))
    return words(f"year.annex.{name}.said", providers=providers, **figures)


def _providers(material: Material) -> list[Block]:
    """As many as a page holds; the workbooks have all."""
    grid = material.grid("private_providers")
    table = material.tables["private_providers"]
    if len(table.rows) <= ON_A_PAGE:
        return grid
    rest = material.words("year.annex.rest", n=len(table.rows) - ON_A_PAGE)
    shown = replace(table, rows=table.rows[:ON_A_PAGE])
    return [
        replace(one, table=shown, notes=[rest, *one.notes]) if isinstance(one, Grid) else one for one in grid
    ]
