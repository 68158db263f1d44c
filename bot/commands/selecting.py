"""The yearly selection on the command line: freeze, draw, show, adjust, lock, verify."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from bot.clock import MovableClock
from bot.commands import selection_printing as printing
from bot.commands import selection_verifying as verifying
from bot.commands.console import opened, print_error, print_text, settings_for
from bot.reporting import write_protocol
from documents.selection.selection_protocol import SelectionProtocol, protocol_of
from followup.selection.adjustment import ACTS
from followup.selection.cycle import NAMES, Cycle, SelectionRefusedError
from followup.selection.selection_frame import Parameters
from followup.times.calendar import municipal_day
from followup.wording.wording import Wording, wording
from services.acting import Acting, Refused
from services.read_beside import read_beside
from services.selection import selection_steps
from services.selection.selecting import Plan, WantedAdjustment, make_frame
from services.selection.selection_state import selection_name, state_of
from storage.engine.database import Database, Transaction
from storage.register import people
from storage.selection import selections
from texts.catalogue import Texts

DEFAULTS = Parameters()
Done = TypeVar("Done")


def add(cli: typer.Typer, say: Texts, clock: MovableClock) -> None:
    group = typer.Typer(help=say("cli.selection"), no_args_is_help=True)
    cli.add_typer(group, name="selection")
    _add_freezing(group, say, clock)
    _add_drawing(group, say, clock)
    _add_showing(group, say, clock)
    verifying.add(group, say)


def _add_freezing(group: typer.Typer, say: Texts, clock: MovableClock) -> None:
    @group.command(help=say("cli.selection.freeze"))
    def freeze(
        public_value_name: Annotated[str, typer.Option(help=say("cli.selection.public_value_name"))],
        by: Annotated[str, typer.Option(help=say("cli.selection.by"))],
        out: Annotated[Path | None, typer.Option(help=say("cli.selection.freeze.out"))] = None,
        year: Annotated[int | None, typer.Option(help=say("cli.selection.year"))] = None,
        name: Annotated[str, typer.Option(help=say("cli.selection.name"))] = "",
        half: Annotated[int, typer.Option(help=say("cli.selection.half"), min=0, max=2)] = 0,
        share: Annotated[str, typer.Option(help=say("cli.selection.share"))] = DEFAULTS.share,
        largest: Annotated[str, typer.Option(help=say("cli.selection.largest"))] = DEFAULTS.largest,
        n_risk: Annotated[int, typer.Option(help=say("cli.selection.n_risk"))] = DEFAULTS.n_risk,
        n_spot_general: Annotated[
            int, typer.Option(help=say("cli.selection.n_spot_general"))
        ] = DEFAULTS.n_spot_general,
        n_spot_risk: Annotated[
            int, typer.Option(help=say("cli.selection.n_spot_risk"))
        ] = DEFAULTS.n_spot_risk,
        exclude_years: Annotated[
            int, typer.Option(help=say("cli.selection.exclude_years"))
        ] = DEFAULTS.exclude_years,
        lots: Annotated[str, typer.Option(help=say("cli.selection.lots"))] = DEFAULTS.lots,
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
    ) -> None:
        # What is not one of the lots is refused with the other parameters.
        parameters = Parameters(exclude_years, lots, n_risk, n_spot_general, n_spot_risk, share, largest)  # type: ignore[arg-type]
        _new_file(out, say)
        with _opened(clock, say) as database:
            now = clock()
            plan = Plan(
                year or municipal_day(now).year, public_value_name, _name(name, half, say), parameters
            )
            with database.reading() as tx:
                made = make_frame(tx, plan, now)
            cycle = _done(
                database, by, now, say, lambda acting: selection_steps.freeze_as_planned(acting, plan, made)
            )
            if out is not None:
                out.write_bytes(cycle.frame_bytes)
            _told(database, cycle, now, say, as_json=as_json)
        if out is not None and not as_json:
            print_text(say("cli.selection.written", path=out))


def _add_drawing(group: typer.Typer, say: Texts, clock: MovableClock) -> None:
    @group.command(help=say("cli.selection.draw"))
    def draw(
        public_value: Annotated[str, typer.Option(help=say("cli.selection.public_value"))],
        by: Annotated[str, typer.Option(help=say("cli.selection.by"))],
        year: Annotated[int | None, typer.Option(help=say("cli.selection.year"))] = None,
        name: Annotated[str, typer.Option(help=say("cli.selection.name"))] = "",
        half: Annotated[int, typer.Option(help=say("cli.selection.half"), min=0, max=2)] = 0,
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
    ) -> None:
        with _opened(clock, say) as database:
            now = clock()
            cycle = _named(database, year or municipal_day(now).year, _name(name, half, say))
            _done(database, by, now, say, lambda acting: selection_steps.draw(acting, cycle.id, public_value))
            _told(database, cycle, now, say, as_json=as_json)

    @group.command(help=say("cli.selection.adjust"))
    def adjust(
        act: Annotated[str, typer.Argument(help=say("cli.selection.act"))],
        unit: Annotated[str, typer.Argument(help=say("cli.selection.unit"))],
        reason: Annotated[str, typer.Option(help=say("cli.selection.reason"))],
        by: Annotated[str, typer.Option(help=say("cli.selection.by"))],
        year: Annotated[int | None, typer.Option(help=say("cli.selection.year"))] = None,
        name: Annotated[str, typer.Option(help=say("cli.selection.name"))] = "",
        half: Annotated[int, typer.Option(help=say("cli.selection.half"), min=0, max=2)] = 0,
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
    ) -> None:
        chosen = next((one for one in ACTS if one == act), None)
        if chosen is None:
            print_error(say("cli.selection.no_act", act=act, acts=", ".join(ACTS)))
            raise typer.Exit(2)
        with _opened(clock, say) as database:
            now = clock()
            cycle = _named(database, year or municipal_day(now).year, _name(name, half, say))
            wanted = WantedAdjustment(chosen, unit, reason)
            _done(database, by, now, say, lambda acting: selection_steps.adjust(acting, cycle.id, wanted))
            _told(database, cycle, now, say, as_json=as_json)

    @group.command(help=say("cli.selection.lock"))
    def lock(
        by: Annotated[str, typer.Option(help=say("cli.selection.by"))],
        year: Annotated[int | None, typer.Option(help=say("cli.selection.year"))] = None,
        name: Annotated[str, typer.Option(help=say("cli.selection.name"))] = "",
        half: Annotated[int, typer.Option(help=say("cli.selection.half"), min=0, max=2)] = 0,
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
    ) -> None:
        with _opened(clock, say) as database:
            now = clock()
            cycle = _named(database, year or municipal_day(now).year, _name(name, half, say))
            # Whoever locks it here has not looked at it in a card that may be old.
            with database.reading() as tx:
                seen = len(state_of(tx, cycle).adjustments)
            _done(database, by, now, say, lambda acting: selection_steps.lock(acting, cycle.id, seen))
            _told(database, cycle, now, say, as_json=as_json)


def _add_showing(group: typer.Typer, say: Texts, clock: MovableClock) -> None:
    @group.command(help=say("cli.selection.show"))
    def show(
        out: Annotated[Path | None, typer.Option(help=say("cli.selection.show.out"))] = None,
        year: Annotated[int | None, typer.Option(help=say("cli.selection.year"))] = None,
        name: Annotated[str, typer.Option(help=say("cli.selection.name"))] = "",
        half: Annotated[int, typer.Option(help=say("cli.selection.half"), min=0, max=2)] = 0,
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
    ) -> None:
        with _opened(clock, say) as database:
            now = clock()
            cycle = _named(database, year or municipal_day(now).year, _name(name, half, say))
            protocol = _protocol(database, cycle, now)
        printing.tell(protocol, say, as_json=as_json)
        if out is not None:
            _directory(out, say)
            for path in write_protocol(protocol, now, out, say):
                typer.echo(say("cli.selection.written", path=path), err=True)


@contextmanager
def _opened(clock: MovableClock, say: Texts) -> Iterator[Database]:
    """Ends the command with every reason where a step is refused."""
    problems: list[Wording] = []
    try:
        with opened(settings_for(say), clock, say) as database:
            yield database
    except SelectionRefusedError as refused:
        problems = refused.problems
    for problem in problems:
        print_error(say.say(problem))
    if problems:
        raise typer.Exit(1)


def _done(
    database: Database, by: str, now: datetime, say: Texts, step: Callable[[Acting], Done | Refused]
) -> Done:
    """What the deed gave, or out of the command with every reason why not; that it was refused stays in the log."""
    with database.transaction() as tx:
        acting = _acting(tx, by, now, say)
        outcome = step(acting)
    if not isinstance(outcome, Refused):
        return outcome
    who = wording("selection.refused.who", name=acting.person.name)
    raise SelectionRefusedError([one.what for one in outcome.problems] or [who])


def _told(database: Database, cycle: Cycle, now: datetime, say: Texts, *, as_json: bool) -> None:
    printing.tell(_protocol(database, cycle, now), say, as_json=as_json)


def _protocol(database: Database, cycle: Cycle, now: datetime) -> SelectionProtocol:
    """As it stands by now, read beside whoever writes."""
    return read_beside(
        database, lambda tx: protocol_of(tx, state_of(tx, _cycle(tx, cycle.year, cycle.name)), now)
    )


def _new_file(path: Path | None, say: Texts) -> None:
    """Told before anything is frozen, since what is frozen stays so."""
    if path is not None and (path.exists() or not path.parent.is_dir()):
        print_error(say("cli.selection.no_file", path=path))
        raise typer.Exit(2)


def _directory(path: Path, say: Texts) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        print_error(say("cli.selection.no_directory", path=path))
        raise typer.Exit(2) from None


def _name(name: str, half: int, say: Texts) -> str:
    """An extra one's own, else the ordinary one's of the half-year that is asked for, or of the year."""
    if name and half:
        raise SelectionRefusedError([wording("selection.refused.name_and_half")])
    if not name and not half and settings_for(say).times.year.halves:
        raise SelectionRefusedError([wording("selection.refused.half")])
    return name or NAMES[half]


def _acting(tx: Transaction, key: str, now: datetime, say: Texts) -> Acting:
    person = people.by_key(tx, key)
    if person is None:
        raise SelectionRefusedError([wording("selection.refused.nobody", key=key)])
    return Acting(tx, person, now, settings_for(say).as_municipality)


def _named(database: Database, year: int, name: str) -> Cycle:
    with database.reading() as tx:
        return _cycle(tx, year, name)


def _cycle(tx: Transaction, year: int, name: str) -> Cycle:
    cycle = selections.named(tx, year, name)
    if cycle is None:
        raise SelectionRefusedError(
            [wording("selection.refused.no_cycle", selection=selection_name(year, name))]
        )
    return cycle
