"""Commands about the whole database: backup, restore, move."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from bot.clock import MovableClock
from bot.commands.console import (
    database_trouble,
    opened,
    operator,
    print_error,
    print_json,
    print_text,
    progress_bar,
    settings_for,
    what_to_do,
)
from bot.opening import WrongSchemaError, connect, wrong_schema
from bot.settings import Settings
from services.backups.manifest import Manifest, manifest_of
from services.backups.moving import move
from services.backups.restoring import RefusedBackupError, restore
from services.backups.taking import SpoiltCopyError, take
from services.retention.repeating import ToRepeat, to_repeat
from storage.engine import schema
from storage.engine.comparing import Since
from storage.engine.copies import InUseError
from storage.engine.database import Database, StorageError, is_url
from storage.engine.dumps import ProgramError
from storage.engine.faults import word_of
from storage.engine.vault import Vault
from storage.log import restores
from storage.log.restores import Untold
from texts.catalogue import Texts

NAMED = 20


def add(cli: typer.Typer, say: Texts, clock: MovableClock) -> None:
    @cli.command(help=say("cli.backup"))
    def backup(
        to: Annotated[Path, typer.Option(help=say("cli.backup.to"))],
        keep: Annotated[int | None, typer.Option(min=1, help=say("cli.backup.keep"))] = None,
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
    ) -> None:
        settings = settings_for(say)
        with opened(settings, clock, say) as database, _told(say):
            file = take(database, to, clock(), operator(), keep)
        manifest = Manifest.read(manifest_of(file))
        if as_json:
            print_json({**vars(manifest), "path": str(file)})
        else:
            print_text(
                say(
                    "cli.backup.done", path=file, rows=sum(manifest.tables.values()), log=manifest.log_entries
                )
            )

    @cli.command(name="restore", help=say("cli.restore"))
    def restore_(
        file: Annotated[Path | None, typer.Argument(help=say("cli.restore.file"))] = None,
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
    ) -> None:
        settings = settings_for(say)
        if file is not None:
            # In a server's database it is said before anything is put there that something is to be.
            with _told(say, "cli.backup.failed" if settings.file else "cli.restore.failed"):
                restore(settings.url, Vault(settings.sealing_keys), file, clock(), operator())
        with _told(say, "cli.restore.not_said"):
            _tell_once(settings, say, as_json=as_json)

    @cli.command(name="move", help=say("cli.move"))
    def move_(
        to: Annotated[str, typer.Option(help=say("cli.move.to"))],
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
    ) -> None:
        settings = settings_for(say)
        if settings.file is None:
            print_error(say("cli.move.embedded"))
            raise typer.Exit(2)
        if not (to.startswith("postgresql+psycopg:") and is_url(to)):
            print_error(say("cli.move.where"))
            raise typer.Exit(2)
        vault = Vault(settings.sealing_keys)
        with (
            _told(say, "cli.move.failed"),
            closing(Database(to, vault)) as target,
            progress_bar(say("cli.move.moving")) as told,
        ):
            done = move(settings.url, target, vault, clock(), operator(), told)
        if as_json:
            print_json({**vars(done), "before": str(done.before)})
        else:
            print_text(say("cli.move.done", rows=done.rows, tables=done.tables, path=done.before))


@contextmanager
def _told(say: Texts, failed_as: str = "cli.backup.failed") -> Iterator[None]:
    """Ends the command with why nothing was done; what there was before is as it was."""
    try:
        with database_trouble(say), _in_words(say, failed_as):
            yield
    except RefusedBackupError as refused:
        for problem in refused.problems:
            print_error(say.say(problem))
        raise typer.Exit(3) from None
    except InUseError:
        print_error(say("cli.restore.running"))
        raise typer.Exit(3) from None


@contextmanager
def _in_words(say: Texts, failed_as: str) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error, StorageError, SpoiltCopyError, ProgramError) as failed:
        print_error(say(failed_as, why=what_to_do(failed, say) or f"{word_of(failed)}."))
        raise typer.Exit(1) from None


def _tell_once(settings: Settings, say: Texts, *, as_json: bool) -> None:
    """What nobody has been told of what was put back, and what had been deleted by decision and is there again."""
    with closing(connect(settings)) as database:
        if (problem := wrong_schema(schema.current(database))) is not None:
            raise WrongSchemaError(problem)
        with database.reading() as tx:
            untold, again = restores.untold(tx), to_repeat(tx, settings.journal)
        print_json(_as_json(untold, again)) if as_json else _print(untold, again, say)
        with database.transaction() as tx:
            restores.are_told(tx, untold)


def _as_json(untold: Sequence[Untold], again: Sequence[ToRepeat]) -> dict[str, Any]:
    return {
        "restored": [{**vars(one), "since": vars(one.since) if one.since else None} for one in untold],
        "delete_again": [
            {
                "number": one.number,
                "at": one.at,
                "cases": len(one.references),
                "classes": [name for name, _ in one.classes],
                "signed": one.signed,
            }
            for one in again
        ],
    }


def _print(untold: Sequence[Untold], again: Sequence[ToRepeat], say: Texts) -> None:
    if not untold:
        print_text(say("cli.restore.all_said"))
    for one in untold:
        _print_one(one, say, is_last=one is untold[-1], is_only=len(untold) == 1)
    for deleted in again:
        _print_deleted(deleted, say)
    if untold:
        print_text(say("cli.restore.next"))


def _print_one(one: Untold, say: Texts, *, is_last: bool, is_only: bool) -> None:
    """Where there are several, nothing is denied of the one that another one says."""
    print_text(say("cli.restore.done" if is_last else "cli.restore.earlier", at=one.taken_at))
    if one.before is not None:
        print_text(say("cli.restore.before", path=one.before))
    if one.since is None:
        print_text(say("cli.restore.unknown"))
    else:
        _print_since(one.since, say, is_only=is_only)
    print_text(say("cli.restore.in_doubt", n=one.in_doubt))


def _print_since(since: Since, say: Texts, *, is_only: bool) -> None:
    if since.handed_in or is_only:
        _print_names(_title(say, "handed_in", len(since.handed_in)), since.handed_in, say)
    if since.told or is_only:
        _print_names(_title(say, "told", len(since.told)), since.told, say)
    for name, number in since.removed.items():
        print_text(say("cli.restore.removed", table=name, n=number))
    if since.added or is_only:
        print_text(say("cli.restore.added", n=sum(since.added.values())))


def _print_deleted(one: ToRepeat, say: Texts) -> None:
    print_error(
        say("cli.restore.delete_again", number=one.number, at=one.at, n=len(one.references))
        if one.signed
        else say("cli.restore.unsigned", number=one.number, n=len(one.references))
    )
    for name, before in one.classes:
        what = say(f"retention.class.{name}")
        print_error(say("cli.restore.class_again", number=one.number, what=what, day=before))


def _title(say: Texts, what: Literal["handed_in", "told"], people: int) -> str:
    return say(f"cli.restore.{what}", n=people) if people else say(f"cli.restore.{what}.none")


def _print_names(title: str, names: Mapping[str, int], say: Texts) -> None:
    print_text(title)
    for name in sorted(names)[:NAMED]:
        print_text(f"  {name}: {names[name]}")
    if len(names) > NAMED:
        print_text(f"  {say('cli.restore.more', n=len(names) - NAMED)}")
