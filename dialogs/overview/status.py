"""How it stands (läge): bands, response rates, what has changed, what to follow up, alerts, who is not reached."""

from collections.abc import Mapping

from dialogs.alerts.alert_list import first_alerts
from dialogs.card import Button, Card, Part, Text
from dialogs.forms.lists import still_counting
from dialogs.forms.verbs import Command, Verb
from dialogs.overview.changes import change_rows
from dialogs.overview.overdue import overdue_of_teams
from dialogs.overview.response_rates import rate_parts
from dialogs.overview.targets import target_parts
from dialogs.overview.unanswered import how_many_were_reached, not_reached
from dialogs.overview.unit_rows import band_mark, unit_rows
from dialogs.turn import Reply, Turn
from followup.access.access import DataKind
from followup.people import Conversation
from followup.risk.bands import Shown
from followup.risk.chart import Amount, Donut
from services.acting import Refused
from services.views.overview import Status
from services.views.overview import status as read_status
from services.views.units import SHOWN_BANDS
from texts.catalogue import Texts

MOST_ALERTS = 8


def status(turn: Turn) -> Reply:
    say = turn.say
    found = read_status(turn.acting)
    if isinstance(found, Refused):
        return Reply(notice=say("refused.role"))
    parts: list[Part] = [
        Text(say("status.title"), "title"),
        Text(say("status.as_of", day=found.day), "subtle"),
        *still_counting(found.counting, say),
        *bands(found, say),
        *rate_parts(turn, found.rates),
        *how_many_were_reached(found.reached, say),
        *target_parts(found.targets, say),
        Text(say("status.changed", day=found.changed_since), "heading"),
        *(change_rows(found.changes, say) or [Text(say("status.unchanged"), "subtle")]),
        *_units_to_follow(found, say),
        *_alerts(turn, found),
        *overdue_of_teams(found.overdue, turn.municipality.contact_days, say),
        *not_reached(found.unreached, say),
        Text(say("risk.last"), "subtle"),
    ]
    return Reply(card=Card(say("status.title"), tuple(parts), _buttons(turn), page="lage"))


def _alerts(turn: Turn, found: Status) -> list[Part]:
    """Nothing to those who may not know of alerts, not even that there are none."""
    if not turn.acting.sees(DataKind.ALERT):
        return []
    say, late = turn.say, found.alerts_late
    return [
        Text(say("alerts.title"), "heading"),
        *([Text(say("status.alerts_late", n=late), "warning")] if late else []),
        *first_alerts(turn, MOST_ALERTS),
    ]


def _buttons(turn: Turn) -> tuple[Button, ...]:
    if not turn.acting.may(Conversation.UNANSWERED):
        return ()
    return (Button(turn.say("status.unanswered"), "unanswered"),)


def bands(found: Status, say: Texts) -> list[Part]:
    """How many units have each; nothing where there is no unit."""
    return band_chart(found.bands, say)


def band_chart(bands: Mapping[Shown, int], say: Texts) -> list[Part]:
    slices = tuple(Amount(band_mark(band, say), bands.get(band, 0), band) for band in SHOWN_BANDS)
    sentence = ", ".join(f"{one.label} {one.value:.0f}" for one in slices)
    return [Donut(say("status.bands"), f"{sentence}.", slices)] if bands else []


def _units_to_follow(found: Status, say: Texts) -> list[Part]:
    if not found.to_follow.number:
        return [Text(say("status.none_to_follow"), "good")]
    return [Text(say("status.to_follow"), "heading"), *unit_rows(found.to_follow, say)]


OFFERED = (
    Command("status", Conversation.STATUS, ("läge", "lage", "status"), status),
    Verb("status", Conversation.STATUS, status),
)
