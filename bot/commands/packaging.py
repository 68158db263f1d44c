"""The command that makes what is uploaded to Teams: package."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from bot import VERSION
from bot.clock import MovableClock
from bot.commands.console import print_error, print_json, print_text, settings_for
from bot.settings import Settings
from texts.catalogue import Texts

LONGEST_NAME = 32
NUMBERED = re.compile(r"[1-9][0-9]*\.[0-9]+\.[0-9]+", re.ASCII)


def add(cli: typer.Typer, say: Texts, clock: MovableClock) -> None:
    @cli.command(name="package", help=say("cli.package"))
    def package_(
        out: Annotated[Path, typer.Option(help=say("cli.package.out"))],
        version: Annotated[str, typer.Option(help=say("cli.package.version"))] = VERSION,
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
    ) -> None:
        settings = settings_for(say)
        problems = [*_problems(settings, say), *_problems_of(out, version, say)]
        for problem in problems:
            print_error(problem)
        if problems:
            raise typer.Exit(2)
        names = _write(out, settings, version)
        if as_json:
            print_json({"file": str(out), "id": settings.app_id, "version": version, "files": names})
        else:
            print_text(say("cli.package.done", path=out, version=version, app=settings.app_id))


def _problems(settings: Settings, say: Texts) -> Iterator[str]:
    """Everything in the settings that Teams would not take."""
    if settings.local:
        yield say("cli.package.local")
    elif not _is_guid(settings.app_id):
        yield say("cli.package.app_id", given=settings.app_id)
    if not settings.website:
        yield say("cli.package.website")
    if "municipality" not in settings.model_fields_set:
        yield say("cli.package.unnamed")
    elif len(settings.municipality) > LONGEST_NAME:
        yield say("cli.package.municipality", given=settings.municipality, longest=LONGEST_NAME)


def _problems_of(out: Path, version: str, say: Texts) -> Iterator[str]:
    if out.suffix != ".zip" or not out.parent.is_dir() or out.is_dir():
        yield say("cli.package.place", path=out)
    if not NUMBERED.fullmatch(version):
        yield say("cli.package.numbered", given=version)


def _is_guid(text: str) -> bool:
    try:
        return str(UUID(text)) == text.lower()
    except ValueError:
        return False


def _write(out: Path, settings: Settings, version: str) -> list[str]:
    """The names of the files in it."""
    from bot.app_package.archive import contents, write_package
    from bot.app_package.manifest import Publisher

    website = settings.website
    privacy, terms = settings.privacy_page or website, settings.terms_page or website
    publisher = Publisher(settings.municipality, website, privacy, terms, settings.address)
    files = contents(settings.app_id, version, publisher)
    write_package(out, files)
    return list(files)
