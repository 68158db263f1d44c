"""When a report in which a child does not feel safe gives a safety notice: once, until the child feels safer."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from followup import PlacementId, TaskId
from followup.times.month import Month

NO = "no"


@dataclass(frozen=True)
class SafeAnswer:
    """What a month's report says of whether the child feels safe; `history` is what nobody was told of then."""

    task_id: TaskId
    placement_id: PlacementId
    month: Month
    answer: str
    history: bool = False


@dataclass(frozen=True)
class Noticed:
    """A notice that has been raised, by the report that it is about."""

    task_id: TaskId
    placement_id: PlacementId
    month: Month


@dataclass(frozen=True)
class _Stretch:
    """The reports of a placement that say no, with no other answer between them."""

    unsafe: tuple[SafeAnswer, ...]
    after: Month | None
    before: Month | None

    def holds(self, month: Month) -> bool:
        begun = self.after is None or self.after < month
        return begun and (self.before is None or month < self.before)


def due(
    answers: Iterable[SafeAnswer], noticed: Collection[Noticed], still_placed: Collection[PlacementId]
) -> Iterator[SafeAnswer]:
    """The first report of each stretch of unsafe months that has no notice yet.

    Of history only a stretch that goes on, in a placement that does.
    """
    for placement_id, given in groupby(
        sorted(answers, key=lambda one: (one.placement_id, one.month)), key=lambda one: one.placement_id
    ):
        told = [one.month for one in noticed if one.placement_id == placement_id]
        for stretch in _stretches(list(given)):
            goes_on = stretch.before is None and placement_id in still_placed
            is_history = all(one.history for one in stretch.unsafe)
            if not any(map(stretch.holds, told)) and (goes_on or not is_history):
                yield stretch.unsafe[0]


def _stretches(given: list[SafeAnswer]) -> Iterator[_Stretch]:
    unsafe: list[SafeAnswer] = []
    after: Month | None = None
    for one in given:
        if one.answer == NO:
            unsafe.append(one)
            continue
        if unsafe:
            yield _Stretch(tuple(unsafe), after, one.month)
        unsafe, after = [], one.month
    if unsafe:
        yield _Stretch(tuple(unsafe), after, None)
