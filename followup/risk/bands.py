"""From probabilities to a band: limits, hysteresis, floors, and whether the evidence is enough."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

from followup.risk.inputs import Exposure, Inputs, Item
from followup.risk.risk import Level, exact
from followup.risk.risk_config import RiskConfig
from followup.times.month import Months

Band = Literal["green", "yellow", "red"]
# What of a unit's evidence an alert is raised by; "silence" is of the method before.
AlertKind = Literal["event", "band", "safety", "silence"]
BANDS: tuple[Band, ...] = ("green", "yellow", "red")


Shown = Literal["green", "yellow", "red", "insufficient"]


def never_plain_green(band: Band, *, enough: bool) -> Shown:
    """What is shown in the band's place: too little evidence is never told, counted or drawn as green."""
    return "insufficient" if band == "green" and not enough else band


@dataclass(frozen=True)
class BandState:
    """The rate band, and its calm month-end readings in a row."""

    band: Band = "green"
    calm: int = 0


@dataclass(frozen=True)
class Floor:
    """The lowest band that may be shown, why, and by which items."""

    band: Band | None = None
    reason: Literal["event", "safety"] | None = None
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judgement:
    """The band to show, and `enough`: without it a plain green is never shown.

    `months` are those whose reports `completeness` is of, None before any is followed.
    """

    band: Band
    rate: Band
    floor: Floor
    completeness: Fraction | None
    enough: bool
    months: Months | None

    @property
    def raised_by(self) -> Floor | None:
        """The floor where it is what decides the band: it stands above what the rate gives."""
        return self.floor if rank(self.floor.band) > rank(self.rate) else None


def reading(level: Level, config: RiskConfig) -> Band:
    """The band that the limits give by themselves, without memory.

    The provider's own reports alone, not sent or badly written, never make red.
    """
    is_high = level.p >= float(config.red_p) or level.pt >= float(config.red_pt)
    if is_high and level.n >= config.red_items and level.beside:
        return "red"
    is_raised = level.p >= float(config.yellow_p) or level.pt >= float(config.yellow_pt)
    return "yellow" if is_raised and level.n >= config.yellow_items else "green"


def next_state(state: BandState, level: Level, month_end: bool, config: RiskConfig) -> BandState:
    """Up at once; down one step after enough calm month-end readings in a row.

    A reading between month ends can raise the band; it neither lowers it nor breaks a row of calm ones.
    """
    reached = reading(level, config)
    if BANDS.index(reached) > BANDS.index(state.band):
        return BandState(reached, 0)
    if state.band == "green" or not month_end:
        return state
    if not _is_calm(state.band, level, config):
        return replace(state, calm=0)
    if state.calm + 1 < config.calm_readings:
        return replace(state, calm=state.calm + 1)
    return replace(state, band=BANDS[BANDS.index(state.band) - 1], calm=0)


def _is_calm(band: Band, level: Level, config: RiskConfig) -> bool:
    if band == "red":
        return level.p < float(config.leave_red_p) and level.pt < float(config.leave_red_pt)
    return level.p < float(config.leave_yellow_p) and level.pt < float(config.leave_yellow_pt)


def floor(inputs: Inputs) -> Floor:
    """The higher of the event's and the safety notice's; the event when they are equal.

    An event's floor is lifted only when both its months have passed and a decision on it is recorded; a notice's by
    nothing but a record of what was done.
    """
    by_event = _event_floor(inputs)
    if by_event.band or not inputs.notices:
        return by_event
    return Floor("yellow", "safety", inputs.notices)


def rank(band: Band | None) -> int:
    return BANDS.index(band or "green")


def _event_floor(inputs: Inputs) -> Floor:
    standing = [item for item in inputs.known_items if item.floor and _still_stands(item, inputs)]
    for band in ("red", "yellow"):
        ids = tuple(item.id for item in standing if item.floor == band)
        if ids:
            return Floor(band, "event", ids)
    return Floor()


def _still_stands(item: Item, inputs: Inputs) -> bool:
    return inputs.age(item.day) <= inputs.config.floor_months or not item.decided


def raised_to(rate: Band, under: Floor) -> Band:
    return BANDS[max(rank(rate), rank(under.band))]


def completeness(exposure: Iterable[Exposure]) -> Fraction | None:
    """The share of the expected reports that is in; None when nothing was expected."""
    rows = list(exposure)
    expected, missing = sum(row.expected for row in rows), sum(row.missing for row in rows)
    return Fraction(expected - missing, expected) if expected else None


def judge(inputs: Inputs, rate: Band) -> Judgement:
    under, config = floor(inputs), inputs.config
    year = [row for row in inputs.known_exposure if inputs.age(row.month) < config.kappa_none_from]
    share = completeness(year)
    latest = [row for row in year if row.expected][-int(config.silent_months) :]
    enough = share is not None and share >= exact(config.completeness) and bool(completeness(latest))
    months = Months(year[0].month, year[-1].month) if year else None
    return Judgement(raised_to(rate, under), rate, under, share, enough, months)
