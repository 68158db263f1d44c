"""Workbooks for the import's tests: whole ones, and ones whose parts are then changed by hand."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

Cell = str | int | float | bool | date | None
FIRST_SHEET = "xl/worksheets/sheet1.xml"


def write_xlsx(path: Path, sheets: Mapping[str, Sequence[Sequence[Cell]]]) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, lines in sheets.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    book.save(path)
    return path


def sheet_of(*rows: str) -> str:
    """A sheet in its own XML, of rows of cells as they stand in it."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<worksheet xmlns="{space}"><sheetData>{"".join(rows)}</sheetData></worksheet>'


def row_of(number: int, *texts: str) -> str:
    cells = "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts)
    return f'<row r="{number}">{cells}</row>'


def with_part(path: Path, part: str, content: str) -> Path:
    """The workbook with one of its parts exchanged."""
    return _packed(path, {**_parts(path), part: content.encode()})


def without_part(path: Path, part: str) -> Path:
    return _packed(path, {name: content for name, content in _parts(path).items() if name != part})


def _parts(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _packed(path: Path, parts: Mapping[str, bytes]) -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def write_sheet(path: Path, *rows: str) -> Path:
    """A workbook of one sheet in its own XML."""
    return with_part(write_xlsx(path, {"Blad": [["x"]]}), FIRST_SHEET, sheet_of(*rows))
