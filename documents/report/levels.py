"""The units' bands over the year, the alerts, and whether bands and selection find anything."""

from documents.report.blocks import Block, Heading, Paragraph
from documents.report.material import Internal, Material
from documents.report.plots import bands, drawn
from followup.figures.backtest import FEWEST_TO_CONCLUDE, can_conclude, without_band


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
        *_tested(material),
    ]


def _tested(material: Internal) -> list[Block]:
    """Over all years, since one year's follow-ups are too few to say anything."""
    words, history = material.words, material.facts.history
    too_few = [] if can_conclude(history) else [words("year.tested.too_few", n=FEWEST_TO_CONCLUDE)]
    without = without_band(history)
    beside = [words("year.tested.without_band", n=without)] if without else []
    said = [words("year.tested.intro"), *too_few, *beside]
    return [
        Heading(2, words("year.tested")),
        *(Paragraph(one) for one in said),
        *material.grid("tested_bands"),
        *material.grid("tested_agreement"),
        *material.grid("tested_tracks"),
        *material.grid("alerts_by_year"),
    ]
