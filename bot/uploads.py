"""Files handed in on a page: looked through, and brought in once it is confirmed, beside all else that the bot does."""

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal

from bot.links import File, Maker
from bot.when_asked import when_asked
from followup.messages.message import LinkKind
from storage.engine.database import Database, StorageError, Transaction
from storage.engine.faults import is_busy
from storage.imports import uploads
from storage.imports.imports import ImportUnderWayError, importing_alone
from storage.imports.register import placement_ids
from storage.imports.uploads import Upload, UploadedFile
from storage.register import people
from texts.catalogue import Texts

if TYPE_CHECKING:
    from bot.registering import Result
    from documents.imports.reading import RowProblem

log = logging.getLogger(__name__)
REJECTED: LinkKind = "rejected_rows"
# Who has just begun one, in another process, may not have come to its lock.
SURELY_BEGUN = timedelta(minutes=1)
# Files with fewer rows have been looked through before anybody has read how far that has come.
TELL_FROM = 1_000


def problem_rows(problems: "Sequence[RowProblem]", say: Texts) -> list[dict[str, object]]:
    """Where and what, in words."""
    return [
        {
            "file": one.file,
            "row": one.row,
            "column": one.column,
            "what": say.say(one.what),
            "allowed": say.say(one.allowed) if one.allowed else None,
        }
        for one in problems
    ]


@dataclass
class UploadReader:
    """One at a time; where somebody else is importing what waits is taken up later. `tenants` as the command's."""

    database: Database
    clock: Callable[[], datetime]
    tenants: Set[str] | None = None
    local: bool = False
    busy: asyncio.Lock = field(default_factory=asyncio.Lock)
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        self.asked.set()

    async def run(self) -> None:
        """What is asked for at once; the timetable asks each minute for what an ended bot has left."""
        await when_asked(self.asked, self.read_waiting, "what was handed in could not be read now")

    async def read_waiting(self) -> None:
        async with self.busy:
            await self.database.run(_end_interrupted, self.database, self.clock())
            while (one := await self.database.run(uploads.waiting, ("received", "confirmed"))) is not None:
                if not await asyncio.to_thread(self._read, one):
                    return

    def _read(self, one: Upload) -> bool:
        """False where it has to wait."""
        try:
            self._preview(one) if one.state == "received" else self._bring_in(one)
        except ImportUnderWayError:
            return False
        except StorageError as error:
            if not is_busy(error):
                raise
            return False
        except Exception:
            if one.state != "received":
                raise
            # What cannot be looked through, whyever that is, holds up no other.
            log.exception("the files of upload %s could not be read", one.number)
            with self.database.transaction() as tx:
                _refuse(tx, one, _say(tx, one)("page.import.unreadable"))
        return True

    def _preview(self, one: Upload) -> None:
        # What reads files is loaded when there are some, on this thread and before any transaction.
        from bot.registering import preview_files

        with self._on_disk(one) as paths:
            result = preview_files(
                self.database,
                paths,
                self.clock(),
                complete=one.complete,
                progress=self._coming(one, "read"),
                staged=self._coming(one, "counted"),
                tenants=self.tenants,
                local=self.local,
            )
        with self.database.looking() as look:
            told = _told(look, one, result, _say(look, one))
        with self.database.transaction() as tx:
            uploads.tell(tx, one.number, "previewed", told)

    def _coming(self, one: Upload, step: Literal["read", "counted"]) -> Callable[[int, int], None]:
        """Stores how far it has come, a tenth at a time, where there are so many rows that somebody waits."""
        stored = -1

        def come(done: int, of_all: int) -> None:
            nonlocal stored
            if of_all < TELL_FROM or done * 10 // of_all == stored:
                return
            stored = done * 10 // of_all
            with self.database.transaction() as tx:
                uploads.come_to(tx, one.number, {"step": step, "done": done, "of_all": of_all})

        return come

    def _bring_in(self, one: Upload) -> None:
        with self.database.transaction() as tx:
            uploads.begin(tx, one.number, self.clock())
        with self._left_where_in_the_way(one), self._on_disk(one) as paths:
            result = self._imported(one, paths)
        with self.database.looking() as look:
            say = _say(look, one)
        left_out = _rejected(result, say) if result else []
        with self.database.transaction() as tx:
            if result is None:
                _refuse(tx, one, say("cli.import.in_use"))
                return
            state: uploads.UploadState = "refused" if result.imported is None else "imported"
            uploads.tell(tx, one.number, state, _done(result, say))
            uploads.keep_files(tx, one.number, left_out)

    @contextmanager
    def _left_where_in_the_way(self, one: Upload) -> Iterator[None]:
        """As it was before; where anything else goes wrong nobody knows how far it came, and it is told so later."""
        try:
            yield
        except (ImportUnderWayError, StorageError) as error:
            if isinstance(error, ImportUnderWayError) or is_busy(error):
                with self.database.transaction() as tx:
                    uploads.leave(tx, one.number)
            raise

    def _imported(self, one: Upload, paths: Sequence[Path]) -> "Result | None":
        """None where people wrote about the same things all the time; nothing has been changed then."""
        from bot.registering import RegisterInUseError, import_files

        try:
            return import_files(
                self.database,
                paths,
                self.clock(),
                complete=one.complete,
                end=one.may_end,
                skip_bad=one.skips_bad,
                by=one.person_id,
                tenants=self.tenants,
                local=self.local,
            )
        except RegisterInUseError:
            return None

    @contextmanager
    def _on_disk(self, one: Upload) -> Iterator[list[Path]]:
        """The reading takes files; they are there, for this account alone, as long as it reads."""
        with self.database.looking() as look:
            files = uploads.files(look, one.number)
        with TemporaryDirectory(prefix="uppfoljaren-") as folder:
            paths = [Path(folder) / file.name for file in files]
            for path, file in zip(paths, files, strict=True):
                path.write_bytes(file.content)
            yield paths


def _refuse(tx: Transaction, one: Upload, why: str) -> None:
    """For what is in no row of the files."""
    problem = {"file": "", "row": None, "column": "", "what": why, "allowed": None}
    uploads.tell(tx, one.number, "refused", {"problems": [problem]})


def _rejected(result: "Result", say: Texts) -> list[UploadedFile]:
    """What was left out of what was brought in, as the command writes it."""
    from documents.imports.rejected import write_rejected

    if result.imported is None or not result.reading.problems:
        return []
    with TemporaryDirectory(prefix="uppfoljaren-") as folder:
        written = write_rejected(result.reading, Path(folder), say.say)
        return [UploadedFile(path.name, path.read_bytes()) for path in written]


def rejected_file(database: Database) -> Maker:
    """The subject names what was handed in, and which of the files."""

    def made(subject: Mapping[str, Any]) -> File:
        with database.looking() as look:
            files = uploads.files(look, subject["upload"])
        wanted = [one for one in files if one.name == subject["file"]]
        if not wanted:
            return File(Texts("sv")("link.ended").encode(), "text/plain")
        return File(wanted[0].content, "text/csv", wanted[0].name)

    return made


def _say(tx: Transaction, one: Upload) -> Texts:
    person = people.by_id(tx, one.person_id)
    return Texts(person.language if person else "sv")


def _told(tx: Transaction, one: Upload, result: "Result", say: Texts) -> dict[str, Any]:
    reading = result.reading
    # While anything is wrong they cannot be the whole register, and nothing ends by them.
    ending = reading.missing if one.complete and not reading.problems else ()
    ids = placement_ids(tx) if ending else {}
    # What ends is told by itself.
    warnings = [warning for warning in reading.warnings if warning.what.id != "import.complete.ends"]
    return {
        "problems": problem_rows(reading.problems, say),
        "warnings": problem_rows(warnings, say),
        "left_out": reading.left_out,
        "counts": _counts(result),
        "missing": 0 if result.imported is None else result.imported.missing,
        "ending": [{"case": case, "unit": unit, "starts": starts} for case, unit, starts in ending],
        "placements": [ids[key] for key in ending],
    }


def _done(result: "Result", say: Texts) -> dict[str, Any]:
    """What became of it, with no child in it once it is in."""
    return {
        "problems": problem_rows(result.reading.problems, say),
        "left_out": result.reading.left_out if result.reading.problems else 0,
        "counts": _counts(result),
        "unscored": result.unscored,
    }


def _counts(result: "Result") -> dict[str, dict[str, int]]:
    counts = result.imported.counts if result.imported else {}
    return {kind: vars(one) for kind, one in counts.items() if any(vars(one).values())}


def _end_interrupted(tx: Transaction, database: Database, now: datetime) -> None:
    """One that a bot was ended in the middle of: how far it came is not known, so nothing is said of it."""
    one = uploads.waiting(tx, ("reading",))
    if one is None or one.begun_at is None or one.begun_at > now - SURELY_BEGUN:
        return
    try:
        with importing_alone(database):
            uploads.tell(tx, one.number, "interrupted", {})
    except ImportUnderWayError:
        return
