"""Whether files are the whole register, so that what they do not name has ended, and how much may end so."""

from dataclasses import replace

from documents.imports.leaving import named
from documents.imports.reading import RowProblem
from documents.imports.register import RegisterReading
from followup.wording.wording import Wording, wording

# Above this share of the open placements the number that ends must be given.
_FEW = 0.1


def completed(reading: RegisterReading, end: int | None) -> RegisterReading:
    """The reading with what it would end as warnings, or with why nothing may be ended as problems.

    `end` is the number that whoever imports has said may end.
    """
    unread = _unread(reading)
    problems = [*unread, *([] if unread else _wrong_number(reading, end))]
    warnings = [] if reading.problems or unread else [*_ending(reading), *_single(reading)]
    return replace(
        reading,
        problems=(*reading.problems, *problems),
        warnings=(*reading.warnings, *warnings),
        whole=reading.whole and not problems,
    )


def _unread(reading: RegisterReading) -> list[RowProblem]:
    unread = [RowProblem(sheet, None, None, wording("import.complete.unread")) for sheet in reading.unread]
    if not reading.rows_of("placements") and not reading.problems:
        unread.append(_of(reading, wording("import.complete.no_placements")))
    return unread


def _wrong_number(reading: RegisterReading, end: int | None) -> list[RowProblem]:
    n = len(reading.missing)
    if end is None and n <= _FEW * reading.open_before:
        return []
    if end == n or not reading.whole:
        return []
    what = "import.complete.many" if end is None else "import.complete.other_number"
    return [_of(reading, wording(what, number=n, of=reading.open_before, end=end))]


def _ending(reading: RegisterReading) -> list[RowProblem]:
    return [_of(reading, wording("import.complete.ends", placement=named(key))) for key in reading.missing]


def _single(reading: RegisterReading) -> list[RowProblem]:
    rows = reading.rows_of("placements")
    if len(rows) != 1 or not reading.missing:
        return []
    return [_of(reading, wording("import.complete.single", placements=tuple(map(named, reading.missing))))]


def _of(reading: RegisterReading, what: Wording) -> RowProblem:
    files = dict.fromkeys(entry.row.file for entry in reading.rows_of("placements"))
    return RowProblem(", ".join(files) or "--complete", None, None, what)
