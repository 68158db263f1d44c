"""The page for kommunstyrelsen: the private providers, how they are controlled, the result."""

from dataclasses import replace

from documents.report.blocks import Block, FigureTable, Heading, NamedValues, Paragraph
from documents.report.material import Public
from documents.report.october import front
from followup.figures.figure import ALL
from followup.times.calendar import municipal_day
from followup.wording.law import paragraph

ON_A_PAGE = 20
TOLD = {
    "who": ("units", "size"),
    "how": ("response", "followed_up"),
    "result": ("with_faults",),
    "do": ("actions",),
}
BEGIN = ("how", "do")


def annex(material: Public) -> list[Block]:
    words, period = material.words, material.period
    cited = paragraph("control_of_private_providers", municipal_day(material.made_at))
    return [
        Heading(1, words("year.annex.title", year=period.year)),
        *(Paragraph(said, note=True) for said in front(material)[2:-1]),
        Paragraph(words("year.annex.intro", first=period.starts, last=period.until, paragraph=cited or "")),
        NamedValues(
            [
                (words(f"year.annex.{name}"), _answer(material, name))
                for name in ("who", "how", "result", "do")
            ]
        ),
        *_providers(material),
    ]


def _answer(material: Public, name: str) -> str:
    """A sentence for each figure that may be told."""
    words, rows = material.words, material.rows("private_providers")
    if not rows:
        return words("year.annex.none" if material.year.counts else "year.withheld", few=material.year.few)
    told = {column: material.figure("private_providers", ALL, column) for column in TOLD[name]}
    figures = {column: words.figure(one) for column, one in told.items() if one is not None}
    if name == "who":
        figures = {"providers": words.number(len(rows)), **figures}
    begin = [words(f"year.annex.{name}.said")] if name in BEGIN else []
    return " ".join([*begin, *(words(f"year.annex.{one}", figure=said) for one, said in figures.items())])


def _providers(material: Public) -> list[Block]:
    """As many as a page holds; the workbooks have all."""
    grid = material.grid("private_providers")
    table = material.tables["private_providers"]
    if len(table.rows) <= ON_A_PAGE:
        return grid
    rest = material.words("year.annex.rest", n=len(table.rows) - ON_A_PAGE)
    shown = replace(table, rows=table.rows[:ON_A_PAGE])
    return [
        replace(one, table=shown, notes=[rest, *one.notes]) if isinstance(one, FigureTable) else one
        for one in grid
    ]
