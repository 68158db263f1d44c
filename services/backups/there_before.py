"""What was where a backup is put: kept aside whole, and what it holds that the backup lacks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from services.backups.manifest import Manifest, stamp_of, unused
from storage.engine import comparing, copies, schema
from storage.engine.comparing import Since
from storage.engine.database import StorageError
from storage.engine.vault import Vault
from storage.log import restores
from storage.log.restores import Untold


@dataclass(frozen=True)
class ThereBefore:
    """`path` is where it is to lie, None where there was nothing.

    `since` and `untold`, what its own operator has not been told, are None where that cannot be read.
    """

    path: Path | None = None
    since: Since | None = None
    untold: Sequence[Untold] | None = None


def there_before(target: Path, coming: Path, manifest: Manifest, vault: Vault, now: datetime) -> ThereBefore:
    if not target.exists():
        return ThereBefore()
    path = unused(target.parent, f"{target.name}.before-{stamp_of(now)}")
    with copies.only_read(target, vault) as old, copies.only_read(coming, vault) as copied:
        try:
            with old.reading() as there, copied.reading() as then:
                is_same = schema.current_in(there) == schema.newest() == manifest.schema
                since = comparing.since(there, then, manifest.taken_at) if is_same else None
                # Of an earlier version too: whoever was stopped before it was said may have updated the program since.
                untold = restores.untold(there) if restores.are_kept(there) else None
                return ThereBefore(path, since, untold)
        except StorageError:
            return ThereBefore(path)


def keep_aside(target: Path, before: Path) -> None:
    """Under a name that no program opens, and until something takes its place under its own too."""
    try:
        before.hardlink_to(target)
    except OSError:
        # Some file systems have one name for each file.
        target.rename(before)
