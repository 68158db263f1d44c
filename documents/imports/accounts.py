"""Whether the bot will let in those whom the files name."""

from collections.abc import Set
from dataclasses import replace

from documents.imports.reading import FileEntry, RowProblem
from documents.imports.register import RegisterReading
from followup.access.directory import normal_id
from followup.wording.wording import wording


def told_of_strange_tenants(reading: RegisterReading, tenants: Set[str]) -> RegisterReading:
    """The reading with a warning for each person whose tenant is none of those that are configured."""
    ours = {"", *map(normal_id, tenants)}
    strange = [entry for entry in reading.rows_of("people") if entry.values.get("tenant", "") not in ours]
    return replace(reading, warnings=(*reading.warnings, *map(_warning, strange)))


def _warning(entry: FileEntry) -> RowProblem:
    header, what = entry.kind.header("tenant"), wording("import.person.strange_tenant")
    return RowProblem(entry.row.file, entry.row.number, header, what)
