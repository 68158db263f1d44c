"""What the commands share: the settings, the database, and how results are printed."""

import codecs
import io
import json
import os
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from typing import Any

import typer

from bot.clock import MovableClock
from bot.first_database import NoDatabaseError, demand_database
from bot.opening import WrongKeyError, WrongSchemaError, catch_up_clock, open_database
from bot.settings import Settings, WrongSettingsError, read_settings
from followup.times.calendar import MUNICIPAL_ZONE
from followup.wording.form import clean_text
from storage.engine.copies import InUseError, in_use
from storage.engine.database import Database, StorageError
from storage.engine.faults import fault_of, word_of
from storage.engine.schema import UnreachableError
from storage.log.access_log import COMMAND_LINE
from texts.catalogue import Texts

LOCAL_TOO = frozenset(
    {
        *("UPPFOLJAREN_VAR", "UPPFOLJAREN_PORT", "UPPFOLJAREN_DATABASE_URL", "UPPFOLJAREN_KEYS"),
        *("UPPFOLJAREN_RETENTION_PLAN", "UPPFOLJAREN_RETENTION_JOURNAL"),
    }
)


def settings_for(say: Texts, *, local: bool | None = None) -> Settings:
    """The configuration, local where no app is configured; ends the command with every fault in it at once."""
    try:
        return read_settings(local=True) if local else read_settings()
    except WrongSettingsError as wrong:
        if local is None and not _is_configured():
            return settings_for(say, local=True)
        for problem in wrong.problems:
            print_error(say("cli.wrong_setting", what=problem))
        raise typer.Exit(2) from None


def _is_configured() -> bool:
    """Whether anybody meant this to be the real thing."""
    return any(name.startswith("UPPFOLJAREN_") for name in os.environ if name not in LOCAL_TOO)


@contextmanager
def database_trouble(say: Texts, *, exit_code: int = 3) -> Iterator[None]:
    """Ends the command with words where there is no database, one of another version or key, or none that takes it."""
    try:
        yield
    except (NoDatabaseError, WrongSchemaError, WrongKeyError) as wrong:
        print_error(str(wrong))
        raise typer.Exit(exit_code) from None
    except UnreachableError as wrong:
        print_error(what_to_do(wrong.__cause__ or wrong, say) or say("cli.fault.gone", why=wrong))
        raise typer.Exit(exit_code) from None
    except StorageError as error:
        told = what_to_do(error, say)
        if told is None:
            raise
        print_error(told)
        raise typer.Exit(exit_code) from None


def what_to_do(error: BaseException, say: Texts) -> str | None:
    """What stands in the way and what to do about it; None where it is nothing that somebody here can take away."""
    fault = fault_of(error)
    return None if fault is None else say(f"cli.fault.{fault}", why=word_of(error))


@contextmanager
def _file_trouble(say: Texts, exit_code: int) -> Iterator[None]:
    """Ends the command with words where what lies beside the database cannot be written, or somebody has it alone."""
    try:
        yield
    except InUseError:
        print_error(say("cli.restoring"))
    except OSError as error:
        print_error(what_to_do(error, say) or say("cli.fault.gone", why=word_of(error)))
    else:
        return
    raise typer.Exit(exit_code)


@contextmanager
def opened(
    settings: Settings, clock: MovableClock, say: Texts, *, exit_code: int = 3, new: bool = False
) -> Iterator[Database]:
    """The database, and in local mode the clock moved on to where it was left; one that is not there may be `new`."""
    with database_trouble(say, exit_code=exit_code), ExitStack() as held:
        with _file_trouble(say, exit_code):
            # Before the lock on it, which would lie there, and be all that there is.
            demand_database(settings, new=new and settings.local)
            if settings.file is not None:
                held.enter_context(in_use(settings.file))
            database = held.enter_context(closing(open_database(settings, clock(), new=new)))
        catch_up_clock(clock, database, local=settings.local)
        yield database


def use_letters_that_the_terminal_has() -> None:
    """From now on an a is written where the terminal has no å, and a question mark for what is like no letter."""
    codecs.register_error("letters", _nearest_letters)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="letters")


def _nearest_letters(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    unwritable = error.object[error.start : error.end]
    bare = unicodedata.normalize("NFKD", unwritable.replace("–", "-"))
    letters = (sign if sign.isascii() else "?" for sign in bare if not unicodedata.combining(sign))
    return "".join(letters), error.end


def operator() -> str:
    """Who is at the command line, for the access log: the account on the machine, where it has a name."""
    account = os.environ.get("SUDO_USER") or os.environ.get("USER")
    return f"{COMMAND_LINE}: {clean_text(account)}" if account else COMMAND_LINE


def aware(at: datetime) -> datetime:
    """A time without a zone is municipal time."""
    return at if at.tzinfo else at.replace(tzinfo=MUNICIPAL_ZONE)


# What draws in the terminal takes longer to load than many a command takes.
def print_error(text: str) -> None:
    from rich.console import Console

    Console(stderr=True, style="bold red", highlight=False, markup=False).print(text, soft_wrap=True)


def print_text(text: str) -> None:
    from rich.console import Console

    Console(highlight=False, markup=False).print(text, soft_wrap=True)


def print_json(value: object) -> None:
    """One JSON document on standard output, dates as ISO, åäö as they are where they can be written."""
    escaped = codecs.lookup(sys.stdout.encoding).name != "utf-8"
    typer.echo(json.dumps(value, ensure_ascii=escaped, indent=2, default=str))


def print_table(headers: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    from rich.console import Console
    from rich.table import Column, Table

    table = Table(*(Column(header, overflow="fold") for header in headers))
    for row in rows:
        table.add_row(*row)
    Console(highlight=False).print(table)


def in_quarters(say: Texts, what: str) -> Callable[[int, int], None]:
    """A line when it begins and one for each quarter of it, also where nobody looks at a bar."""
    told = -1

    def move(done: int, total: int) -> None:
        nonlocal told
        quarter = 4 * done // max(total, 1)
        if quarter > told:
            told = quarter
            print_text(say("cli.step", what=what, percent=25 * quarter))

    return move


@contextmanager
def progress_bar(title: str) -> Iterator[Any]:
    """A bar on standard error, moved by calling (done, of how many)."""
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)

        def move(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        yield move
