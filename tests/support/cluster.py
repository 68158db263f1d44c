"""A throw-away PostgreSQL: a cluster in a folder of its own, reached through a socket there and by nobody else."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

# No test turns the power off; several hundred databases are made and dropped.
_SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "max_locks_per_transaction": "256",
}
_DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
_TENDED = {"autovacuum": "on"}
_DEBIAN = Path("/usr/lib/postgresql")
_MEMORY = Path("/dev/shm")
_ROOM = 2 * 2**30


def programs() -> Path | None:
    """The folder with initdb and pg_ctl: on the path, or where Debian puts the newest; None where there is none."""
    on_path = shutil.which("pg_ctl")
    if on_path is not None:
        return Path(on_path).resolve().parent
    installed = sorted(_DEBIAN.glob("*/bin/pg_ctl"), key=lambda found: float(found.parts[-3]))
    return installed[-1].parent if installed else None


@dataclass(frozen=True)
class Cluster:
    """`socket` is the folder that its clients name as the host."""

    programs: Path
    folder: Path
    user: str | None
    settings: Mapping[str, str] = field(default_factory=lambda: _SETTINGS)

    @property
    def socket(self) -> Path:
        return self.folder / "s"

    def url(self, name: str) -> str:
        return f"postgresql+psycopg://postgres@/{name}?host={self.socket}"

    def run(self, *command: str) -> None:
        """As somebody else where we are root, since PostgreSQL refuses to run as root."""
        program = self.programs / command[0]
        given: dict[str, Any] = {"stdin": subprocess.DEVNULL, "cwd": "/"}
        if self.user is not None:
            given |= {"user": self.user, "group": self.user, "extra_groups": ()}
        # A server that goes on has its own files; what it inherits of ours would never be closed.
        with (self.folder / "out").open("ab") as out:
            subprocess.run([program, *command[1:]], check=True, stdout=out, stderr=out, **given)

    def start(self) -> None:
        options = " ".join(f"-c {name}={value!r}" for name, value in self.settings.items())
        log = str(self.folder / "log")
        self.run(
            "pg_ctl",
            "-D",
            str(self.folder / "d"),
            "-w",
            "-l",
            log,
            "-o",
            f"-k {self.socket} {options}",
            "start",
        )

    def stop(self, how: str = "immediate") -> None:
        self.run("pg_ctl", "-D", str(self.folder / "d"), "-m", how, "-w", "stop")

    def restart(self) -> None:
        """Whatever is going on there is undone."""
        self.stop("fast")
        self.start()

    def create(self, name: str, template: str = "template0") -> None:
        with self.connect() as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def drop(self, name: str) -> None:
        with self.connect() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def connect(self, name: str = "postgres", options: str = "") -> psycopg.Connection:
        """One that commits each statement."""
        return psycopg.connect(
            host=str(self.socket), user="postgres", dbname=name, autocommit=True, options=options
        )


def main() -> None:
    """Ends well where there is a PostgreSQL to start, for the Makefile."""
    sys.exit(programs() is None)


def _roomy() -> Path:
    """Memory, where there is enough of it: two thousand files are made there and deleted."""
    return _MEMORY if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM else Path("/tmp")


@contextmanager
def running(disk: Path | None = None, *, tended: bool = False) -> Iterator[Cluster]:
    """A new cluster, which is stopped and gone afterwards; on a `disk` each commit waits for that.

    One that is `tended` looks by itself at what its tables have grown to, as any server that is used does.
    """
    found = programs()
    if found is None:
        raise FileNotFoundError("there is no PostgreSQL here: apt-get install postgresql")
    # The path of a socket may have a hundred letters, and pytest's own folders have more.
    with tempfile.TemporaryDirectory(prefix="pg-", dir=disk or _roomy()) as made:
        settings = _SETTINGS | (_DURABLE if disk else {}) | (_TENDED if tended else {})
        cluster = Cluster(found, Path(made), "postgres" if os.geteuid() == 0 else None, settings)
        cluster.socket.mkdir()
        for path in (cluster.folder, cluster.socket):
            if cluster.user is not None:
                shutil.chown(path, cluster.user, cluster.user)
        cluster.run(
            "initdb",
            "-D",
            str(cluster.folder / "d"),
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
            "--no-instructions",
        )
        cluster.start()
        try:
            yield cluster
        finally:
            with suppress(subprocess.CalledProcessError):
                cluster.stop()


if __name__ == "__main__":
    main()
