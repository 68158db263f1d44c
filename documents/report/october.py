"""The October report as a Word document, for the board or for the public."""

from collections.abc import Callable, Sequence

from documents.report.answers import answers
from documents.report.blocks import Block
from documents.report.care import care
from documents.report.choosing import choosing
from documents.report.docx_drawing import Drawing, add_contents
from documents.report.docx_styles import new_document
from documents.report.doing import doing
from documents.report.for_children import for_children
from documents.report.levels import levels
from documents.report.material import Material
from documents.report.method import method
from documents.report.packing import saved
from documents.report.results import results
from documents.report.sources import sources
from documents.report.summary import summary
from followup.calendar import municipal_day

Section = Callable[[Material], Sequence[Block]]
SECTIONS: tuple[Section, ...] = (
    summary,
    method,
    care,
    choosing,
    answers,
    results,
    for_children,
    levels,
    doing,
    sources,
)


def october_report(material: Material) -> bytes:
    """A DOCX with a front page, a table of contents and every section."""
    words, facts = material.words, material.facts
    title = words("year.title")
    kind = words("year.kind.public" if material.is_public else "year.kind.draft")
    footer = words("year.footer", municipality=material.municipality, year=facts.period.year, kind=kind)
    blocks = [block for section in SECTIONS for block in section(material)]
    document = new_document(title, words("year.language"), footer, facts.made_at)
    document.add_paragraph(title, "Title")
    document.add_paragraph(
        words("year.subtitle", municipality=material.municipality, year=facts.period.year), "Subtitle"
    )
    for said in _front(material, kind):
        document.add_paragraph(said)
    document.add_page_break()  # type: ignore[no-untyped-call]
    add_contents(document, words("year.contents"), blocks)
    document.add_page_break()  # type: ignore[no-untyped-call]
    Drawing(document, words).add(blocks)
    return saved(document, facts.made_at)


def _front(material: Material, kind: str) -> list[str]:
    words, facts = material.words, material.facts
    told = [
        kind,
        words("year.front.period", first=facts.period.starts, last=facts.period.until),
        words("year.front.made", day=municipal_day(facts.made_at)),
    ]
    return [*told, words("year.front.public" if material.is_public else "year.front.internal")]
