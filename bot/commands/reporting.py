"""The commands that make the year's documents: report, year-plan, and the template that the report is drawn on."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.clock import MovableClock
from bot.commands.console import aware, opened, operator, print_error, print_json, print_text, settings_for
from bot.reporting import (
    Letterhead,
    NotPublishedError,
    Order,
    Wanted,
    plan_file,
    without_report,
    write_documents,
)
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
        pdf: Annotated[bool, typer.Option(help=say("cli.report.pdf"))] = True,
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
            order = Order(year, made_at, Letterhead.of(settings), settings.times.year)
            with _told(out, say):
                written = write_documents(database, order, out, clock(), say, by=operator(), wanted=wanted)
        _tell(
            written.paths, made_at, pdf, as_json, say, without_report(written.withheld, written.without, say)
        )
        if settings.report_template is not None and not as_json:
            _tell_left_out(settings.report_template, say)

    _add_plan(cli, say, clock)
    _add_template(cli, say)


def _add_plan(cli: typer.Typer, say: Texts, clock: MovableClock) -> None:
    @cli.command(name="year-plan", help=say("cli.year_plan"))
    def plan(
        year: Annotated[int, typer.Argument(help=say("cli.report.year"), min=FIRST_YEAR, max=9998)],
        out: Annotated[Path, typer.Option(help=say("cli.report.out"))],
        pdf: Annotated[bool, typer.Option(help=say("cli.report.pdf"))] = True,
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
    ) -> None:
        settings, now = settings_for(say), clock()
        with opened(settings, clock, say) as database, _told(out, say):
            made = plan_file(database, year, Letterhead.of(settings), settings.times, now, Texts("sv"))
            out.mkdir(parents=True, exist_ok=True)
            (out / made.name).write_bytes(made.content)
        _tell([out / made.name], now, pdf, as_json, say)


def _add_template(cli: typer.Typer, say: Texts) -> None:
    @cli.command(name="report-template", help=say("cli.report_template"))
    def report_template(out: Annotated[Path, typer.Option(help=say("cli.report_template.out"))]) -> None:
        from documents.report.october import PARTS
        from documents.report.template import default_template

        if out.exists():
            print_error(say("cli.report_template.there", path=out))
            raise typer.Exit(1)
        try:
            out.write_bytes(default_template(Texts("sv")("year.language"), PARTS))
        except OSError as trouble:
            _end([say("cli.report.no_directory", path=out, why=trouble.strerror or "")])
        print_text(str(out))


@contextmanager
def _told(out: Path, say: Texts) -> Iterator[None]:
    """Ends the command with all that stands in the way, in words."""
    from documents.imports.own_names import WrongNamesError
    from documents.report.template import WrongTemplateError

    try:
        yield
    except SelectionRefusedError as refused:
        _end([say.say(problem) for problem in refused.problems])
    except NotPublishedError as refused:
        _end([say.say(one.what) for one in refused.problems])
    except (WrongTemplateError, WrongNamesError) as wrong:
        _end(wrong.problems, 2)
    except OSError as trouble:
        _end([say("cli.report.no_directory", path=out, why=trouble.strerror or "")])


def _end(problems: Sequence[str], code: int = 1) -> NoReturn:
    for one in problems:
        print_error(one)
    raise typer.Exit(code) from None


def _tell(
    written: Sequence[Path],
    made_at: datetime,
    pdf: bool,
    as_json: bool,
    say: Texts,
    divisions: Sequence[str] = (),
) -> None:
    """Each file, and whether there is a PDF beside it."""
    pages, why = _printed(written) if pdf else ([], None)
    without = say("cli.report.no_pdf", why=why) if why else None
    files = [str(path) for path in (*written, *pages)]
    if as_json:
        print_json(
            {"made_at": made_at.isoformat(), "files": files, "pdf_left_out": without, "divisions": divisions}
        )
        return
    for line in (*files, *([without] if without else []), *divisions):
        print_text(line)


def _tell_left_out(template: Path, say: Texts) -> None:
    from documents.report.october import PARTS
    from documents.report.template import left_out

    if parts := left_out(template.read_bytes(), PARTS):
        print_text(say("cli.report.left_out", parts=", ".join(parts)))


def _printed(written: Sequence[Path]) -> tuple[list[Path], str | None]:
    """The Word documents as PDF too, or why they are not."""
    from documents.report.printing import NotPrintedError, office, printed

    program = office()
    if program is None:
        return [], "LibreOffice"
    try:
        return printed(program, [one for one in written if one.suffix == ".docx"]), None
    except (NotPrintedError, OSError) as failed:
        return [], str(failed)


def _reviewed(typed: Mapping[str, str], now: datetime, say: Texts) -> tuple[str, date]:
    """Who has reviewed the secrecy, and when; ends the command with all that is wrong with it."""
    answers, problems = read(REVIEW, typed, municipal_day(now))
    for problem in problems:
        option = f"--{problem.field.replace('_', '-')}"
        print_error(say("cli.report.review_needed", option=option, what=problem.what))
    if problems:
        raise typer.Exit(2)
    return answers["reviewed_by"], date.fromisoformat(answers["reviewed_on"])
