"""Files that an administrator has handed in, kept, sealed, until they are imported; and what was found in them."""

import zlib
from base64 import b85decode, b85encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import orjson
from sqlalchemy import Row, delete, func, insert, select, update

from followup import PersonId
from storage.engine.database import Transaction
from storage.engine.import_tables import upload, upload_file

# `reading` while it is being imported; `interrupted` where nobody knows how far that came.
UploadState = Literal["received", "previewed", "confirmed", "reading", "imported", "refused", "interrupted"]
OVER: tuple[UploadState, ...] = ("imported", "refused", "interrupted")
KEPT = timedelta(days=1)
SKIPS_BAD, CAME = "skips_bad", "came"


@dataclass(frozen=True)
class UploadedFile:
    name: str
    content: bytes


@dataclass(frozen=True)
class Upload:
    """`told` is what was found and done, as it is shown; `complete` and `may_end` as the command's."""

    number: int
    person_id: PersonId
    state: UploadState
    complete: bool
    may_end: int | None
    received_at: datetime
    begun_at: datetime | None
    told: Mapping[str, Any]

    @property
    def skips_bad(self) -> bool:
        """Whether the rows that are right are to be brought in without the others."""
        return self.told.get(SKIPS_BAD) is True


def add(
    tx: Transaction, person_id: PersonId, files: Sequence[UploadedFile], now: datetime, *, complete: bool
) -> int:
    values = {"person_id": person_id, "state": "received", "complete": complete, "received_at": now}
    number: int = tx.connection.execute(insert(upload).values(values).returning(upload.c.id)).scalar_one()
    keep_files(tx, number, files)
    return number


def keep_files(tx: Transaction, number: int, files: Sequence[UploadedFile]) -> None:
    """Those that were handed in, or once it is over the rows that were left out."""
    for place, one in enumerate(files):
        packed = b85encode(zlib.compress(one.content)).decode()
        row = {"name": tx.vault.seal(one.name), "content": tx.vault.seal(packed)}
        tx.connection.execute(insert(upload_file).values(upload_id=number, place=place, **row))


def get(tx: Transaction, number: int) -> Upload | None:
    row = tx.connection.execute(select(upload).where(upload.c.id == number)).one_or_none()
    return None if row is None else _upload(tx, row)


def of_person(tx: Transaction, person_id: PersonId, most: int) -> list[Upload]:
    """The newest, newest first."""
    query = select(upload).where(upload.c.person_id == person_id).order_by(upload.c.id.desc()).limit(most)
    return [_upload(tx, row) for row in tx.connection.execute(query)]


def files(tx: Transaction, number: int) -> list[UploadedFile]:
    query = select(upload_file).where(upload_file.c.upload_id == number).order_by(upload_file.c.place)
    return [
        UploadedFile(tx.vault.open(row.name), zlib.decompress(b85decode(tx.vault.open(row.content))))
        for row in tx.connection.execute(query)
    ]


def waiting(tx: Transaction, among: Sequence[UploadState]) -> Upload | None:
    """The oldest of those in one of the states."""
    query = select(upload).where(upload.c.state.in_(list(among))).order_by(upload.c.id).limit(1)
    row = tx.connection.execute(query).one_or_none()
    return None if row is None else _upload(tx, row)


def ahead(tx: Transaction, number: int) -> int:
    """How many were handed in before it and are yet to be done with: they are taken in their order."""
    waits = upload.c.state.in_(["received", "confirmed", "reading"]) & (upload.c.id < number)
    found: int = tx.connection.execute(select(func.count()).where(waits)).scalar_one()
    return found


def come_to(tx: Transaction, number: int, came: Mapping[str, object]) -> None:
    """How far it has been looked through, which is told as long as nothing else is."""
    tell(tx, number, "received", {CAME: came})


def confirm(tx: Transaction, one: Upload, may_end: int | None, *, skips_bad: bool) -> None:
    """`skips_bad` stands in what is told of it, which is hers to read until it is over."""
    told = {**one.told, SKIPS_BAD: skips_bad}
    sealed = tx.vault.seal(orjson.dumps(told).decode())
    _change(tx, one.number, state="confirmed", may_end=may_end, told=sealed)


def begin(tx: Transaction, number: int, now: datetime) -> None:
    _change(tx, number, state="reading", begun_at=now)


def leave(tx: Transaction, number: int) -> None:
    """Somebody else is importing: it is as if it had not been begun."""
    _change(tx, number, state="confirmed", begun_at=None)


def tell(tx: Transaction, number: int, state: UploadState, told: Mapping[str, Any]) -> None:
    """What was found or done; once it is over its files are gone."""
    _change(tx, number, state=state, told=tx.vault.seal(orjson.dumps(told).decode()))
    if state in OVER:
        tx.connection.execute(delete(upload_file).where(upload_file.c.upload_id == number))


def forget(tx: Transaction, number: int) -> None:
    tx.connection.execute(delete(upload_file).where(upload_file.c.upload_id == number))
    tx.connection.execute(delete(upload).where(upload.c.id == number))


def forget_old(tx: Transaction, now: datetime, most: int) -> int:
    """Deletes so many of those that were handed in a day ago and are not being imported, and says how many."""
    old = (
        select(upload.c.id).where(upload.c.received_at < now - KEPT, upload.c.state != "reading").limit(most)
    )
    numbers = list(tx.connection.scalars(old))
    for number in numbers:
        forget(tx, number)
    return len(numbers)


def _change(tx: Transaction, number: int, **values: object) -> None:
    tx.connection.execute(update(upload).where(upload.c.id == number).values(values))


def _upload(tx: Transaction, row: Row[Any]) -> Upload:
    told: Mapping[str, Any] = orjson.loads(tx.vault.open(row.told)) if row.told else {}
    return Upload(
        row.id,
        row.person_id,
        row.state,
        row.complete,
        row.may_end,
        row.received_at,
        row.begun_at,
        told,
    )
