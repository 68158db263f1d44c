"""How it stands (läge): bands, response rates, what has changed, what to follow up, alerts, who is not reached."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from dialogs.alerts.alert_list import alert_rows
from dialogs.alerts.evidence_card import one_line, shown_band
from dialogs.card import Button, Card, Item, Part, Text
from dialogs.forms.lists import MOST_ROWS, at_most
from dialogs.forms.offered import Command, Verb
from dialogs.overview.changes import change_rows, changes_since
from dialogs.overview.response_rates import rate_parts
from dialogs.overview.unanswered import not_reached
from dialogs.turn import Reply, Turn
from followup.access.small_unit import Audience, Matter, Telling
from followup.people import Conversation
from followup.provider import Unit
from followup.risk.chart import Amount, Donut, Tone
from followup.times.attention import is_overdue
from followup.times.calendar import end_of_day, municipal_day
from followup.times.month import Month
from services.risk.scoring import Reading, read_as_of
from services.unit_sight import UnitSight, sight_of
from services.views.unanswered import unreached
from storage import units
from storage.alerts import alerts
from storage.engine.database import Transaction
from texts.catalogue import Texts

MOST_ALERTS = 8
# More buttons would make the card heavier than Teams' budget; `utförare NAMN` shows any unit.
MOST_BUTTONS = 10
SHOWN_BANDS: tuple[Tone, ...] = ("red", "yellow", "green", "insufficient")
Readings = Sequence[tuple[Unit, Reading]]


def status(turn: Turn) -> Reply:
    say, today = turn.say, municipal_day(turn.now)
    readings = all_readings(turn.tx, turn.now)
    last_month = Month.of(today).previous
    changed = change_rows(changes_since(turn.tx, readings, end_of_day(last_month.last)), say)
    parts: list[Part] = [
        Text(say("status.title"), "title"),
        Text(say("status.as_of", day=today), "subtle"),
        *_bands(readings, say),
        *rate_parts(turn),
        Text(say("status.changed", day=last_month.last), "heading"),
        *(changed or [Text(say("status.unchanged"), "subtle")]),
        *_units_to_follow(turn, readings),
        *_alerts(turn),
        *not_reached(unreached(turn.acting), say),
        Text(say("risk.last"), "subtle"),
    ]
    return Reply(card=Card(say("status.title"), tuple(parts), _buttons(turn)))


def all_readings(tx: Transaction, now: datetime) -> Readings:
    """Every followed unit as it stands now."""
    today = municipal_day(now)
    return [(unit, read_as_of(tx, unit, today, now)) for unit in units.followed_units(tx)]


def _buttons(turn: Turn) -> tuple[Button, ...]:
    if not turn.municipality.access.may(turn.person, Conversation.UNANSWERED):
        return ()
    return (Button(turn.say("status.unanswered"), "unanswered"),)


def _bands(readings: Readings, say: Texts) -> list[Part]:
    counted = Counter(shown_band(reading.judgement) for _, reading in readings)
    slices = tuple(Amount(say(f"band.mark.{band}"), counted[band], band) for band in SHOWN_BANDS)
    sentence = ", ".join(f"{one.label} {one.value:.0f}" for one in slices)
    return [Donut(say("status.bands"), f"{sentence}.", slices)] if readings else []


def _units_to_follow(turn: Turn, readings: Readings) -> list[Part]:
    say, bands = turn.say, ("red", "yellow", "insufficient")
    rows = units_in_bands(turn.tx, readings, bands, turn.acting.audience, turn.now, say)
    if not rows:
        return [Text(say("status.none_to_follow"), "good")]
    return [Text(say("status.to_follow"), "heading"), *rows]


def units_in_bands(
    tx: Transaction, readings: Readings, bands: Sequence[str], audience: Audience, now: datetime, say: Texts
) -> Sequence[Part]:
    """The units shown in one of the bands, a row each, in the order of the bands."""
    listed = sorted(
        (pair for pair in readings if shown_band(pair[1].judgement) in bands),
        key=lambda pair: (bands.index(shown_band(pair[1].judgement)), pair[0].name),
    )
    rows = [
        _unit_row(unit, reading, sight_of(tx, unit.id, audience, now), say, opens=nth < MOST_BUTTONS)
        for nth, (unit, reading) in enumerate(listed)
    ]
    return at_most(MOST_ROWS, rows, say("status.more"), say)


def _unit_row(unit: Unit, reading: Reading, sight: UnitSight, say: Texts, *, opens: bool) -> Item:
    judgement = reading.judgement
    button = Button(say("provider.show"), "show_unit", {"unit": unit.id}) if opens else None
    mark = say(f"band.mark.{shown_band(judgement)}")
    hides = sight.told(Matter.COVERAGE) == Telling.NOTHING or judgement.band == "green"
    beside = "" if judgement.enough or hides else f", {say('risk.band.insufficient')}"
    return Item(f"{mark}{beside} · {unit.name}", one_line(reading, sight, say), button=button)


def _alerts(turn: Turn) -> list[Part]:
    say, rows = turn.say, alert_rows(turn)
    late = overdue_alerts(turn.tx, turn.now)
    return [
        Text(say("alerts.title"), "heading"),
        *([Text(say("status.alerts_late", n=late), "warning")] if late else []),
        *at_most(MOST_ALERTS, rows or [Text(say("alerts.none"), "good")], say("alerts.all"), say),
    ]


def overdue_alerts(tx: Transaction, now: datetime) -> int:
    return sum(is_overdue(one.raised_at, one.taken_at, now) for one in alerts.open_alerts(tx))


OFFERED = (
    Command("status", Conversation.STATUS, ("läge", "lage", "status"), status),
    Verb("status", Conversation.STATUS, status),
)
