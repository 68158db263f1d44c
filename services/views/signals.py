"""A signal as a person may see it, and what she may raise one about; all of it logged."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from followup import AlertId, PersonId, SignalId
from followup.access.access import DataKind, Reach
from followup.access.small_unit import Audience
from followup.alerts.alert import AlertDecision
from followup.log.subject import What
from followup.messages.alerts import LedTo, SignalGiven
from followup.people import Role
from followup.placement import Placement
from followup.provider import Unit
from followup.risk.explanation import explain
from followup.signals.progress import Desk, Receiver, State
from followup.signals.signal import Signal, situation
from followup.signals.signal_changes import changes
from followup.signals.situations import Situation
from followup.times.calendar import municipal_day
from followup.wording.law import paragraph
from followup.wording.wording import Wording
from services.acting import Acting, Reader, Refused, Why, which
from services.opened_texts import OpenedTexts, opened_texts_of
from services.risk.scoring import read_as_of
from services.signals.judging import SignalChange, offered, others
from services.signals.progress import can_end, can_take, held
from services.signals.raising import own_placements
from storage.alerts import alert_decisions, alerts
from storage.register import people, units
from storage.signals import progress, signal_versions, signals
from storage.signals.signal_versions import SignalVersion

# A reason can be long, and a card is not.
VERSIONS_PAGE = 5


@dataclass(frozen=True)
class VersionSeen:
    """Who by role, None of a file or of nobody; what changed, nothing in the first; `why` where that is open."""

    number: int
    by: Role | None
    imported: bool
    at: datetime
    changes: tuple[Wording, ...]
    why: str | None


@dataclass(frozen=True)
class ProgressSeen:
    """How far it has come and with whom; `last_day` while it is undecided, None of what nobody is to decide.

    `takes` where the reader can take it, `ends` where she can end it, `seen_with` whom it is with, 0 for nobody.
    `why` it ended, where that is open to her, and the `receiver` whom it was handed on to.
    """

    state: State
    owner: str | None
    last_day: date | None
    overdue: bool
    desk: Desk
    takes: bool
    ends: bool
    seen_with: int
    why: str | None
    receiver: Receiver | None


@dataclass(frozen=True)
class SignalView:
    """The signal without its child: what it weighs today, its versions from the newest, and what can be done with it.

    `hidden` is how many of all its versions have a reason that is not open to the reader; `progress` is None of
    history, which a file told of and nobody here has in hand.
    """

    signal: Signal
    unit: Unit
    came_in: date
    same_event: tuple[str, ...]
    weight: tuple[Wording, ...]
    versions: tuple[VersionSeen, ...]
    total: int
    hidden: int
    offered: tuple[SignalChange, ...]
    progress: ProgressSeen | None
    situation: Situation | None
    paragraph: str | None


@dataclass(frozen=True)
class ToChange:
    """What a form about the signal shows: the others that it may be linked to, and whether it is linked to any."""

    signal: Signal
    unit: str
    others: tuple[Signal, ...]
    linked: bool
    offered: tuple[SignalChange, ...]


@dataclass(frozen=True)
class SignalText:
    """What was written; `opened` where that was by a reason, and not since the reader wrote it herself."""

    signal: Signal
    unit: str
    happened: str
    done: str
    opened: bool


def signal(
    reader: Reader, signal_id: SignalId, *, start: int = 0, size: int = VERSIONS_PAGE
) -> SignalView | Refused:
    """For one of the quality team, in her own chat or page; so many versions from the one that is said."""
    named = which(What.SIGNAL, signal_id)
    if reader.audience != Audience.QUALITY or reader.reach(DataKind.EVIDENCE) != Reach.ALL:
        return reader.refuse(named)
    found = signals.find(reader.tx, signal_id)
    if found is None:
        return reader.refuse(named, Why.UNKNOWN)
    reader.log("read", named)
    unit, history = units.get(reader.tx, found.unit_id), signal_versions.history(reader.tx, signal_id)
    opening = opened_texts_of(reader, What.SIGNAL_TEXT.of(signal_id))
    page = list(zip([None, *history], history, strict=False))[::-1][start : start + size]
    how_far = _progress(reader, found, opening)
    _log_reasons(reader, found, [after for _, after in page], how_far, opening)
    first = history[0]
    same = signals.of_event(reader.tx, signal_id)
    here = situation(found)
    return SignalView(
        signal=_without_child(found),
        unit=unit,
        came_in=municipal_day(first.signal.known_at or first.recorded_at),
        same_event=tuple(one.number for one in same if one.id != signal_id),
        weight=_weight(reader, found, unit),
        versions=tuple(_version(reader, before, after, opening) for before, after in page),
        total=len(history),
        hidden=sum(bool(one.reason) and not opening.shows(one.signal.author_id) for one in history),
        offered=tuple(offered(reader.tx, found)),
        progress=how_far,
        situation=here,
        paragraph=paragraph(here.rule, reader.today) if here and here.rule else None,
    )


def _progress(reader: Reader, found: Signal, opening: OpenedTexts) -> ProgressSeen | None:
    standing = progress.of_signal(reader.tx, found.id)
    if standing is None:
        return None
    last = progress.last_step(reader.tx, found.id)
    why = last.reason if last is not None and opening.shows(last.person_id) else None
    owner = None if standing.owner_id is None else people.by_id(reader.tx, standing.owner_id)
    hers = owner is not None and owner == reader.person
    return ProgressSeen(
        state=standing.state,
        owner=owner.name if owner else None,
        last_day=standing.last_day if standing.is_open else None,
        overdue=standing.is_overdue(reader.today),
        desk=standing.desk,
        takes=can_take(found, standing) and not (hers and standing.state == "investigating"),
        ends=can_end(found, standing),
        seen_with=standing.owner_id or 0,
        why=why,
        receiver=standing.receiver,
    )


def _without_child(found: Signal) -> Signal:
    return replace(found, placement_id=None, author_id=None)


def _log_reasons(
    reader: Reader,
    found: Signal,
    shown: Sequence[SignalVersion],
    how_far: ProgressSeen | None,
    opening: OpenedTexts,
) -> None:
    """Each time that a reason is shown; why it was read stands with the opening."""
    changed = any(one.reason and opening.shows(one.signal.author_id) for one in shown)
    if changed or (how_far is not None and how_far.why):
        reader.log("read", What.SIGNAL_TEXT.of(found.id), seen=What.SIGNAL.each([found.id]))


def _weight(reader: Reader, found: Signal, unit: Unit) -> tuple[Wording, ...]:
    """The signal's own row of the explanation of its unit's score today."""
    if unit.segment is None:
        return ()
    reading = read_as_of(reader.tx, unit, reader.today, reader.now)
    rows = explain(reading.score, reading.inputs, reading.judgement).rows
    return tuple(row.wording for row in rows if found.number in row.evidence)


def _version(
    reader: Reader, before: SignalVersion | None, after: SignalVersion, opening: OpenedTexts
) -> VersionSeen:
    author_id = after.signal.author_id
    author = None if author_id is None else people.some(reader.tx, [author_id])[author_id]
    return VersionSeen(
        number=after.signal.version,
        by=author.role if author else None,
        imported=after.imported,
        at=after.recorded_at,
        changes=tuple(changes(before.signal, after.signal)) if before else (),
        why=after.reason if after.reason and opening.shows(author_id) else None,
    )


def to_change(acting: Acting, signal_id: SignalId) -> ToChange | Refused:
    """Logged as read, as the form shows it."""
    found = held(acting, signal_id)
    if isinstance(found, Refused):
        return found
    acting.log("read", What.SIGNAL.of(found.id))
    return ToChange(
        signal=_without_child(found),
        unit=units.get(acting.tx, found.unit_id).name,
        others=tuple(_without_child(one) for one in others(acting.tx, found)),
        linked=len(signals.of_event(acting.tx, found.id)) > 1,
        offered=tuple(offered(acting.tx, found)),
    )


def own_text(acting: Acting, signal_id: SignalId) -> SignalText | Refused:
    """Of the one who wrote it; whoever else asks is not told that there is one."""
    found = signals.find(acting.tx, signal_id)
    is_own = acting.reach(DataKind.SIGNAL_TEXT) == Reach.OWN and not acting.channel
    if found is None or not is_own or writer(acting, found) != acting.person.id:
        return acting.refuse(which(What.SIGNAL_TEXT, signal_id), Why.UNKNOWN)
    return _text(acting, found, None, opened=False)


def text(acting: Acting, found: Signal, reason: str | None = None) -> SignalText | Refused:
    """Where it is open to her; the reason that opened it is logged with this read of it."""
    if acting.channel or not acting.opens(DataKind.SIGNAL_TEXT):
        return acting.refuse(What.SIGNAL_TEXT.of(found.id))
    opening = opened_texts_of(acting, What.SIGNAL_TEXT.of(found.id))
    if not opening.shows(writer(acting, found)):
        return Refused(Why.NO_REASON)
    return _text(acting, found, reason, opened=opening.whole)


def writer(acting: Acting, found: Signal) -> PersonId | None:
    return signal_versions.raised_by(acting.tx, [found.id]).get(found.id)


def _text(acting: Acting, found: Signal, reason: str | None, *, opened: bool) -> SignalText:
    seen = What.SIGNAL.each([found.id])
    acting.log("read", What.SIGNAL_TEXT.of(found.id), reason=reason, seen=seen)
    happened, done = signals.texts(acting.tx, found.id)
    unit = units.get(acting.tx, found.unit_id).name
    return SignalText(_without_child(found), unit, happened, done, opened)


def cases_to_choose(acting: Acting) -> Sequence[Placement]:
    """What a signal may be about, as it is listed."""
    mine = own_placements(acting)
    if mine:
        acting.log("read", What.CASES.of(), seen=What.PLACEMENT.each(one.id for one in mine))
    return mine


def stored_signal(acting: Acting, signal_id: SignalId) -> Signal | None:
    """As it stands; what is then shown of it is logged."""
    return signals.find(acting.tx, signal_id)


def numbers_of(acting: Acting, signal_ids: Iterable[SignalId]) -> list[str]:
    """Of those that she has raised herself."""
    return [signals.get(acting.tx, one).number for one in signal_ids]


def signal_of_alert(acting: Acting, alert_id: AlertId) -> SignalId | None:
    """The signal that the alert is about; None of one that is about a level."""
    alert = alerts.get(acting.tx, alert_id)
    return None if alert is None else alert.signal_id


@dataclass(frozen=True)
class SignalsLedTo:
    """The signals that one person raised of a unit, with the decision that one of them led to.

    `receiver` is whom they were handed on to, where they still are.
    """

    numbers: tuple[str, ...]
    unit: str
    consequence: int | None
    decision: AlertDecision | None
    receiver: Receiver | None


def signals_led_to(reader: Reader, message: LedTo) -> SignalsLedTo:
    own = [signals.get(reader.tx, signal_id) for signal_id in message.signal_ids]
    decision = None if message.alert_id is None else alert_decisions.of_alert(reader.tx, message.alert_id)
    unit = units.get(reader.tx, own[0].unit_id).name
    here = progress.of_signal(reader.tx, own[0].id) if message.outcome == "handed_on" else None
    receiver = here.receiver if here else None
    return SignalsLedTo(tuple(one.number for one in own), unit, own[0].consequence, decision, receiver)


@dataclass(frozen=True)
class SignalGivenTold:
    id: SignalId
    number: str
    unit: str
    giver: str


def signal_given(reader: Reader, message: SignalGiven) -> SignalGivenTold | None:
    """Who, which signal and at which unit, and no word about what it is; None once it is ended or another's."""
    found = signals.find(reader.tx, message.signal_id)
    standing = progress.of_signal(reader.tx, message.signal_id)
    if found is None or standing is None or not can_end(found, standing) or reader.person is None:
        return None
    if standing.owner_id != reader.person.id or reader.reach(DataKind.EVIDENCE) != Reach.ALL:
        return None
    giver = people.PeopleById(reader.tx)[message.giver_id].name
    return SignalGivenTold(found.id, found.number, units.get(reader.tx, found.unit_id).name, giver)
