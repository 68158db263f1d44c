"""What has been done with an alert, in sentences: taken, handed over, noted, decided, closed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from dialogs.alerts.reading_reason import Opening, opening_of
from dialogs.card import Button, Item, Part, Text
from followup.access.small_unit import Audience
from followup.log.subject import What
from services.acting import Reader
from storage import people
from storage.alerts import alert_decisions, alert_notes
from storage.alerts.alerts import Alert
from storage.engine.database import Transaction
from texts.catalogue import Texts

SHORT, LONGEST_SHORT = 5, 400


@dataclass(frozen=True)
class Event:
    """What happened, which anyone may read, and what was written, which others than its author read with a reason."""

    at: datetime
    what: str
    written: str = ""
    author_id: int | None = None

    def shown_to(self, opening: Opening) -> str:
        return f"{self.what} {self.written}".strip() if opening.shows(self.author_id) else self.what

    def hidden_from(self, opening: Opening) -> bool:
        return bool(self.written) and not opening.shows(self.author_id)


def newest_first(tx: Transaction, alert: Alert, say: Texts) -> list[Event]:
    return sorted(_events(tx, alert, say), key=lambda event: event.at, reverse=True)


def _events(tx: Transaction, alert: Alert, say: Texts) -> Iterator[Event]:
    everyone = people.everyone(tx)
    if alert.closed_at is not None and alert.closed_by is not None:
        what = say("desk.closed", at=alert.closed_at, name=everyone[alert.closed_by].name)
        yield Event(alert.closed_at, what, alert.close_reason or "", alert.closed_by)
    yield from _decided(tx, alert, say)
    for note in reversed(alert_notes.of_alert(tx, alert.id)):
        name = everyone[note.person_id].name
        if note.handed_to_id is None:
            what = say("desk.noted", at=note.at, name=name)
            yield Event(note.at, what, note.text or "", note.person_id)
        elif note.handed_to_id == note.person_id:
            yield Event(note.at, say("desk.took", at=note.at, name=name))
        else:
            what = say("desk.handed", at=note.at, name=name, to=everyone[note.handed_to_id].name)
            yield Event(note.at, what, note.text or "", note.person_id)


def _decided(tx: Transaction, alert: Alert, say: Texts) -> Iterator[Event]:
    decision = alert_decisions.of_alert(tx, alert.id)
    if decision is None:
        return
    name = people.everyone(tx)[decision.recorded_by].name
    recorded = say("desk.recorded", at=decision.recorded_at, name=name)
    made = say(f"desk.decided.{'yes' if decision.notified else 'no'}", day=decision.decided_on)
    written = f"{say('desk.decided_by_whom', who=decision.decided_by)} {decision.reason}"
    yield Event(decision.recorded_at, f"{recorded} {made}", written, decision.recorded_by)


def short_history(tx: Transaction, alert: Alert, now: datetime, say: Texts, reader: Reader) -> list[Part]:
    """The newest events; with what was written, cut, as far as it is open to the reader."""
    events = newest_first(tx, alert, say)
    if not events:
        return []
    opening = opening_to(alert, reader)
    lines = [event.shown_to(opening) for event in events[:SHORT]]
    log_notes_read(reader, alert, events[:SHORT], opening)
    if reader.audience != Audience.QUALITY:
        return [Text(say("desk.history"), "heading"), *map(Text, lines)]
    hidden = where_to_read(alert, events, opening, say)
    cut = len(events) > SHORT or any(len(line) > LONGEST_SHORT for line in lines)
    whole = Button(say("desk.whole_history"), "alert_history", {"alert": alert.id})
    heading: Part = Item(say("desk.history"), button=whole) if cut else Text(say("desk.history"), "heading")
    return [heading, *(Text(_cut(line)) for line in lines), *hidden]


def opening_to(alert: Alert, reader: Reader) -> Opening:
    return opening_of(reader, What.ALERT_NOTES.of(alert.id))


def where_to_read(alert: Alert, events: Sequence[Event], opening: Opening, say: Texts) -> list[Part]:
    """How many texts are not shown, and the way to them; nothing where there are none."""
    hidden = sum(event.hidden_from(opening) for event in events)
    if not hidden:
        return []
    button = Button(say("notes.read"), "notes_form", {"alert": alert.id})
    return [Item(say("notes.hidden", n=hidden), button=button)]


def log_notes_read(reader: Reader, alert: Alert, shown: Sequence[Event], opening: Opening) -> None:
    """Each time that what was written is shown; the reason stands with the opening."""
    if any(event.written and opening.shows(event.author_id) for event in shown):
        reader.log("read", What.ALERT_NOTES.of(alert.id))


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SHORT else f"{text[:LONGEST_SHORT].rstrip()} …"
