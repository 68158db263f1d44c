"""An alert in the quality team's hands: its card, taking it, its evidence and its signal."""

from collections.abc import Callable, Sequence
from datetime import datetime

from dialogs.alerts.alert_history import log_notes_read, newest_first, open_to, short_history, where_to_read
from dialogs.alerts.evidence_card import completeness, evidence_card, items_shown, reasons_without_children
from dialogs.alerts.small_alert import band_alone, buttons_of_small, sight_of_alert
from dialogs.alerts.whom_to_ask import with_names
from dialogs.card import Button, Card, Facts, Item, Part, Text
from dialogs.forms.lists import page_of
from dialogs.forms.offered import Command, Verb
from dialogs.forms.unit_sight import Reader, UnitSight
from dialogs.stored import Stored
from dialogs.turn import Reply, Turn
from followup.access.small_unit import Audience, Matter
from followup.alerts.closing import duty
from followup.log.subject import What
from followup.messages.alerts import EvidenceAsked, OwnAlert
from followup.people import Conversation, Role
from followup.provider import Unit
from followup.signals.signal import id_in
from followup.times.calendar import municipal_day
from followup.times.month import Month
from followup.wording import Wording, wording
from services.risk.scoring import Reading, read_as_of
from storage import people, units
from storage.alerts import alert_decisions, alert_notes, alerts
from storage.alerts.alerts import Alert
from storage.engine.database import Transaction
from storage.log import access_log
from storage.messages import outbox
from storage.signals import signals
from texts.catalogue import Texts

# A note can be long, and a card is not.
HISTORY_PAGE = 5
# What a channel may do with an alert on a small unit too: it looks the same whatever the alert is about.
ALIKE = frozenset({"take_alert", "alert_evidence", "open_alert"})


def alert_card(
    tx: Transaction, alert: Alert, now: datetime, say: Texts, reader: Reader, *, repeated: bool = False
) -> Card:
    """The unit, its band, why, and what to do, with no child in it; of a small unit only what the reader may know.

    A manager is told but does not handle alerts; what was written about one is for the quality team's own chats.
    """
    unit, audience = units.get(tx, alert.unit_id), reader.audience
    sight = sight_of_alert(tx, alert, audience, now)
    reading = read_as_of(tx, unit, municipal_day(now), now)
    parts: list[Part] = [Text(_title(alert, unit, sight, say), "title")]
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
    return Card(say("alert.summary"), tuple(parts), () if only_read else _buttons(alert, say))


def _title(alert: Alert, unit: Unit, sight: UnitSight, say: Texts) -> str:
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


def _buttons(alert: Alert, say: Texts) -> tuple[Button, ...]:
    """At most six stand on a card."""
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
    note = Button(say("desk.add_note"), "note_form", data)
    return (evidence, *event, follow, hand_over, note, close)


def pressed(turn: Turn) -> Alert | None:
    alert_id = turn.press.number("alert")
    return None if alert_id is None else alerts.get(turn.tx, alert_id)


def back_to(alert: Alert, say: Texts) -> Button:
    return Button(say("alert.back"), "show_alert", {"alert": alert.id})


def show(turn: Turn) -> Reply:
    alert = pressed(turn)
    if alert is None:
        return Reply(notice=turn.say("alert.unknown"))
    return Reply(card=fresh(turn, alert.id))


def take(turn: Turn) -> Reply:
    """The first to take it owns it; a later press shows who that is."""
    alert = pressed(turn)
    if alert is None:
        return Reply(notice=turn.say("alert.unknown"))
    if alert.taken_at is not None or alert.closed_at is not None:
        return Reply(card=fresh(turn, alert.id))
    alerts.take(turn.tx, alert.id, turn.person.id, turn.now)
    alert_notes.add(turn.tx, alert.id, turn.person.id, turn.now, handed_to_id=turn.person.id)
    turn.log("write", What.ALERT.of(alert.id))
    return changed(turn, alert)


def changed(turn: Turn, alert: Alert, **more: int) -> Reply:
    """What was done with the alert is stored, and this is how it stands."""
    return Reply(card=fresh(turn, alert.id), effect=Stored("alert", {"alert": alert.id, **more}))


def fresh(turn: Turn, alert_id: int) -> Card:
    """The alert as it stands now, with what was written about it only in one's own chat."""
    alert = alerts.get(turn.tx, alert_id)
    assert alert is not None
    card = alert_card(turn.tx, alert, turn.now, turn.say, Reader.of(turn))
    if turn.said.channel:
        return card
    return with_names(turn.tx, card, alert, turn.person, turn.now, turn.say, turn.house.access)


def done_meanwhile(turn: Turn, alert: Alert) -> Reply:
    """What stands already, said beside the card, so that what is typed in it stays with the one who typed it."""
    say, decision = turn.say, alert_decisions.of_alert(turn.tx, alert.id)
    if alert.closed_at is not None and alert.closed_by is not None:
        name, day = people.everyone(turn.tx)[alert.closed_by].name, municipal_day(alert.closed_at)
        return Reply(notice=say("desk.closed_meanwhile", number=alert.number, name=name, day=day))
    if decision is None:
        return Reply(card=fresh(turn, alert.id))
    decided = say(f"desk.decided.{'yes' if decision.notified else 'no'}", day=decision.decided_on)
    said = say("desk.decided_meanwhile", number=alert.number, decided=decided, name=decision.decided_by)
    return Reply(notice=said)


def open_own(turn: Turn) -> Reply:
    """The whole alert, which from the channel comes in the own chat of the one who asks."""
    alert = pressed(turn)
    if alert is None:
        return Reply(notice=turn.say("alert.unknown"))
    if not turn.said.channel:
        return Reply(card=fresh(turn, alert.id))
    own = OwnAlert(alert.id)
    key = own.key(turn.person.key, turn.said.activity_id)
    outbox.queue(turn.tx, key, own, turn.now, person_id=turn.person.id, urgent=True)
    return Reply(notice=turn.say("alert.sent"))


def in_own_chat_if_small(dialog: Callable[[Turn], Reply]) -> Callable[[Turn], Reply]:
    """What is done with an alert on a small unit is done in one's own chat: its forms would tell what it is about."""

    def answered(turn: Turn) -> Reply:
        alert = pressed(turn) if turn.said.channel else None
        if alert is None or sight_of_alert(turn.tx, alert, Reader.of(turn).audience, turn.now).whole(
            Matter.EVIDENCE
        ):
            return dialog(turn)
        return open_own(turn)

    return answered


def show_history(turn: Turn) -> Reply:
    """All that was done with the alert, a page at a time; what was written is never shown in the channel."""
    alert = pressed(turn)
    if alert is None:
        return Reply(notice=turn.say("alert.unknown"))
    if turn.said.channel:
        return Reply(notice=turn.say("refused.channel"))
    return Reply(card=history_card(turn, alert))


def history_card(turn: Turn, alert: Alert) -> Card:
    """With what was written where the reader has given a reason today."""
    say, events = turn.say, newest_first(turn.tx, alert, turn.say)
    opened = open_to(turn.tx, alert, Reader.of(turn), turn.now)
    page, more = page_of(turn, events, "alert_history", {"alert": alert.id}, size=HISTORY_PAGE)
    if opened:
        log_notes_read(turn.tx, alert, page, turn.person.id, turn.now)
    parts: list[Part] = [
        Text(say("desk.history_of", number=alert.number), "title"),
        *(Text(one.in_full if opened else one.what) for one in page),
        *([] if opened else where_to_read(alert, events, say)),
    ]
    return Card(say("alert.summary"), tuple(parts), (*more, back_to(alert, say)))


def open_evidence(turn: Turn) -> Reply:
    """The evidence names events, so it is shown to the one who asks and never in the channel."""
    alert = pressed(turn)
    if alert is None:
        return Reply(notice=turn.say("alert.unknown"))
    if turn.said.channel:
        asked = EvidenceAsked(alert.id)
        key = asked.key(turn.person.key, turn.said.activity_id)
        outbox.queue(turn.tx, key, asked, turn.now, person_id=turn.person.id, urgent=True)
        return Reply(notice=turn.say("alert.evidence_sent"))
    return Reply(card=evidence_of(turn.tx, alert, turn.now, turn.say, turn.person.id))


def evidence_of(tx: Transaction, alert: Alert, now: datetime, say: Texts, person_id: int) -> Card:
    unit = units.get(tx, alert.unit_id)
    reading = read_as_of(tx, unit, municipal_day(now), now)
    items = items_shown(reading)
    subject = What.EVIDENCE.of(unit.key)
    access_log.record(tx, "read", subject, now, person_id=person_id, records=len(items))
    card = evidence_card(unit, reading, say, alert.id)
    return Card(card.summary, card.parts, (*_opened_with_a_reason(alert, items, say), back_to(alert, say)))


def _opened_with_a_reason(alert: Alert, items: Sequence[str], say: Texts) -> list[Button]:
    """What was written about one of the signals, and whose child an item is about, where there is any."""
    data = {"alert": alert.id, "unit": alert.unit_id}
    text = Button(say("reading.read"), "signal_text_form", data)
    reference = Button(say("reference.open"), "reference_form", data)
    return [*([text] if any(map(id_in, items)) else []), *([reference] if items else [])]


def open_list(turn: Turn) -> Reply:
    """Open alerts with a button each, a page at a time; a manager sees them without buttons."""
    say = turn.say
    page, more = page_of(turn, alert_rows(turn), "alerts")
    parts = [Text(say("alerts.title"), "title"), *(page or [Text(say("alerts.none"), "good")])]
    return Reply(card=Card(say("alerts.title"), tuple(parts), more))


def alert_rows(turn: Turn) -> list[Part]:
    say, everyone = turn.say, people.everyone(turn.tx)
    rows: list[Part] = []
    for alert in alerts.open_alerts(turn.tx):
        unit = units.get(turn.tx, alert.unit_id)
        sight = sight_of_alert(turn.tx, alert, Reader.of(turn).audience, turn.now)
        owner = everyone[alert.owner_id].name if alert.owner_id else say("alert.nobody_short")
        button = Button(say("alerts.open"), "show_alert", {"alert": alert.id})
        rows.append(
            Item(
                _title(alert, unit, sight, say),
                say("alerts.row", raised=raised(alert, sight), owner=owner),
                button=button if turn.person.role == Role.QUALITY else None,
            )
        )
    return rows


OFFERED = (
    Command("alerts", Conversation.ALERTS, ("larm", "alerts"), open_list),
    Verb("alerts", Conversation.ALERTS, open_list),
    Verb("show_alert", Conversation.ALERT_DESK, show),
    Verb("take_alert", Conversation.ALERT_DESK, take),
    Verb("alert_evidence", Conversation.ALERT_DESK, open_evidence),
    Verb("open_alert", Conversation.ALERT_DESK, open_own),
    Verb("alert_history", Conversation.ALERT_DESK, show_history),
)
