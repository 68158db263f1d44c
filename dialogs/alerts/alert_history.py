"""What has been done with an alert, in sentences: taken, handed over, noted, decided, closed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from dialogs.card import Button, Item, Part, Text
from followup.access.access import Kind, Reach
from followup.access.small_unit import Audience
from followup.log.subject import What
from followup.times.calendar import municipal_day
from services.acting import Reader
from storage import people
from storage.alerts import alert_decisions, alert_notes
from storage.alerts.alerts import Alert
from storage.engine.database import Transaction
from storage.log import access_log
from texts.catalogue import Texts

SHORT, LONGEST_SHORT = 5, 400
OPENS = frozenset({Reach.WITH_REASON, Reach.ALL})


@dataclass(frozen=True)
class Event:
    """What happened, which anyone may read, and what was written, which is read with a reason."""

    at: datetime
    what: str
    written: str = ""

    @property
    def in_full(self) -> str:
        return f"{self.what} {self.written}".strip()


def newest_first(tx: Transaction, alert: Alert, say: Texts) -> list[Event]:
    return sorted(_events(tx, alert, say), key=lambda event: event.at, reverse=True)


def _events(tx: Transaction, alert: Alert, say: Texts) -> Iterator[Event]:
    everyone = people.everyone(tx)
    if alert.closed_at is not None and alert.closed_by is not None:
        what = say("desk.closed", at=alert.closed_at, name=everyone[alert.closed_by].name)
        yield Event(alert.closed_at, what, alert.close_reason or "")
    yield from _decided(tx, alert, say)
    for note in reversed(alert_notes.of_alert(tx, alert.id)):
        name = everyone[note.person_id].name
        if note.handed_to_id is None:
            yield Event(note.at, say("desk.noted", at=note.at, name=name), note.text or "")
        elif note.handed_to_id == note.person_id:
            yield Event(note.at, say("desk.took", at=note.at, name=name))
        else:
            what = say("desk.handed", at=note.at, name=name, to=everyone[note.handed_to_id].name)
            yield Event(note.at, what, note.text or "")


def _decided(tx: Transaction, alert: Alert, say: Texts) -> Iterator[Event]:
    decision = alert_decisions.of_alert(tx, alert.id)
    if decision is None:
        return
    name = people.everyone(tx)[decision.recorded_by].name
    recorded = say("desk.recorded", at=decision.recorded_at, name=name)
    made = say(f"desk.decided.{'yes' if decision.notified else 'no'}", day=decision.decided_on)
    written = f"{say('desk.decided_by_whom', who=decision.decided_by)} {decision.reason}"
    yield Event(decision.recorded_at, f"{recorded} {made}", written)


def short_history(tx: Transaction, alert: Alert, now: datetime, say: Texts, reader: Reader) -> list[Part]:
    """The newest events; with what was written, cut, for the one who has given a reason today."""
    events = newest_first(tx, alert, say)
    if not events:
        return []
    if not open_to(tx, alert, reader, now):
        hidden = [] if reader.audience != Audience.QUALITY else where_to_read(alert, events, say)
        return [Text(say("desk.history"), "heading"), *(Text(one.what) for one in events[:SHORT]), *hidden]
    assert reader.person is not None
    log_notes_read(tx, alert, events[:SHORT], reader.person.id, now)
    lines = [_cut(event.in_full) for event in events[:SHORT]]
    cut = len(events) > SHORT or any(len(event.in_full) > LONGEST_SHORT for event in events[:SHORT])
    whole = Button(say("desk.whole_history"), "alert_history", {"alert": alert.id})
    heading: Part = Item(say("desk.history"), button=whole) if cut else Text(say("desk.history"), "heading")
    return [heading, *map(Text, lines)]


def open_to(tx: Transaction, alert: Alert, reader: Reader, now: datetime) -> bool:
    """Whether the reader, in her own chat, has given a reason for this alert's notes since midnight."""
    if reader.person is None or reader.audience != Audience.QUALITY:
        return False
    if reader.municipality.access.reach(reader.person.role, Kind.NOTES) not in OPENS:
        return False
    return alert_notes.is_open(tx, alert.id, reader.person.id, municipal_day(now))


def where_to_read(alert: Alert, events: Sequence[Event], say: Texts) -> list[Part]:
    """How many notes there are, and the way to them; nothing where nothing was written."""
    written = sum(bool(event.written) for event in events)
    if not written:
        return []
    button = Button(say("notes.read"), "notes_form", {"alert": alert.id})
    return [Item(say("notes.hidden", n=written), button=button)]


def log_notes_read(
    tx: Transaction, alert: Alert, shown: Sequence[Event], person_id: int, now: datetime
) -> None:
    """Each time that what was written is shown; the reason stands with the opening."""
    if any(event.written for event in shown):
        access_log.record(tx, "read", What.ALERT_NOTES.of(alert.id), now, person_id=person_id)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SHORT else f"{text[:LONGEST_SHORT].rstrip()} …"
