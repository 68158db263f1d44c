"""Draws the demo municipality's documents in docs/report with LibreOffice: `python -m tests.support.report_pages`."""

import re
import subprocess
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import docx
from docx.document import Document
from docx.oxml.ns import qn
from docx.oxml.text.paragraph import CT_P
from docx.oxml.text.run import CT_R
from PIL import Image

from bot.opening import open_database
from bot.registering import load_demo_when_empty
from bot.settings import Settings
from documents.report.docx_styles import CONTENTS
from documents.report.material import Internal
from documents.report.year_documents import drawn_document
from followup.month.rounds import RoundDays
from tests.support.demo_year import LOADED_AT, play
from tests.support.readme_blocks import README
from tests.support.year_stage import material

PAGES = README.parent / "docs" / "report"
SHOWN = ("report", "public", "annex", "notices")
FRONT_PAGES = 2
DOTS_AN_INCH, COLOURS = 80, 64
TO_LOOK_AT = "rapport"


def draw(directory: Path) -> None:
    database = open_database(Settings(local=True, var=directory), LOADED_AT)
    load_demo_when_empty(database, directory / "demo", LOADED_AT, RoundDays())
    play(database)
    of = material(database)
    database.close()
    PAGES.mkdir(exist_ok=True)
    for old in PAGES.iterdir():
        old.unlink()
    for name in SHOWN:
        pdf = as_pdf(of, name, directory)
        (PAGES / pdf.name).write_bytes(pdf.read_bytes())
    draw_pages(PAGES / f"{TO_LOOK_AT}-2026.pdf")


def as_pdf(of: Internal, name: str, directory: Path) -> Path:
    """LibreOffice leaves the contents' page numbers alone, so they are read from a first conversion and put in."""
    made = drawn_document(of, name)
    path = directory / made.file_name
    path.write_bytes(made.content)
    pdf = convert(path)
    document = docx.Document(BytesIO(made.content))
    fill_contents(document, text_by_page(pdf))
    document.save(str(path))
    return convert(path)


def convert(path: Path) -> Path:
    home = f"-env:UserInstallation=file://{path.parent / 'profile'}"
    options = ["--headless", "--convert-to", "pdf", "--outdir", str(path.parent), str(path)]
    subprocess.run(["soffice", home, *options], check=True, capture_output=True)
    return path.with_suffix(".pdf")


def text_by_page(pdf: Path) -> list[str]:
    told = subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True)
    return told.stdout.decode().split("\f")


def fill_contents(document: Document, pages: list[str]) -> None:
    number = FRONT_PAGES
    for paragraph in document.paragraphs:
        if paragraph.style is not None and paragraph.style.name == CONTENTS:
            heading = paragraph.text.rstrip("\t")
            number = page_of(heading, pages, number)
            result = page_field(paragraph._p)
            result.text = str(number + 1)


def page_of(heading: str, pages: list[str], first: int) -> int:
    """The first page from that one on with the heading on a line of its own; a long heading has several lines."""
    words = r"\s+".join(map(re.escape, heading.split()))
    line = re.compile(f"^{words}$", re.MULTILINE)
    return next(number for number in range(first, len(pages)) if line.search(pages[number]))


def page_field(paragraph: CT_P) -> CT_R:
    """The run that shows the PAGEREF field's result."""
    runs = paragraph.findall(qn("w:r"))
    place = next(
        place
        for place, run in enumerate(runs)
        if any("PAGEREF" in (code.text or "") for code in run.iter(qn("w:instrText")))
    )
    result: CT_R = runs[place + 2]
    return result


def draw_pages(pdf: Path) -> None:
    """Few colours, so that the pictures are small."""
    stem = pdf.with_suffix("")
    subprocess.run(["pdftoppm", "-r", str(DOTS_AN_INCH), "-png", str(pdf), str(stem)], check=True)
    for page in PAGES.glob("*.png"):
        Image.open(page).convert("RGB").quantize(COLOURS).save(page, optimize=True)


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        draw(Path(folder))
