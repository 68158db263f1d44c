"""What has been done with an alert, in sentences: taken, handed over, noted, decided, closed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from dialogs.card import Button, Item, Part, Text
from dialogs.texts import Texts
from storage import alert_decisions, alert_notes, people
from storage.alerts import Alert
from storage.database import Transaction

SHORT, LONGEST_SHORT = 5, 400


@dataclass(frozen=True)
class Event:
    """What happened, which anyone may read, and what was written, which stays in one's own chat."""

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
    what = say("desk.recorded", at=decision.recorded_at, name=name)
    made = say(f"desk.decided.{'yes' if decision.notified else 'no'}", day=decision.decided_on)
    written = f"{made} {say('desk.decided_by_whom', who=decision.decided_by)} {decision.reason}"
    yield Event(decision.recorded_at, what, written)


def short_history(tx: Transaction, alert: Alert, say: Texts, *, in_full: bool) -> list[Part]:
    """The newest events; with what was written, cut, where nobody else looks on."""
    events = newest_first(tx, alert, say)
    if not events:
        return []
    lines = [_cut(event.in_full) if in_full else event.what for event in events[:SHORT]]
    cut = len(events) > SHORT or any(len(event.in_full) > LONGEST_SHORT for event in events[:SHORT])
    whole = Button(say("desk.whole_history"), "alert_history", {"alert": alert.id})
    if in_full and cut:
        return [Item(say("desk.history"), button=whole), *map(Text, lines)]
    return [Text(say("desk.history"), "heading"), *map(Text, lines)]


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SHORT else f"{text[:LONGEST_SHORT].rstrip()} …"
