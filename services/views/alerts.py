"""An alert as its reader may see it: of a small unit that there is one, the band, and who has it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import overload

from followup import AlertId, PersonId, SignalId, UnitId
from followup.access.access import DataKind, Reach
from followup.access.small_unit import Audience, Matter, year_before
from followup.alerts.alert import Alert, AlertDecision, last_day_to_take
from followup.alerts.closing import duty
from followup.log.subject import What
from followup.messages.alerts import HandedOver
from followup.people import Conversation
from followup.provider import Unit
from followup.questions.narrowed import ALL, NarrowedQuestion
from followup.risk.bands import AlertKind, never_plain_green
from followup.risk.chart import Tone
from followup.signals.signal import Signal
from followup.times.calendar import municipal_day
from followup.times.month import Month, Months
from services.acting import Reader, Refused, Why, which
from services.alerts.closing import to_decide_under
from services.risk.scoring import RiskReading, read_as_of
from services.unit_sight import UnitSight, sight_of
from services.views.alert_history import SHORT, History, history_of
from services.views.changes import is_still_counting
from services.views.reasons import Reasons, reasons_in
from storage.alerts import alert_decisions, alerts
from storage.engine.database import Transaction
from storage.register import people, placements, units
from storage.risk import coverage, scores
from storage.signals import signal_versions, signals


@dataclass(frozen=True)
class Closed:
    """`by` is None where no person closed it: the method that raised it is no longer there."""

    by: str | None
    at: datetime


@dataclass(frozen=True)
class Decided:
    """Whether IVO was notified, and who recorded it; who decided is typed, and read with the reason for it."""

    notified: bool
    on: date
    by: str


@dataclass(frozen=True)
class AlertHead:
    """What may be told of any alert; of a small unit neither its kind nor the day, which is near a child's event.

    `undecided` is the paragraph under which a decision is still to be recorded, and `handled` whether she may do it.
    `earlier_method` is the method that raised it, where that is no longer there.
    """

    id: AlertId
    number: str
    unit_id: UnitId
    unit: str
    kind: AlertKind | None
    raised: date | Month
    owner_id: PersonId | None
    owner: str | None
    closed: Closed | None
    decided: Decided | None
    undecided: str | None
    earlier_method: str | None
    handled: bool

    @property
    def taken(self) -> bool:
        return self.owner is not None


@dataclass(frozen=True)
class WhomToAsk:
    """About the event: who handed it in, and who answers for the child now, where that is another."""

    raised_by: str | None
    answers: str | None


@dataclass(frozen=True)
class Told:
    """What is told of an alert where the unit is not small: why it was raised, and what has been done with it.

    `consequence` is None of an event that nobody has graded; `signal_id` is its own, for the one who may open it.
    """

    provider: str
    kind: AlertKind
    band_before: str
    band_after: str
    completeness: Fraction | None
    reported: Months | None
    event: str | None
    consequence: int | None
    signal_id: SignalId | None
    reasons: Reasons
    history: History | None


@dataclass(frozen=True)
class AlertView:
    """`told` is None of a unit that is small to the reader, `ask` where no names are for her.

    `takes_notes` is false where no free text about a child is taken; `others` are the unit's other open alerts.
    """

    audience: Audience
    head: AlertHead
    band: Tone
    told: Told | None
    ask: WhomToAsk | None
    takes_notes: bool
    others: tuple[AlertHead, ...]


def alert(reader: Reader, alert_id: AlertId) -> AlertView | Refused:
    """The alert as it stands, logged as read by the one who is shown it."""
    found = _seen(reader, alert_id)
    if isinstance(found, Refused):
        return found
    _log_shown(reader, found)
    return _view(reader, found)


def head(reader: Reader, alert_id: AlertId) -> AlertHead | Refused:
    """What a form about the alert says of it, logged as read."""
    found = _seen(reader, alert_id)
    if isinstance(found, Refused):
        return found
    _log_shown(reader, found)
    return _heads(reader, [found])[0]


class OpenAlerts(Sequence[AlertHead]):
    """All of them or `only` some, oldest first; of those that are asked for what is told is read at once, no others'.

    `in_all` is how many are open, shown or not.
    """

    def __init__(self, reader: Reader, only: NarrowedQuestion) -> None:
        self._reader, self._found = reader, None if only == ALL else _narrowed(reader, only)
        self.in_all = alerts.number_open(reader.tx)

    def __len__(self) -> int:
        return self.in_all if self._found is None else len(self._found)

    @overload
    def __getitem__(self, at: int) -> AlertHead: ...

    @overload
    def __getitem__(self, at: slice) -> list[AlertHead]: ...

    def __getitem__(self, at: int | slice) -> AlertHead | list[AlertHead]:
        return _heads(self._reader, self._some(at)) if isinstance(at, slice) else self[at : at + 1][0]

    def _some(self, at: slice) -> Sequence[Alert]:
        if self._found is not None:
            return self._found[at]
        start, stop, _ = at.indices(self.in_all)
        return alerts.open_from(self._reader.tx, start, max(0, stop - start))

    def __iter__(self) -> Iterator[AlertHead]:
        return iter(self[:])

    @property
    def may_be_more(self) -> bool:
        return is_still_counting(self._reader)


def _narrowed(reader: Reader, only: NarrowedQuestion) -> list[Alert]:
    """Late is what nobody has taken in time."""
    return list(_those(reader, alerts.open_alerts(reader.tx), only))


def _those(reader: Reader, found: Iterable[Alert], only: NarrowedQuestion) -> Iterator[Alert]:
    her_id = reader.person.id if reader.person else None
    at = {one.id: one for one in units.followed_units(reader.tx)} if only.homes else {}
    for one in found:
        unit = at.get(one.unit_id)
        fits = (
            not only.homes or (unit is not None and only.is_of(unit.name, unit.provider_name)),
            not only.own or one.owner_id == her_id,
            not only.late or one.is_overdue(reader.now),
            not only.untaken or one.owner_id is None,
        )
        if all(fits):
            yield one


def open_alerts(reader: Reader, only: NarrowedQuestion = ALL) -> OpenAlerts | Refused:
    """Those not closed, oldest first."""
    if not reader.sees(DataKind.ALERT):
        return reader.refuse(What.ALERTS.of())
    if reader.person is not None:
        reader.log("read", What.ALERTS.of())
    return OpenAlerts(reader, only)


@dataclass(frozen=True)
class AlertWaiting:
    """An open alert as it is put in order: by when it is to be taken, where that may be told and nobody has it yet.

    `undecided` is whether it is taken and a decision is still to be recorded on it.
    """

    alert: Alert
    owner: str | None
    day: date | None
    undecided: bool


def alerts_waiting(reader: Reader) -> list[AlertWaiting] | Refused:
    """Those not closed, oldest first; what is told of each is read when it is shown (`heads_of`)."""
    if isinstance(refused := open_alerts(reader), Refused):
        return refused
    found, everyone = alerts.open_alerts(reader.tx), people.PeopleById(reader.tx)
    undecided = {one.id for one in _heads(reader, _may_be_undecided(reader, found)) if one.undecided}
    return [
        AlertWaiting(
            one,
            everyone[one.owner_id].name if one.owner_id else None,
            None if one.owner_id else _last_day(reader, one),
            one.id in undecided,
        )
        for one in found
    ]


def _last_day(reader: Reader, found: Alert) -> date | None:
    """None of a small unit, of which the day is not told."""
    if not _sight(reader, found).whole(Matter.EVIDENCE):
        return None
    return last_day_to_take(municipal_day(found.raised_at))


def _may_be_undecided(reader: Reader, found: Sequence[Alert]) -> list[Alert]:
    """Of those that somebody has, the ones on which a decision is recorded in some unit and none is yet."""
    taken = [one for one in found if one.owner_id and duty(one.kind, reader.today, licensed=True)]
    decided = alert_decisions.decided_among(reader.tx, [one.id for one in taken])
    return [one for one in taken if one.id not in decided]


def heads_of(reader: Reader, found: Sequence[Alert]) -> list[AlertHead]:
    """What may be told of each of those that `alerts_waiting` gave, which it has logged."""
    return _heads(reader, found)


def overdue_alerts(reader: Reader) -> int:
    """That nobody has taken in time."""
    return alerts.overdue(reader.tx, reader.today)


@dataclass(frozen=True)
class HistoryAlerts:
    """The open alerts of an import's history: when it was read, how far back what is known goes, and since when."""

    read_on: date
    first: Month
    alerts: tuple[tuple[AlertHead, date | None], ...]


def history_alerts(reader: Reader, import_id: int, *, still_waiting: bool = False) -> HistoryAlerts | None:
    """Each with the day since which the level is red, where that may be told; None when none is open any more.

    `still_waiting` gives them only as long as nobody has taken one of them.
    """
    found = alerts.of_import(reader.tx, import_id)
    if not found or (still_waiting and all(one.taken_at for one in found)):
        return None
    heads = open_alerts(reader)
    if isinstance(heads, Refused):
        return None
    of_import = {one.id: one for one in found}
    rows = [(head, _red_since(reader.tx, head, of_import[head.id])) for head in heads if head.id in of_import]
    read_on = municipal_day(found[0].raised_at)
    return HistoryAlerts(read_on, coverage.begins(reader.tx) or Month.of(read_on), tuple(rows))


def _red_since(tx: Transaction, head: AlertHead, found: Alert) -> date | None:
    return scores.get(tx, found.score_id).red_since if head.kind == "band" else None


def is_small(reader: Reader, alert_id: AlertId) -> bool:
    """Whether the reader is told so little of its unit that a form would tell what it is about."""
    found = alerts.get(reader.tx, alert_id)
    return found is not None and not _sight(reader, found).whole(Matter.EVIDENCE)


def _seen(reader: Reader, alert_id: AlertId) -> Alert | Refused:
    named = which(What.ALERT, alert_id)
    if not reader.sees(DataKind.ALERT):
        return reader.refuse(named)
    return alerts.get(reader.tx, alert_id) or reader.refuse(named, Why.UNKNOWN)


def _log_shown(reader: Reader, found: Alert) -> None:
    """What is said unasked to a channel is read by nobody in particular."""
    if reader.person is not None:
        reader.log("read", What.ALERT.of(found.id))


def _sight(reader: Reader, found: Alert) -> UnitSight:
    """An alert says something of the year before it was raised, and of its event, which may be older."""
    since: list[date] = [year_before(municipal_day(found.raised_at))]
    if found.signal_id is not None and reader.audience != Audience.QUALITY:
        since.append(signals.get(reader.tx, found.signal_id).event_on)
    return sight_of(reader.tx, found.unit_id, reader.audience, reader.now, min(since))


def _view(reader: Reader, found: Alert) -> AlertView:
    unit, sight = units.get(reader.tx, found.unit_id), _sight(reader, found)
    reading = read_as_of(reader.tx, unit, reader.today, reader.now)
    judgement = reading.judgement
    return AlertView(
        audience=reader.audience,
        head=_heads(reader, [found])[0],
        band=never_plain_green(judgement.band, enough=judgement.enough),
        told=_told(reader, found, unit, reading) if sight.whole(Matter.EVIDENCE) else None,
        ask=_whom_to_ask(reader, found),
        takes_notes=reader.municipality.free_text,
        others=tuple(
            _heads(reader, [one for one in alerts.open_of_unit(reader.tx, unit.id) if one.id != found.id])
        ),
    )


@dataclass(frozen=True)
class _Around:
    """What several alerts have around them, read at once."""

    people: people.PeopleById
    units: Mapping[UnitId, Unit]
    decisions: Mapping[AlertId, AlertDecision]


def _heads(reader: Reader, found: Sequence[Alert]) -> list[AlertHead]:
    around = _Around(
        people.PeopleById(reader.tx),
        units.some(reader.tx, {one.unit_id for one in found}),
        alert_decisions.of_alerts(reader.tx, [one.id for one in found]),
    )
    return [_head(reader, one, _sight(reader, one), around) for one in found]


def _head(reader: Reader, found: Alert, sight: UnitSight, around: _Around) -> AlertHead:
    everyone, day, unit = around.people, municipal_day(found.raised_at), around.units[found.unit_id]
    made = around.decisions.get(found.id)
    whole, handled = sight.whole(Matter.EVIDENCE), reader.may(Conversation.ALERT_DESK)
    closed = None
    if found.closed_at is not None:
        by = None if found.closed_by is None else everyone[found.closed_by].name
        closed = Closed(by, found.closed_at)
    return AlertHead(
        id=found.id,
        number=found.number,
        unit_id=found.unit_id,
        unit=unit.name,
        kind=found.kind if whole else None,
        raised=day if whole else Month.of(day),
        owner_id=found.owner_id,
        owner=everyone[found.owner_id].name if found.owner_id else None,
        closed=closed,
        decided=Decided(made.notified, made.decided_on, everyone[made.recorded_by].name)
        if whole and made
        else None,
        undecided=to_decide_under(reader, found, unit) if whole and not made else None,
        earlier_method=found.earlier_method if whole else None,
        handled=handled,
    )


def _told(reader: Reader, found: Alert, unit: Unit, reading: RiskReading) -> Told:
    signal = None if found.signal_id is None else signals.get(reader.tx, found.signal_id)
    only_read = reader.audience == Audience.MANAGER
    return Told(
        provider=unit.provider_name,
        kind=found.kind,
        band_before=found.band_before,
        band_after=found.band_after,
        completeness=reading.judgement.completeness,
        reported=reading.judgement.months,
        event=signal.kind if signal else None,
        consequence=signal.consequence if signal else None,
        signal_id=None if only_read else found.signal_id,
        reasons=reasons_in(reading),
        history=None if only_read else history_of(reader, found, size=SHORT),
    )


def _whom_to_ask(reader: Reader, found: Alert) -> WhomToAsk | None:
    """For a reader in her own chat who may see every colleague's name."""
    if found.signal_id is None or reader.channel or reader.reach(DataKind.COLLEAGUES) != Reach.ALL:
        return None
    tx, everyone = reader.tx, people.PeopleById(reader.tx)
    author = everyone.get(signal_versions.raised_by(tx, [found.signal_id]).get(found.signal_id, PersonId(0)))
    worker = everyone.get(_answers_for(tx, signals.get(tx, found.signal_id), reader.today) or PersonId(0))
    other = worker.name if worker is not None and worker != author else None
    return WhomToAsk(author.name if author else None, other)


def _answers_for(tx: Transaction, signal: Signal, today: date) -> PersonId | None:
    one = placements.get(tx, signal.placement_id, today) if signal.placement_id else None
    if one is None:
        return None
    return people.answering(tx, {one.answerable}, today).of(*one.answerable)


def is_open(reader: Reader, alert_id: AlertId) -> bool:
    """Whether there is still anything to say of it."""
    found = alerts.get(reader.tx, alert_id)
    return found is not None and found.closed_at is None


def waits(reader: Reader, alert_id: AlertId) -> bool:
    """Whether nobody has taken it."""
    found = alerts.get(reader.tx, alert_id)
    return found is not None and found.closed_at is None and found.taken_at is None


def open_among(reader: Reader, among: Collection[AlertId]) -> list[AlertHead]:
    """Those of them that are open; none for those who may not know of alerts."""
    if isinstance(open_alerts(reader), Refused):
        return []
    found = (alerts.get(reader.tx, one) for one in among)
    return _heads(reader, [one for one in found if one is not None and one.closed_at is None])


@dataclass(frozen=True)
class HandedOverTold:
    id: AlertId
    number: str
    giver: str


def handed_over(reader: Reader, message: HandedOver) -> HandedOverTold | None:
    """Who and which alert, and no word about what it is; None once it is closed or another's."""
    found = alerts.get(reader.tx, message.alert_id)
    if found is None or found.closed_at is not None or reader.person is None:
        return None
    giver = people.PeopleById(reader.tx)[message.giver_id].name
    return HandedOverTold(found.id, found.number, giver) if found.owner_id == reader.person.id else None
