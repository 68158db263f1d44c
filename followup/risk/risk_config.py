"""The numbers of the risk method, as versioned configuration, and the base levels frozen each year."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from types import MappingProxyType

_HEAD = ("id", "valid_from", "decided_by")
_BASE_LEVEL_STEP = Decimal("0.000001")
_CAME_LATER = {"public_few": "5"}


@dataclass(frozen=True)
class RiskConfig:
    """Every number of risk-and-selection.md's risk part; ages and spans in calendar months."""

    id: str
    valid_from: date
    decided_by: str

    prior: Decimal = Decimal("3")
    dispersion: Decimal = Decimal("1.5")
    twice: Decimal = Decimal("2")
    missing_base: Decimal = Decimal("0.05")
    base_level_prior_months: Decimal = Decimal("200")

    points_missing: Decimal = Decimal("1")
    points_remark: Decimal = Decimal("1")
    points_complaint: Decimal = Decimal("2")
    points_concern: Decimal = Decimal("2")
    points_deviation: Decimal = Decimal("1")
    points_replacement: Decimal = Decimal("3")
    points_lex_sarah: Decimal = Decimal("3")
    points_serious: Decimal = Decimal("4")
    own_report_factor: Decimal = Decimal("0.5")
    own_report_up_to: Decimal = Decimal("2")

    kappa_half: Decimal = Decimal("0.5")
    kappa_half_from: Decimal = Decimal("6")
    kappa_none_from: Decimal = Decimal("12")
    recent_months: Decimal = Decimal("3")

    red_p: Decimal = Decimal("0.50")
    red_pt: Decimal = Decimal("0.75")
    red_items: Decimal = Decimal("3")
    yellow_p: Decimal = Decimal("0.25")
    yellow_pt: Decimal = Decimal("0.50")
    yellow_items: Decimal = Decimal("2")
    leave_red_p: Decimal = Decimal("0.30")
    leave_red_pt: Decimal = Decimal("0.50")
    leave_yellow_p: Decimal = Decimal("0.15")
    leave_yellow_pt: Decimal = Decimal("0.30")
    calm_readings: Decimal = Decimal("2")

    floor_months: Decimal = Decimal("2")
    silence_yellow: Decimal = Decimal("2")
    silence_red: Decimal = Decimal("3")
    completeness: Decimal = Decimal("0.70")

    # Fewer children than these behind a count are not told of in public; no score depends on it.
    public_few: Decimal = Decimal("5")

    def parameters(self) -> dict[str, str]:
        return {name: str(getattr(self, name)) for name in _parameter_names()}

    @classmethod
    def of(cls, id: str, valid_from: date, decided_by: str, parameters: Mapping[str, str]) -> "RiskConfig":  # noqa: A002
        """Raises ValueError unless every parameter is named: a default filled in would rewrite history.

        What came later and weighs in no score is filled in where it was not yet written.
        """
        parameters = {**_CAME_LATER, **parameters}
        differing = set(parameters) ^ set(_parameter_names())
        if differing:
            raise ValueError(f"{id}: {', '.join(sorted(differing))}")
        return cls(id, valid_from, decided_by, **{name: Decimal(text) for name, text in parameters.items()})


def _parameter_names() -> list[str]:
    return [field.name for field in fields(RiskConfig) if field.name not in _HEAD]


@dataclass(frozen=True)
class BaseLevels:
    """Points to expect per placement-month and segment, frozen on 1 January and unmoved during the year."""

    id: str
    valid_from: date
    levels: Mapping[str, Decimal]


def yearly_base_levels(
    id: str,  # noqa: A002
    valid_from: date,
    old: BaseLevels,
    observed: Mapping[str, tuple[Decimal, Decimal]],
    config: RiskConfig,
) -> BaseLevels:
    """Next year's levels from each segment's (points, seen placement-months), to six decimals.

    A segment with nothing observed keeps its level.
    """
    weight = config.base_level_prior_months

    def level(segment: str, before: Decimal) -> Decimal:
        points, months = observed.get(segment, (Decimal(0), Decimal(0)))
        if not months:
            return before
        return ((points + weight * before) / (months + weight)).quantize(_BASE_LEVEL_STEP)

    return BaseLevels(id, valid_from, {segment: level(segment, r) for segment, r in old.levels.items()})


FIRST_CONFIG = RiskConfig("risk-1", date(2025, 1, 1), "startvärden")

FIRST_BASE_LEVELS = BaseLevels(
    "bas-2026",
    date(2026, 1, 1),
    MappingProxyType(
        {
            "oppenvard": Decimal("0.12"),
            "stodboende": Decimal("0.16"),
            "konsulentstott_familjehem": Decimal("0.16"),
            "jourhem": Decimal("0.20"),
            "hvb": Decimal("0.24"),
        }
    ),
)
