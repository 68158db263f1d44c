"""The year's files read back: the workbook's cells by sheet, row and column, and the report's summary."""

import re
from io import BytesIO
from pathlib import Path
from typing import Any

from docx import Document
from openpyxl import load_workbook

Cells = dict[tuple[str, str, str], Any]


def cells(content: bytes) -> Cells:
    """What stands in the workbook under each row's first cell and each column's heading, without its unit."""
    found: Cells = {}
    for sheet in load_workbook(BytesIO(content)).worksheets:
        heads, *rows = sheet.iter_rows(values_only=True)
        names = [re.sub(r" \(antal [^)]*\)$", "", str(head)) for head in heads]
        for row in rows:
            for name, value in zip(names[1:], row[1:], strict=True):
                found[sheet.title, str(row[0]), name] = value
    return found


def summary_of(path: Path) -> list[str]:
    """The sentences of the report's summary, with ordinary spaces."""
    texts: list[str] = []
    for paragraph in Document(str(path)).paragraphs:
        style = paragraph.style.name if paragraph.style else ""
        if style == "Heading 1" and texts:
            break
        if style == "List Bullet":
            texts.append(paragraph.text.replace("\u00a0", " "))
    return texts
