"""What has been done with an alert, in sentences: taken, handed over, noted, decided, closed."""

from collections.abc import Sequence

from dialogs.card import Button, ListRow, Part, Text
from followup import AlertId
from followup.times.calendar import municipal_day
from services.views.alert_history import Happened, History
from texts.catalogue import Texts

LONGEST_SHORT = 400


def sentence(event: Happened, say: Texts) -> str:
    """What happened, and what was written where that is in the view."""
    written = event.written or ""
    if event.what == "decided":
        recorded = say("desk.recorded", at=event.at, name=event.by)
        made = say(f"desk.decided.{'yes' if event.notified else 'no'}", day=event.decided_on)
        by = say("desk.decided_by_whom", who=event.decided_by) if event.decided_by else ""
        return " ".join(one for one in (recorded, made, by, written) if one)
    if event.what == "ended":
        return say("alert.closed_by_method", day=municipal_day(event.at))
    text = {"took": "desk.took", "noted": "desk.noted", "handed": "desk.handed", "closed": "desk.closed"}
    return f"{say(text[event.what], at=event.at, name=event.by, to=event.to)} {written}".strip()


def short_history(alert_id: AlertId, history: History, say: Texts) -> list[Part]:
    """The newest events; with what was written, cut, as far as it is open to the reader."""
    if not history.total:
        return []
    said = [sentence(event, say) for event in history.events]
    if not history.may_open:
        return [Text(say("desk.history"), "heading"), *map(Text, said)]
    cut = history.total > len(said) or any(len(one) > LONGEST_SHORT for one in said)
    whole = Button(say("desk.whole_history"), "alert_history", {"alert": alert_id})
    heading: Part = (
        ListRow(say("desk.history"), button=whole) if cut else Text(say("desk.history"), "heading")
    )
    return [heading, *(Text(_cut(one)) for one in said), *where_to_read(alert_id, history, say)]


def where_to_read(alert_id: AlertId, history: History, say: Texts) -> Sequence[Part]:
    """How many texts are not shown, and the way to them; nothing where there are none."""
    if not history.hidden or not history.may_open:
        return []
    button = Button(say("notes.read"), "notes_form", {"alert": alert_id})
    return [ListRow(say("notes.hidden", n=history.hidden), button=button)]


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SHORT else f"{text[:LONGEST_SHORT].rstrip()} …"
