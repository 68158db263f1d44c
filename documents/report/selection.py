"""The year's selection: both tracks, every reason, the coverage, who entered and left, and how to repeat the draw."""

from documents.report.blocks import Block, Heading, Paragraph
from documents.report.material import Internal, Material
from documents.report.plots import coverage
from followup.figures.figure import ALL
from followup.figures.year_selections import yearly
from followup.selection.cycle import NAMES, period_name
from followup.wording.wording import Wording


def selection(material: Material) -> list[Block]:
    words = material.words
    return [
        Heading(1, words("year.selection")),
        Paragraph(words("year.selection.intro")),
        *_which(material),
        *_coverage(material),
        *material.grid("selection"),
        *material.grid("tracks"),
        *material.grid("selected"),
        *_changes(material),
        *_proof(material),
    ]


def _which(material: Material) -> list[Block]:
    """Of a half-year's selection: which one the figures are of, and whether there is another."""
    found = material.of_half
    if found is None:
        return []
    both = "both" if found.both else "alone"
    halves = {"half": _half(material, found.half), "other": _half(material, 3 - found.half)}
    return [Paragraph(material.words(f"year.selection.which.{both}", **halves))]


def _half(material: Material, half: int) -> Wording | int:
    return period_name(material.period.year, NAMES[half])


def _coverage(material: Material) -> list[Block]:
    words = material.words
    covered = material.figure("selection", ALL, "covered") or material.figure("tracks", ALL, "covered")
    if covered is None:
        return []
    enough = 2 * int(covered.value) > (100 if covered.in_percent else covered.of or 0)
    said = "year.selection.enough" if enough else "year.selection.not_enough"
    return [coverage(covered, words), Paragraph(words(said, share=words.figure(covered)))]


def _changes(material: Material) -> list[Block]:
    """Internal: who left may have lost its last child. Nothing is looked for before this year's is drawn."""
    if not isinstance(material, Internal):
        return []
    found = yearly(material.facts)
    if found is None:
        return []
    heading = Heading(2, material.words("year.selection.changes"))
    if found.changes is None:
        return [heading, Paragraph(material.words.say(found.not_compared))] if found.not_compared else []
    compared = material.words("year.selection.compared", before=found.before)
    return [heading, Paragraph(compared), *material.grid("selection_changes")]


def _proof(material: Material) -> list[Block]:
    """The draw can be repeated by anybody from the published frame and value."""
    found = material.proof
    if found is None:
        return []
    values = {"hash": found.frame_hash, "value": found.public_value}
    return [
        Heading(2, material.words("year.selection.proof")),
        Paragraph(material.words("year.selection.proof.how", **values)),
    ]
