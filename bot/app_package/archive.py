"""The file that is uploaded: the same for the same settings, byte for byte."""

import json
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from bot.app_package.icons import colour_icon, outline_icon
from bot.app_package.manifest import (
    COLOUR,
    OUTLINE,
    Json,
    Publisher,
    language_file,
    localization,
    manifest,
)
from texts.catalogue import LANGUAGES

# The earliest that a zip file can say: when it was made tells nothing of what is in it.
MADE = (1980, 1, 1, 0, 0, 0)


def contents(app_id: str, version: str, publisher: Publisher) -> Mapping[str, bytes]:
    """Each file of the package by its name."""
    return {
        "manifest.json": _written(manifest(app_id, version, publisher)),
        **{language_file(one): _written(localization(one, tab=bool(publisher.address))) for one in LANGUAGES},
        COLOUR: colour_icon(),
        OUTLINE: outline_icon(),
    }


def write_package(path: Path, files: Mapping[str, bytes]) -> None:
    """Beside its place first, so that what is there stays whole until the new one is."""
    unfinished = path.with_name(f"{path.name}.unfinished")
    with ZipFile(unfinished, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(_entry(name), content)
    unfinished.replace(path)


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, MADE)
    entry.compress_type = ZIP_DEFLATED
    # Otherwise the system that it is made on would be told.
    entry.create_system = 3
    entry.external_attr = 0o644 << 16
    return entry


def _written(found: Json) -> bytes:
    return f"{json.dumps(found, ensure_ascii=False, indent=2)}\n".encode()
