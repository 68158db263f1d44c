"""Fixtures: a real database for each test, a file or one of PostgreSQL's, copied from one that was migrated once."""

import gc
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from functools import partial
from pathlib import Path
from socket import socket
from typing import Any

import hypothesis
import pytest
from sqlalchemy import Engine, event
from sqlalchemy.pool import ConnectionPoolEntry, Pool

from storage.engine import schema
from storage.engine.database import Database, Transaction
from storage.engine.vault import Vault, new_key
from storage.risk import scores
from tests.support import either_database, lent_connections
from tests.support import municipality as small
from tests.support.builders_register import Register
from tests.support.cluster import programs, running
from tests.support.quick_engines import use_what_was_compiled, wait_for_no_disk
from tests.support.reused import Reused
from tests.support.statements import Chosen, Noting
from tests.support.told_once import somebody_connects

# How long an example takes says how busy the machine is.
# The same examples each time: a run that passes here passes there, and one that fails can be run again.
hypothesis.settings.register_profile("any machine", deadline=None, derandomize=True)
hypothesis.settings.load_profile("any machine")

Another = Callable[[Path], AbstractContextManager[Database]]
KEY = new_key()
MIGRATED = "migrated"
OPEN: set[int] = set()
COUNTED: Counter[str] = Counter()


# While modules are loaded and tests are listed, little can go of all that comes.
gc.set_threshold(50_000, 20, 100)
event.listen(Engine, "engine_connect", use_what_was_compiled)
event.listen(Engine, "engine_connect", somebody_connects)
event.listen(Engine, "do_connect", lent_connections.lent)


@event.listens_for(Pool, "checkout")
def _note_opened(connection: object, record: ConnectionPoolEntry, _proxy: object) -> None:
    OPEN.add(id(connection))
    wait_for_no_disk(connection, record)


@event.listens_for(Pool, "close")
def _note_closed(connection: object, _record: object) -> None:
    OPEN.discard(id(connection))


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is imported by now stays, so that nobody need look through it again and again for what can go."""
    COUNTED.update(either_database.counted(session.items))
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def every_connection_is_closed_where_it_was_opened() -> Iterator[None]:
    """Python 3.13 warns of one that is forgotten, in whatever test runs then; this tells it of the right one."""
    before = set(OPEN)
    yield
    assert not OPEN - before, "a connection to the database was left open"


def pytest_addoption(parser: pytest.Parser) -> None:
    told = "on PostgreSQL too the first case of each test with a database, or only on it: first, all, or as noted"
    parser.addoption("--postgresql", choices=either_database.WAYS, help=told)
    noted = (
        "where it is noted what each test sends to SQLite, or, with --postgresql noted, where that is read"
    )
    parser.addoption("--statements", type=Path, help=noted)
    drawn = "with --postgresql noted: the version that draws which twentieth of all the others is run too"
    parser.addoption("--version-drawn", help=drawn)


def pytest_configure(config: pytest.Config) -> None:
    folder: Path | None = config.getoption("--statements")
    if folder is not None:
        version: str | None = config.getoption("--version-drawn")
        is_chosen = config.getoption("--postgresql") == "noted"
        config.pluginmanager.register(
            Chosen(folder, config.rootpath, version) if is_chosen else Noting(folder)
        )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    wanted = _wanted(metafunc.config)
    if wanted and "engine" in metafunc.fixturenames:
        about_sqlite = metafunc.definition.get_closest_marker("sqlite") is not None
        engines = either_database.engines(wanted, about_sqlite=about_sqlite)
        metafunc.parametrize("engine", engines, indirect=True, scope="session")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    cases = [either_database.case_of(item) for item in items]
    run = either_database.chosen(cases, _wanted(config))
    config.hook.pytest_deselected(items=[item for item, is_run in zip(items, run, strict=True) if not is_run])
    kept = [item for item, is_run in zip(items, run, strict=True) if is_run]
    items[:] = sorted(kept, key=lambda item: item.get_closest_marker("long") is None)


def _wanted(config: pytest.Config) -> str | None:
    """Nothing is asked of PostgreSQL beside the rest where there is none."""
    asked: str | None = config.getoption("--postgresql")
    return None if asked == "beside" and programs() is None else asked


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """One more than there are cores: while one waits, for a browser or a moment, another goes on."""
    cores = yield
    return cores + 1


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Only those that run tests know which there are."""
    COUNTED.clear()
    COUNTED.update(getattr(node, "workeroutput", {}).get("counted", {}))


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["counted"] = dict(COUNTED)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    asked = config.getoption("--postgresql")
    for line in either_database.told(COUNTED, asked, is_here=programs() is not None):
        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def schema_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The newest schema with nothing in it, migrated once."""
    path = tmp_path_factory.mktemp("schema") / "uppfoljaren.db"
    # A table or an index with nothing in it takes a page, and each test copies them all.
    with closing(sqlite3.connect(path)) as small:
        small.execute("PRAGMA page_size=1024")
        small.execute("VACUUM")
    database = open_file(path)
    schema.migrate(database)
    database.close()
    return path


@pytest.fixture
def var(schema_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program's own folder; to migrate the database in it takes longer than most that a command does."""
    directory = tmp_path / "var"
    directory.mkdir()
    shutil.copy(schema_file, directory)
    monkeypatch.setenv("UPPFOLJAREN_VAR", str(directory))
    return directory


@pytest.fixture(scope="session")
def migrated(schema_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("migrated") / "uppfoljaren.db"
    shutil.copy(schema_file, path)
    _add_method(open_file(path))
    return path


@pytest.fixture(scope="session")
def reused() -> Iterator[Reused]:
    """A PostgreSQL of this run's own, with a database for one test after the other."""
    if programs() is None:
        pytest.skip("PostgreSQL finns inte här och är inte prövat: apt-get install postgresql")
    with running() as cluster:
        cluster.create(MIGRATED)
        _migrate(open_url(cluster.url(MIGRATED)))
        lent_connections.close(cluster.url(MIGRATED))
        with closing(Reused(cluster, MIGRATED)) as reused:
            yield reused


def _migrate(database: Database) -> None:
    schema.migrate(database)
    _add_method(database)


def _add_method(database: Database) -> None:
    with database.transaction() as tx:
        scores.add_first_method(tx)
    database.close()


def open_file(path: Path) -> Database:
    return open_url(f"sqlite:///{path}")


def open_url(url: str) -> Database:
    return Database(url, Vault([KEY]))


@pytest.fixture
def own_pools() -> Iterator[None]:
    """Each database object has connections of its own, as in a process of its own."""
    with lent_connections.each_its_own():
        yield


@pytest.fixture
def on_postgresql(reused: Reused) -> Iterator[Database]:
    """For what only PostgreSQL does, whichever database the other tests have."""
    with reused.lent() as url:
        opened = open_url(url)
        yield opened
        opened.close()


@pytest.fixture
def on_sqlite(migrated: Path, tmp_path: Path) -> Iterator[Database]:
    path = tmp_path / "test.db"
    shutil.copy(migrated, path)
    opened = open_file(path)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest) -> either_database.Engine:
    given: either_database.Engine = getattr(request, "param", "sqlite")
    return given


@pytest.fixture
def database(engine: either_database.Engine, request: pytest.FixtureRequest) -> Database:
    opened: Database = request.getfixturevalue(f"on_{engine}")
    return opened


@pytest.fixture(scope="session")
def another(engine: either_database.Engine, request: pytest.FixtureRequest) -> Another:
    """Opens one more, as it is when it has been migrated; where it is a file, the one that is named."""
    if engine == "sqlite":
        return partial(_another_file, request.getfixturevalue("migrated"))
    return partial(_another_of_postgresqls, request.getfixturevalue("reused"))


def connect_to(database: Database) -> None:
    """To write and to read, before the first of several tests, of which each is asked what it has left open."""
    with database.transaction(), database.reading():
        pass


@contextmanager
def _another_file(migrated: Path, path: Path) -> Iterator[Database]:
    shutil.copy(migrated, path)
    with closing(open_file(path)) as opened:
        yield opened


@contextmanager
def _another_of_postgresqls(reused: Reused, _: Path) -> Iterator[Database]:
    with reused.another() as url, closing(open_url(url)) as opened:
        yield opened


@pytest.fixture
def register(database: Database, tmp_path: Path) -> Register:
    """An empty register, and a folder for its files."""
    files = tmp_path / "files"
    files.mkdir()
    return Register(database, files)


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that nobody listens on and nobody can take while the test runs."""
    with socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@pytest.fixture
def tx(database: Database) -> Iterator[Transaction]:
    """One open transaction, for tests of what is stored."""
    with database.transaction() as transaction:
        yield transaction


@pytest.fixture
def municipality(database: Database) -> Database:
    """A database with the small municipality in it."""
    small.settle(database)
    return database
