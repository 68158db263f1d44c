"""An alert as a card: the unit, its band, why and what to do, with no child in it; of a small unit what may be told."""

from datetime import datetime

from dialogs.alerts.alert_history import short_history
from dialogs.alerts.evidence_card import completeness, reasons_without_children
from dialogs.alerts.small_alert import band_alone, buttons_of_small, sight_of_alert
from dialogs.card import Button, Card, Facts, Item, Part, Text
from followup.access.small_unit import Audience, Matter
from followup.alerts.closing import duty
from followup.provider import Unit
from followup.times.calendar import municipal_day
from followup.times.month import Month
from followup.wording import Wording, wording
from services.acting import Reader
from services.risk.scoring import Reading, read_as_of
from services.unit_sight import UnitSight
from storage import people, units
from storage.alerts import alert_decisions
from storage.alerts.alerts import Alert
from storage.engine.database import Transaction
from storage.signals import signals
from texts.catalogue import Texts


def alert_card(
    tx: Transaction, alert: Alert, now: datetime, say: Texts, reader: Reader, *, repeated: bool = False
) -> Card:
    """The unit, its band, why, and what to do, with no child in it; of a small unit only what the reader may know.

    A manager is told but does not handle alerts; what was written about one is for the quality team's own chats.
    """
    unit, audience = units.get(tx, alert.unit_id), reader.audience
    sight = sight_of_alert(tx, alert, audience, now)
    reading = read_as_of(tx, unit, municipal_day(now), now)
    parts: list[Part] = [Text(title(alert, unit, sight, say), "title")]
    if repeated:
        parts.append(Text(say("alert.repeated", raised=raised(alert, sight)), "warning"))
    if not sight.whole(Matter.EVIDENCE):
        parts += [*band_alone(reading.judgement, say), *_state(tx, alert, say)]
        return Card(say("alert.summary"), tuple(parts), buttons_of_small(alert, audience, say))
    only_read = audience == Audience.MANAGER
    parts += [
        Facts(_facts(alert, unit, reading, say)),
        Text(say("alert.why"), "heading"),
        *(Text(sentence) for sentence in _why(tx, alert, reading, say)),
        *_what_happened(alert, reader, say),
        *([] if alert.closed_at else _what_to_do(alert, say)),
        *decision_row(tx, alert, now, say, only_read=only_read),
        *_state(tx, alert, say),
        *([] if only_read else short_history(tx, alert, now, say, reader)),
    ]
    return Card(say("alert.summary"), tuple(parts), () if only_read else _buttons(alert, reader, say))


def title(alert: Alert, unit: Unit, sight: UnitSight, say: Texts) -> str:
    """Of a small unit every alert has the same, so that the title does not tell an event from a level."""
    if not sight.whole(Matter.EVIDENCE):
        return say("small.alert_title", number=alert.number, unit=unit.name)
    return say(f"alert.title.{alert.kind}", number=alert.number, unit=unit.name)


def _facts(alert: Alert, unit: Unit, reading: Reading, say: Texts) -> tuple[tuple[str, str], ...]:
    return (
        (say("alert.unit"), f"{unit.name} ({unit.provider_name})"),
        (say("alert.before"), say(f"risk.band.{alert.band_before}")),
        (say("alert.after"), say(f"risk.band.{alert.band_after}")),
        (say("evidence.completeness"), completeness(reading.judgement, say)),
    )


def _why(tx: Transaction, alert: Alert, reading: Reading, say: Texts) -> list[str]:
    reasons = reasons_without_children(reading, say)
    if alert.signal_id is None:
        return reasons
    signal = signals.get(tx, alert.signal_id)
    kind = say(f"risk.kind.{signal.kind}")
    graded = say(f"risk.consequence.{signal.consequence}") if signal.consequence else say("alert.ungraded")
    return [say("alert.event", kind=kind.lower(), consequence=graded), *reasons]


def _what_happened(alert: Alert, reader: Reader, say: Texts) -> list[Part]:
    """Where those who judge the event read what was written about it; never where others look on."""
    if alert.signal_id is None or reader.audience != Audience.QUALITY:
        return []
    data = {"signal": alert.signal_id, "alert": alert.id}
    return [Item(say("signal.text"), button=Button(say("reading.read"), "signal_text_form", data))]


def _what_to_do(alert: Alert, say: Texts) -> list[Part]:
    return [Text(say("alert.what_to_do"), "heading"), Text(say(f"alert.do.{alert.kind}"))]


def decision_row(tx: Transaction, alert: Alert, now: datetime, say: Texts, *, only_read: bool) -> list[Part]:
    """The decision that a serious alert must have before it is closed (law-and-facts F3), or what was decided."""
    decision = alert_decisions.of_alert(tx, alert.id)
    if decision is not None:
        said = say(f"desk.decided.{'yes' if decision.notified else 'no'}", day=decision.decided_on)
        return [Item(say("desk.decision_made"), said)]
    cited = duty(alert.kind, municipal_day(now))
    if cited is None or alert.closed_at is not None:
        return []
    button = Button(say("desk.decide"), "decision_form", {"alert": alert.id})
    title = say("desk.duty", paragraph=cited)
    return [Item(title, say("desk.no_decision"), button=None if only_read else button)]


def raised(alert: Alert, sight: UnitSight) -> Wording:
    """When; of a small unit only the month, since the day is near that of what happened to a child."""
    day = municipal_day(alert.raised_at)
    if sight.whole(Matter.EVIDENCE):
        return wording("raised.day", day=day)
    return wording("raised.month", month=Month.of(day))


def _state(tx: Transaction, alert: Alert, say: Texts) -> list[Part]:
    everyone = people.everyone(tx)
    if alert.closed_at is not None and alert.closed_by is not None:
        name = everyone[alert.closed_by].name
        return [Text(say("alert.closed", name=name, day=municipal_day(alert.closed_at)), "good")]
    if alert.taken_at is not None and alert.owner_id is not None:
        name = everyone[alert.owner_id].name
        return [Text(say("alert.owned", name=name), "good")]
    return [Text(say("alert.nobody"), "warning")]


def _buttons(alert: Alert, reader: Reader, say: Texts) -> tuple[Button, ...]:
    """At most six stand on a card; no note where no free text is taken."""
    data = {"alert": alert.id}
    take = Button(say("alert.take"), "take_alert", data)
    evidence = Button(say("alert.evidence"), "alert_evidence", data)
    event = (Button(say("desk.show_signal"), "alert_signal", data),) if alert.signal_id else ()
    follow = Button(say("follow_up.open"), "follow_up_alert", data)
    close = Button(say("desk.close"), "close_form", data)
    if alert.closed_at is not None:
        return (evidence, *event)
    if alert.taken_at is None:
        return (take, evidence, *event, follow, close)
    hand_over = Button(say("desk.hand_over"), "hand_over_form", data)
    note = (Button(say("desk.add_note"), "note_form", data),) if reader.municipality.free_text else ()
    return (evidence, *event, follow, hand_over, *note, close)


def back_to(alert: Alert, say: Texts) -> Button:
    return Button(say("alert.back"), "show_alert", {"alert": alert.id})
