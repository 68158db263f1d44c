"""Gives several things of the desk to one of the quality team: a deed for each, and what was not given with why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, get_args

from followup import ActionId, AlertId, FollowUpId, PersonId, SignalId
from followup.log.subject import What
from followup.people import Conversation
from services.acting import Acting, Refused, Why
from services.alerts import ownership
from services.follow_ups import planned_actions, steps
from services.signals import progress
from storage.alerts import alerts
from storage.follow_ups import actions, follow_ups
from storage.signals import progress as standings
from storage.signals import signals

GiveSort = Literal["alert", "signal", "follow_up", "action"]
GIVE_SORTS: tuple[GiveSort, ...] = get_args(GiveSort)


@dataclass(frozen=True)
class SeenThing:
    """As the list showed it; `seen` is with whom an alert or a signal was, 0 for nobody, else the version."""

    sort: GiveSort
    number: int
    seen: int


# It is with her already, has changed or ended since it was seen, or is none that can be given.
WhyNot = Literal["hers", "changed", "done_before", "unknown"]


@dataclass(frozen=True)
class NotGiven:
    """`number` is empty of what there is not."""

    number: str
    why: WhyNot


@dataclass(frozen=True)
class GivenThings:
    """`done` are the numbers of what the colleague has by now, as people write them."""

    done: tuple[str, ...]
    left: tuple[NotGiven, ...]


class _Numbered(Protocol):
    @property
    def number(self) -> str: ...


def give(acting: Acting, things: Sequence[SeenThing], to_id: PersonId) -> GivenThings | Refused:
    """Each thing is done or left by itself; always in the same order, so that two who give never wait in a circle."""
    if not acting.may(Conversation.SIGNAL_DESK):
        return acting.refuse(What.CONVERSATION.of(Conversation.SIGNAL_DESK))
    done: list[str] = []
    left: list[NotGiven] = []
    for one in sorted(set(things), key=_place):
        given = _GIVE[one.sort](acting, one, to_id)
        if isinstance(given, Refused):
            left.append(_not_given(acting, one, given, to_id))
        else:
            done.append(given.number)
    return GivenThings(tuple(done), tuple(left))


def share_out(acting: Acting, wanted: Mapping[SeenThing, PersonId]) -> GivenThings | Refused:
    """Each follow-up to its own owner: those that she has already are left as they are, and said nothing of."""
    if not steps.may_follow_up(acting):
        return acting.refuse(What.FOLLOW_UPS.of())
    done: list[str] = []
    left: list[NotGiven] = []
    for one in sorted(wanted, key=_place):
        stored = steps.stored_follow_up(acting, FollowUpId(one.number))
        if stored is not None and stored.owner_id == wanted[one]:
            continue
        given = give(acting, [one], wanted[one])
        if isinstance(given, Refused):
            return given
        done += given.done
        left += given.left
    return GivenThings(tuple(done), tuple(left))


def _place(one: SeenThing) -> tuple[int, int, int]:
    return GIVE_SORTS.index(one.sort), one.number, one.seen


def _alert(acting: Acting, one: SeenThing, to_id: PersonId) -> _Numbered | Refused:
    typed = {"colleague": str(to_id)}
    return ownership.hand_over(acting, AlertId(one.number), typed, {PersonId(one.seen)})


def _signal(acting: Acting, one: SeenThing, to_id: PersonId) -> _Numbered | Refused:
    if one.seen == to_id and _has_it_still(acting, one, to_id):
        return Refused(Why.DONE)
    return progress.give(acting, SignalId(one.number), to_id, PersonId(one.seen))


def _follow_up(acting: Acting, one: SeenThing, to_id: PersonId) -> _Numbered | Refused:
    return steps.give(acting, FollowUpId(one.number), one.seen, to_id)


def _action(acting: Acting, one: SeenThing, to_id: PersonId) -> _Numbered | Refused:
    return planned_actions.give(acting, ActionId(one.number), one.seen, to_id)


_GIVE: Mapping[GiveSort, Callable[[Acting, SeenThing, PersonId], _Numbered | Refused]] = {
    "alert": _alert,
    "signal": _signal,
    "follow_up": _follow_up,
    "action": _action,
}


def _not_given(acting: Acting, one: SeenThing, refused: Refused, to_id: PersonId) -> NotGiven:
    """What stands is read only after the deed has let her in to it."""
    if refused.why in (Why.UNKNOWN, Why.NOT_HERS):
        return NotGiven("", "unknown")
    stored = _STORED[one.sort](acting, one.number)
    if stored is None:
        return NotGiven("", "unknown")
    if one.seen == to_id and _has_it_still(acting, one, to_id):
        return NotGiven(stored.number, "hers")
    return NotGiven(stored.number, "done_before" if refused.why == Why.DONE else "changed")


def _has_it_still(acting: Acting, one: SeenThing, to_id: PersonId) -> bool:
    """Of an alert or a signal, whether it is open and with the colleague as it stands, whatever the list showed."""
    if one.sort == "alert":
        alert = alerts.get(acting.tx, AlertId(one.number))
        return alert is not None and alert.closed_at is None and alert.owner_id == to_id
    standing = standings.of_signal(acting.tx, SignalId(one.number)) if one.sort == "signal" else None
    return standing is not None and standing.is_open and standing.owner_id == to_id


_STORED: Mapping[GiveSort, Callable[[Acting, int], _Numbered | None]] = {
    "alert": lambda acting, number: alerts.get(acting.tx, AlertId(number)),
    "signal": lambda acting, number: signals.find(acting.tx, SignalId(number)),
    "follow_up": lambda acting, number: follow_ups.get(acting.tx, FollowUpId(number)),
    "action": lambda acting, number: actions.get(acting.tx, ActionId(number)),
}
