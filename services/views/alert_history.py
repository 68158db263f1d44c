"""What has been done with an alert, newest first; what was written is for who has given a reason, or wrote it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from followup import AlertId, PersonId
from followup.access.access import DataKind
from followup.access.small_unit import Audience
from followup.alerts.alert import Alert
from followup.log.subject import What
from services.acting import Reader, Refused, Why, which
from services.opened_texts import opened_texts_of
from storage.alerts import alert_decisions, alert_notes, alerts
from storage.register import people

SHORT = 5


@dataclass(frozen=True)
class Happened:
    """`written`, and who decided, which is also typed, are None where they are not open to the reader."""

    what: Literal["took", "handed", "noted", "decided", "closed", "ended"]
    at: datetime
    by_id: PersonId
    by: str
    to: str = ""
    notified: bool | None = None
    decided_on: date | None = None
    decided_by: str | None = None
    written: str | None = ""


@dataclass(frozen=True)
class History:
    """So many events as were asked for, of `total`; `hidden` is how many of all have a text that is not shown.

    `may_open` whether the reader opens it with a reason.
    """

    number: str
    events: tuple[Happened, ...]
    total: int
    hidden: int
    may_open: bool


def history(
    reader: Reader, alert_id: AlertId, start: int = 0, *, size: int | None = None
) -> History | Refused:
    """All that was done with the alert, never where others look on; logged as read."""
    named = which(What.ALERT_HISTORY, alert_id)
    if not reader.channel and not reader.sees(DataKind.ALERT):
        return reader.refuse(named)
    found = alerts.get(reader.tx, alert_id)
    if found is None:
        return reader.refuse(named, Why.UNKNOWN)
    if reader.channel:
        return reader.refuse(named, Why.CHANNEL)
    if reader.audience != Audience.QUALITY:
        return reader.refuse(named)
    reader.log("read", named)
    return history_of(reader, found, start, size=size)


def history_of(reader: Reader, found: Alert, start: int = 0, *, size: int | None = None) -> History:
    """What was written is logged each time that it is shown; the reason stands with the opening."""
    notes = What.ALERT_NOTES.of(found.id)
    everything = sorted(_events(reader, found), key=lambda event: event.at, reverse=True)
    page, opening = everything[start : None if size is None else start + size], opened_texts_of(reader, notes)
    if any(one.written and opening.shows(one.by_id) for one in page):
        reader.log("read", notes)
    return History(
        number=found.number,
        events=tuple(one if opening.shows(one.by_id) else _hidden(one) for one in page),
        total=len(everything),
        hidden=sum(bool(one.written) and not opening.shows(one.by_id) for one in everything),
        may_open=reader.audience == Audience.QUALITY,
    )


def _hidden(event: Happened) -> Happened:
    return replace(event, written=None, decided_by=None)


def _events(reader: Reader, found: Alert) -> Iterator[Happened]:
    everyone = people.PeopleById(reader.tx)
    if found.closed_at is not None and found.closed_by is None:
        yield Happened("ended", found.closed_at, PersonId(0), "", written=found.close_reason)
    if found.closed_at is not None and found.closed_by is not None:
        name = everyone[found.closed_by].name
        yield Happened("closed", found.closed_at, found.closed_by, name, written=found.close_reason)
    yield from _decided(reader, found)
    for note in reversed(alert_notes.of_alert(reader.tx, found.id)):
        who = (note.at, note.person_id, everyone[note.person_id].name)
        if note.handed_to_id is None:
            yield Happened("noted", *who, written=note.text)
        elif note.handed_to_id == note.person_id:
            yield Happened("took", *who)
        else:
            yield Happened("handed", *who, everyone[note.handed_to_id].name, written=note.text)


def _decided(reader: Reader, found: Alert) -> Iterator[Happened]:
    made = alert_decisions.of_alert(reader.tx, found.id)
    if made is not None:
        yield Happened(
            "decided",
            made.recorded_at,
            made.recorded_by,
            people.PeopleById(reader.tx)[made.recorded_by].name,
            notified=made.notified,
            decided_on=made.decided_on,
            decided_by=made.decided_by,
            written=made.reason,
        )
