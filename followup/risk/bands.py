"""From probabilities to a band: limits, hysteresis, floors, and whether the evidence is enough."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Literal

from followup.risk.risk import Exposure, Inputs, Item, missing_id
from followup.risk.risk_config import RiskConfig
from followup.times.month import Month

Band = Literal["green", "yellow", "red"]
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
    """The lowest band that may be shown, why, and by which items.

    `silent` are the silent months up to now, also when an event decides; the first of them names the episode.
    """

    band: Band | None = None
    reason: Literal["event", "silence"] | None = None
    items: tuple[str, ...] = ()
    silent: tuple[Month, ...] = ()


@dataclass(frozen=True)
class Judgement:
    """The band to show, and `enough`: without it a plain green is never shown."""

    band: Band
    rate: Band
    floor: Floor
    completeness: Fraction | None
    enough: bool

    @property
    def raised_by(self) -> Floor | None:
        """The floor where it is what decides the band: it stands above what the rate gives."""
        return self.floor if rank(self.floor.band) > rank(self.rate) else None


def reading(p: float, pt: float, n: int, config: RiskConfig) -> Band:
    """The band that the limits give by themselves, without memory."""
    if (p >= float(config.red_p) or pt >= float(config.red_pt)) and n >= config.red_items:
        return "red"
    if (p >= float(config.yellow_p) or pt >= float(config.yellow_pt)) and n >= config.yellow_items:
        return "yellow"
    return "green"


def next_state(
    state: BandState, p: float, pt: float, n: int, month_end: bool, config: RiskConfig
) -> BandState:
    """Up at once; down one step after enough calm month-end readings in a row.

    A reading between month ends never adds calm, but one that is not calm breaks the row.
    """
    reached = reading(p, pt, n, config)
    if BANDS.index(reached) > BANDS.index(state.band):
        return BandState(reached, 0)
    if state.band == "green":
        return state
    if not _is_calm(state.band, p, pt, config):
        return replace(state, calm=0)
    if not month_end:
        return state
    if state.calm + 1 < config.calm_readings:
        return replace(state, calm=state.calm + 1)
    return replace(state, band=BANDS[BANDS.index(state.band) - 1], calm=0)


def _is_calm(band: Band, p: float, pt: float, config: RiskConfig) -> bool:
    if band == "red":
        return p < float(config.leave_red_p) and pt < float(config.leave_red_pt)
    return p < float(config.leave_yellow_p) and pt < float(config.leave_yellow_pt)


def floor(inputs: Inputs) -> Floor:
    """The higher of the event floor and the silence floor; the event when they are equal.

    An event's floor is lifted only when both its months have passed and a decision on it is recorded.
    """
    silent = _current_silence(inputs)
    by_event, by_silence = _event_floor(inputs), _silence_floor(silent, inputs.config)
    higher = by_silence if rank(by_silence.band) > rank(by_event.band) else by_event
    return replace(higher, silent=silent)


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


def _current_silence(inputs: Inputs) -> tuple[Month, ...]:
    """Empty when the silence ended so long ago that nothing from it counts any more."""
    silent = silent_months(inputs.known_exposure)
    return silent if silent and inputs.age(silent[-1]) < inputs.config.kappa_none_from else ()


def _silence_floor(silent: tuple[Month, ...], config: RiskConfig) -> Floor:
    if len(silent) < config.silence_yellow:
        return Floor()
    band: Band = "red" if len(silent) >= config.silence_red else "yellow"
    return Floor(band, "silence", tuple(missing_id(month) for month in silent))


def silent_months(exposure: Iterable[Exposure]) -> tuple[Month, ...]:
    """The newest months in a row in which every expected report is missing, oldest first.

    Months in which nothing was expected are skipped.
    """
    silent: list[Month] = []
    for row in sorted(exposure, key=lambda row: row.month, reverse=True):
        if row.missing < row.expected:
            break
        if row.expected:
            silent.append(row.month)
    return tuple(reversed(silent))


def shown(rate: Band, under: Floor) -> Band:
    return BANDS[max(rank(rate), rank(under.band))]


def completeness(exposure: Iterable[Exposure], as_of: date, config: RiskConfig) -> Fraction | None:
    """The share of twelve months' expected reports that is in; None when nothing was expected."""
    now = Month.of(as_of)
    rows = [row for row in exposure if 0 <= row.month.until(now) < config.kappa_none_from]
    expected, missing = sum(row.expected for row in rows), sum(row.missing for row in rows)
    return Fraction(expected - missing, expected) if expected else None


def judge(inputs: Inputs, rate: Band) -> Judgement:
    under = floor(inputs)
    share = completeness(inputs.exposure, inputs.as_of, inputs.config)
    enough = share is not None and share >= Fraction(inputs.config.completeness)
    return Judgement(shown(rate, under), rate, under, share, enough)
