"""All that is held about one child, or about one employee, is told by one command."""

import importlib
import json
import pkgutil
import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import cycle
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import pytest
from typer.testing import Result

import followup
from documents.case_file.extract_document import person_document
from documents.case_file.pdf import Section
from followup.log.subject import Act, What
from followup.messages.every import KINDS
from followup.messages.message import LinkKind
from services.retention.extract import LoggedRow, PersonExtract
from storage.engine.year_tables import metadata
from storage.messages.delivery import DeliveryState
from storage.register import people
from storage.retention.holdings import HELD
from storage.retention.people import OWN, naming, own_rows, rows_naming
from tests.support.builders import at
from tests.support.logged_acts import acts
from tests.support.stage import SAY
from tests.support.whole_child import CASE, MARKER, OTHER_CASE
from tests.test_case_export import database_of, town
from tests.test_commands import Shell, shell
from texts.catalogue import LANGUAGES, Texts

__all__ = ["shell", "town"]


def extract(town: Shell, *more: str, by: str = "karin") -> Result:
    out = town.directory / "ut"
    return town.run("registerutdrag", *more, "--by", by, "--reason", "Begäran", "--out", out)


def told(town: Shell) -> Any:
    [path] = (town.directory / "ut").glob("*.json")
    return json.loads(path.read_text("utf-8"))


def files(town: Shell) -> list[Path]:
    return sorted((town.directory / "ut").glob("*"))


def test_all_that_is_held_of_a_child_is_told(town: Shell) -> None:
    assert extract(town, CASE).exit_code == 0
    said = told(town)
    assert set(said["tables"]) == {one.table.name for one in HELD} - {"case_export"}
    assert {one["kind"] for one in said["messages"]} == {"signal", "update"}
    [read] = [one for one in said["access_log"] if one["subject"].startswith("signal_text:")]
    assert (read["who"], read["reason"]) == ("Karin Test", f"{MARKER}, {CASE}")
    assert OTHER_CASE not in json.dumps(said)
    assert [path.suffix for path in files(town)] == [".json", ".pdf"]
    assert not [path for path in files(town) if CASE in path.name]


def test_who_has_read_the_child_is_told_the_next_time(town: Shell) -> None:
    extract(town, CASE)
    for path in files(town):
        path.unlink()
    extract(town, CASE, by="anna")
    assert [one["who"].partition(",")[0] for one in told(town)["access_log"][-1:]] == ["Karin Test"]


def test_all_that_is_held_of_an_employee_is_told_and_no_child(town: Shell) -> None:
    assert extract(town, "--person", "anna", by="alva").exit_code == 0
    said = told(town)
    [own] = said["own"]["person"]
    assert (own["key"], own["name"]) == ("anna", "Anna Test")
    assert {"report", "signal_version", "ownership", "clock_done", "plan_check"} <= {
        one["table"] for one in said["deeds"]
    }
    text = json.dumps(said, ensure_ascii=False)
    assert not [word for word in (CASE, OTHER_CASE, MARKER, "Karin Test") if word in text]


def test_what_is_read_of_an_employee_is_named_in_words(town: Shell) -> None:
    with database_of(town) as database, database.reading() as tx:
        anna, alva = people.by_key(tx, "anna"), people.by_key(tx, "alva")
        assert anna is not None
        assert alva is not None
        own, deeds = own_rows(tx, anna.id), rows_naming(tx, anna.id)
    found = PersonExtract(anna, alva, "Begäran", at("2026-11-02"), own, deeds, ())
    for language in LANGUAGES:
        sections = person_document(found, "Kommunen", Texts(language)).sections
        labels = [name for one in sections for entry in one.entries for name, _ in entry.pairs]
        told_of = [word for one in sections for row in one.rows for word in row[:2]]
        words = [*(one.heading for one in sections), *labels, *told_of]
        assert (len(own) > 1, len(told_of) > 5) == (True, True)
        assert [one for one in words if "_" in one or one in {"ownership", "report", "link", "id"}] == []


def every_code() -> Iterator[str]:
    """What the rules of the program call things by, and the states of messages."""
    yield from get_args(DeliveryState)
    for module in pkgutil.walk_packages(followup.__path__, "followup."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, type) and issubclass(value, StrEnum):
                yield from map(str, value)
            elif get_origin(value) is Literal:
                yield from map(str, get_args(value))


# Codes that are spelled as a Swedish word is that stands in the texts.
SWEDISH_TOO = {"plan", "signal", "text"}


def test_no_code_of_the_program_stands_in_what_is_read_of_an_employee(town: Shell) -> None:
    """Every kind of message, file, state and entry of the log, as somebody may have them; each day in words."""
    with database_of(town) as database, database.reading() as tx:
        anna = people.by_key(tx, "anna")
        assert anna is not None
        person_rows, deeds = own_rows(tx, anna.id), rows_naming(tx, anna.id)
    moment, day = "2026-11-02T08:00:00+00:00", "2026-11-02"
    rows: dict[str, Any] = {
        "delivery": [
            {"key": "list:1", "kind": kind, "state": state, "payload": {"kind": kind}, "sent_at": moment}
            for kind, state in zip(KINDS, cycle(get_args(DeliveryState)), strict=False)
        ],
        "link": [{"kind": kind, "role": "quality", "subject": {"year": 1}} for kind in get_args(LinkKind)],
        "digest_choice": [{"wanted": True, "weekday": number} for number in range(1, 6)],
        "personal_choice": [{"language": "en", "quiet_days": "15", "shortcuts": False}],
        "leave": [{"starts": day, "ends": day, "answer": answer} for answer in ("yes", "no")],
        "opened_texts": [{"subject": str(What.REPORT_TEXT.of("R-12")), "day": day}],
        "page_session": [{"way": "cookie", "role": "manager", "theme": "default", "made_at": moment}],
    }
    log = [
        LoggedRow(at("2026-11-02"), "Anna Test", act, str(what.of(17, "progress")), detail, "")
        for what, act, detail in zip(
            [one for one in What if one],
            cycle(get_args(Act)),
            cycle(("version 2", "decided chief", "withdrawn", "received", "confirmed", "")),
            strict=False,
        )
    ]
    found = PersonExtract(anna, anna, "Begäran", at("2026-11-02"), {**person_rows, **rows}, deeds, log)
    words = set(re.findall(r"[\w-]+(?::\w+)*", said_in(person_document(found, "Kommunen", SAY).sections)))
    assert words & set(every_code()) <= SWEDISH_TOO
    assert [one for one in words if re.search(r"_|[a-z]:\w|^\d{4}-\d\d|^(True|False|None)$", one)] == []
    assert {"måndag", "engelska", "ja", "nej", "inställt", "Larm", "Nekades", "R-12"} <= words


def said_in(sections: Sequence[Section]) -> str:
    entries = [
        text for one in sections for entry in one.entries for text in (entry.title, *sum(entry.pairs, ()))
    ]
    return " ".join([*entries, *(cell for one in sections for row in one.rows for cell in row)])


def test_the_log_tells_of_an_employee_by_herself_and_about_her(town: Shell) -> None:
    extract(town, "--person", "karin", by="alva")
    assert [one["subject"] for one in told(town)["access_log"]] == ["signal_text:1", "signal_text:2"]
    for path in files(town):
        path.unlink()
    extract(town, "--person", "karin", by="alva")
    assert told(town)["access_log"][-1]["who"].startswith("Alva Test")


@pytest.mark.parametrize(
    ("words", "by", "text", "code"),
    [
        (["--person", "anna"], "karin", "cli.extract.not_hers", 1),
        (["--person", "anna"], "anna", "cli.extract.not_hers", 1),
        (["--person", "nobody"], "alva", "cli.extract.unknown", 1),
        ([CASE], "alva", "cli.case.not_hers", 1),
        ([CASE], "nobody", "cli.case.nobody", 1),
        (["AKT"], "karin", "cli.case.unknown", 1),
        ([], "karin", "cli.extract.one", 2),
        ([CASE, "--person", "anna"], "karin", "cli.extract.one", 2),
    ],
)
def test_nothing_is_told_to_who_may_not_have_it(
    town: Shell, words: list[str], by: str, text: str, code: int
) -> None:
    result = extract(town, *words, by=by)
    assert (result.exit_code, files(town)) == (code, [])
    assert SAY(text) in result.stderr.replace("\n", " ")
    with database_of(town) as database, database.reading() as tx:
        assert bool(acts(tx, "refused")) == (code == 1 and by != "nobody")


def test_every_reference_to_an_employee_is_found() -> None:
    """By the foreign keys, so that a new table is told of without being named."""
    named = {table.name for table in metadata.sorted_tables if naming(table)}
    assert named > OWN
    assert {"report", "alert_note", "purge", "case_export", "signal_step"} <= named
