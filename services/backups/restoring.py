"""Puts a backup in the place of the database: only a whole one, while nobody is at work, and nothing is deleted."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from shutil import copyfile

from followup.log.subject import What
from followup.wording.wording import Wording, wording
from services.backups.manifest import Manifest, UnreadableManifestError, digest, manifest_of, stamp_of
from services.backups.there_before import ThereBefore, keep_aside, there_before
from storage.engine import copies, dumps, schema
from storage.engine.comparing import Since
from storage.engine.database import Database, Transaction
from storage.engine.vault import Vault
from storage.log import access_log, log_chain, restores
from storage.log.restores import Untold
from storage.messages import doubts


class RefusedBackupError(Exception):
    """Nothing was changed; `problems` are all the reasons."""

    def __init__(self, *problems: Wording) -> None:
        super().__init__(*(one.id for one in problems))
        self.problems = problems


@dataclass(frozen=True)
class Restored:
    """`before` is where the database that was there lies now, None where there was none.

    `since` is None where that cannot be read; `in_doubt` are messages that may have gone out after the backup.
    """

    manifest: Manifest
    before: Path | None
    since: Since | None
    in_doubt: int


def restore(url: str, vault: Vault, backup: Path, now: datetime, who: str) -> Restored:
    """Raises RefusedBackupError, and InUseError of storage.engine.copies while anything has the database open.

    What was wrong already when the backup was taken is for `check` to tell, and no reason to be without it. Where
    a server has the database it must be empty, and ProgramError of storage.engine.dumps says why nothing came there.
    """
    if copies.is_embedded(url) == (backup.suffix == dumps.ENDING):
        raise RefusedBackupError(wording("restore.other_database"))
    if not copies.is_embedded(url):
        with closing(Database(url, vault)) as database:
            return _restore_into(database, backup, now, who)
    target = copies.file_of(url)
    target.parent.mkdir(parents=True, exist_ok=True)
    with copies.in_use(target, alone=True):
        _demand_nothing_beside(target)
        manifest = whole_manifest(backup)
        with _coming(target, backup) as coming:
            _examine(coming, manifest, vault)
            before = there_before(target, coming, manifest, vault, now)
            with closing(Database(f"sqlite:///{coming}", vault)) as database:
                done = _make_ready(database, manifest, before, now, who)
            copies.secure(coming)
            if before.path is not None:
                keep_aside(target, before.path)
            # Over what is there, so that at no moment there is none: a bot that started then would begin a new one.
            coming.rename(target)
        copies.secure(target)
    return done


@contextmanager
def _coming(target: Path, backup: Path) -> Iterator[Path]:
    """The copy beside where it is to be; of one that was refused nothing is left there."""
    coming = target.with_name(f"{target.name}.restoring")
    try:
        # What lies beside one that was killed would be taken for this one's.
        _clear_away(coming)
        coming.touch(mode=0o600)
        copyfile(backup, coming)
        _leave_to_who_has(target, coming)
        yield coming
    finally:
        _clear_away(coming)


def _clear_away(coming: Path) -> None:
    for ending in ("", *copies.BESIDE):
        coming.with_name(f"{coming.name}{ending}").unlink(missing_ok=True)


def _leave_to_who_has(target: Path, coming: Path) -> None:
    """The account that the bot runs as is to open the copy too, where the command is run as another."""
    if target.exists():
        there = target.stat()
        with suppress(PermissionError):
            os.chown(coming, there.st_uid, there.st_gid)


def _restore_into(database: Database, backup: Path, now: datetime, who: str) -> Restored:
    """Nothing is known there of what has happened since; what does not hold what it should, no program starts with.

    That it is under way is said first, so that one that is ended anywhere leaves nothing that a program would start
    with; another with the same backup then goes on from there.
    """
    manifest = whole_manifest(backup)
    if not {key.id for key in database.vault.log_keys} & set(manifest.keys):
        raise RefusedBackupError(wording("restore.wrong_key", wanted=", ".join(manifest.keys)))
    if (done := _done_before(database, manifest)) is not None:
        return done
    if _begun(database, manifest):
        dumps.put_back(database, backup)
    _demand_as_said(database, manifest)
    return _make_ready(database, manifest, ThereBefore(), now, who)


def _done_before(database: Database, manifest: Manifest) -> Restored | None:
    """Where one with the same backup was ended after its last step, there is nothing left but to tell of it."""
    with database.reading() as tx:
        if schema.current_in(tx) != schema.newest():
            return None
        last = next((one for one in restores.untold(tx) if one.taken_at == manifest.taken_at), None)
    return None if last is None else Restored(manifest, None, last.since, last.in_doubt)


def _begun(database: Database, manifest: Manifest) -> bool:
    """Whether it is still to be put there; where one was ended after that, there is the rest to do."""
    with database.at_any_version() as tx:
        under_way = dumps.under_way(tx.connection)
        if dumps.is_empty(tx):
            dumps.begin(tx, manifest.sha256)
            return True
        if under_way != manifest.sha256:
            raise RefusedBackupError(wording("restore.another" if under_way else "restore.not_empty"))
        return False


def _demand_as_said(database: Database, manifest: Manifest) -> None:
    with database.reading() as tx:
        # What has been migrated since was as it said before that.
        migrated = schema.said_in(tx) == schema.newest() != manifest.schema
        faults = [] if migrated else faults_in_copy(tx, manifest)
    if faults:
        with database.at_any_version() as tx:
            schema.mark(tx.connection, schema.not_as_said())
            dumps.end(tx)
        raise RefusedBackupError(*faults)


def _demand_nothing_beside(target: Path) -> None:
    beside = [
        name for name in (f"{target.name}{end}" for end in copies.BESIDE) if target.with_name(name).exists()
    ]
    if beside:
        raise RefusedBackupError(wording("restore.leftover", files=", ".join(beside)))


def whole_manifest(backup: Path) -> Manifest:
    """What the backup says of itself, when its file is as it was written."""
    if not backup.is_file():
        raise RefusedBackupError(wording("restore.no_file", file=backup))
    try:
        manifest = Manifest.read(manifest_of(backup))
    except UnreadableManifestError:
        raise RefusedBackupError(wording("restore.no_manifest", file=backup.name)) from None
    if digest(backup) != manifest.sha256:
        raise RefusedBackupError(wording("restore.damaged", file=backup.name))
    if not schema.is_known(manifest.schema):
        raise RefusedBackupError(wording("restore.newer", schema=manifest.schema))
    return manifest


def faults_in_copy(tx: Transaction, manifest: Manifest) -> list[Wording]:
    """What the copy holds that its manifest does not say, and the other way round."""
    embedded = tx.connection.dialect.name == "sqlite"
    in_file = copies.faults_in_file(tx) if embedded else []
    faults = [wording("restore.file_fault", what=one) for one in in_file]
    counted = copies.counts(tx)
    for name in sorted(counted.keys() | manifest.tables.keys()):
        here, said = counted.get(name, 0), manifest.tables.get(name, 0)
        if here != said:
            faults.append(wording("restore.count", table=name, here=here, said=said))
    if access_log.head(tx) != (manifest.log_entries, manifest.log_head):
        faults.append(wording("restore.log_head"))
    return faults


def _examine(coming: Path, manifest: Manifest, vault: Vault) -> None:
    with copies.only_read(coming, vault) as database, database.reading() as tx:
        faults = faults_in_copy(tx, manifest)
        if not log_chain.goes_on(tx):
            faults.append(wording("restore.wrong_key", wanted=log_chain.current_key(tx)))
    if faults:
        raise RefusedBackupError(*faults)


def _make_ready(
    database: Database, manifest: Manifest, before: ThereBefore, now: datetime, who: str
) -> Restored:
    """Brought to the program's version, logged in its own log, and nothing in it sent again blindly.

    What its operator is to be told stands in it from then on, also where nobody is told since the command is ended.
    """
    schema.migrate(database)
    database.take_stock()
    with database.transaction() as tx:
        subject = What.BACKUP.of(stamp_of(manifest.taken_at))
        access_log.record(tx, "write", subject, now, stranger=who, records=0)
        in_doubt = doubts.doubt_due(tx, now)
        earlier = restores.untold(tx) if before.untold is None else before.untold
        path = str(before.path) if before.path else None
        restores.keep(tx, [*earlier, Untold(manifest.taken_at, path, before.since, in_doubt)])
        if not copies.is_embedded(database.url):
            dumps.end(tx)
    return Restored(manifest, before.path, before.since, in_doubt)


def out_of_the_way(file: Path, ending: str) -> Path:
    """Where the file lies now: beside where it was, under a name that no program opens."""
    return file.rename(file.with_name(f"{file.name}.{ending}"))
