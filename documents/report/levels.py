"""The units' bands over the year and the alerts."""

from documents.report.blocks import Block, Heading, Paragraph
from documents.report.material import Material
from documents.report.plots import bands, drawn


def levels(material: Material) -> list[Block]:
    words = material.words
    return [
        Heading(1, words("year.levels")),
        Paragraph(words("year.levels.intro")),
        *drawn(material.tables["bands"], lambda table: bands(table, words)),
        *material.grid("bands"),
        Heading(2, words("year.levels.alerts")),
        *material.grid("alerts"),
    ]
