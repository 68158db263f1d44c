"""An alert in the quality team's hands: its card, taking it, its evidence, and dismissing it with a reason."""

from collections.abc import Sequence
from datetime import datetime

from assessment.scoring import Reading, read_as_of, rescore
from dialogs.card import Button, Card, Facts, Field, Item, Part, Text
from dialogs.evidence_card import completeness, evidence_card, items_shown, reasons_without_children
from dialogs.form_fields import by_field, problem_banner
from dialogs.lists import MOST_ROWS
from dialogs.texts import Texts
from dialogs.turn import Reply, Turn
from followup.calendar import municipal_day
from followup.form import Question, read
from followup.law import paragraph
from followup.month import Month
from followup.people import Role
from followup.placement import open_days
from followup.provider import Unit
from followup.secrecy import is_few
from followup.wording import Problem, Wording, wording
from storage import access_log, alerts, outbox, people, placements, signals, units
from storage.alerts import Alert
from storage.database import Transaction

REASON = Question("reason", "text", "alert")


def alert_card(
    tx: Transaction,
    alert: Alert,
    now: datetime,
    say: Texts,
    *,
    repeated: bool = False,
    only_read: bool = False,
) -> Card:
    """No child data, so that it may stand in a channel: the unit, its band, why, and what to do.

    `only_read` is for those who are told but do not handle alerts.
    """
    unit = units.get(tx, alert.unit_id)
    reading = read_as_of(tx, unit, municipal_day(now), now)
    parts: list[Part] = [Text(_title(alert, unit, say), "title")]
    if repeated:
        parts.append(Text(say("alert.repeated", raised=raised(tx, alert, unit, now)), "warning"))
    parts += [
        Facts(_facts(alert, unit, reading, say)),
        Text(say("alert.why"), "heading"),
        *(Text(sentence) for sentence in _why(tx, alert, unit, reading, now, say)),
        Text(say("alert.what_to_do"), "heading"),
        *(Text(sentence) for sentence in _what_to_do(alert, now, say)),
        *_state(tx, alert, say),
    ]
    return Card(say("alert.summary"), tuple(parts), () if only_read else _buttons(alert, say))


def _title(alert: Alert, unit: Unit, say: Texts) -> str:
    return say(f"alert.title.{alert.kind}", number=alert.number, unit=unit.name)


def _facts(alert: Alert, unit: Unit, reading: Reading, say: Texts) -> tuple[tuple[str, str], ...]:
    return (
        (say("alert.unit"), f"{unit.name} ({unit.provider_name})"),
        (say("alert.before"), say(f"risk.band.{alert.band_before}")),
        (say("alert.after"), say(f"risk.band.{alert.band_after}")),
        (say("evidence.completeness"), completeness(reading.judgement, say)),
    )


def _why(tx: Transaction, alert: Alert, unit: Unit, reading: Reading, now: datetime, say: Texts) -> list[str]:
    reasons = reasons_without_children(reading, open_now(tx, unit, now), say)
    if alert.signal_id is None:
        return reasons
    signal = signals.get(tx, alert.signal_id)
    kind = say(f"risk.kind.{signal.kind}")
    graded = say(f"risk.consequence.{signal.consequence}") if signal.consequence else say("alert.ungraded")
    return [say("alert.event", kind=kind.lower(), consequence=graded), *reasons]


def open_now(tx: Transaction, unit: Unit, now: datetime) -> int:
    """How many placements the unit has today."""
    today = municipal_day(now)
    return sum(open_days(starts, ends, today, today) for starts, ends in placements.spans(tx, unit.id))


def raised(tx: Transaction, alert: Alert, unit: Unit, now: datetime) -> Wording:
    """When; of an event at a unit with few placements only the month, since the day would be a child's."""
    day = municipal_day(alert.raised_at)
    if alert.kind == "event" and is_few(open_now(tx, unit, now)):
        return wording("raised.month", month=Month.of(day))
    return wording("raised.day", day=day)


def _what_to_do(alert: Alert, now: datetime, say: Texts) -> list[str]:
    said = [say(f"alert.do.{alert.kind}")]
    cited = paragraph("serious_deficit_to_ivo", municipal_day(now))
    if cited and alert.kind in ("event", "band"):
        said.append(say("alert.do.ivo", paragraph=cited))
    return said


def _state(tx: Transaction, alert: Alert, say: Texts) -> list[Part]:
    everyone = people.everyone(tx)
    if alert.closed_at is not None and alert.closed_by is not None:
        name = everyone[alert.closed_by].name
        return [Text(say("alert.closed", name=name, day=municipal_day(alert.closed_at)), "good")]
    if alert.taken_at is not None and alert.owner_id is not None:
        name = everyone[alert.owner_id].name
        return [Text(say("alert.taken", name=name, day=municipal_day(alert.taken_at)), "good")]
    return [Text(say("alert.nobody"), "warning")]


def _buttons(alert: Alert, say: Texts) -> tuple[Button, ...]:
    data = {"alert": alert.id}
    evidence = Button(say("alert.evidence"), "alert_evidence", data)
    if alert.closed_at is not None:
        return (evidence,)
    dismiss = Button(say("alert.dismiss"), "dismiss_form", data)
    take = Button(say("alert.take"), "take_alert", data)
    follow = Button(say("follow_up.open"), "follow_up_alert", data)
    return (evidence, follow, dismiss) if alert.taken_at else (take, evidence, follow, dismiss)


def _pressed(turn: Turn) -> Alert | None:
    alert_id = turn.press.number("alert")
    return None if alert_id is None else alerts.get(turn.tx, alert_id)


def show(turn: Turn) -> Reply:
    alert = _pressed(turn)
    if alert is None:
        return Reply(notice=turn.say("alert.unknown"))
    return Reply(card=alert_card(turn.tx, alert, turn.now, turn.say))


def take(turn: Turn) -> Reply:
    """The first to take it owns it; a later press shows who that is."""
    alert = _pressed(turn)
    if alert is None:
        return Reply(notice=turn.say("alert.unknown"))
    if alert.taken_at is None and alert.closed_at is None:
        alerts.take(turn.tx, alert.id, turn.person.id, turn.now)
        access_log.record(turn.tx, "write", f"alert:{alert.id}", turn.now, person_id=turn.person.id)
    return Reply(card=_fresh(turn, alert.id), effect=True)


def _fresh(turn: Turn, alert_id: int) -> Card:
    alert = alerts.get(turn.tx, alert_id)
    assert alert is not None
    return alert_card(turn.tx, alert, turn.now, turn.say)


def open_evidence(turn: Turn) -> Reply:
    """The evidence names events, so it is shown to the one who asks and never in the channel."""
    alert = _pressed(turn)
    if alert is None:
        return Reply(notice=turn.say("alert.unknown"))
    if turn.said.channel:
        # The same press sent again is the same message.
        key = f"evidence:{alert.id}:{turn.person.key}:{turn.said.activity_id}"
        outbox.queue(
            turn.tx, key, "evidence", {"alert": alert.id}, turn.now, person_id=turn.person.id, urgent=True
        )
        return Reply(notice=turn.say("alert.evidence_sent"))
    return Reply(card=evidence_of(turn.tx, alert, turn.now, turn.say, turn.person.id))


def evidence_of(tx: Transaction, alert: Alert, now: datetime, say: Texts, person_id: int) -> Card:
    unit = units.get(tx, alert.unit_id)
    reading, data = read_as_of(tx, unit, municipal_day(now), now), {"alert": alert.id}
    items = items_shown(reading)
    access_log.record(tx, "read", f"evidence:unit:{unit.key}", now, person_id=person_id, records=len(items))
    card = evidence_card(unit, reading, open_now(tx, unit, now), say)
    back = Button(say("alert.back"), "show_alert", data)
    reference = Button(say("reference.open"), "reference_form", {**data, "unit": unit.id})
    return Card(card.summary, card.parts, (reference, back) if items else (back,))


def dismiss_form(turn: Turn) -> Reply:
    alert = _pressed(turn)
    if alert is None:
        return Reply(notice=turn.say("alert.unknown"))
    return Reply(card=_dismiss_card(turn, alert, "", []))


def _dismiss_card(turn: Turn, alert: Alert, typed: str, problems: Sequence[Problem]) -> Card:
    say = turn.say
    wrong = by_field(problems, say).get("reason", "")
    title = say("alert.dismiss_title", number=alert.number, unit=units.get(turn.tx, alert.unit_id).name)
    parts: list[Part] = [
        Text(title, "title"),
        Text(say(f"alert.dismiss_means.{alert.kind}")),
        *problem_banner(problems, say),
        Field("reason", "text", say("alert.reason"), typed, required=True, problem=wrong),
    ]
    data = {"alert": alert.id}
    buttons = (
        Button(say("alert.dismiss_send"), "dismiss_alert", data, takes_inputs=True),
        Button(say("alert.back"), "show_alert", data),
    )
    return Card(say("alert.summary"), tuple(parts), buttons)


def dismiss(turn: Turn) -> Reply:
    """Closes the alert with a reason; the event it is about stays as evidence, with a decision recorded on it."""
    alert = _pressed(turn)
    if alert is None:
        return Reply(notice=turn.say("alert.unknown"))
    if alert.closed_at is not None:
        return Reply(card=_fresh(turn, alert.id))
    answers, problems = read([REASON], turn.press.inputs, municipal_day(turn.now))
    if problems:
        # Refused text stays for the one who wrote it, but never where others look on.
        kept = "" if turn.said.channel else turn.press.inputs.get("reason", "")
        return Reply(card=_dismiss_card(turn, alert, kept, problems))
    _close(turn, alert, answers["reason"])
    return Reply(card=_fresh(turn, alert.id), effect=True)


def _close(turn: Turn, alert: Alert, reason: str) -> None:
    alerts.close(turn.tx, alert.id, turn.person.id, reason, turn.now)
    access_log.record(turn.tx, "write", f"alert:{alert.id}", turn.now, person_id=turn.person.id)
    if alert.signal_id is not None:
        for signal in signals.of_event(turn.tx, alert.signal_id):
            access_log.record(turn.tx, "write", f"signal:{signal.id}", turn.now, person_id=turn.person.id)
            signals.decide(
                turn.tx, signal.id, dismissed=False, reason=reason, author_id=turn.person.id, now=turn.now
            )
        rescore(turn.tx, alert.unit_id, turn.now)


def open_list(turn: Turn) -> Reply:
    """Open alerts with a button each, a page at a time; a manager sees them without buttons."""
    say, rows = turn.say, alert_rows(turn)
    start = turn.said.press.number("start") or 0 if turn.said.press else 0
    page, rest = rows[start : start + MOST_ROWS], len(rows) - start - MOST_ROWS
    parts = [Text(say("alerts.title"), "title"), *(page or [Text(say("alerts.none"), "good")])]
    more = (Button(say("list.more", n=rest), "alerts", {"start": start + MOST_ROWS}),) if rest > 0 else ()
    return Reply(card=Card(say("alerts.title"), tuple(parts), more))


def alert_rows(turn: Turn) -> list[Part]:
    say, everyone = turn.say, people.everyone(turn.tx)
    rows: list[Part] = []
    for alert in alerts.open_alerts(turn.tx):
        unit = units.get(turn.tx, alert.unit_id)
        owner = everyone[alert.owner_id].name if alert.owner_id else say("alert.nobody_short")
        button = Button(say("alerts.open"), "show_alert", {"alert": alert.id})
        rows.append(
            Item(
                _title(alert, unit, say),
                say("alerts.row", raised=raised(turn.tx, alert, unit, turn.now), owner=owner),
                button=button if turn.person.role == Role.QUALITY else None,
            )
        )
    return rows
