"""`python -m bench.method`: how often the risk method is wrong and what it finds; docs/method.md says what it prints.

Every reading is made by the project's own scoring functions; only what happens at the units is made up here.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from random import Random

from followup import PlacementId
from followup.risk.bands import BandState, next_state
from followup.risk.inputs import (
    CONCERN,
    PROVIDER_REPORT,
    REPORT_MISSING,
    REPORT_POOR,
    UNSAFE,
    Exposure,
    Inputs,
    Item,
    ItemKind,
)
from followup.risk.risk import Level, Score, probability_of_twice, score
from followup.risk.risk_config import FIRST_BASE_LEVELS, FIRST_CONFIG
from followup.times.month import Month, months_between
from followup.wording.share import percent_of

# Eighteen units with 28 placements: most have one or two.
SIZES = (1,) * 12 + (2,) * 4 + (3, 5)
SEGMENTS = (
    "konsulentstott_familjehem",
    "hvb",
    "stodboende",
    "konsulentstott_familjehem",
    "oppenvard",
    "jourhem",
)
FIRST = Month(2022, 1)
WARM_UP, YEARS_MEASURED, WATCHED = 12, 3, 12
SHARE_OF_REPORTS, CONCERN_MONTHS, REPORT_IS_MISSING = 0.3, 6, 0.05
# Points of a signal and of a child's report, as often as they come.
SIGNAL_POINTS = ((1, 0.25), (2, 0.50), (3, 0.20), (4, 0.05))
REPORT_POINTS = ((CONCERN, 2, 0.8), (UNSAFE, 3, 0.2))
# The provider's own reports: so many do not come, and so many are poor; of the first, what is tried besides.
NOT_COME, POOR = 0.03, 0.04
NOT_COME_TRIED = (NOT_COME, 0.1, 0.3)
WITHIN = (3, 6, 12)
NORMAL, TWICE, FOUR_TIMES = 1, 2, 4
MUNICIPALITIES, SEED = 40, 2026


@dataclass
class Home:
    """One unit month by month; `level` is how many times the normal happens there."""

    segment: str
    placements: int
    random: Random
    not_come: float = NOT_COME
    items: list[Item] = field(default_factory=list)
    exposure: list[Exposure] = field(default_factory=list)
    state: BandState = field(default_factory=BandState)
    by_rule: BandState = field(default_factory=BandState)
    concerns: dict[int, tuple[int, str, int]] = field(default_factory=dict)
    late: list[Item] = field(default_factory=list)
    answered: tuple[int, int] = (0, 0)

    def live(self, month: Month, level: int) -> None:
        """What happens in the month; what its reports tell is known at the next month's end."""
        self._tell_of_last(month)
        points = level * float(FIRST_BASE_LEVELS.levels[self.segment])
        mean = sum(weight * often for weight, often in SIGNAL_POINTS)
        for _ in range(self._times(self.placements * (1 - SHARE_OF_REPORTS) * points / mean)):
            weights, often = zip(*SIGNAL_POINTS, strict=True)
            [weight] = self.random.choices(weights, often)
            self._add(self.items, month, "deviation", Decimal(weight))
        missing = 0
        for placement in range(self.placements):
            concern = self._concern(placement, SHARE_OF_REPORTS * points)
            if self.random.random() < REPORT_IS_MISSING:
                missing += 1
                continue
            if concern is not None:
                self._add(self.late, month, concern[0], Decimal(concern[1]), PlacementId(placement))
            self._add_provider_report(month, placement)
        self.answered = (self.placements, missing)
        self.exposure.append(Exposure(month, self.placements * month.days, 0, 0))

    def read(self, month: Month) -> None:
        """The month's end, by the method itself, and by the other reading of what red asks for."""
        inputs = Inputs(
            "simulated",
            self.segment,
            month.last,
            tuple(self.items),
            tuple(self.exposure[-WARM_UP:]),
            FIRST_CONFIG,
            FIRST_BASE_LEVELS,
            FIRST,
        )
        scored = score(inputs)
        self.state = next_state(self.state, scored.level, True, FIRST_CONFIG)
        self.by_rule = next_state(self.by_rule, level_by_rule(scored, inputs), True, FIRST_CONFIG)

    def _tell_of_last(self, month: Month) -> None:
        """The last month's reports are in by now, and what was said in them."""
        if self.exposure:
            last = self.exposure.pop()
            self.exposure.append(Exposure(last.month, last.placement_days, *self.answered))
        oldest = month.plus(-2 * WARM_UP)
        self.items = [one for one in (*self.items, *self.late) if oldest <= one.month]
        self.late = []

    def _concern(self, placement: int, points: float) -> tuple[str, int] | None:
        """A child's difficulty lasts for months, and is told of in each report."""
        left, kind, weight = self.concerns.get(placement, (0, CONCERN, 0))
        if not left:
            mean = sum(points_of * often for _, points_of, often in REPORT_POINTS)
            wanted = points / mean
            if self.random.random() >= wanted / (1 - (CONCERN_MONTHS - 1) * wanted):
                return None
            [(kind, weight, _)] = self.random.choices(REPORT_POINTS, [often for *_, often in REPORT_POINTS])
            left = CONCERN_MONTHS
        self.concerns[placement] = (left - 1, kind, weight)
        return kind, weight

    def _add_provider_report(self, month: Month, placement: int) -> None:
        drawn = self.random.random()
        for kind, weight, often in ((REPORT_MISSING, "1", self.not_come), (REPORT_POOR, "0.5", POOR)):
            if 0 <= drawn < often:
                self._add(self.late, month, kind, Decimal(weight), PlacementId(placement))
            drawn -= often

    def _add(
        self,
        items: list[Item],
        month: Month,
        kind: str,
        weight: Decimal,
        placement: PlacementId | None = None,
    ) -> None:
        number = f"A-{month.first.toordinal()}{self.random.randrange(10**9):09d}"
        items.append(Item(number, 1, ItemKind(kind), month.last, weight, placement=placement))

    def _times(self, expected: float) -> int:
        """Poisson: so many waiting times fit in the month."""
        number, waited = 0, self.random.expovariate(expected)
        while waited < 1:
            number, waited = number + 1, waited + self.random.expovariate(expected)
        return number


def level_by_rule(scored: Score, inputs: Inputs) -> Level:
    """As risk-and-selection.md words it: red also needs a limit that is reached without the provider's own reports.

    Their points are left out; what is expected of them stays, as in the score itself.
    """
    rest = [one for one in scored.contributions if one.kind not in PROVIDER_REPORT]
    recent = int(FIRST_CONFIG.recent_months)
    points = sum((Fraction(one.kappa * one.weight) for one in rest), Fraction())
    of_late = sum((Fraction(one.weight) for one in rest if inputs.age(one.when) < recent), Fraction())
    p = probability_of_twice(points, Fraction(scored.e), FIRST_CONFIG)
    pt = probability_of_twice(of_late, Fraction(scored.et), FIRST_CONFIG)
    reached = p >= float(FIRST_CONFIG.red_p) or pt >= float(FIRST_CONFIG.red_pt)
    return scored.level if reached else replace(scored.level, beside=0)


@dataclass(frozen=True)
class Followed:
    """A unit's bands month by month from the end of the warm-up, and how many placements it has."""

    placements: int
    before: str
    bands: tuple[str, ...]

    def entered(self, *bands: str) -> int:
        """How often it came into one of the bands from outside them."""
        came = zip((self.before, *self.bands), self.bands, strict=False)
        return sum(now in bands and earlier not in bands for earlier, now in came)

    def red_within(self, months: int) -> bool:
        return "red" in self.bands[:months]


def followed(
    random: Random, municipalities: int, level: int, months: int, not_come: float = NOT_COME
) -> Iterator[tuple[Followed, Followed]]:
    """Units that are as they should be for a year, and are then followed at the level: as the bot reads, by rule."""
    for _ in range(municipalities):
        for number, placements in enumerate(SIZES):
            home = Home(SEGMENTS[number % len(SEGMENTS)], placements, random, not_come)
            bands: list[str] = []
            by_rule: list[str] = []
            for at, month in enumerate(months_between(FIRST, FIRST.plus(WARM_UP + months - 1))):
                home.live(month, NORMAL if at < WARM_UP else level)
                home.read(month)
                bands.append(home.state.band)
                by_rule.append(home.by_rule.band)
            yield _from_warm_up(placements, bands), _from_warm_up(placements, by_rule)


def _from_warm_up(placements: int, bands: Sequence[str]) -> Followed:
    return Followed(placements, bands[WARM_UP - 1], tuple(bands[WARM_UP:]))


def table(municipalities: int, seed: int = SEED) -> str:
    """The same for the same number of municipalities and seed."""
    random = Random(seed)
    normal = [one for one, _ in followed(random, municipalities, NORMAL, 12 * YEARS_MEASURED)]
    lines = [
        "| Vad som mäts | I simuleringen |",
        "|---|---|",
        f"| Falska röda per år i hela kommunen | {_a_year(normal, municipalities, 'red')} |",
        f"| Falska gula eller röda per år i hela kommunen | {_a_year(normal, municipalities, 'red', 'yellow')} |",
    ]
    for level, name in ((TWICE, "fördubbling"), (FOUR_TIMES, "fyrdubbling")):
        units = [one for one, _ in followed(random, municipalities, level, WATCHED)]
        lines.append(f"| En {name} syns som röd inom 3, 6 och 12 månader | {_found(units)} |")
        alone = [one for one in units if one.placements == 1]
        lines.append(f"| En {name} vid en enhet med ett barn, inom 3, 6 och 12 månader | {_found(alone)} |")
    return "\n".join(lines)


def table_of_readings(municipalities: int, seed: int = SEED) -> str:
    """What each reading of "not red by the provider's own reports" costs and finds, on the same units."""
    lines = [
        "| Utförarnas egna rapporter som inte kommer | Vad som mäts | Som boten räknar | Som regeln är skriven |",
        "|---|---|---|---|",
    ]
    for not_come in NOT_COME_TRIED:
        share = f"{percent_of(Fraction(str(not_come)))} %"
        both = _readings(seed, municipalities, NORMAL, 12 * YEARS_MEASURED, not_come)
        false = " | ".join(_a_year(units, municipalities, "red") for units in both)
        lines.append(f"| {share} | Falska röda per år i hela kommunen | {false} |")
        both = _readings(seed, municipalities, TWICE, WATCHED, not_come)
        found = " | ".join(map(_found, both))
        lines.append(f"| {share} | En fördubbling syns som röd inom 3, 6 och 12 månader | {found} |")
    return "\n".join(lines)


def _readings(
    seed: int, municipalities: int, level: int, months: int, not_come: float
) -> tuple[list[Followed], list[Followed]]:
    pairs = list(followed(Random(seed), municipalities, level, months, not_come))
    return [bot for bot, _ in pairs], [rule for _, rule in pairs]


def _a_year(units: Sequence[Followed], municipalities: int, *bands: str) -> str:
    return _written(sum(one.entered(*bands) for one in units) / (municipalities * YEARS_MEASURED))


def _found(units: Sequence[Followed]) -> str:
    """Of those that were not red already."""
    calm = [one for one in units if one.before != "red"]
    shares = (Fraction(sum(one.red_within(months) for one in calm), len(calm)) for months in WITHIN)
    return ", ".join(f"{percent_of(share)} %" for share in shares)


def _written(number: float) -> str:
    return f"{number:.2f}".replace(".", ",")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.method", description=__doc__)
    parser.add_argument("--municipalities", type=int, default=MUNICIPALITIES)
    parser.add_argument("--seed", type=int, default=SEED)
    wanted = parser.parse_args()
    for shown in (table, table_of_readings):
        sys.stdout.write(f"{shown(wanted.municipalities, wanted.seed)}\n\n")


if __name__ == "__main__":
    main()
