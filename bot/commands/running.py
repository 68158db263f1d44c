"""Commands that run the bot or wake it: serve, chat, wake, round, migrate."""

import asyncio
import logging
import signal
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated

import typer

from bot.clock import MovableClock
from bot.commands.console import (
    aware,
    database_trouble,
    in_quarters,
    opened,
    operator,
    print_error,
    print_json,
    print_table,
    print_text,
    settings_for,
)
from bot.first_database import demand_first, note
from bot.loading import kept_quick, looked_through_no_more, made_quick
from bot.opening import WrongSchemaError, connect, demand_key, wrong_schema
from bot.settings import LOOPBACK, PORT, Settings
from followup.log.subject import What
from followup.month.rounds import first_month, opening
from followup.times.calendar import municipal_day, working_moment
from scheduler.waking import wake as wake_all
from storage.engine import schema
from storage.engine.database import Database, StorageError
from storage.engine.faults import fault_of, word_of
from storage.log import access_log, log_chain, restores
from storage.month import rounds
from storage.overview import response_rates
from storage.times import wakes
from texts.catalogue import Texts

log = logging.getLogger(__name__)
MONITORING_CONNECTIONS = 20
_GIVEN_UP = "the bot ends, since the database could not be used, %s (%s): see to that and start it again"
# More than it takes to open the database.
JUMPED = timedelta(minutes=5)


def add(cli: typer.Typer, say: Texts, clock: MovableClock) -> None:
    _add_serving(cli, say, clock)
    _add_waking(cli, say, clock)


def _add_serving(cli: typer.Typer, say: Texts, clock: MovableClock) -> None:
    @cli.command(help=say("cli.serve"))
    def serve(
        local: Annotated[bool, typer.Option("--local", help=say("cli.serve.local"))] = False,
    ) -> None:
        settings = settings_for(say, local=local)
        began = clock()
        if settings.local:
            print_text(say("cli.serve.opening", var=settings.var))
        with opened(settings, clock, say, new=True) as database, _port_taken(say):
            _tell_of_restores(database, say)
            if settings.local:
                _tell_of_clock("cli.serve.clock_goes_on", began, clock, say)
                _load_demo(settings, database, clock, say)
                asyncio.run(_serve_locally(settings, database, clock, say))
            else:
                asyncio.run(_serve(settings, database, clock))

    @cli.command(name="chat", help=say("cli.chat"))
    def chat_(
        who: Annotated[str, typer.Option("--as", help=say("cli.chat.as"))],
        port: Annotated[int, typer.Option(help=say("cli.chat.port"), envvar="UPPFOLJAREN_PORT")] = PORT,
    ) -> None:
        from bot.local.terminal_chat import PageError

        try:
            asyncio.run(_chat(who, port))
        except PageError as refused:
            print_error(str(refused))
            raise typer.Exit(1) from None


def _add_waking(cli: typer.Typer, say: Texts, clock: MovableClock) -> None:
    @cli.command(help=say("cli.wake"))
    def wake(
        at: Annotated[datetime | None, typer.Option(help=say("cli.wake.at"))] = None,
        confirm: Annotated[bool, typer.Option("--confirm", help=say("cli.wake.confirm"))] = False,
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
    ) -> None:
        settings = settings_for(say)
        if at is not None and not settings.local:
            print_error(say("cli.wake.only_local"))
            raise typer.Exit(2)
        with opened(settings, clock, say) as database:
            now = clock() if at is None else aware(at)
            if not settings.local:
                _demand_clock(database, now, say, confirm=confirm)
            with database.reading() as look:
                made_quick(look)
            queued = wake_all(database, now, settings.times)
        if as_json:
            print_json({"at": now.isoformat(), "queued": queued})
        else:
            print_text(say("cli.wake.done", n=queued, at=now))

    @cli.command(name="round", help=say("cli.round"))
    def round_(as_json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False) -> None:
        settings = settings_for(say)
        with opened(settings, clock, say) as database:
            rows = _rounds(database, clock())
        if as_json:
            print_json(rows)
            return
        headers = tuple(
            say(f"cli.round.{name}") for name in ("month", "deadline", "closes", "answered", "all")
        )
        print_table(headers, [tuple(str(value) for value in row.values()) for row in rows])

    @cli.command(help=say("cli.migrate"))
    def migrate(
        new: Annotated[bool, typer.Option("--new", help=say("cli.migrate.new"))] = False,
    ) -> None:
        settings = settings_for(say)
        with database_trouble(say), closing(connect(settings, new=True, anyway=new)) as database:
            version = schema.current(database)
            if not schema.is_known(version):
                raise WrongSchemaError(wrong_schema(version))
            if version is None and not new:
                demand_first(settings)
            schema.migrate(database)
            with database.transaction() as tx:
                demand_key(tx)
                # Only here are the keys known that sign what was logged before there were any.
                log_chain.begin(tx, clock())
            note(settings)
            print_text(say("cli.migrate.done", version=schema.current(database)))


def _demand_clock(database: Database, now: datetime, say: Texts, *, confirm: bool) -> None:
    """After too long a silence somebody must say that the clock is right; that is logged."""
    with database.transaction() as tx:
        known = wakes.trusted(tx, now)
        if known == now:
            return
        if confirm:
            access_log.record(
                tx, "write", What.CLOCK_RIGHT.of(now.isoformat()), now, stranger=operator(), records=0
            )
            wakes.confirm(tx, now)
            return
    print_error(say("cli.wake.waits", now=now, since=known))
    raise typer.Exit(3)


def _rounds(database: Database, now: datetime) -> list[dict[str, object]]:
    with database.reading() as tx:
        counted = [(one, *response_rates.asked_and_in(tx, one)) for one in rounds.newest(tx, 12)]
    return [
        {
            "month": str(one.month),
            "deadline": municipal_day(one.deadline).isoformat(),
            "closes": municipal_day(one.closes_at).isoformat(),
            "answered": answered,
            "all": asked,
        }
        for one, asked, answered in counted
    ]


async def _serve(settings: Settings, database: Database, clock: MovableClock) -> None:
    from bot.app import assembled, working
    from bot.listening import bound, listening
    from bot.logs import log_as_json
    from bot.metrics import metrics_app

    log_as_json()
    # Before anything else is: a container's first process is not ended by a sign that it does not listen for.
    stopped = _told_to_stop()
    with _end_logged(settings):
        async with (
            assembled(settings, database, clock) as (bot, app),
            listening(app, bound(settings.host, settings.port), settings.bounds),
            listening(
                metrics_app(bot.metrics, database, clock),
                bound(settings.host, settings.metrics_port),
                replace(settings.bounds, connections=MONITORING_CONNECTIONS),
            ),
            working(bot),
        ):
            await _until(stopped)


@contextmanager
def _end_logged(settings: Settings) -> Iterator[None]:
    """Whoever collects the log does not see what a command says to its terminal, nor how it ended."""
    try:
        yield
    except StorageError as error:
        fault = fault_of(error)
        why = f"{fault}: {word_of(error)}" if fault else type(error).__name__
        log.error(_GIVEN_UP, settings.place, why, exc_info=None if fault else error)
        raise


def _tell_of_restores(database: Database, say: Texts) -> None:
    """Who was to be told may have been stopped before it; the names are for a command's terminal and not for a log."""
    with database.reading() as tx:
        untold = restores.untold(tx)
    for one in untold:
        print_error(f"{say('check.untold', at=one.taken_at)} {say('cli.check.remedy.hear')}")


def _load_demo(settings: Settings, database: Database, clock: MovableClock, say: Texts) -> None:
    """Before the server starts, so that Ctrl-C ends it at once and leaves the register empty."""
    from bot.registering import load_demo_when_empty

    directory = settings.var / "demo"
    loaded = load_demo_when_empty(
        database,
        directory,
        clock(),
        settings.times.rounds,
        progress=in_quarters(say, say("cli.serve.reading")),
        staged=in_quarters(say, say("cli.serve.storing")),
        scored=in_quarters(say, say("cli.serve.scoring")),
    )
    if loaded:
        print_text(say("cli.serve.loaded", directory=directory))
        # A first look should not be at an empty chat because it happens to be night, or the last week of a month.
        began, days = clock(), settings.times.rounds
        clock.move_to(max(working_moment(began), opening(first_month(began, days), days)))
        _tell_of_clock("cli.serve.clock_moved", began, clock, say)


def _tell_of_clock(text: str, began: datetime, clock: MovableClock, say: Texts) -> None:
    """Where it has been moved: what is seen in local mode is of another day than the wall's."""
    if clock() - began > JUMPED:
        print_text(say(text, now=clock()))


async def _serve_locally(settings: Settings, database: Database, clock: MovableClock, say: Texts) -> None:
    from bot.local.mode import local_server

    print_text(say("cli.serve.catching_up"))
    async with local_server(settings, database, clock, settings.var / "chatt.jsonl") as (_, _, address):
        number = address.rpartition(":")[2]
        port = "" if number == str(PORT) else f" --port {number}"
        print_text(say("cli.serve.local_mode", address=address, port=port))
        # Until here Ctrl-C ends it at once.
        await _until(_told_to_stop())


@contextmanager
def _port_taken(say: Texts) -> Iterator[None]:
    from bot.listening import PortTakenError

    try:
        yield
    except PortTakenError as taken:
        print_error(say("cli.serve.busy", port=taken))
        raise typer.Exit(1) from None


def _told_to_stop() -> asyncio.Event:
    """Set by the signs that ask a program to end."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(sign, stopped.set)
    return stopped


async def _until(stopped: asyncio.Event) -> None:
    looked_through_no_more()
    keeping = asyncio.create_task(kept_quick())
    await stopped.wait()
    keeping.cancel()


async def _chat(who: str, port: int) -> None:
    import aiohttp

    from bot.local.terminal_chat import PageClient, chat, read_line

    async with aiohttp.ClientSession() as session:
        client = PageClient(session, f"http://{LOOPBACK}:{port}")
        await chat(client, who, read=read_line, write=typer.echo, styled=True)
