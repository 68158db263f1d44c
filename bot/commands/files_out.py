"""Files that a command hands out: complete or not there at all, read by their owner only, never over another."""

import os
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path


def write_files(directory: Path, files: Mapping[str, bytes]) -> dict[str, str]:
    """Their SHA-256 by name; raises OSError, and then none of them is there."""
    directory.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    try:
        for name, content in files.items():
            path = directory / name
            number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            written.append(path)
            with os.fdopen(number, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
    except OSError:
        for path in written:
            path.unlink(missing_ok=True)
        raise
    return {name: sha256(content).hexdigest() for name, content in files.items()}
