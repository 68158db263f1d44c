"""What the municipality's own systems call the register's columns: a file that it fills in, with nothing invented."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from documents.imports.columns import FileColumn, FileKind
from documents.imports.history_columns import FILES
from documents.imports.own_names import WrongNamesError, names_in, names_template
from documents.imports.reading import REASON, Say
from documents.imports.tables import fold


def columns_template(say: Say, own: Mapping[str, str]) -> bytes:
    """A line for each column of each file, with the names that are remembered."""
    rows = [
        (_id(file, column), f"{file.name}: {column.header}. {say(file.explanation(column))}")
        for file in FILES
        for column in file.columns
    ]
    return names_template(rows, own)


def read_columns(path: Path) -> Mapping[str, str]:
    """The municipality's names by our ids; raises WrongNamesError with all that is wrong."""
    known = frozenset(_id(file, column) for file in FILES for column in file.columns)
    found, problems = names_in(path, known)
    problems += [f"{path}: {one}" for file in FILES for one in _unclear(file, found)]
    if problems:
        raise WrongNamesError(problems)
    return found


def with_own_columns(own: Mapping[str, str]) -> Sequence[FileKind]:
    """The files as the municipality's systems write them."""
    return tuple(
        replace(file, columns=tuple(_called(file, column, own) for column in file.columns)) for file in FILES
    )


def _id(file: FileKind, column: FileColumn) -> str:
    return f"{file.id}.{column.name}"


def _called(file: FileKind, column: FileColumn, own: Mapping[str, str]) -> FileColumn:
    name = own.get(_id(file, column))
    return replace(column, header=name, standard=column.header) if name else column


def _unclear(file: FileKind, own: Mapping[str, str]) -> Iterator[str]:
    """A name that may mean either of two columns, or that is no column of what is imported."""
    named = {column.header: own[_id(file, column)] for column in file.columns if _id(file, column) in own}
    for ours, name in named.items():
        others = [other for other, one in named.items() if other != ours and fold(one) == fold(name)]
        if others and list(named).index(ours) < list(named).index(others[0]):
            yield f"{file.name}: {name} är namn på både {ours} och {', '.join(others)}"
        for column in file.required:
            if column.header not in named and fold(column.header) == fold(name):
                yield (
                    f"{file.name}: {name} är redan en kolumn som måste finnas, och ska här vara {ours}:"
                    f" skriv också vad {column.header} heter hos er"
                )
        if fold(name) == fold(REASON):
            yield f"{file.name}: {name} är kolumnen med skäl i avvisade filer, och kan inte vara {ours}"
