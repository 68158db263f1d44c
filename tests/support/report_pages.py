"""Draws the demo municipality's documents in docs/report with LibreOffice: `python -m tests.support.report_pages`.

The report and the public report are drawn on the default template and on another municipality's.
"""

import subprocess
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image

from bot.opening import open_database
from bot.registering import load_demo_when_empty
from bot.settings import Settings
from documents.report.material import Internal
from documents.report.printing import office, printed
from documents.report.year_documents import drawn_document
from followup.month.rounds import RoundDays
from tests.support.demo_year import LOADED_AT, play
from tests.support.other_template import other_template
from tests.support.readme_blocks import README
from tests.support.year_stage import material

PAGES = README.parent / "docs" / "report"
ON_BOTH = ("report", "public")
SHOWN = (*ON_BOTH, "annex", "notices")
DOTS_AN_INCH, COLOURS = 80, 64
BOARD, OTHER_BOARD, OTHER = "Socialnämnden", "Barn- och ungdomsnämnden", "Ekdala kommun"


def draw(directory: Path) -> None:
    database = open_database(Settings(local=True, var=directory), LOADED_AT, new=True)
    load_demo_when_empty(database, directory / "demo", LOADED_AT, RoundDays())
    play(database)
    of = material(database)
    database.close()
    PAGES.mkdir(exist_ok=True)
    for old in PAGES.iterdir():
        old.unlink()
    files = [
        *written(headed(of, of.municipality, BOARD, None), SHOWN, directory),
        *written(headed(of, OTHER, OTHER_BOARD, other_template()), ON_BOTH, directory, "annan-mall-"),
    ]
    program = office()
    assert program is not None, "LibreOffice is not here"
    for pdf in printed(program, files):
        (PAGES / pdf.name).write_bytes(pdf.read_bytes())
    for pdf in PAGES.glob("*rapport-*.pdf"):
        draw_pages(pdf)


def headed(of: Internal, municipality: str, board: str, template: bytes | None) -> Internal:
    """The same figures under another municipality's name."""
    words = of.words.of_board(board)
    public = replace(of.public, municipality=municipality, words=words, board=board, template=template)
    return replace(of, municipality=municipality, words=words, board=board, template=template, public=public)


def written(of: Internal, names: tuple[str, ...], directory: Path, begins: str = "") -> list[Path]:
    made = [drawn_document(of, name) for name in names]
    files = [directory / f"{begins}{one.file_name}" for one in made]
    for one, file in zip(made, files, strict=True):
        file.write_bytes(one.content)
    return files


def draw_pages(pdf: Path) -> None:
    """Few colours, so that the pictures are small."""
    stem = pdf.with_suffix("")
    subprocess.run(["pdftoppm", "-r", str(DOTS_AN_INCH), "-png", str(pdf), str(stem)], check=True)
    for page in PAGES.glob(f"{stem.name}-*.png"):
        Image.open(page).convert("RGB").quantize(COLOURS).save(page, optimize=True)


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        draw(Path(folder))
