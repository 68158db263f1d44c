"""Whether a database may be made: where there has been one, a new and empty one would hide that it is lost."""

from contextlib import suppress
from pathlib import Path

from bot.settings import Settings
from services.backups.manifest import complete
from storage.engine.copies import BESIDE
from texts.catalogue import Texts

MARK = "databas"


class NoDatabaseError(Exception):
    """There is no database, and none is made; the message says where it was looked for and what to do."""


def demand_database(settings: Settings, *, new: bool, anyway: bool = False) -> None:
    """Raises NoDatabaseError where there is no file, before anything makes one.

    Where it may be `new`, it does so if the installation has had one, and nobody has said that one is wanted `anyway`.
    """
    if settings.file is None or settings.file.exists():
        return
    if not new:
        raise NoDatabaseError(Texts("sv")("cli.no_database", place=_place(settings)))
    if not anyway:
        demand_first(settings)


def demand_first(settings: Settings) -> None:
    """Raises NoDatabaseError where the installation has had a database: the one that is empty is not it."""
    trace = _trace(settings)
    if trace is not None:
        raise NoDatabaseError(Texts("sv")("cli.no_database.lost", place=_place(settings), trace=trace))


def note(settings: Settings) -> None:
    """From now on the installation has had one, wherever it was; said beside the database, so that it outlives it."""
    mark = settings.var / MARK
    # One that is there is opened also where nothing can be written beside it, as it may be where a server has it.
    with suppress(OSError):
        if not mark.exists():
            mark.write_text(f"{_place(settings)}\n", encoding="utf-8")


def _trace(settings: Settings) -> Path | None:
    """What only an installation with a database has left."""
    left = [settings.var / MARK, settings.journal]
    if settings.file is not None and not settings.file.exists():
        # Beside one that is there they may be of whoever asks this.
        left += [settings.file.with_name(f"{settings.file.name}{ending}") for ending in BESIDE]
    if settings.backup_dir is not None:
        left += [file for file, _ in complete(settings.backup_dir)[:1]]
    return next((one.absolute() for one in left if one.exists()), None)


def _place(settings: Settings) -> str:
    return settings.place if settings.file is None else str(settings.file.absolute())
