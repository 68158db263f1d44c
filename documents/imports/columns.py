"""What a file is: its columns, its key, and how it is recognised by its header row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from documents.imports.cells import CellKind
from documents.imports.tables import fold
from followup.terms import TermKind
from followup.wording.wording import Wording, wording


@dataclass(frozen=True)
class FileColumn:
    """`refers` names the file whose key the cell holds, and `role` what a person named there must be.

    Where an empty cell `keeps`, what is stored is left alone: the bot may know more than the file.
    `standard` is what the register calls it, where `header` is the municipality's own name.
    `term` is the kind of terms whose words the cell may hold.
    """

    name: str
    header: str
    kind: CellKind
    required: bool = False
    example: str = ""
    default: object = None
    refers: str = ""
    role: str = ""
    keeps: bool = False
    about: str = ""
    term: TermKind | None = None
    standard: str = ""


FileId = Literal[
    "terms",
    "clocks",
    "people",
    "providers",
    "units",
    "contracts",
    "placements",
    "reports",
    "signals",
    "ivo_decisions",
    "events",
]


@dataclass(frozen=True)
class FileKind:
    """`key` holds the names of the columns that together tell one row from another."""

    id: FileId
    name: str
    key: tuple[str, ...]
    columns: tuple[FileColumn, ...]

    @cached_property
    def by_header(self) -> Mapping[str, FileColumn]:
        """The register's own names stand beside the municipality's, unless another column is called so."""
        own = {fold(column.header): column for column in self.columns if column.standard}
        return {fold(column.standard or column.header): column for column in self.columns} | own

    @property
    def required(self) -> list[FileColumn]:
        return [column for column in self.columns if column.required]

    @property
    def defaults(self) -> dict[str, object]:
        return {column.name: column.default for column in self.columns}

    def header(self, name: str) -> str:
        return next(column.header for column in self.columns if column.name == name)

    def explanation(self, column: FileColumn) -> Wording:
        return wording(f"import.explain.{self.id}.{column.about or column.name}")


def recognise(files: Iterable[FileKind], cells: Sequence[str]) -> FileKind | None:
    """The file whose header row this is: the one with most headers, and at least half of its required ones."""
    found = {fold(cell) for cell in cells} - {""}

    def known(file: FileKind) -> int:
        return len(found & file.by_header.keys())

    def likely(file: FileKind) -> bool:
        there = {file.by_header[one].name for one in found & file.by_header.keys()}
        required = [column for column in file.required if column.name in there]
        return known(file) >= 2 and 2 * len(required) >= len(file.required)

    return max(filter(likely, files), key=known, default=None)
