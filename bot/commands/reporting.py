"""The command that makes the year's documents: report."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.clock import MovableClock
from bot.commands.console import aware, opened, operator, print_error, print_json, print_text, settings_for
from bot.reporting import NotPublishedError, Order, Wanted, write_documents
from followup.selection.cycle import SelectionRefusedError
from followup.selection.selection_frame import FIRST_YEAR
from followup.times.calendar import municipal_day
from followup.wording.form import read
from services.publishing import REVIEW
from texts.catalogue import Texts


def add(cli: typer.Typer, say: Texts, clock: MovableClock) -> None:
    @cli.command(help=say("cli.report"))
    def report(
        year: Annotated[int, typer.Argument(help=say("cli.report.year"), max=9998)],
        out: Annotated[Path, typer.Option(help=say("cli.report.out"))],
        now: Annotated[datetime | None, typer.Option(help=say("cli.report.now"))] = None,
        analysis: Annotated[bool, typer.Option("--analysis", help=say("cli.report.analysis"))] = False,
        publish: Annotated[bool, typer.Option("--publish", help=say("cli.report.publish"))] = False,
        reviewed_by: Annotated[str, typer.Option(help=say("cli.report.reviewed_by"))] = "",
        reviewed_on: Annotated[str, typer.Option(help=say("cli.report.reviewed_on"))] = "",
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
    ) -> None:
        if year < FIRST_YEAR:
            print_error(say("cli.report.early", first=str(FIRST_YEAR)))
            raise typer.Exit(2)
        review = {"reviewed_by": reviewed_by, "reviewed_on": reviewed_on}
        wanted = Wanted(analysis, _reviewed(review, clock(), say) if publish else None)
        settings = settings_for(say)
        with opened(settings, clock, say) as database:
            made_at = aware(now) if now else clock()
            order = Order(year, made_at, settings.municipality, settings.times.year)
            try:
                written = write_documents(database, order, out, clock(), say, by=operator(), wanted=wanted)
            except SelectionRefusedError as refused:
                for problem in refused.problems:
                    print_error(say.say(problem))
                raise typer.Exit(1) from None
            except NotPublishedError as refused:
                for one in refused.problems:
                    print_error(say.say(one.what))
                raise typer.Exit(1) from None
            except OSError as trouble:
                print_error(say("cli.report.no_directory", path=out, why=trouble.strerror or ""))
                raise typer.Exit(1) from None
        if as_json:
            print_json({"made_at": made_at.isoformat(), "files": [str(path) for path in written]})
            return
        for path in written:
            print_text(str(path))


def _reviewed(typed: Mapping[str, str], now: datetime, say: Texts) -> tuple[str, date]:
    """Who has reviewed the secrecy, and when; ends the command with all that is wrong with it."""
    answers, problems = read(REVIEW, typed, municipal_day(now))
    for problem in problems:
        option = f"--{problem.field.replace('_', '-')}"
        print_error(say("cli.report.review_needed", option=option, what=problem.what))
    if problems:
        raise typer.Exit(2)
    return answers["reviewed_by"], date.fromisoformat(answers["reviewed_on"])
