"""Empty files to fill in, and the tables that explain their columns, both made from the columns themselves."""

import csv
from collections.abc import Iterator
from pathlib import Path

from documents.imports.columns import FileColumn, FileKind
from documents.imports.history_columns import FILES
from documents.imports.reading import Say
from followup.wording.wording import wording


def write_templates(directory: Path) -> list[Path]:
    """Each file with its headers and one example row, as Excel in Swedish reads CSV; nothing is written over.

    Raises FileExistsError before anything is written.
    """
    directory.mkdir(parents=True, exist_ok=True)
    paths = [directory / f"{file.name}.csv" for file in FILES]
    for path in paths:
        if path.exists():
            raise FileExistsError(path)
    for file, path in zip(FILES, paths, strict=True):
        with path.open("w", encoding="utf-8-sig", newline="") as opened:
            writer = csv.writer(opened, delimiter=";")
            writer.writerow(column.header for column in file.columns)
            writer.writerow(column.example for column in file.columns)
    return paths


def describe(say: Say) -> str:
    """The columns of every file as Markdown, for the README."""
    return "\n".join(line for file in FILES for line in _describe(file, say))


def _describe(file: FileKind, say: Say) -> Iterator[str]:
    heads = [
        say(wording(f"import.describe.{name}")) for name in ("column", "allowed", "example", "explanation")
    ]
    yield f"### {file.name}"
    yield ""
    yield f"| {' | '.join(heads)} |"
    yield "|---|---|---|---|"
    for column in file.columns:
        yield f"| {' | '.join(_cells(file, column, say))} |"
    yield ""


def _cells(file: FileKind, column: FileColumn, say: Say) -> list[str]:
    star = r"\*" if column.required else ""
    cells = [say(column.kind.allowed), column.example, say(file.explanation(column))]
    return [f"{column.header}{star}", *(cell.replace("|", r"\|") for cell in cells)]
