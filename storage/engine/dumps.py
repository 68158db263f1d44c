"""Copies of a PostgreSQL database, made and put back by its own programs."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Connection, inspect, make_url, text

from storage.engine import copies
from storage.engine.database import Database, Transaction

ENDING = ".dump"
# No dump has it in it, so that it is there before what is put back is, and until all of that has been seen to.
_UNDER_WAY = "uppfoljaren_restoring"


class ProgramError(Exception):
    """The program is not here or did not do it; the message is its own word."""


def dump(database: Database, snapshot: str, to: Path) -> None:
    """All of it as at the snapshot, in the program's own compressed form; only its owner reads the file."""
    to.touch(mode=0o600, exist_ok=False)
    _run("pg_dump", database.url, "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={to}")
    copies.secure(to)


def exported_snapshot(tx: Transaction) -> str:
    """Names what the transaction sees, for as long as it is open."""
    return str(tx.connection.execute(text("SELECT pg_export_snapshot()")).scalar_one())


def put_back(database: Database, file: Path) -> None:
    """All of it, or when anything stands in the way nothing."""
    wanted = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-acl", str(file))
    _run("pg_restore", database.url, *wanted)


def under_way(connection: Connection) -> str | None:
    """The checksum of the dump that is being put back there, or was when that was interrupted; None of any other."""
    asked = text("SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = :name")
    found: str | None = connection.execute(asked, {"name": _UNDER_WAY}).scalar()
    return found


def begin(tx: Transaction, checksum: str) -> None:
    """From the commit on no program starts there, whatever comes of it, until `end`."""
    tx.connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {_UNDER_WAY}")
    tx.connection.exec_driver_sql(f"COMMENT ON SCHEMA {_UNDER_WAY} IS '{checksum}'")


def end(tx: Transaction) -> None:
    tx.connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {_UNDER_WAY}")


def is_empty(tx: Transaction) -> bool:
    from storage.engine.postgresql import QUEUE_SCHEMA

    return not copies.own_tables(tx) and QUEUE_SCHEMA not in inspect(tx.connection).get_schema_names()


def _run(program: str, url: str, *words: str) -> None:
    """What the program is told of the password does not stand among its words, which others on the machine can read."""
    from psycopg.conninfo import make_conninfo

    asked = make_url(url)
    where = {**asked.translate_connect_args(username="user", database="dbname"), **asked.query}
    secret = {"PGPASSWORD": str(where.pop("password"))} if "password" in where else {}
    _told([program, f"--dbname={make_conninfo(**where)}", *words], {**os.environ, **secret})


def _told(words: list[str], environment: Mapping[str, str]) -> None:
    try:
        done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise ProgramError(f"{words[0]}: postgresql-client") from None
    if done.returncode:
        raise ProgramError(done.stderr.strip())
