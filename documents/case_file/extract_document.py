"""Registerutdrag in words: all about one child, or one employee, with what the access log says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from documents.case_file.case_data import case_data
from documents.case_file.case_document import case_document
from documents.case_file.extract_words import field, logged, moment, why
from documents.case_file.pdf import Document, Entry, Section
from services.retention.extract import ChildExtract, LoggedRow, PersonExtract
from texts.catalogue import Texts

# What is said of an employee in the order that it is read.
OF_PERSON = ("name", "key", "role", "team", "language", "teams_id", "active")


def child_document(found: ChildExtract, municipality: str, say: Texts) -> Document:
    whole = case_document(found.case, municipality, say)
    messages = Section(
        say("extract.messages"),
        "" if found.messages else say("case_file.none"),
        columns=[say(f"extract.column.{one}") for one in ("what", "state", "when")],
        widths=(3, 2, 3),
        rows=[
            (
                *(field("delivery", name, one[name], say) for name in ("kind", "state")),
                _when(one["sent_at"], say),
            )
            for one in found.messages
        ],
    )
    sections = (*whole.sections, messages, _log(found.log, say))
    return replace(whole, title=say("extract.title"), secrecy=say("extract.secrecy"), sections=sections)


def person_document(found: PersonExtract, municipality: str, say: Texts) -> Document:
    return Document(
        title=say("extract.title"),
        header=municipality,
        secrecy=say("extract.secrecy"),
        lines=(
            say("extract.about_person", name=found.person.name),
            say("case_file.made", at=found.made_at, name=found.by.name, why=found.reason),
            say("extract.names"),
        ),
        sections=(*_own(found, say), _deeds(found, say), _log(found.log, say)),
        language=say.language,
    )


def _own(found: PersonExtract, say: Texts) -> Iterator[Section]:
    told = vars(found.person)
    pairs = [
        (say(f"extract.person.{one}"), field("person", one, told[one], say))
        for one in OF_PERSON
        if told[one] is not None
    ]
    yield Section(say("extract.person"), entries=(Entry(found.person.name, pairs),))
    for table, rows in found.own.items():
        if table != "person":
            called = say(f"extract.table.{table}")
            listed = [
                Entry(f"{called} {number}", _pairs(table, row, say))
                for number, row in enumerate(rows, start=1)
            ]
            yield Section(called, entries=listed)


def _pairs(table: str, row: Mapping[str, Any], say: Texts) -> Sequence[tuple[str, str]]:
    told = ((name, field(table, name, value, say)) for name, value in row.items() if value is not None)
    return [(say(f"extract.field.{name}"), said) for name, said in told if said]


def _when(text: str | None, say: Texts) -> str:
    return moment(text, say) if text else ""


def _deeds(found: PersonExtract, say: Texts) -> Section:
    return Section(
        say("extract.deeds"),
        "" if found.deeds else say("case_file.none"),
        columns=[say(f"extract.column.{one}") for one in ("what", "as", "number", "when")],
        widths=(3, 3, 2, 4),
        rows=[
            (
                say(f"extract.table.{one['table']}"),
                say(f"extract.part.{one['as']}"),
                one["number"],
                _when(one["at"], say),
            )
            for one in found.deeds
        ],
    )


def _log(log: Sequence[LoggedRow], say: Texts) -> Section:
    return Section(
        say("extract.log"),
        "" if log else say("case_file.none"),
        columns=[say(f"extract.column.{one}") for one in ("when", "who", "what", "why")],
        widths=(3, 3, 4, 4),
        rows=[(say.write(one.at), one.who, logged(one, say), why(one, say)) for one in log],
    )


def child_data(found: ChildExtract) -> dict[str, Any]:
    return {**case_data(found.case), "messages": list(found.messages), "access_log": _logged(found.log)}


def person_data(found: PersonExtract) -> dict[str, Any]:
    return {
        "person": found.person.key,
        "made_at": found.made_at.isoformat(timespec="seconds"),
        "by": found.by.key,
        "reason": found.reason,
        "own": found.own,
        "deeds": list(found.deeds),
        "access_log": _logged(found.log),
    }


def _logged(log: Sequence[LoggedRow]) -> list[dict[str, Any]]:
    return [{**asdict(one), "at": one.at.isoformat(timespec="seconds")} for one in log]
