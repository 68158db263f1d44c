"""Every document of a year by its name, made whole in memory, and written to a folder."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from documents.report.annex import annex
from documents.report.blocks import Block
from documents.report.docx_drawing import Drawing
from documents.report.docx_styles import new_document
from documents.report.material import Material
from documents.report.notices import notices
from documents.report.october import october_report
from documents.report.packing import DOCX, saved
from documents.report.workbooks import analysis, stratsys

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Document:
    """`stem` begins its file's name, the year follows."""

    name: str
    stem: str
    content_type: str
    make: Callable[[Material], bytes]

    def file_name(self, year: int) -> str:
        return f"{self.stem}-{year}.{'docx' if self.content_type == DOCX else 'xlsx'}"


@dataclass(frozen=True)
class Made:
    file_name: str
    content_type: str
    content: bytes


def _public_report(material: Material) -> bytes:
    return october_report(material.for_the_public())


def _pages(material: Material, title: str, blocks: Sequence[Block]) -> bytes:
    """A document without a front page."""
    words, facts = material.words, material.facts
    kind = words("year.kind.draft")
    footer = words("year.footer", municipality=material.municipality, year=facts.period.year, kind=kind)
    document = new_document(title, words("year.language"), footer, facts.made_at)
    Drawing(document, words).add(blocks)
    return saved(document, facts.made_at)


def _annex(material: Material) -> bytes:
    """Another authority reads it, so small numbers are hidden as from the public."""
    material = material.for_the_public()
    return _pages(
        material, material.words("year.annex.title", year=material.facts.period.year), annex(material)
    )


def _notices(material: Material) -> bytes:
    return _pages(material, material.words("year.notices.title"), notices(material))


DOCUMENTS: Mapping[str, Document] = {
    one.name: one
    for one in (
        Document("report", "rapport", DOCX, october_report),
        Document("public", "rapport-offentlig", DOCX, _public_report),
        Document("annex", "bilaga-kommunstyrelsen", DOCX, _annex),
        Document("notices", "anmalningsarenden", DOCX, _notices),
        Document("stratsys", "stratsys", XLSX, stratsys),
        Document("analysis", "analys", XLSX, analysis),
    )
}


def make(material: Material, name: str) -> Made:
    """Raises KeyError for a document that there is none of."""
    document = DOCUMENTS[name]
    year = material.facts.period.year
    return Made(document.file_name(year), document.content_type, document.make(material))


def write_all(material: Material, directory: Path) -> list[Path]:
    """All are made before the first is written, so that a fault leaves the folder as it was."""
    made = [make(material, name) for name in DOCUMENTS]
    directory.mkdir(parents=True, exist_ok=True)
    for one in made:
        (directory / one.file_name).write_bytes(one.content)
    return [directory / one.file_name for one in made]
