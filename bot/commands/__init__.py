"""The command line: one module a subject, put together here with its texts from the catalogue."""

import typer

from bot.clock import MovableClock
from bot.commands import (
    backups,
    base_levels,
    checking,
    demo,
    handing_out,
    importing,
    keys,
    logs,
    looking,
    packaging,
    reporting,
    retaining,
    running,
    selecting,
    thresholds,
)
from texts.catalogue import Texts


def command_line(clock: MovableClock) -> typer.Typer:
    say = Texts("sv")
    cli = typer.Typer(
        help=say("cli.help"), no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
    )
    for subject in (
        running,
        importing,
        looking,
        checking,
        packaging,
        backups,
        thresholds,
        base_levels,
        selecting,
        reporting,
        logs,
        keys,
        handing_out,
        retaining,
        demo,
    ):
        subject.add(cli, say, clock)
    return cli
