"""The database as a program opens it: at its schema, under its key, with what must stand in it before anything else."""

from contextlib import ExitStack, closing
from datetime import datetime

from bot.clock import MovableClock
from bot.first_database import demand_database, demand_first, note
from bot.settings import Settings
from storage.alerts import alerts
from storage.engine import schema
from storage.engine.database import Database, Transaction
from storage.engine.faults import word_of
from storage.engine.schema import UnreachableError
from storage.engine.vault import Vault
from storage.log import log_chain
from storage.messages import conversations
from storage.messages.conversations import Address
from storage.messages.delivery import QUALITY_CHANNEL
from storage.risk import scores
from storage.times import job_looks, wakes
from texts.catalogue import Texts


class WrongSchemaError(Exception):
    """The database is at another version than the program; the message says how to upgrade."""


class WrongKeyError(Exception):
    """What is stored is sealed with a key that the configuration does not have; the message says what to do."""


def connect(settings: Settings, *, new: bool = False, anyway: bool = False) -> Database:
    """The database as it is, whatever its schema; raises UnreachableError where the program's own folder cannot be.

    One that is not there is made where it may be `new`; else NoDatabaseError of bot.first_database is raised.
    """
    try:
        demand_database(settings, new=new, anyway=anyway)
        settings.var.mkdir(parents=True, exist_ok=True)
        keys = settings.sealing_keys
    except OSError as error:
        raise UnreachableError(word_of(error)) from error
    return Database(settings.url, Vault(keys))


def open_database(settings: Settings, now: datetime, *, new: bool = False) -> Database:
    """The database at the right schema: brought there in local mode, demanded elsewhere.

    In local mode the first of an installation is made by what says that it may be `new`.
    """
    with ExitStack() as unless_ready:
        may_be_new = new and settings.local
        database = unless_ready.enter_context(closing(connect(settings, new=may_be_new)))
        if settings.local:
            _bring_up(database, settings, new=may_be_new)
        _make_ready(database, settings, now)
        unless_ready.pop_all()
    note(settings)
    return database


def _bring_up(database: Database, settings: Settings, *, new: bool) -> None:
    version = schema.current(database)
    if version is None and new:
        demand_first(settings)
    if schema.is_known(version) and (new or version is not None):
        schema.migrate(database)


def _make_ready(database: Database, settings: Settings, now: datetime) -> None:
    if (problem := wrong_schema(schema.current(database))) is not None:
        raise WrongSchemaError(problem)
    with database.transaction() as tx:
        demand_key(tx)
        scores.add_first_method(tx)
        # Silence was an alert until method risk-2.
        alerts.close_of_kind(tx, "silence", Texts("sv")("alert.method_changed"), now)
        log_chain.begin(tx, now)
        job_looks.forget_all(tx)
        # Before the first import, so that its alerts find the channel; only the server knows its own address.
        if conversations.address_of(tx, channel=QUALITY_CHANNEL) is None:
            remember_channel(tx, settings, now)


def wrong_schema(version: str | None) -> str | None:
    """What to do about a database of another version than the program's; None when it is the same."""
    if version == schema.newest():
        return None
    if version == schema.being_moved():
        return Texts("sv")("cli.being_moved")
    if version == schema.being_restored():
        return Texts("sv")("cli.being_restored")
    if version == schema.not_as_said():
        return Texts("sv")("cli.not_as_said")
    if version is None:
        return Texts("sv")("cli.schema.empty")
    known = "older" if schema.is_known(version) else "newer"
    return Texts("sv")(f"cli.schema.{known}", version=version, wanted=schema.newest())


def demand_key(tx: Transaction) -> None:
    """Refuses a key that is well formed and wrong: what was sealed with it would be lost when the right one is back."""
    if not log_chain.goes_on(tx):
        given = ", ".join(key.id for key in tx.vault.log_keys)
        raise WrongKeyError(Texts("sv")("cli.wrong_key", given=given, wanted=log_chain.current_key(tx)))


def catch_up_clock(clock: MovableClock, database: Database, *, local: bool) -> MovableClock:
    """In local mode the clock goes on from where it was moved to, since what was done then is done."""
    if local:
        with database.transaction() as tx:
            clock.move_to(wakes.latest(tx) or clock())
    return clock


def remember_channel(tx: Transaction, settings: Settings, now: datetime) -> None:
    """Where the quality team's messages go, where the configuration says it."""
    if settings.channel:
        address = Address(settings.channel, settings.service_url)
        conversations.remember(tx, address, now, channel=QUALITY_CHANNEL)
