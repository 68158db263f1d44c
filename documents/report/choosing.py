"""The year's selection: both tracks, every reason, the coverage, who entered and left, and how to repeat the draw."""

from documents.report.blocks import Block, Heading, Paragraph
from documents.report.material import Material
from documents.report.plots import coverage
from followup.figures import choosing as tables
from followup.figures.figure import ALL, Figure


def choosing(material: Material) -> list[Block]:
    words = material.words
    return [
        Heading(1, words("year.selection")),
        Paragraph(words("year.selection.intro")),
        *_coverage(material),
        *material.grid("selection"),
        *material.grid("selected"),
        Heading(2, words("year.selection.changes")),
        *_changes(material),
        *_proof(material),
    ]


def _coverage(material: Material) -> list[Block]:
    table, words = material.tables["selection"], material.words
    covered = None if table.is_empty else table.cell(ALL, "covered")
    if not isinstance(covered, Figure):
        return []
    enough = 2 * int(covered.value) > (covered.of or 0)
    said = "year.selection.enough" if enough else "year.selection.not_enough"
    return [coverage(covered, words), Paragraph(words(said, share=words.figure(covered)))]


def _changes(material: Material) -> list[Block]:
    found = tables.yearly(material.facts)
    if found is None or found.changes is None:
        return [Paragraph(material.words("year.selection.no_before"))]
    return material.grid("selection_changes")


def _proof(material: Material) -> list[Block]:
    """The draw can be repeated by anybody from the published frame and value."""
    found = tables.yearly(material.facts)
    if found is None or found.public_value is None:
        return []
    values = {"hash": found.frame_hash, "value": found.public_value}
    return [
        Heading(2, material.words("year.selection.proof")),
        Paragraph(material.words("year.selection.proof.how", **values)),
    ]
