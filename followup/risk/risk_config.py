"""The numbers of the risk method, as versioned configuration, and the base levels frozen each year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType

_HEAD = ("id", "valid_from", "decided_by")
_FIRST_SCHEMA = 1


@dataclass(frozen=True)
class RiskConfig:
    """Every number of risk-and-selection.md's risk part; ages and spans in calendar months."""

    id: str
    valid_from: date
    decided_by: str

    prior: Decimal = Decimal("3")
    dispersion: Decimal = Decimal("1.5")
    twice: Decimal = Decimal("2")
    unseen: Decimal = Decimal("0.3")
    base_level_prior_months: Decimal = Decimal("200")

    points_report_missing: Decimal = Decimal("1")
    points_report_flawed: Decimal = Decimal("0.5")
    points_remark: Decimal = Decimal("1")
    points_complaint: Decimal = Decimal("2")
    points_concern: Decimal = Decimal("2")
    points_unsafe: Decimal = Decimal("3")
    points_deviation: Decimal = Decimal("1")
    points_replacement: Decimal = Decimal("3")
    points_lex_sarah: Decimal = Decimal("3")
    points_serious: Decimal = Decimal("4")
    own_report_factor: Decimal = Decimal("0.5")
    own_report_up_to: Decimal = Decimal("2")
    report_late_from: Decimal = Decimal("21")

    kappa_half: Decimal = Decimal("0.5")
    kappa_half_from: Decimal = Decimal("6")
    kappa_none_from: Decimal = Decimal("12")
    recent_months: Decimal = Decimal("3")
    repeat_months: Decimal = Decimal("6")

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
    silent_months: Decimal = Decimal("2")
    completeness: Decimal = Decimal("0.70")

    # Fewer children than these behind a count are not told of in public; no score depends on it.
    public_few: Decimal = Decimal("5")

    def parameters(self) -> dict[str, str]:
        return {name: str(getattr(self, name)) for name in _parameter_names()}

    def stored(self) -> dict[str, str]:
        """As it is kept: every parameter, and the schema that says which they are."""
        return {"schema": str(SCHEMA), **self.parameters()}

    @classmethod
    def of(cls, id: str, valid_from: date, decided_by: str, stored: Mapping[str, str]) -> "RiskConfig":  # noqa: A002
        """Raises ValueError unless its schema and the upgrades since name every parameter, and no other.

        Today's defaults are never filled in: that would rewrite history.
        """
        parameters = upgraded(stored)
        differing = set(parameters) ^ set(_parameter_names())
        if differing:
            raise ValueError(f"{id}: {', '.join(sorted(differing))}")
        return cls(id, valid_from, decided_by, **{name: Decimal(text) for name, text in parameters.items()})


def _parameter_names() -> list[str]:
    return [field.name for field in fields(RiskConfig) if field.name not in _HEAD]


@dataclass(frozen=True)
class Upgrade:
    """What one schema brought: new parameters, each with the number that held before it could be chosen, and gone ones.

    The numbers stand here and are never those of the class, which may change.
    """

    added: Mapping[str, str]
    dropped: tuple[str, ...] = ()

    def of(self, parameters: Mapping[str, str]) -> dict[str, str]:
        kept = {name: text for name, text in parameters.items() if name not in self.dropped}
        written_already = sorted(self.added.keys() & kept.keys())
        if written_already:
            raise ValueError(", ".join(written_already))
        return {**kept, **self.added}


# The first of them leads from schema 1 to schema 2; whoever adds a parameter adds one, and changes none that is here.
UPGRADES: tuple[Upgrade, ...] = (
    Upgrade(added=MappingProxyType({"public_few": "5"})),
    # Method risk-2: silence is no colour, and what children's and providers' own reports weigh is told apart.
    Upgrade(
        added=MappingProxyType(
            {
                "unseen": "0.3",
                "points_unsafe": "3",
                "points_report_missing": "1",
                "points_report_flawed": "0.5",
                "report_late_from": "21",
                "repeat_months": "6",
                "silent_months": "2",
            }
        ),
        dropped=("missing_base", "points_missing", "silence_yellow", "silence_red"),
    ),
)
SCHEMA = _FIRST_SCHEMA + len(UPGRADES)


def upgraded(stored: Mapping[str, str], upgrades: Sequence[Upgrade] = UPGRADES) -> dict[str, str]:
    """The parameters as the newest schema has them; raises ValueError for a schema that is not known here."""
    parameters = dict(stored)
    named = parameters.pop("schema", None)
    schema = _unnamed_schema(parameters) if named is None else int(named)
    if not _FIRST_SCHEMA <= schema <= _FIRST_SCHEMA + len(upgrades):
        raise ValueError(f"schema {schema}")
    for upgrade in upgrades[schema - _FIRST_SCHEMA :]:
        parameters = upgrade.of(parameters)
    return parameters


def _unnamed_schema(parameters: Mapping[str, str]) -> int:
    """The first two schemas did not yet write which they were; the second has the public report's limit."""
    return 2 if "public_few" in parameters else _FIRST_SCHEMA


@dataclass(frozen=True)
class BaseLevels:
    """Points to expect per placement-month and segment, and per answered report for the provider's own report.

    They have an id of their own, hold until the next are adopted, and do not move during the year.
    """

    id: str
    valid_from: date
    levels: Mapping[str, Decimal]
    per_report: Decimal = Decimal("0.05")

    def with_own(self, segment: str, level: Decimal | None) -> "BaseLevels":
        """With the level that a municipality's own form was registered with, which no year moves."""
        if level is None or segment in self.levels:
            return self
        return replace(self, levels={**self.levels, segment: level})


FIRST_CONFIG = RiskConfig("risk-2", date(2025, 1, 1), "startvärden")

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
