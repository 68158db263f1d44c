"""The October report as a Word document, for the board or for the public."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from documents.report.actions import actions
from documents.report.answers import answers
from documents.report.blocks import Block, Heading, Paragraph
from documents.report.care import care
from documents.report.docx_contents import add_contents, kept_for_contents
from documents.report.docx_styles import set_properties
from documents.report.for_children import for_children
from documents.report.levels import levels
from documents.report.material import Internal, Material, Public
from documents.report.method import method
from documents.report.packing import saved
from documents.report.recommendations import recommendations
from documents.report.results import results
from documents.report.selection import selection
from documents.report.sources import sources
from documents.report.summary import summary
from documents.report.template import CONTENTS_PART, FRONT_PART, default_template, filled
from documents.report.template_parts import Blocks
from followup.times.calendar import municipal_day

Section = Callable[[Material], Sequence[Block]]
# By the tag that stands for each in a template, in the order of the default one.
SECTIONS: Mapping[str, Section] = {
    "summary": summary,
    "method": method,
    "care": care,
    "selection": selection,
    "answers": answers,
    "results": results,
    "for_children": for_children,
    "levels": levels,
    "actions": actions,
    "recommendations": recommendations,
    "sources": sources,
}
PARTS = tuple(SECTIONS)
# What a report of a part of the municipality has: the rest is of the whole.
OF_DIVISIONS = ("summary", "care", "answers", "results", "for_children", "actions", "sources")


def october_report(material: Material) -> bytes:
    """A DOCX on the municipality's template, else on the default one: front, contents and the sections it has."""
    words = material.words
    template = material.template or default_template(words("year.language"), PARTS)
    parts: dict[str, Blocks] = {
        name: partial(section_blocks, one, material) if _has(material, name) else list
        for name, one in SECTIONS.items()
    }
    parts[FRONT_PART] = lambda: [Paragraph(said) for said in (kind_of(material), *front(material))]
    parts[CONTENTS_PART] = lambda: kept_for_contents(words("year.contents"))
    document = filled(template, _texts(material), parts, words)
    add_contents(document)
    set_properties(document, title_of(material), material.made_at)
    document.core_properties.language = words("year.language")
    return saved(document, material.made_at)


def _texts(material: Material) -> dict[str, object]:
    """What a template may say anywhere."""
    words, period, kind = material.words, material.period, kind_of(material)
    house = {"municipality": material.municipality, "board": words.board, "year": str(period.year)}
    return {
        **house,
        "title": title_of(material),
        "subtitle": words("year.subtitle", **house),
        "kind": kind,
        "footer": footer_of(material),
        "first": words("year.day", day=period.starts),
        "last": words("year.day", day=period.until),
        "made_on": words("year.day", day=municipal_day(material.made_at)),
        "is_public": isinstance(material, Public),
    }


def _has(material: Material, name: str) -> bool:
    return name in OF_DIVISIONS or not division_of(material)


def division_of(material: Material) -> str:
    """The part of the municipality that it is of, empty where it is of all."""
    return material.division if isinstance(material, Internal) else ""


def title_of(material: Material) -> str:
    if named := division_of(material):
        return material.words("year.title.division", division=named)
    return material.words("year.title.board" if material.board else "year.title")


def footer_of(material: Material) -> str:
    """On each page: whose it is, of what year, and for whom; the board once, where the kind does not name it."""
    id_ = "year.footer.board" if material.board and isinstance(material, Public) else "year.footer"
    named = {"municipality": material.municipality, "year": material.period.year}
    return material.words(id_, **named, kind=kind_of(material))


def section_blocks(section: Section, material: Material) -> list[Block]:
    """Without headings that nothing stands under and without saying the same twice in a row."""
    blocks: list[Block] = []
    for block in section(material):
        while isinstance(block, Heading) and blocks and _is_deeper(blocks[-1], block):
            blocks.pop()
        if not (isinstance(block, Paragraph) and blocks and blocks[-1] == block):
            blocks.append(block)
    while blocks and isinstance(blocks[-1], Heading):
        blocks.pop()
    return blocks


def _is_deeper(last: Block, heading: Heading) -> bool:
    """An empty section under another, that this heading ends."""
    return isinstance(last, Heading) and last.level >= heading.level


def kind_of(material: Material) -> str:
    if named := division_of(material):
        return material.words("year.kind.division", division=named)
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
    if isinstance(material, Internal) and material.division:
        units = ", ".join(one.name for one in material.facts.units)
        return [*told, words("year.front.division", units=units)]
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
