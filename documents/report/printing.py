"""Word documents as PDF by LibreOffice, where that is found; it is no part of what is installed."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from documents.report.docx_contents import without_field

NAMES = ("soffice", "libreoffice")
LONGEST_WAIT = 300
TAGGED = 'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}'


class NotPrintedError(Exception):
    """Why there is no PDF."""


def office() -> str | None:
    """The program, where it is found."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def printed(program: str, documents: Sequence[Path]) -> list[Path]:
    """A PDF beside each, with page numbers in its contents; raises NotPrintedError, with none left half done.

    Each is first made a text of the program's own, since it leaves a Word file's page numbers as they are.
    """
    with TemporaryDirectory() as folder:
        place = Path(folder)
        for one in documents:
            (place / one.name).write_bytes(without_field(one.read_bytes()))
        texts = _converted(program, [place / one.name for one in documents], "odt")
        pdfs = _converted(program, texts, TAGGED)
        return [Path(shutil.copy(pdf, one.parent)) for one, pdf in zip(documents, pdfs, strict=True)]


def _converted(program: str, files: Sequence[Path], wanted: str) -> list[Path]:
    place = files[0].parent
    home = f"-env:UserInstallation={(place / 'profile').as_uri()}"
    command = [program, home, "--headless", "--convert-to", wanted, "--outdir", str(place), *map(str, files)]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=LONGEST_WAIT)
    except (OSError, subprocess.SubprocessError) as failed:
        raise NotPrintedError(str(failed)) from failed
    made = [one.with_suffix(f".{wanted.partition(':')[0]}") for one in files]
    if missing := [one.name for one in made if not one.exists()]:
        raise NotPrintedError(", ".join(missing))
    return made
