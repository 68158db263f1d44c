"""What has happened at a unit and been done about it over two years, newest first; no child and no text."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from followup import UnitId
from followup.access.small_unit import Audience
from followup.log.subject import What
from followup.times.calendar import municipal_day
from followup.times.month import Month
from services.acting import Reader
from storage.alerts import alerts
from storage.follow_ups import follow_ups, unit_events
from storage.register import people

MONTHS_SHOWN = 24
Happening = Literal[
    "alert_raised", "alert_taken", "alert_closed", "follow_up_opened", "follow_up_closed", "unit_event"
]


@dataclass(frozen=True)
class UnitHappening:
    """`number` names the alert or the follow-up with its `id`; of an event `said` is its kind."""

    day: date
    what: Happening
    number: str = ""
    id: int = 0
    by: str | None = None
    said: str = ""


def timeline(reader: Reader, unit_id: UnitId) -> list[UnitHappening]:
    """For the quality team alone, since a day and a number of an alert tell of an event; logged with the alerts."""
    if reader.channel or reader.audience != Audience.QUALITY:
        return []
    reader.log("read", What.ALERTS.of())
    since = Month.of(reader.today).plus(1 - MONTHS_SHOWN).first
    found = [*_alerts(reader, unit_id), *_follow_ups(reader, unit_id), *_events(reader, unit_id, since)]
    return sorted((one for one in found if one.day >= since), key=lambda one: one.day, reverse=True)


def _alerts(reader: Reader, unit_id: UnitId) -> Iterator[UnitHappening]:
    everyone = people.PeopleById(reader.tx)
    for one in alerts.of_unit(reader.tx, unit_id):
        yield UnitHappening(municipal_day(one.raised_at), "alert_raised", one.number, one.id)
        owner = everyone.get(one.owner_id) if one.owner_id is not None else None
        if one.taken_at is not None and owner is not None:
            yield UnitHappening(municipal_day(one.taken_at), "alert_taken", one.number, one.id, owner.name)
        if one.closed_at is not None:
            by = everyone.get(one.closed_by) if one.closed_by is not None else None
            name = by.name if by else None
            yield UnitHappening(municipal_day(one.closed_at), "alert_closed", one.number, one.id, name)


def _follow_ups(reader: Reader, unit_id: UnitId) -> Iterator[UnitHappening]:
    everyone = people.PeopleById(reader.tx)
    for one in follow_ups.of_unit(reader.tx, unit_id):
        by = everyone[one.opened_by].name
        yield UnitHappening(municipal_day(one.opened_at), "follow_up_opened", one.number, one.id, by)
        if one.closed:
            by = everyone[one.author_id].name
            yield UnitHappening(municipal_day(one.recorded_at), "follow_up_closed", one.number, one.id, by)


def _events(reader: Reader, unit_id: UnitId, since: date) -> Iterator[UnitHappening]:
    for one in unit_events.of_units(reader.tx, [unit_id], since, reader.today, reader.now):
        yield UnitHappening(one.happened_on, "unit_event", said=one.kind)
