"""A bot that is killed in the middle of a migration: the database is as it was before, and the next start goes on."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from storage.engine import schema
from storage.engine.database import Database
from storage.engine.vault import Vault, new_key

BEFORE = "0030"
# Migrates to the version before, and is killed by itself in the midst of the way to the newest.
KILLED = """
import os, signal, sys
from alembic import command
from sqlalchemy import event
from storage.engine import schema
from storage.engine.database import Database
from storage.engine.vault import Vault

database = Database(sys.argv[1], Vault([sys.argv[2]]))
with database.engine.begin() as connection:
    config = schema._config()
    config.attributes["connection"] = connection
    command.upgrade(config, sys.argv[3])
written = []

@event.listens_for(database.engine, "after_cursor_execute")
def _die(connection, cursor, statement, *_):
    written.extend([statement] if statement.lstrip().upper().startswith(("CREATE", "ALTER")) else [])
    if len(written) > 12:
        os.kill(os.getpid(), signal.SIGKILL)

schema.migrate(database)
"""


@pytest.mark.sqlite("dödar en process på en egen fil; PostgreSQL tar tillbaka samma transaktion")
def test_the_database_is_as_before_and_the_next_start_goes_on(tmp_path: Path) -> None:
    url, key = f"sqlite:///{tmp_path / 'bot.db'}", new_key()
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, url, key, BEFORE], check=False, capture_output=True, text=True
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    database = Database(url, Vault([key]))
    assert schema.current(database) == BEFORE
    with database.reading() as tx:
        assert tx.connection.exec_driver_sql("pragma integrity_check").scalar_one() == "ok"
    schema.migrate(database)
    assert (schema.current(database), schema.drift(database)) == (schema.newest(), [])
    database.close()
