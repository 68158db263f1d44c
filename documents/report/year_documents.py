"""Every document of a year by its name, made whole in memory, and written to a folder."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from documents.report.annex import annex
from documents.report.blocks import Block
from documents.report.docx_drawing import Drawing
from documents.report.docx_styles import new_document
from documents.report.material import Internal, Material
from documents.report.notices import judged, notice, notices
from documents.report.october import footer_of, october_report
from documents.report.packing import DOCX, saved
from documents.report.workbooks import analysis, stratsys

ANALYSIS, NOTICES = "analysis", "notices"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class YearDocument:
    """`stem` begins its file's name, the year follows."""

    name: str
    stem: str
    content_type: str
    draw: Callable[[Internal], bytes]

    def file_name(self, year: int) -> str:
        return f"{self.stem}-{year}.{'docx' if self.content_type == DOCX else 'xlsx'}"


@dataclass(frozen=True)
class DrawnDocument:
    file_name: str
    content_type: str
    content: bytes


def _report(material: Internal) -> bytes:
    return october_report(material)


def _public_report(material: Internal) -> bytes:
    return october_report(material.public)


def _pages(material: Material, title: str, blocks: Sequence[Block]) -> bytes:
    """A document without a front page."""
    words = material.words
    document = new_document(title, words("year.language"), footer_of(material), material.made_at)
    Drawing(document, words).add(blocks)
    return saved(document, material.made_at)


def _annex(material: Internal) -> bytes:
    """Another authority reads it, so it is drawn from what is public."""
    public = material.public
    return _pages(public, public.words("year.annex.title", year=public.period.year), annex(public))


def _notices(material: Internal) -> bytes:
    return _pages(material, material.words("year.notices.title"), notices(material))


DOCUMENTS: Mapping[str, YearDocument] = {
    one.name: one
    for one in (
        YearDocument("report", "rapport", DOCX, _report),
        YearDocument("public", "rapport-offentlig", DOCX, _public_report),
        YearDocument("annex", "bilaga-kommunstyrelsen", DOCX, _annex),
        YearDocument(NOTICES, "anmalningsarenden", DOCX, _notices),
        YearDocument("stratsys", "stratsys", XLSX, stratsys),
        YearDocument(ANALYSIS, "analys", XLSX, analysis),
    )
}


def drawn_document(material: Internal, name: str) -> DrawnDocument:
    """Raises KeyError for a document that there is none of."""
    document = DOCUMENTS[name]
    year = material.period.year
    return DrawnDocument(document.file_name(year), document.content_type, document.draw(material))


def notice_documents(material: Internal) -> list[DrawnDocument]:
    """One for each matter, as it is registered; called after the follow-up's number, which does not change."""
    title = material.words("year.notices.title")
    return [
        DrawnDocument(
            f"anmalningsarende-{one.follow_up.number}.docx",
            DOCX,
            _pages(material, title, notice(material, one)),
        )
        for one in judged(material)
    ]


def write_all(
    material: Internal, directory: Path, names: Sequence[str], others: Sequence[DrawnDocument] = ()
) -> list[Path]:
    """All are made before the first is written, so that a fault leaves the folder as it was."""
    documents = [*(drawn_document(material, name) for name in names), *others]
    documents += notice_documents(material) if NOTICES in names else []
    directory.mkdir(parents=True, exist_ok=True)
    for one in documents:
        (directory / one.file_name).write_bytes(one.content)
    return [directory / one.file_name for one in documents]
