"""Takes a backup while the bot runs: a copy of one moment, looked through, and a manifest that says it is whole."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from fcntl import LOCK_EX, flock
from pathlib import Path

from followup.log.subject import What
from services.backups.manifest import PREFIX, Manifest, complete, digest, manifest_of, stamp_of, unused
from storage.engine import copies, dumps, schema
from storage.engine.database import Database, Transaction
from storage.engine.database_file import opened_to_lock
from storage.log import access_log


class SpoiltCopyError(Exception):
    """The copy is not whole, and so neither is what it was taken of; the message is the database's own word."""


def take(database: Database, directory: Path, now: datetime, who: str, keep: int | None = None) -> Path:
    """The finished copy in the folder, after which only the `keep` newest are kept.

    That all of it was copied is logged first, so that the copy tells of itself. Raises SpoiltCopyError, and
    ProgramError of storage.engine.dumps where PostgreSQL's own program did not do it.
    """
    directory.mkdir(parents=True, exist_ok=True)
    stamp = stamp_of(now)
    ending = ".db" if copies.is_embedded(database.url) else dumps.ENDING
    with _alone_in(directory):
        _clear_halves(directory)
        file = unused(directory, f"{PREFIX}{stamp}", ending)
        with database.at_any_version() as tx:
            access_log.record(tx, "read", What.BACKUP.of(stamp), now, stranger=who, records=0)
        part = file.with_suffix(".part")
        try:
            _finish(_copied(database, part, file.name, now), part, file)
        finally:
            # Where it is the disk that is full, half a copy would keep it so.
            _clear_halves(directory)
        _forget_old(directory, keep, now)
    return file


def _clear_halves(directory: Path) -> None:
    """What was never finished, here or by one that was ended, with what lies beside it."""
    for half in directory.glob(f"{PREFIX}*.part*"):
        half.unlink()


def _finish(manifest: Manifest, part: Path, file: Path) -> None:
    """The manifest comes last: a copy without one was never finished, and is not put back."""
    part.rename(file)
    written = manifest_of(file).with_suffix(".json.part")
    written.touch(mode=0o600)
    written.write_bytes(manifest.written())
    copies.secure(written)
    written.rename(manifest_of(file))
    copies.secure(manifest_of(file))


def _copied(database: Database, part: Path, name: str, now: datetime) -> Manifest:
    """What is said of the copy is read in the copy itself, or at the one moment that it is of."""
    with ExitStack() as held:
        if copies.is_embedded(database.url):
            copies.copy(copies.file_of(database.url), part)
            copied = held.enter_context(copies.only_read(part, database.vault))
            tx = held.enter_context(copied.reading())
            if faults := copies.faults_in_file(tx):
                raise SpoiltCopyError("; ".join(faults))
        else:
            tx = held.enter_context(database.reading())
            dumps.dump(database, dumps.exported_snapshot(tx), part)
        return _described(tx, part, name, now)


def _described(tx: Transaction, part: Path, name: str, now: datetime) -> Manifest:
    entries, head = access_log.head(tx)
    return Manifest(
        file=name,
        taken_at=now.astimezone(UTC),
        schema=schema.current_in(tx) or "",
        tables=copies.counts(tx),
        log_entries=entries,
        log_head=head,
        keys=tuple(key.id for key in tx.vault.log_keys),
        size=part.stat().st_size,
        sha256=digest(part),
    )


def _forget_old(directory: Path, keep: int | None, now: datetime) -> None:
    """The newest are kept; one that a clock which was ahead has dated is older than those of days that have come."""
    in_order = sorted(complete(directory), key=lambda one: one[1].taken_at <= now, reverse=True)
    for file, _ in in_order[keep:] if keep else ():
        manifest_of(file).unlink()
        file.unlink()


@contextmanager
def _alone_in(directory: Path) -> Iterator[None]:
    """One after the other: the folder's backups are counted and thrown away by one at a time."""
    with opened_to_lock(directory / ".taking") as held:
        flock(held, LOCK_EX)
        yield
