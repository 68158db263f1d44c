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
from bot.settings import Settings
from services.backups.manifest import Manifest, manifest_of
from services.backups.moving import move
from services.backups.restoring import RefusedBackupError, Restored, restore
from services.backups.taking import SpoiltCopyError, take
from services.retention.repeating import ToRepeat, to_repeat
from storage.engine.copies import InUseError
from storage.engine.database import Database, StorageError, is_url
from storage.engine.dumps import ProgramError
from storage.engine.faults import word_of
from storage.engine.vault import Vault
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
        file: Annotated[Path, typer.Argument(help=say("cli.restore.file"))],
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
    ) -> None:
        settings = settings_for(say)
        # In a server's database it is said before anything is put there that something is to be.
        with _told(say, "cli.backup.failed" if settings.file else "cli.restore.failed"):
            done = restore(settings.url, Vault(settings.sealing_keys), file, clock(), operator())
            again = _deleted_before(settings)
        print_json(_as_json(done, again)) if as_json else _print(done, again, say)

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


def _deleted_before(settings: Settings) -> list[ToRepeat]:
    """What had been deleted by decision, and is there again."""
    with closing(Database(settings.url, Vault(settings.sealing_keys))) as database, database.reading() as tx:
        return to_repeat(tx, settings.journal)


def _as_json(done: Restored, again: Sequence[ToRepeat]) -> dict[str, Any]:
    since = vars(done.since) if done.since else None
    return {
        "taken_at": done.manifest.taken_at,
        "before": str(done.before) if done.before else None,
        "in_doubt": done.in_doubt,
        "since": since,
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


def _print(done: Restored, again: Sequence[ToRepeat], say: Texts) -> None:
    print_text(say("cli.restore.done", at=done.manifest.taken_at))
    if done.before is not None:
        print_text(say("cli.restore.before", path=done.before))
    if done.since is None:
        print_text(say("cli.restore.unknown"))
    else:
        handed_in, told = done.since.handed_in, done.since.told
        _print_names(_title(say, "handed_in", len(handed_in)), handed_in, say)
        _print_names(_title(say, "told", len(told)), told, say)
        for name, number in done.since.removed.items():
            print_text(say("cli.restore.removed", table=name, n=number))
        print_text(say("cli.restore.added", n=sum(done.since.added.values())))
    for one in again:
        print_error(
            say("cli.restore.delete_again", number=one.number, at=one.at, n=len(one.references))
            if one.signed
            else say("cli.restore.unsigned", number=one.number, n=len(one.references))
        )
        for name, before in one.classes:
            what = say(f"retention.class.{name}")
            print_error(say("cli.restore.class_again", number=one.number, what=what, day=before))
    print_text(say("cli.restore.in_doubt", n=done.in_doubt))
    print_text(say("cli.restore.next"))


def _title(say: Texts, what: Literal["handed_in", "told"], people: int) -> str:
    return say(f"cli.restore.{what}", n=people) if people else say(f"cli.restore.{what}.none")


def _print_names(title: str, names: Mapping[str, int], say: Texts) -> None:
    print_text(title)
    for name in sorted(names)[:NAMED]:
        print_text(f"  {name}: {names[name]}")
    if len(names) > NAMED:
        print_text(f"  {say('cli.restore.more', n=len(names) - NAMED)}")
