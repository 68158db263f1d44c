"""An alert on a small unit, as a channel and a manager are told of it: the same for an event and for a level."""

from datetime import date, datetime

from dialogs.alerts.evidence_card import shown_band
from dialogs.card import Button, Facts, Part
from followup.access.small_unit import Audience, year_before
from followup.risk.bands import Judgement
from followup.times.calendar import municipal_day
from services.unit_sight import UnitSight, sight_of
from storage.alerts.alerts import Alert
from storage.engine.database import Transaction
from storage.signals import signals
from texts.catalogue import Texts


def sight_of_alert(tx: Transaction, alert: Alert, audience: Audience, now: datetime) -> UnitSight:
    """An alert says something of the year before it was raised, and of its event, which may be older."""
    since: list[date] = [year_before(municipal_day(alert.raised_at))]
    if alert.signal_id is not None:
        since.append(signals.get(tx, alert.signal_id).event_on)
    return sight_of(tx, alert.unit_id, audience, now, min(since))


def band_alone(judgement: Judgement, say: Texts) -> list[Part]:
    return [Facts(((say("evidence.band"), say(f"band.mark.{shown_band(judgement)}")),))]


def buttons_of_small(alert: Alert, audience: Audience, say: Texts) -> tuple[Button, ...]:
    """A manager opens the unit; in the channel somebody takes the alert and opens it in her own chat."""
    if audience != Audience.CHANNEL:
        return (Button(say("provider.show"), "show_unit", {"unit": alert.unit_id}),)
    data = {"alert": alert.id}
    untaken = alert.taken_at is None and alert.closed_at is None
    take = (Button(say("alert.take"), "take_alert", data),) if untaken else ()
    return (*take, Button(say("alerts.open"), "open_alert", data))
