"""The command line: one module a subject, put together here with its texts from the catalogue."""

from collections.abc import Mapping
from importlib import import_module

import typer

from bot.clock import MovableClock
from texts.catalogue import Texts

# What each subject adds; help tells of the subjects in this order, of what has commands of its own last.
SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "running": ("serve", "chat", "wake", "round", "migrate"),
    "importing": ("import",),
    "looking": ("risk", "outbox"),
    "checking": ("check",),
    "packaging": ("package",),
    "backups": ("backup", "restore", "move"),
    "thresholds": ("threshold",),
    "base_levels": ("base-levels",),
    "selecting": ("selection",),
    "reporting": ("report", "year-plan", "report-template"),
    "logs": ("log",),
    "keys": ("key",),
    "handing_out": ("case", "registerutdrag"),
    "retaining": ("retention",),
    "demo": ("demo",),
}


def command_line(clock: MovableClock, command: str | None = None) -> typer.Typer:
    """All of it; where the command is named that its subject has, that subject alone, since each takes long to load."""
    say = Texts("sv")
    cli = typer.Typer(
        help=say("cli.help"), no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False
    )
    # Else a subject of one command would be taken for all there is, and its name for a word too many.
    cli.callback()(lambda: None)
    for subject in [one for one, adds in SUBJECTS.items() if command in adds] or SUBJECTS:
        import_module(f"bot.commands.{subject}").add(cli, say, clock)
    return cli
