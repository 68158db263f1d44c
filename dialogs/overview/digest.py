"""The weekly digest (veckobrev): new yellow and red, what was answered, what is overdue, what the signals led to."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime

from dialogs.card import Button, Card, Part, Text
from dialogs.forms.lists import MOST_ROWS, at_most
from dialogs.overview.changes import Change, change_rows, changes_since
from dialogs.overview.response_rates import rate_sentence
from dialogs.overview.status import all_readings, overdue_alerts
from followup.access.access import Kind
from followup.access.small_unit import Audience, Matter
from followup.people import Conversation
from followup.times.calendar import municipal_day
from followup.times.deadlines import YearDates
from services.acting import Acting
from services.follow_ups.overdue import overdue
from services.own_people import OwnPeople
from services.unit_sight import sight_of
from services.views.response_rates import rates_of
from storage import units
from storage.engine.database import Transaction
from storage.month import awaiting, rounds
from storage.overview import digests
from storage.overview.digests import Decided
from texts.catalogue import Texts


def digest_card(acting: Acting, since: datetime, dates: YearDates, say: Texts) -> Card:
    """Written when it is sent, so that it tells what is true then; units and counts, no child."""
    tx, now = acting.tx, acting.now
    changes = changes_since(tx, all_readings(tx, now), since)
    own = OwnPeople(acting, Kind.RESPONSES)
    late = _overdue(tx, own, now, say)
    if acting.may(Conversation.FOLLOW_UPS):
        late += _overdue_work(tx, dates, now, say)
    parts: list[Part] = [
        Text(say("digest.title"), "title"),
        Text(say("digest.since", since=municipal_day(since), until=municipal_day(now)), "subtle"),
        *_section("digest.new", _raised(changes, say), "digest.nothing_new", say),
        *_section("digest.answered", _answered(acting, own, since, say), "digest.nothing_answered", say),
        *_section("digest.overdue", late, "digest.nothing_overdue", say),
        *_section(
            "digest.led_to", _led_to(tx, since, now, acting.audience, say), "digest.nothing_decided", say
        ),
        Text(say("risk.last"), "subtle"),
        Text(say("digest.fewer"), "subtle"),
    ]
    buttons = (Button(say("digest.status"), "status"), Button(say("digest.change"), "digest"))
    return Card(say("digest.summary"), tuple(parts), buttons)


def _section(heading: str, rows: Sequence[Part], nothing: str, say: Texts) -> list[Part]:
    shown = at_most(MOST_ROWS, rows, "", say) or [Text(say(nothing), "subtle")]
    return [Text(say(heading), "heading"), *shown]


def _raised(changes: Sequence[Change], say: Texts) -> list[Part]:
    return change_rows([one for one in changes if one.is_up], say)


def _answered(acting: Acting, own: OwnPeople, since: datetime, say: Texts) -> list[Part]:
    """Reports of the reader's own people since then, and how far each open round has come."""
    by_person = digests.answered(acting.tx, since, acting.now)
    number = sum(one for person_id, one in by_person.items() if own.has(person_id))
    rows: list[Part] = [Text(say("digest.reports", n=number))] if number else []
    asked = rounds.asking_rounds(acting.tx, acting.now)
    rows += [Text(rate_sentence(one, say)) for one in rates_of(acting, asked)]
    return rows


def _overdue(tx: Transaction, own: OwnPeople, now: datetime, say: Texts) -> list[Part]:
    """Reports whose last day has passed, and alerts that nobody has taken in time."""
    late = [one for one in rounds.asking_rounds(tx, now) if one.deadline < now]
    rows: list[Part] = []
    for round_ in late:
        number = len(own.left(awaiting.unanswered(tx, [round_], now)))
        if number:
            rows.append(Text(say("digest.reports_late", n=number, month=round_.month)))
    alerts_late = overdue_alerts(tx, now)
    return [*rows, *([Text(say("status.alerts_late", n=alerts_late))] if alerts_late else [])]


def _overdue_work(tx: Transaction, dates: YearDates, now: datetime, say: Texts) -> list[Part]:
    """How much of the year's work is late, for those who follow units up: no unit, no day, nothing of how."""
    today = municipal_day(now)
    late = overdue(tx, dates, today)
    rows = []
    if late.selection is not None:
        rows.append(Text(say("follow_ups.no_selection", year=today.year, day=late.selection)))
    if late.follow_ups:
        rows.append(Text(say("digest.follow_ups_late", n=late.follow_ups)))
    if late.actions:
        rows.append(Text(say("digest.actions_late", n=late.actions)))
    return [*rows]


def _led_to(tx: Transaction, since: datetime, now: datetime, audience: Audience, say: Texts) -> list[Part]:
    """Decisions on signals by unit, alerts that were closed, and whether IVO was notified.

    Of a small unit the quality team alone is told of decisions: that there is one tells that something happened.
    """
    names = {unit.id: unit.name for unit in units.all_units(tx)}

    def is_told(unit_id: int, first: date | None = None) -> bool:
        return sight_of(tx, unit_id, audience, now, first).whole(Matter.EVIDENCE)

    by_unit: defaultdict[int, list[Decided]] = defaultdict(list)
    for one in digests.decided(tx, since, now):
        by_unit[one.unit_id].append(one)
    said = [
        _decided(names[unit_id], own, say)
        for unit_id, own in sorted(by_unit.items(), key=lambda pair: names[pair[0]])
        if is_told(unit_id, min(one.event_on for one in own))
    ]
    said += [
        say("digest.closed", number=f"L-{alert_id}", unit=names[unit_id])
        for alert_id, unit_id in digests.closed_alerts(tx, since, now)
    ]
    for unit_id, was_notified in digests.notified(tx, since, now):
        if is_told(unit_id):
            said.append(
                say("digest.notified" if was_notified else "digest.not_notified", unit=names[unit_id])
            )
    return [Text(sentence) for sentence in said]


def _decided(unit: str, own: Sequence[Decided], say: Texts) -> str:
    outcomes = Counter((one.kind, "digest.dismissed" if one.dismissed else "digest.decided") for one in own)
    said = [
        say(outcome, what=f"{say(f'risk.kinds.{kind}')} ({number})")
        for (kind, outcome), number in outcomes.most_common()
    ]
    return say("digest.unit", unit=unit, outcomes=", ".join(said))
