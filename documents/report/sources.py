"""The appendix: where every figure comes from, by table and column."""

from documents.report.blocks import Block, Heading, NamedValues, Paragraph
from documents.report.material import Material
from documents.report.words import sources_of


def sources(material: Material) -> list[Block]:
    words, period = material.words, material.period
    rows = [
        (words(f"year.source_name.{name}"), words(f"year.source.{name}"))
        for name in sources_of(material.tables)
    ]
    return [
        Heading(1, words("year.sources")),
        Paragraph(words("year.sources.intro", first=period.starts, last=period.until)),
        NamedValues(rows),
    ]
