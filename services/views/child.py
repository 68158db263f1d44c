"""One child that a worker answers for, month by month: what was answered, and the signals that came with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from followup import PlacementId, SignalId
from followup.access.access import DataKind, Reach
from followup.log.subject import What
from followup.month.report import Report
from followup.people import Conversation
from followup.placement import Placement
from followup.signals.progress import SignalProgress
from followup.signals.signal import Signal
from services.acting import Acting, Refused, which
from services.clocks.own_clocks import RunningClock, may_see_own, running
from services.month.own_tasks import may_read_alias
from services.signals.raising import RECENTLY_ENDED
from storage.month import reports
from storage.register import people, placements
from storage.signals import progress, signals


@dataclass(frozen=True)
class MonthAnswered:
    """The newest version, and the signals that were told of with the month."""

    report: Report
    signals: Sequence[Signal]


@dataclass(frozen=True)
class ChildHistory:
    """The newest month first; `progress` is how far each signal has come, of those that somebody has in hand.

    `signals` are all about the placement, those that came by themselves too; `clocks` those that run for it.
    """

    placement: Placement
    months: Sequence[MonthAnswered]
    signals: Sequence[Signal]
    progress: Mapping[SignalId, SignalProgress]
    clocks: Sequence[RunningClock]


def child_history(acting: Acting, placement_id: PlacementId | None) -> ChildHistory | Refused:
    """For the one who answers for the placement today, also a while after its end; logged as read."""
    one = placements.get(acting.tx, placement_id, acting.today) if placement_id else None
    if one is None or not (acting.may(Conversation.REPORT) and _is_own(acting, one)):
        return acting.refuse(which(What.PLACEMENT, placement_id or 0))
    acting.log("read", What.PLACEMENT.of(one.id), seen=[What.PLACEMENT.of(one.id)])
    answered = reports.of_placement(acting.tx, one.id)
    told = signals.of_tasks(acting.tx, [report.task_id for report in answered])
    months = [MonthAnswered(report, told[report.task_id]) for report in answered]
    every = signals.of_placement(acting.tx, one.id)
    seen = one if may_read_alias(acting, one.owner_id) else replace(one, alias=None)
    found = progress.of_signals(acting.tx, [signal.id for signal in every])
    clocks = running(acting, [seen]) if may_see_own(acting) else []
    return ChildHistory(seen, months, every, found, clocks)


def _is_own(acting: Acting, one: Placement) -> bool:
    if acting.reach(DataKind.REPORT_TEXT) != Reach.OWN:
        return acting.reach(DataKind.REPORT_TEXT) == Reach.ALL
    if one.ends is not None and one.ends < acting.today - RECENTLY_ENDED:
        return False
    answering = people.answering(acting.tx, {one.answerable}, acting.today, acting.person)
    return answering.of(*one.answerable) == acting.person.id
