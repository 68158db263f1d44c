"""The October report as a Word document, for the board or for the public."""

from collections.abc import Callable, Sequence

from documents.report.actions import actions
from documents.report.answers import answers
from documents.report.blocks import Block, Heading, Paragraph
from documents.report.care import care
from documents.report.docx_drawing import Drawing, add_contents
from documents.report.docx_styles import new_document
from documents.report.for_children import for_children
from documents.report.levels import levels
from documents.report.material import Material, Public
from documents.report.method import method
from documents.report.packing import saved
from documents.report.results import results
from documents.report.selection import selection
from documents.report.sources import sources
from documents.report.summary import summary
from followup.times.calendar import municipal_day

Section = Callable[[Material], Sequence[Block]]
SECTIONS: tuple[Section, ...] = (
    summary,
    method,
    care,
    selection,
    answers,
    results,
    for_children,
    levels,
    actions,
    sources,
)


def october_report(material: Material) -> bytes:
    """A DOCX with a front page, a table of contents and every section."""
    words, year = material.words, material.period.year
    title, kind = words("year.title"), kind_of(material)
    footer = words("year.footer", municipality=material.municipality, year=year, kind=kind)
    blocks = blocks_of(material)
    document = new_document(title, words("year.language"), footer, material.made_at)
    document.add_paragraph(title, "Title")
    document.add_paragraph(words("year.subtitle", municipality=material.municipality, year=year), "Subtitle")
    for said in [kind, *front(material)]:
        document.add_paragraph(said)
    document.add_page_break()  # type: ignore[no-untyped-call]
    add_contents(document, words("year.contents"), blocks)
    document.add_page_break()  # type: ignore[no-untyped-call]
    Drawing(document, words).add(blocks)
    return saved(document, material.made_at)


def blocks_of(material: Material) -> list[Block]:
    """Every section, without headings that nothing stands under and without saying the same twice in a row."""
    blocks: list[Block] = []
    for block in (block for section in SECTIONS for block in section(material)):
        while isinstance(block, Heading) and blocks and _is_deeper(blocks[-1], block):
            blocks.pop()
        if not (isinstance(block, Paragraph) and blocks and blocks[-1] == block):
            blocks.append(block)
    return blocks


def _is_deeper(last: Block, heading: Heading) -> bool:
    """An empty section under another, that this heading ends."""
    return isinstance(last, Heading) and last.level >= heading.level


def kind_of(material: Material) -> str:
    if not isinstance(material, Public):
        return material.words("year.kind.internal")
    if material.edition is None:
        return material.words("year.kind.draft")
    return material.words("year.kind.edition", number=material.edition.number)


def front(material: Material) -> list[str]:
    """What it is about, when it was made, and who has reviewed what it tells."""
    words, period = material.words, material.period
    told = [
        words("year.front.period", first=period.starts, last=period.until),
        words("year.front.made", day=municipal_day(material.made_at)),
    ]
    if not isinstance(material, Public):
        return [*told, words("year.front.internal")]
    edition = material.edition
    reviewed = (
        words("year.front.reviewed", who=edition.reviewed_by, day=edition.reviewed_on)
        if edition
        else words("year.front.not_reviewed")
    )
    replaces = [words("year.front.corrected")] if edition and edition.number > 1 else []
    return [*told, reviewed, *replaces, words("year.front.public", few=material.year.few)]
