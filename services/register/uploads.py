"""Files that an administrator hands in on a page: looked through first, and brought in when she has confirmed it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from followup.log.subject import What
from followup.people import Conversation
from followup.wording.wording import Problem, wording
from services.acting import Acting, Refused, Why
from storage.imports import uploads
from storage.imports.own_columns import own_columns
from storage.imports.uploads import CAME, Upload, UploadedFile

MEBIBYTE = 1 << 20
# What the page takes; a larger register is brought in by the command, in a process of its own.
LARGEST_MEBIBYTES, MOST_FILES = 8, 20
SHOWN = 10
LONGEST_NAME = 160
ENDINGS = (".csv", ".xlsx")


@dataclass(frozen=True)
class UploadSeen:
    """`ends` is how many placements the files would end, or have ended, by what they do not name.

    `ahead` is how many others are to be done with before something is told of it.
    """

    upload: Upload
    ahead: int = 0

    @property
    def number(self) -> int:
        return self.upload.number

    @property
    def ends(self) -> int:
        return len(self.upload.told.get("ending", ()))

    @property
    def waits(self) -> bool:
        """Whether something is yet to be told of it."""
        return self.upload.state in ("received", "confirmed", "reading")

    @property
    def came(self) -> Mapping[str, object] | None:
        """How far it has been looked through, where that takes long."""
        return self.upload.told.get(CAME)

    @property
    def left_out(self) -> int:
        """How many rows the files have that are not right, or that depend on one that is not."""
        number: int = self.upload.told.get("left_out", 0)
        return number

    @property
    def wrong(self) -> bool:
        return bool(self.upload.told.get("problems"))

    @property
    def can_be_confirmed(self) -> bool:
        """All of it, or where something is wrong the rows that are right, if there are any."""
        return self.upload.state == "previewed" and (not self.wrong or bool(self.upload.told["counts"]))


def receive(acting: Acting, files: Sequence[tuple[str, bytes]], *, complete: bool) -> UploadSeen | Refused:
    """By name and content: kept, sealed, to be looked through; nothing is in the register before it is confirmed."""
    if not acting.may(Conversation.REGISTER):
        return acting.refuse(What.IMPORT.of())
    named = [UploadedFile(_plain(name), content) for name, content in files]
    if problem := _problem(named):
        return Refused(Why.WRONG, (problem,))
    number = uploads.add(acting.tx, acting.person.id, named, acting.now, complete=complete)
    acting.log("write", What.IMPORT.of(number), detail="received", records=0)
    return _own(acting, number)


def _plain(name: str) -> str:
    """The last part of it: what a browser says is no way to another folder, and not longer than a folder takes."""
    last = name.replace("\\", "/").rpartition("/")[2]
    printable = "".join(sign for sign in last if sign.isprintable())
    # A folder counts bytes, of which a sign may be four.
    return printable.encode()[-LONGEST_NAME:].decode(errors="ignore").lstrip(".~ ")


def _problem(files: Sequence[UploadedFile]) -> Problem | None:
    if not files:
        return Problem("files", wording("page.import.no_files"))
    if len(files) > MOST_FILES:
        return Problem("files", wording("page.import.too_many", most=MOST_FILES))
    if sum(len(one.content) for one in files) > LARGEST_MEBIBYTES * MEBIBYTE:
        return Problem("files", wording("page.import.too_large", megabytes=LARGEST_MEBIBYTES))
    if len({one.name.casefold() for one in files}) < len(files):
        return Problem("files", wording("page.import.same_name"))
    if not all(one.name.casefold().endswith(ENDINGS) and one.name.partition(".")[0] for one in files):
        return Problem("files", wording("import.file.other_type"))
    return None


def own_uploads(acting: Acting) -> list[UploadSeen] | Refused:
    """The last day's."""
    if not acting.may(Conversation.REGISTER):
        return acting.refuse(What.IMPORT.of())
    return [UploadSeen(one) for one in uploads.of_person(acting.tx, acting.person.id, SHOWN)]


def own_names(acting: Acting) -> int:
    """How many columns the files of the next import may have the municipality's own names for."""
    return len(own_columns(acting.tx)) if acting.may(Conversation.REGISTER) else 0


def seen(acting: Acting, number: int | None) -> UploadSeen | Refused:
    """What was found in the files, which may name children: the look is logged with the placements that end."""
    found = _own(acting, number)
    if isinstance(found, Refused):
        return found
    if found.upload.told and not found.came:
        placements = found.upload.told.get("placements", ())
        acting.log("read", What.IMPORT.of(found.number), seen=What.PLACEMENT.each(placements))
    return replace(found, ahead=uploads.ahead(acting.tx, found.number)) if found.waits else found


def confirm(acting: Acting, number: int | None, typed: str) -> UploadSeen | Refused:
    """To be brought in as it was told; the number of placements that end is typed by whoever means it."""
    found = _own(acting, number)
    if isinstance(found, Refused):
        return found
    if not found.can_be_confirmed:
        return Refused(Why.CHANGED)
    if found.ends and typed.strip() != str(found.ends):
        return Refused(Why.WRONG, (Problem("ends", wording("page.import.other_number", number=found.ends)),))
    may_end = found.ends if found.upload.complete else None
    uploads.confirm(acting.tx, found.upload, may_end, skips_bad=found.wrong)
    detail = "confirmed without what is wrong" if found.wrong else "confirmed"
    acting.log("write", What.IMPORT.of(found.number), detail=detail, records=0)
    return _own(acting, number)


def rejected(acting: Acting, number: int | None) -> list[str] | Refused:
    """The names of the files with the rows that were left out, which are there as long as what was told is."""
    found = _own(acting, number)
    if isinstance(found, Refused):
        return found
    over = found.upload.state == "imported"
    return [one.name for one in uploads.files(acting.tx, found.number)] if over else []


def take_rejected(acting: Acting, number: int | None, name: str) -> str | Refused:
    """The name of one of them, to be fetched now: what is in it names children, so the look is logged."""
    names = rejected(acting, number)
    if isinstance(names, Refused):
        return names
    if name not in names:
        return acting.refuse(What.IMPORT.of(number or "?"), Why.UNKNOWN)
    acting.log("read", What.IMPORT.of(number or "?"), detail="rejected rows")
    return name


def let_be(acting: Acting, number: int | None) -> Refused | None:
    """The files are gone, and nothing has been brought in; what she has confirmed is told of where it stands."""
    found = _own(acting, number)
    if isinstance(found, Refused):
        return found
    if found.upload.state not in ("received", "previewed"):
        return Refused(Why.CHANGED)
    uploads.forget(acting.tx, found.number)
    acting.log("write", What.IMPORT.of(found.number), detail="let be", records=0)
    return None


def _own(acting: Acting, number: int | None) -> UploadSeen | Refused:
    found = uploads.get(acting.tx, number or 0) if acting.may(Conversation.REGISTER) else None
    if found is None or found.person_id != acting.person.id:
        return acting.refuse(What.IMPORT.of(number or "?"), Why.UNKNOWN)
    return UploadSeen(found)
