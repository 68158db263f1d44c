"""Commands that hand out what is held: case export, registerutdrag."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer

from bot.clock import MovableClock
from bot.commands.console import opened, operator, print_error, print_json, print_text, settings_for
from bot.commands.files_out import write_files
from bot.settings import Settings
from followup.wording.form import LONGEST_TEXT, clean_text
from followup.wording.secrecy import holds_personal_number
from services.acting import Acting, Refused, Why
from services.retention.case_file import CaseFile, UnsoundLogError, acting_person, case_file, mark_exported
from services.retention.extract import child_extract, log_of_child, log_of_person, person_extract
from storage.engine.database import Database
from texts.catalogue import Texts

T = TypeVar("T")
LISTED = 20
_REFUSALS = {
    Why.UNKNOWN: "cli.case.unknown",
    Why.NOT_HERS: "cli.case.not_hers",
    Why.WRONG: "cli.case.unreadable",
}
_PERSON_REFUSALS = {Why.UNKNOWN: "cli.extract.unknown", Why.NOT_HERS: "cli.extract.not_hers"}


def add(cli: typer.Typer, say: Texts, clock: MovableClock) -> None:
    group = typer.Typer(help=say("cli.case"), no_args_is_help=True)
    cli.add_typer(group, name="case")

    @group.command(help=say("cli.case.export"))
    def export(
        case: Annotated[str, typer.Argument(help=say("cli.case.reference"))],
        by: Annotated[str, typer.Option(help=say("cli.case.by"))],
        reason: Annotated[str, typer.Option(help=say("cli.case.reason"))],
        out: Annotated[Path, typer.Option(help=say("cli.case.out"))] = Path(),
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
    ) -> None:
        settings, why = settings_for(say), read_reason(reason, say)
        demand_outside(settings, out, say)
        own_names = _own_names(settings, say)
        with opened(settings, clock, say) as database:
            handing = Handing(database, settings, clock, say, by)
            found = handing.read(lambda acting: case_file(acting, case, why, operator()))
            files = _case_files(found, settings, say, own_names)
            written = handing.written(out, files)
            number = handing.done(lambda acting: mark_exported(acting, found, written, operator()))
        if as_json:
            print_json({"number": number, "files": written, "new": sorted(found.new)})
            return
        for name in written:
            print_text(str(out / name))
        print_text(say("cli.case.exported", number=number, n=len(found.new), of=len(found.contents)))
        for one in sorted(found.new)[:LISTED] if found.before else ():
            print_text(f"  {one}")

    @group.command(name="names", help=say("cli.case.names"))
    def names(out: Annotated[Path, typer.Option(help=say("cli.case.names_out"))]) -> None:
        from documents.case_file.case_document import questions_by_id
        from documents.imports.own_names import names_template

        if out.exists():
            print_error(say("cli.report_template.there", path=out))
            raise typer.Exit(1)
        out.write_bytes(names_template(questions_by_id(Texts("sv"))))
        print_text(str(out))

    _add_extract(cli, say, clock)


def _own_names(settings: Settings, say: Texts) -> Mapping[str, str]:
    """What the personal file's system calls the questions; ends the command with all that is wrong with the file."""
    from documents.case_file.case_document import questions_by_id
    from documents.imports.own_names import WrongNamesError, read_names

    if settings.bbic_names is None:
        return {}
    try:
        return read_names(settings.bbic_names, frozenset(dict(questions_by_id(say))))
    except WrongNamesError as wrong:
        for problem in wrong.problems:
            print_error(problem)
        raise typer.Exit(2) from None


def _add_extract(cli: typer.Typer, say: Texts, clock: MovableClock) -> None:
    @cli.command(name="registerutdrag", help=say("cli.extract"))
    def extract(
        by: Annotated[str, typer.Option(help=say("cli.case.by"))],
        reason: Annotated[str, typer.Option(help=say("cli.case.reason"))],
        case: Annotated[str, typer.Argument(help=say("cli.case.reference"))] = "",
        person: Annotated[str, typer.Option(help=say("cli.extract.person"))] = "",
        out: Annotated[Path, typer.Option(help=say("cli.case.out"))] = Path(),
        as_json: Annotated[bool, typer.Option("--json", help=say("cli.json"))] = False,
    ) -> None:
        settings, why = settings_for(say), read_reason(reason, say)
        demand_outside(settings, out, say)
        if bool(case) == bool(person):
            print_error(say("cli.extract.one"))
            raise typer.Exit(2)
        with opened(settings, clock, say) as database:
            handing = Handing(database, settings, clock, say, by)
            files = (
                _of_child(handing, database, case, why, settings, say)
                if case
                else _of_person(handing, database, person, why, settings, say)
            )
            written = handing.written(out, files)
        if as_json:
            print_json({"files": written})
            return
        for name in written:
            print_text(str(out / name))


def _of_child(
    handing: "Handing", database: Database, case: str, why: str, settings: Settings, say: Texts
) -> dict[str, bytes]:
    from documents.case_file.extract_document import child_data, child_document

    log = log_of_child(database, case)
    found = handing.read(lambda acting: child_extract(acting, case, why, operator(), log))
    document = child_document(found, settings.municipality, say)
    return _extract_files(document, child_data(found), found.case.made_at)


def _of_person(
    handing: "Handing", database: Database, person: str, why: str, settings: Settings, say: Texts
) -> dict[str, bytes]:
    from documents.case_file.extract_document import person_data, person_document

    log = log_of_person(database, person)
    found = handing.read(
        lambda acting: person_extract(acting, person, why, operator(), log), _PERSON_REFUSALS
    )
    document = person_document(found, settings.municipality, say)
    return _extract_files(document, person_data(found), found.made_at)


def _extract_files(document: Any, data: dict[str, Any], made_at: datetime) -> dict[str, bytes]:
    from documents.case_file.case_data import as_json
    from documents.case_file.pdf import pdf

    stem = f"registerutdrag-{made_at.astimezone(UTC):%Y%m%dT%H%M%S%fZ}"
    return {f"{stem}.pdf": pdf(document, made_at), f"{stem}.json": as_json(data)}


def _case_files(
    found: CaseFile, settings: Settings, say: Texts, own_names: Mapping[str, str]
) -> dict[str, bytes]:
    """No file is called after the child."""
    from documents.case_file.case_data import as_json, case_data
    from documents.case_file.case_document import case_document
    from documents.case_file.pdf import pdf

    stem = f"akt-{found.made_at.astimezone(UTC):%Y%m%dT%H%M%S%fZ}"
    return {
        f"{stem}.pdf": pdf(case_document(found, settings.municipality, say, own_names), found.made_at),
        f"{stem}.json": as_json(case_data(found, own_names)),
        f"{stem}-logg.txt": f"{found.proof.line()}\n".encode(),
    }


class Handing:
    """One handing out by the person whose key is given, with each refusal in words."""

    def __init__(
        self, database: Database, settings: Settings, clock: MovableClock, say: Texts, by: str
    ) -> None:
        self._database, self._settings, self._now = database, settings, clock()
        self._say, self._by = say, by

    def read(self, work: Callable[[Acting], T | Refused], refusals: Mapping[Why, str] = _REFUSALS) -> T:
        """What is read is logged, and so is what is refused, before the answer is given."""
        try:
            found = self.done(work)
        except UnsoundLogError:
            self._end("cli.log.not_sound", 3)
        if isinstance(found, Refused):
            self._end(refusals[found.why], 1)
        return found

    def done(self, work: Callable[[Acting], T]) -> T:
        with self._database.transaction() as tx:
            acting = acting_person(tx, self._by, self._now, self._settings.as_municipality)
            if acting is None:
                self._end("cli.case.nobody", 1)
            return work(acting)

    def written(self, out: Path, files: dict[str, bytes]) -> dict[str, str]:
        try:
            return write_files(out, files)
        except OSError as refused:
            print_error(self._say("cli.case.not_written", path=out, why=refused.strerror or ""))
            raise typer.Exit(1) from None

    def _end(self, text: str, code: int) -> NoReturn:
        print_error(self._say(text))
        raise typer.Exit(code)


def read_reason(typed: str, say: Texts) -> str:
    """As it is to stand in the log; ends the command with what is wrong with it."""
    text = clean_text(typed)
    wrong = None
    if not text:
        wrong = say("cli.case.reason_needed")
    elif len(text) > LONGEST_TEXT:
        wrong = say("form.too_long", length=len(text), longest=LONGEST_TEXT)
    elif holds_personal_number(text):
        wrong = say("form.personal_number")
    if wrong:
        print_error(wrong)
        raise typer.Exit(2)
    return text


def demand_outside(settings: Settings, out: Path, say: Texts) -> None:
    """What is handed out is no copy that lies on beside the database."""
    places = [settings.var, *([settings.file.parent] if settings.file else [])]
    if any(out.resolve().is_relative_to(place.resolve()) for place in places):
        print_error(say("cli.case.inside", path=out))
        raise typer.Exit(2)
