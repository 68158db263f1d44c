"""Commands that bring files into the register: import."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from bot.clock import MovableClock
from bot.commands.console import (
    opened,
    operator,
    print_error,
    print_json,
    print_text,
    progress_bar,
    settings_for,
)
from bot.registering import RegisterInUseError, Result, import_files, remember_columns
from bot.uploads import problem_rows
from documents.imports.own_columns import columns_template, read_columns
from documents.imports.own_names import WrongNamesError
from documents.imports.reading import RowProblem
from documents.imports.rejected import write_rejected
from documents.imports.templates import describe, write_templates
from storage.engine.database import StorageError
from storage.engine.faults import is_busy
from storage.imports.imports import ImportUnderWayError
from storage.imports.own_columns import own_columns
from texts.catalogue import Texts

_REFUSED, _USAGE, _LEFT_OUT, _NO_DATABASE = 1, 2, 3, 4


def add(cli: typer.Typer, say: Texts, clock: MovableClock) -> None:
    @cli.command(name="import", help=say("cli.import"))
    def import_(
        paths: Annotated[list[Path] | None, typer.Argument(help=say("cli.import.paths"))] = None,
        template: Annotated[Path | None, typer.Option(help=say("cli.import.template"))] = None,
        columns: Annotated[bool, typer.Option("--columns", help=say("cli.import.columns"))] = False,
        skip_bad: Annotated[bool, typer.Option("--skip-bad", help=say("cli.import.skip_bad"))] = False,
        rejected: Annotated[Path, typer.Option(help=say("cli.import.rejected"))] = Path("avvisade"),
        complete: Annotated[bool, typer.Option("--complete", help=say("cli.import.complete"))] = False,
        end: Annotated[int | None, typer.Option(min=0, help=say("cli.import.end"))] = None,
        own: Annotated[Path | None, typer.Option("--map", help=say("cli.import.map"))] = None,
        own_template: Annotated[
            Path | None, typer.Option("--map-template", help=say("cli.import.map_template"))
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
    ) -> None:
        names = None if own is None else _own_columns(own)
        if template is not None:
            _write_templates(template, say)
        elif own_template is not None:
            _write_own_columns(own_template, clock, say)
        elif names is not None and not paths:
            with opened(settings_for(say), clock, say, exit_code=_NO_DATABASE) as database:
                remember_columns(database, names, clock(), operator())
            print_text(_remembered(names, say))
        elif columns:
            typer.echo(describe(say.say))
        elif not paths:
            print_error(say("cli.import.nothing"))
            raise typer.Exit(_USAGE)
        elif end is not None and not complete:
            print_error(say("cli.import.end_alone"))
            raise typer.Exit(_USAGE)
        else:
            settings = settings_for(say)
            with (
                opened(settings, clock, say, exit_code=_NO_DATABASE, new=True) as database,
                _in_the_way(say),
                progress_bar(say("cli.import.reading")) as read,
                progress_bar(say("cli.import.staging")) as staged,
                progress_bar(say("cli.import.scoring")) as scored,
            ):
                result = import_files(
                    database,
                    paths,
                    clock(),
                    skip_bad=skip_bad,
                    complete=complete,
                    end=end,
                    progress=read,
                    staged=staged,
                    scored=scored,
                    by=operator(),
                    tenants=None if settings.local else settings.tenants,
                    local=settings.local,
                    names=names,
                )
            _tell(result, rejected if skip_bad else None, say, names, as_json=as_json)


@contextmanager
def _in_the_way(say: Texts) -> Iterator[None]:
    """Ends the command with words where somebody else has kept it from importing."""
    try:
        yield
    except ImportUnderWayError:
        print_error(say("cli.import.under_way"))
        raise typer.Exit(_REFUSED) from None
    except StorageError as error:
        if not is_busy(error):
            raise
        print_error(say("cli.import.busy"))
        raise typer.Exit(_REFUSED) from None
    except RegisterInUseError:
        print_error(say("cli.import.in_use"))
        raise typer.Exit(_REFUSED) from None


def _write_templates(directory: Path, say: Texts) -> None:
    try:
        written = write_templates(directory)
    except FileExistsError as there:
        print_error(say("cli.import.template_exists", path=there))
        raise typer.Exit(_REFUSED) from None
    for path in written:
        print_text(str(path))


def _own_columns(path: Path) -> Mapping[str, str]:
    try:
        return read_columns(path)
    except WrongNamesError as wrong:
        for problem in wrong.problems:
            print_error(problem)
        raise typer.Exit(_USAGE) from None


def _write_own_columns(path: Path, clock: MovableClock, say: Texts) -> None:
    """With what is remembered, so that it can be changed and given again."""
    with (
        opened(settings_for(say), clock, say, exit_code=_NO_DATABASE) as database,
        database.looking() as look,
    ):
        content = columns_template(say.say, own_columns(look))
    try:
        with path.open("xb") as file:
            file.write(content)
    except FileExistsError:
        print_error(say("cli.import.template_exists", path=path))
        raise typer.Exit(_REFUSED) from None
    print_text(str(path))


def _remembered(names: Mapping[str, str], say: Texts) -> str:
    return say("cli.import.map_kept", n=len(names)) if names else say("cli.import.map_none")


def _tell(
    result: Result, rejected: Path | None, say: Texts, names: Mapping[str, str] | None, *, as_json: bool
) -> None:
    reading, imported = result.reading, result.imported
    written = write_rejected(reading, rejected, say.say) if rejected and reading.problems else []
    if as_json:
        print_json(
            {
                "imported": imported is not None,
                "problems": problem_rows(reading.problems, say),
                "warnings": problem_rows(reading.warnings, say),
                "counts": {kind: vars(counts) for kind, counts in imported.counts.items()}
                if imported
                else {},
                "missing": [
                    {"case_reference": case, "unit": unit, "starts": starts}
                    for case, unit, starts in reading.missing
                ],
                "left_out": reading.left_out,
                "unscored": result.unscored,
                "rejected": [str(path) for path in written],
                "columns_kept": names is not None and imported is not None,
            }
        )
    else:
        _print(result, written, say)
        if names is not None:
            print_text(_remembered(names, say) if imported else say("cli.import.map_not_kept"))
    if imported is None:
        raise typer.Exit(_REFUSED)
    if reading.problems:
        raise typer.Exit(_LEFT_OUT)


def _print(result: Result, written: list[Path], say: Texts) -> None:
    reading, imported = result.reading, result.imported
    for warning in reading.warnings:
        print_text(say("cli.import.warning", what=_sentence(warning, say)))
    for problem in reading.problems:
        print_error(_sentence(problem, say))
    if imported is None:
        print_error(say("cli.import.refused", n=len(reading.problems)))
        return
    for kind, counts in imported.counts.items():
        if any(vars(counts).values()):
            print_text(say("cli.import.counts", kind=say(f"cli.import.kind.{kind}"), **vars(counts)))
    if imported.missing:
        print_text(say("cli.import.missing", n=imported.missing))
    if result.unscored:
        print_text(say("cli.import.unscored", n=result.unscored))
    if reading.problems:
        print_text(say("cli.import.left_out", n=reading.left_out))
    for path in written:
        print_text(say("cli.import.rejected_in", path=path))


def _sentence(problem: RowProblem, say: Texts) -> str:
    where = [problem.file]
    if problem.row is not None:
        where.append(say("cli.import.row", row=problem.row))
    if problem.column:
        where.append(problem.column)
    allowed = f" ({say.say(problem.allowed)})" if problem.allowed else ""
    return f"{', '.join(where)}: {say.say(problem.what)}{allowed}"
