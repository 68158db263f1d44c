"""The units' bands over the year, the alerts, and whether bands and selection find anything."""

from documents.report.blocks import Block, Heading, Paragraph
from documents.report.material import Internal, Material
from documents.report.plots import bands, drawn


def levels(material: Material) -> list[Block]:
    words = material.words
    return [
        Heading(1, words("year.levels")),
        Paragraph(words("year.levels.intro")),
        *drawn(material, "bands", lambda table: bands(table, words)),
        *material.grid("bands"),
        Heading(2, words("year.levels.alerts")),
        *material.grid("alerts"),
        *_hits(material),
    ]


def _hits(material: Material) -> list[Block]:
    """Internal: beside the verdicts by name it tells the units' levels."""
    if not isinstance(material, Internal):
        return []
    return [
        Heading(2, material.words("year.levels.hits")),
        Paragraph(material.words("year.levels.hits.intro")),
        *material.grid("hit_share"),
        *material.grid("band_verdicts"),
    ]
