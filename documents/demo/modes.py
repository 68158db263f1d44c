"""How each report of the demo municipality came to be: by form, by statement, with a concern, or not at all."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from random import Random
from typing import Literal

from documents.demo.people import PLAYABLE
from documents.demo.placements import DemoPlacement
from documents.demo.units import SILENT_UNIT, UNIT
from followup.times.month import Month

Mode = Literal["form", "statement", "concern", "missing"]
# A report is known by its placement's place in the list, and by how many months before the asked one it is.
Modes = Mapping[tuple[int, int], Mode]

MISSING_SHARE = 0.085
SILENT_MONTH = 8
TOLD_MONTHS = 6

_STORIES: Mapping[str, Mapping[int, Mode]] = {
    "statement": {1: "form"},
    "turns_18": {1: "form"},
    "in_a_row": {4: "form", 3: "statement", 2: "statement", 1: "statement"},
    "concern": {1: "concern"},
    "gap": {1: "missing"},
}
# Unit, number of concerns, and between which months before the asked one.
_CONCERNS = (
    ("HVB-05", 4, 18, 15),
    ("HVB-03", 2, 3, 0),
    ("HVB-02", 1, 9, 3),
    ("HVB-07", 1, 2, 1),
    ("JOU-02", 1, 18, 16),
    ("HVB-01", 1, 17, 14),
    ("STB-01", 1, 20, 14),
)


def modes(rng: Random, stays: list[DemoPlacement], asked: Month) -> Modes:
    """Only what is planned or missing; the rest is by statement whenever that is allowed and likely."""
    return _missing(rng, stays, asked) | _concerns(rng, stays, asked) | _stories(stays)


def has_row(stay: DemoPlacement, back: int) -> bool:
    """The playable workers, and the one who left, have not answered about the asked month."""
    return UNIT[stay.unit].followed and (
        back > 0 or (stay.worker not in PLAYABLE and stay.story != "no_worker")
    )


def _stories(stays: list[DemoPlacement]) -> dict[tuple[int, int], Mode]:
    return {
        (index, back): mode
        for index, stay in enumerate(stays)
        if stay.ends is None
        for back, mode in _STORIES.get(stay.story, {}).items()
    }


def _concerns(rng: Random, stays: list[DemoPlacement], asked: Month) -> dict[tuple[int, int], Mode]:
    chosen: dict[tuple[int, int], Mode] = {}
    for unit, count, oldest, newest in _CONCERNS:
        possible = [
            (index, back)
            for index, stay in enumerate(stays)
            if stay.unit == unit and not stay.story
            for back in stay.months(asked)
            if newest <= back <= oldest and has_row(stay, back)
        ]
        chosen |= dict.fromkeys(rng.sample(possible, min(count, len(possible))), "concern")
    return chosen


def _missing(rng: Random, stays: list[DemoPlacement], asked: Month) -> dict[tuple[int, int], Mode]:
    """One unit has a silent month; in no other are all of a month's reports missing."""
    chosen: dict[tuple[int, int], Mode] = {}
    for (unit, back), expected in _expected(stays, asked):
        silent = (unit, back) == (SILENT_UNIT, SILENT_MONTH)
        likely = [index for index in expected if not (stays[index].story and back < TOLD_MONTHS)]
        missing = expected if silent else [index for index in likely if rng.random() < MISSING_SHARE]
        if back > 0 and (silent or len(missing) < len(expected)):
            chosen |= dict.fromkeys(((index, back) for index in missing), "missing")
    return chosen


def _expected(stays: list[DemoPlacement], asked: Month) -> Iterator[tuple[tuple[str, int], list[int]]]:
    grouped: dict[tuple[str, int], list[int]] = defaultdict(list)
    for index, stay in enumerate(stays):
        for back in stay.months(asked):
            if has_row(stay, back):
                grouped[stay.unit, back].append(index)
    yield from grouped.items()
