"""The weekly digest (veckobrev) as its reader may see it: units and counts, no child."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from followup import UnitId
from followup.access.access import DataKind
from followup.access.small_unit import Matter
from followup.log.subject import What
from followup.overview.digest import WEEK
from followup.people import Conversation
from followup.times.calendar import municipal_day
from followup.times.month import Month
from services.acting import Acting, Refused
from services.month.missing_reports import left_in
from services.own_people import OwnPeople
from services.unit_sight import sight_of
from services.views.changes import BandChange, changes_since_moment, is_still_counting
from services.views.desk import Desk, desk
from services.views.response_rates import ResponseRate, rates_of
from storage.month import rounds
from storage.overview import digests
from storage.overview.digests import DecidedSignal
from storage.register import units


@dataclass(frozen=True)
class DecidedAt:
    """At a unit, how many signals of each kind were decided on, or dismissed; the most first."""

    unit: str
    outcomes: Sequence[tuple[str, bool, int]]


@dataclass(frozen=True)
class Outcomes:
    """What the signals led to; `closed` are alerts with their unit, `notified` whether IVO was, by unit."""

    decided: Sequence[DecidedAt]
    closed: Sequence[tuple[str, str]]
    notified: Sequence[tuple[str, bool]]


@dataclass(frozen=True)
class Digest:
    """`to_do` is what waits for the reader, None of one who has no desk; `reports` of her own people since then.

    `of_own_people` where what is answered is counted of those alone, `counting` where more may follow of what there is.

    `reports_late` by month, for those whose desk has not what is missing.
    """

    since: date
    until: date
    to_do: Desk | None
    raised: Sequence[BandChange]
    reports: int
    rates: Sequence[ResponseRate]
    reports_late: Sequence[tuple[Month, int]]
    led_to: Outcomes
    of_own_people: bool = False
    counting: bool = False


def digest_now(acting: Acting) -> Digest | Refused:
    """The last seven days, to look at; the next one comes as it would have."""
    if not acting.may(Conversation.DIGEST):
        return acting.refuse(What.DIGEST.of())
    found = digest_since(acting, acting.now - WEEK)
    acting.log("read", What.DIGEST.of())
    return found


def digest_since(acting: Acting, since: datetime) -> Digest:
    """As it is sent, when it is logged as the message that it is, beside each view that it takes from."""
    own = OwnPeople(acting, DataKind.RESPONSES)
    asked = rounds.asking_rounds(acting.tx, acting.now)
    changes = changes_since_moment(acting, since)
    answered = digests.answered(acting.tx, since, acting.now)
    waits = desk(acting) if acting.may(Conversation.DESK) else None
    return Digest(
        since=municipal_day(since),
        until=acting.today,
        to_do=None if isinstance(waits, Refused) else waits,
        raised=[one for one in changes if one.is_up],
        reports=sum(number for person_id, number in answered.items() if own.has(person_id)),
        rates=rates_of(acting, asked),
        reports_late=[] if acting.may(Conversation.UNANSWERED) else _reports_late(acting),
        led_to=_led_to(acting, since),
        of_own_people=not own.all,
        counting=is_still_counting(acting),
    )


def _reports_late(acting: Acting) -> list[tuple[Month, int]]:
    """Those whose last day has passed."""
    late = [one for one in rounds.asking_rounds(acting.tx, acting.now) if one.deadline < acting.now]
    counted = [(one.month, left_in(acting, one)) for one in late]
    return [(month, number) for month, number in counted if number]


def _led_to(acting: Acting, since: datetime) -> Outcomes:
    """Of a small unit the quality team alone is told of decisions: that there is one tells that something happened."""
    decided = digests.decided(acting.tx, since, acting.now)
    closed = digests.closed_alerts(acting.tx, since, acting.now)
    notified = digests.notified(acting.tx, since, acting.now)
    told_of = (
        {one.unit_id for one in decided} | {unit_id for _, unit_id in closed} | {one for one, _ in notified}
    )
    names = {unit_id: one.name for unit_id, one in units.some(acting.tx, told_of).items()}
    return Outcomes(
        decided=_decided(acting, decided, names),
        closed=[(f"L-{alert_id}", names[unit_id]) for alert_id, unit_id in closed],
        notified=[(names[unit_id], was) for unit_id, was in notified if _is_told(acting, unit_id)],
    )


def _decided(
    acting: Acting, decided: Sequence[DecidedSignal], names: Mapping[UnitId, str]
) -> list[DecidedAt]:
    by_unit: defaultdict[UnitId, list[DecidedSignal]] = defaultdict(list)
    for one in decided:
        by_unit[one.unit_id].append(one)
    told = {
        unit_id: own
        for unit_id, own in by_unit.items()
        if _is_told(acting, unit_id, min(one.event_on for one in own))
    }
    return [
        DecidedAt(names[unit_id], _outcomes(own))
        for unit_id, own in sorted(told.items(), key=lambda pair: names[pair[0]])
    ]


def _outcomes(decided: Sequence[DecidedSignal]) -> list[tuple[str, bool, int]]:
    counted = Counter((one.kind, one.dismissed) for one in decided)
    return [(kind, dismissed, number) for (kind, dismissed), number in counted.most_common()]


def _is_told(acting: Acting, unit_id: UnitId, first: date | None = None) -> bool:
    return sight_of(acting.tx, unit_id, acting.audience, acting.now, first).whole(Matter.EVIDENCE)
