"""Commands about the keys that seal free text: key new, key rotate."""

from typing import Annotated

import typer

from bot.clock import MovableClock
from bot.commands.console import opened, operator, print_error, print_json, print_text, settings_for
from followup.log.subject import What
from storage.engine.database import Database
from storage.engine.resealing import BATCH, ResealedBatch, reseal
from storage.engine.vault import new_key
from storage.log import access_log
from texts.catalogue import Texts


def add(cli: typer.Typer, say: Texts, clock: MovableClock) -> None:
    group = typer.Typer(help=say("cli.key"), no_args_is_help=True)
    cli.add_typer(group, name="key")

    @group.command(help=say("cli.key.new"))
    def new() -> None:
        typer.echo(new_key())

    @group.command(help=say("cli.key.rotate"))
    def rotate(
        batch: Annotated[int, typer.Option(min=1, help=say("cli.key.batch"))] = BATCH,
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
    ) -> None:
        with opened(settings_for(say), clock, say) as database:
            _log(database, clock)
            steps = list(reseal(database, batch))
        tables = {one.table for one in steps}
        rows = [_sum(table, steps) for table in sorted(tables)]
        if as_json:
            print_json(
                [{"table": one.table, "resealed": one.old, "unreadable": one.unreadable} for one in rows]
            )
        else:
            for one in rows:
                print_text(say("cli.key.table", table=one.table, rows=one.old))
        unreadable = sum(one.unreadable for one in rows)
        if unreadable:
            print_error(say("check.unreadable", n=unreadable))
            raise typer.Exit(3)
        if not as_json:
            print_text(say("cli.key.done"))


def _log(database: Database, clock: MovableClock) -> None:
    with database.transaction() as tx:
        access_log.record(tx, "write", What.KEYS.of(), clock(), stranger=operator(), records=0)


def _sum(table: str, steps: list[ResealedBatch]) -> ResealedBatch:
    own = [one for one in steps if one.table == table]
    return ResealedBatch(
        table,
        sum(one.rows for one in own),
        sum(one.old for one in own),
        sum(one.unreadable for one in own),
    )
