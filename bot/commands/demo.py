"""The command that plays a month: demo."""

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

import typer

from bot.clock import MovableClock
from bot.commands.console import print_text
from bot.demo_month import play
from texts.catalogue import Texts


def add(cli: typer.Typer, say: Texts, clock: MovableClock) -> None:
    @cli.command(help=say("cli.demo"))
    def demo() -> None:
        with TemporaryDirectory() as directory:
            asyncio.run(play(print_text, Path(directory)))
