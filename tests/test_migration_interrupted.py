"""A bot that is killed in the middle of a migration: the database is as it was before, and the next start goes on."""

import signal
import subprocess
import sys
from pathlib import Path

from sqlalchemy import inspect

from storage.engine import schema
from storage.engine.database import Database
from tests.conftest import KEY, Another

BEFORE = "0063"
# Goes back to the version before, and is killed by itself on the way to the newest. All but the commit is done then:
# what stays of it would be a statement that is no part of the one transaction.
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
    command.downgrade(config, sys.argv[3])
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("comment on schema procrastinate is 'an older one'")
event.listen(database.engine, "commit", lambda _: os.kill(os.getpid(), signal.SIGKILL))
schema.migrate(database)
"""


def test_the_database_is_as_before_and_the_next_start_goes_on(another: Another, tmp_path: Path) -> None:
    with another(tmp_path / "bot.db") as database:
        url = database.engine.url.render_as_string(hide_password=False)
        ended = subprocess.run(
            [sys.executable, "-c", KILLED, url, KEY, BEFORE], check=False, capture_output=True, text=True
        )
        assert ended.returncode == -signal.SIGKILL, ended.stderr
        assert (schema.current(database), is_whole(database)) == (BEFORE, True)
        assert {"left_to_score", "restored"}.isdisjoint(inspect(database.engine).get_table_names())
        if database.has_queue:
            assert [one for one in schema.drift(database) if "an older one" in str(one)]
        schema.migrate(database)
        assert (schema.current(database), schema.drift(database)) == (schema.newest(), [])


def is_whole(database: Database) -> bool:
    """What a file says of itself; a server looks to that when it is started anew."""
    with database.reading() as tx:
        if tx.connection.dialect.name == "postgresql":
            return True
        return bool(tx.connection.exec_driver_sql("pragma integrity_check").scalar_one() == "ok")
