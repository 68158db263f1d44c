"""Commands about what is to be deleted: retention preview, retention propose, retention carry-out, retention repeat."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.clock import MovableClock
from bot.commands.console import (
    opened,
    operator,
    print_error,
    print_json,
    print_table,
    print_text,
    progress_bar,
    settings_for,
)
from bot.commands.files_out import write_files
from bot.commands.handing_out import demand_outside
from bot.retention_plan import WrongPlanError, read_plan
from bot.settings import Settings
from followup.clocks.retention import RetentionPlan
from followup.log.subject import What
from followup.times.calendar import municipal_day
from services.backups.manifest import complete
from services.retention.carrying_out import NotToBeDoneError, Protocol, carry_out, finish
from services.retention.classes import classes_due
from services.retention.due import DueChild, due_after
from services.retention.journal import UnwritableJournalError
from services.retention.proposing import Proposer, proposed
from services.retention.repeating import repeat
from storage.engine.database import Database
from storage.log import access_log
from storage.retention.purge_classes import ClassDue
from storage.retention.unit_texts import naming, words_for
from texts.catalogue import Texts

STEP = 1 << 20


def add(cli: typer.Typer, say: Texts, clock: MovableClock) -> None:
    group = typer.Typer(help=say("cli.retention"), no_args_is_help=True)
    cli.add_typer(group, name="retention")

    @group.command(help=say("cli.retention.preview"))
    def preview(
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
    ) -> None:
        settings = settings_for(say)
        plan = _plan(settings)
        with opened(settings, clock, say) as database:
            found = _due(database, plan, clock())
            with database.reading() as tx:
                of_classes = classes_due(tx, plan, municipal_day(clock()))
                named = naming(tx, words_for(tx, [one.reference for one in found]))
            _log_preview(database, found, clock())
        if as_json:
            print_json(
                {
                    "cases": [_as_json(one, named) for one in found],
                    "classes": list(map(_of_class, of_classes)),
                }
            )
        else:
            _print(found, named, say)
            _print_classes(of_classes, say)

    @group.command(help=say("cli.retention.propose"))
    def propose(
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
    ) -> None:
        settings = settings_for(say)
        plan = _plan(settings)
        with opened(settings, clock, say) as database:
            found = _due(database, plan, clock())
            with database.transaction() as tx:
                by = Proposer(operator(), settings.official)
                done = proposed(tx, plan, found, settings.journal, clock(), by)
        if not done.cases and not done.things:
            print_error(say("cli.retention.nothing"))
            raise typer.Exit(1)
        if as_json:
            numbers = {"cases": done.cases, "things": done.things, "told": done.told}
            print_json({"number": done.number, **numbers})
        else:
            print_text(say("cli.retention.proposed", number=done.number, n=done.cases))
            print_text(say("cli.retention.things", n=done.things))
            print_text(say("cli.retention.told", n=done.told))

    @group.command(name="carry-out", help=say("cli.retention.carry_out"))
    def carry_out_(
        number: Annotated[int, typer.Argument(help=say("cli.retention.number"))],
        out: Annotated[Path, typer.Option(help=say("cli.retention.out"))],
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
    ) -> None:
        settings = settings_for(say)
        demand_outside(settings, out, say)
        with (
            opened(settings, clock, say) as database,
            _told(say),
            progress_bar(say("cli.retention.at")) as at,
        ):
            done = carry_out(database, number, settings.journal, clock(), operator(), at)
            written = _write(database, settings, done, out, clock(), say)
            finish(database, done, settings.journal, clock(), operator())
        if as_json:
            print_json({"deleted": len(done.deleted), "held": len(done.held), "files": written})
            return
        for name in written:
            print_text(str(out / name))
        print_text(say("cli.retention.done", n=len(done.deleted), held=len(done.held)))
        if not done.wiped:
            print_text(say("cli.retention.not_wiped"))

    _add_repeat(group, say, clock)


def _add_repeat(group: typer.Typer, say: Texts, clock: MovableClock) -> None:
    @group.command(name="repeat", help=say("cli.retention.repeat"))
    def repeat_(
        number: Annotated[int, typer.Argument(help=say("cli.retention.number"))],
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
    ) -> None:
        settings = settings_for(say)
        plan = _plan(settings)
        with opened(settings, clock, say) as database, _told(say):
            done = repeat(database, number, settings.journal, plan, clock(), operator())
        if as_json:
            print_json({"deleted": done.deleted, "held": done.held, "rows": done.rows})
        else:
            print_text(say("cli.retention.repeated", n=done.deleted, held=done.held))
            print_text(say("cli.retention.rows", n=sum(done.rows.values())))


def _plan(settings: Settings) -> RetentionPlan:
    try:
        return read_plan(settings.retention_plan)
    except WrongPlanError as wrong:
        for problem in wrong.problems:
            print_error(problem)
        raise typer.Exit(2) from None


@contextmanager
def _told(say: Texts) -> Iterator[None]:
    """Ends the command with why nothing more was done; run again it goes on from there."""
    try:
        yield
    except NotToBeDoneError as refused:
        print_error(say.say(refused.why))
        raise typer.Exit(1) from None
    except UnwritableJournalError as failed:
        print_error(say("cli.retention.no_journal", why=failed))
        raise typer.Exit(1) from None
    except OSError as failed:
        print_error(say("cli.retention.no_protocol", why=failed.strerror or ""))
        raise typer.Exit(1) from None


def _due(database: Database, plan: RetentionPlan, now: datetime) -> list[DueChild]:
    found: list[DueChild] = []
    place: str | None = ""
    while place is not None:
        with database.reading() as tx:
            some, place = due_after(tx, plan, now, place)
        found += some
    return found


def _log_preview(database: Database, found: list[DueChild], now: datetime) -> None:
    seen = [placement for one in found for placement in one.child.placements]
    with database.transaction() as tx:
        access_log.record(
            tx,
            "read",
            What.PURGE.of(),
            now,
            stranger=operator(),
            seen=What.PLACEMENT.each(seen),
            records=len(found),
        )


def _write(
    database: Database, settings: Settings, done: Protocol, out: Path, now: datetime, say: Texts
) -> dict[str, str]:
    """The protocol names the children: it is for the authority's archive, and no file is called after any of them."""
    from documents.case_file.case_data import as_json
    from documents.case_file.pdf import pdf
    from documents.case_file.purge_protocol import Left, purge_data, purge_document

    references = [one.reference for one in done.deleted if one.reference]
    copies = len(complete(settings.backup_dir)) if settings.backup_dir else 0
    gone = municipal_day(now) + timedelta(days=settings.backups_kept) if settings.backup_dir else None
    with database.reading() as tx:
        found = naming(tx, {one: (one,) for one in references})
    named = sorted({number for numbers in found.values() for number in numbers})
    left = Left(copies, gone, [str(one) for one in _files_that_name(references, settings)], named)
    stem = f"gallring-{done.purge.number}-{now.astimezone(UTC):%Y%m%dT%H%M%S%fZ}"
    return write_files(
        out,
        {
            f"{stem}.pdf": pdf(purge_document(done, left, settings.municipality, now, say), now),
            f"{stem}.json": as_json(purge_data(done, left, now)),
        },
    )


def _files_that_name(references: list[str], settings: Settings) -> Iterator[Path]:
    """Files in the bot's own folders, but for the database itself, in which one of the references stands."""
    places = {settings.var, *([settings.file.parent] if settings.file else [])}
    own = {} if settings.file is None else {settings.file.resolve()}
    words = [one.encode() for one in references]
    for path in sorted({one for place in places for one in place.rglob("*") if one.is_file()}):
        beside = settings.file is not None and path.name.startswith(f"{settings.file.name}-")
        if path.resolve() not in own and not beside and _names_any(path, words):
            yield path


def _names_any(path: Path, words: list[bytes]) -> bool:
    longest = max((len(one) for one in words), default=0)
    with path.open("rb") as file:
        before = b""
        while piece := file.read(STEP):
            if any(one in before + piece for one in words):
                return True
            before = piece[-longest:]
    return False


def _print(found: list[DueChild], named: Mapping[str, list[str]], say: Texts) -> None:
    from documents.case_file.purge_protocol import exempt

    print_text(say("cli.retention.found", n=len(found), due=sum(not one.holds for one in found)))
    if not found:
        return
    headers = tuple(
        say(f"cli.retention.{name}") for name in ("case", "last", "exempt", "from", "why_not", "named")
    )
    rows = [
        (
            one.reference,
            one.last_on.isoformat(),
            exempt(one.exemptions, say),
            one.due_on.isoformat(),
            ", ".join(say(f"retention.hold.{hold}") for hold in one.holds) or say("cli.retention.may_go"),
            ", ".join(named[one.reference]) or "–",
        )
        for one in found
    ]
    print_table(headers, rows)


def _print_classes(found: Sequence[ClassDue], say: Texts) -> None:
    headers = tuple(say(f"cli.retention.{name}") for name in ("class", "count", "before", "plan"))
    rows = [
        (
            say(f"retention.class.{one.term.name}"),
            str(one.things),
            one.before.isoformat(),
            one.term.source,
        )
        for one in found
    ]
    if rows:
        print_table(headers, rows)


def _of_class(one: ClassDue) -> dict[str, Any]:
    return {"class": one.term.name, "things": one.things, "before": one.before, "source": one.term.source}


def _as_json(one: DueChild, named: Mapping[str, list[str]]) -> dict[str, Any]:
    latest: date | None = one.latest_on
    return {
        "case": one.reference,
        "last_on": one.last_on,
        "exemptions": list(one.exemptions),
        "due_on": one.due_on,
        "latest_on": latest,
        "holds": list(one.holds),
        "may_be_named_in": named[one.reference],
    }
