"""Commands about the access log: log review, log reviewed, log checkpoint."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.clock import MovableClock
from bot.commands.console import (
    opened,
    operator,
    print_error,
    print_json,
    print_table,
    print_text,
    settings_for,
)
from followup.access.access import ACCESS, DataKind, Reach
from followup.log.chain import Checkpoint
from followup.log.log_review import Finding, Quarter
from followup.log.subject import What
from followup.times.calendar import municipal_day
from followup.wording.form import clean_text
from services.log.log_review import record_review, review, review_problem
from storage.engine.database import Transaction
from storage.log import access_log, log_chain, log_reviews
from storage.register import people
from texts.catalogue import Texts


def add(cli: typer.Typer, say: Texts, clock: MovableClock) -> None:
    group = typer.Typer(help=say("cli.log"), no_args_is_help=True)
    cli.add_typer(group, name="log")

    @group.command(name="review", help=say("cli.log.review"))
    def review_(
        quarter: Annotated[str, typer.Option(help=say("cli.log.quarter"))] = "",
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
    ) -> None:
        wanted = _quarter(quarter, clock, say)
        with opened(settings_for(say), clock, say) as database, database.reading() as tx:
            found, done = review(tx, wanted), log_reviews.is_done(tx, str(wanted))
        if as_json:
            print_json({"quarter": str(wanted), "reviewed": done, "findings": [vars(one) for one in found]})
        else:
            _print(wanted, found, done, say)

    @group.command(help=say("cli.log.reviewed"))
    def reviewed(
        by: Annotated[str, typer.Option(help=say("cli.log.by"))],
        note: Annotated[str, typer.Option(help=say("cli.log.note"))],
        quarter: Annotated[str, typer.Option(help=say("cli.log.quarter"))] = "",
    ) -> None:
        wanted, now = _quarter(quarter, clock, say), clock()
        with opened(settings_for(say), clock, say) as database:
            with database.reading() as tx:
                person = people.by_key(tx, by)
                wrong = review_problem(wanted, clean_text(note), now)
                problems = [*_who_is_wrong(tx, by, say), *([say.say(wrong.what)] if wrong else [])]
                if problems or person is None:
                    for problem in problems:
                        print_error(problem)
                    raise typer.Exit(1)
                found = len(review(tx, wanted))
            with database.transaction() as tx:
                record_review(tx, wanted, person, clean_text(note), now, found)
        print_text(say("cli.log.recorded", quarter=wanted, name=person.name, n=found))

    @group.command(help=say("cli.log.checkpoint"))
    def checkpoint(
        out: Annotated[Path | None, typer.Option(help=say("cli.log.out"))] = None,
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
    ) -> None:
        with opened(settings_for(say), clock, say) as database, database.transaction() as tx:
            made = _checkpoint(tx, clock(), say)
        if out is not None:
            _write(out, made.line(), say)
        if as_json:
            print_json({**vars(made), "line": made.line()})
        elif out is None:
            typer.echo(made.line())
        else:
            print_text(say("cli.log.checkpoint_made", path=out, n=made.entries))


def _checkpoint(tx: Transaction, now: datetime, say: Texts) -> Checkpoint:
    access_log.record(tx, "write", What.LOG_CHECKPOINT.of(), now, stranger=operator(), records=0)
    try:
        return log_chain.checkpoint(tx, now)
    except ValueError:
        print_error(say("cli.log.not_sound"))
        raise typer.Exit(3) from None


def _write(out: Path, line: str, say: Texts) -> None:
    try:
        out.write_text(f"{line}\n", encoding="utf-8")
    except OSError as refused:
        print_error(say("cli.log.not_written", path=out, why=refused))
        raise typer.Exit(1) from None


def _quarter(typed: str, clock: MovableClock, say: Texts) -> Quarter:
    """The quarter named, else the last one that is over."""
    wanted = Quarter.parse(typed) if typed else Quarter.of(municipal_day(clock())).previous
    if wanted is None:
        print_error(say("cli.log.no_quarter", typed=typed))
        raise typer.Exit(2)
    return wanted


def _who_is_wrong(tx: Transaction, key: str, say: Texts) -> list[str]:
    """Only those who may see the access log review it."""
    everyone = people.everyone(tx).values()
    able = [
        one for one in everyone if one.active and ACCESS.reach(one.role, DataKind.ACCESS_LOG) == Reach.ALL
    ]
    if key in {one.key for one in able}:
        return []
    known = ", ".join(one.key for one in able) or say("cli.log.nobody")
    return [say("cli.log.not_reviewer", key=key, known=known)]


def _print(quarter: Quarter, found: Sequence[Finding], done: bool, say: Texts) -> None:
    print_text(say("cli.log.title", quarter=quarter, n=len(found)))
    if found:
        headers = tuple(
            say(f"cli.log.{name}") for name in ("day", "who", "kind", "entries", "records", "what", "why")
        )
        print_table(headers, [_row(one, say) for one in found])
    print_text(say("cli.log.done") if done else say("cli.log.to_do", quarter=quarter))


def _row(one: Finding, say: Texts) -> tuple[str, ...]:
    return (
        one.day.isoformat(),
        one.who,
        say(f"log.kind.{one.kind}"),
        str(one.entries),
        str(one.records),
        ", ".join(one.subjects),
        "; ".join(one.reasons),
    )
