"""What each number of the risk method may be changed to, and reading a change as it is typed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from followup.risk.risk_config import RiskConfig
from followup.wording.wording import Problem, Wording, wording


@dataclass(frozen=True)
class Parameter:
    """Its name in the configuration, where it is listed, and the numbers that it may be."""

    name: str
    group: str
    lowest: Decimal
    highest: Decimal
    whole: bool = False


def _parameters(group: str, names: str, lowest: str, highest: str, *, whole: bool = False) -> list[Parameter]:
    limits = Decimal(lowest), Decimal(highest)
    return [Parameter(name, group, *limits, whole) for name in names.split()]


# Evidence is gathered for twelve months, so nothing can count for longer.
PARAMETERS: Mapping[str, Parameter] = {
    one.name: one
    for one in (
        *_parameters("limits", "red_p red_pt", "0.01", "1"),
        *_parameters("limits", "red_items", "1", "50", whole=True),
        *_parameters("limits", "yellow_p yellow_pt", "0.01", "1"),
        *_parameters("limits", "yellow_items", "1", "50", whole=True),
        *_parameters("limits", "leave_red_p leave_red_pt leave_yellow_p leave_yellow_pt", "0.01", "1"),
        *_parameters("limits", "calm_readings", "1", "12", whole=True),
        *_parameters("floors", "floor_months", "0", "12", whole=True),
        *_parameters("floors", "silent_months", "1", "12", whole=True),
        *_parameters("floors", "completeness", "0", "1"),
        *_parameters("points", "points_remark points_complaint points_concern points_unsafe", "0", "4"),
        *_parameters("points", "points_report_missing points_report_flawed", "0", "4"),
        *_parameters(
            "points", "points_deviation points_replacement points_lex_sarah points_serious", "0", "4"
        ),
        *_parameters("points", "own_report_factor", "0", "1"),
        *_parameters("points", "own_report_up_to", "0", "4", whole=True),
        *_parameters("points", "report_late_from", "1", "60", whole=True),
        *_parameters("formula", "prior dispersion", "0.1", "20"),
        *_parameters("formula", "twice", "1", "10"),
        *_parameters("formula", "unseen", "0", "1"),
        *_parameters("formula", "base_level_prior_months", "1", "10000", whole=True),
        *_parameters("formula", "kappa_half", "0", "1"),
        *_parameters("formula", "kappa_half_from kappa_none_from recent_months", "1", "12", whole=True),
        *_parameters("formula", "repeat_months", "1", "12", whole=True),
        *_parameters("public", "public_few", "5", "20", whole=True),
    )
}
GROUPS = ("limits", "floors", "points", "formula", "public")
# The first may never be higher than the second.
ORDERED = (
    ("yellow_p", "red_p"),
    ("yellow_pt", "red_pt"),
    ("yellow_items", "red_items"),
    ("leave_red_p", "red_p"),
    ("leave_red_pt", "red_pt"),
    ("leave_yellow_p", "yellow_p"),
    ("leave_yellow_pt", "yellow_pt"),
    ("points_report_flawed", "points_report_missing"),
    ("kappa_half_from", "kappa_none_from"),
    ("recent_months", "kappa_none_from"),
)
# These decide what an item weighs; all others leave the gathered evidence as it is.
WEIGHING = frozenset(name for name, one in PARAMETERS.items() if one.group == "points")

Changes = Mapping[str, Decimal]
# Words for how far a number may be moved, and by how much of what holds.
STEPS: Mapping[str, Decimal] = {
    "far_lower": Decimal("-0.5"),
    "lower": Decimal("-0.25"),
    "held": Decimal(0),
    "higher": Decimal("0.25"),
    "far_higher": Decimal("0.5"),
}
HELD = list(STEPS).index("held")


def stepped(name: str, held: Decimal) -> list[Decimal]:
    """What the number would be by each of the words: within its limits, and a whole one at least one step apart."""
    one = PARAMETERS[name]
    of = held or one.highest
    found = []
    for place, share in enumerate(STEPS.values()):
        if one.whole:
            least = Decimal(place - HELD)
            moved = held + (max if least > 0 else min)(least, (of * share).quantize(Decimal(1)))
        else:
            moved = round(held + of * share, 2 if of >= Decimal("0.1") else 4)
        found.append(held if place == HELD else min(max(moved, one.lowest), one.highest))
    return found


def read_changes(words: Sequence[str], base: RiskConfig) -> tuple[Changes, list[Problem]]:
    """Names and numbers in turn (`red_p 0,45` or `red_p=0.45`) as changes of the base, and every problem."""
    parts = " ".join(words).replace("=", " ").split()
    pairs = [(parts[at].casefold(), "".join(parts[at + 1 : at + 2])) for at in range(0, len(parts), 2)]
    changes: dict[str, Decimal] = {}
    problems: list[Problem] = []
    for name, typed in pairs:
        value = typed_number(typed)
        wrong = [*_wrong(name, typed, value, base, changes)]
        problems += wrong
        if value is not None and not wrong:
            changes[name] = value
    return changes, problems or [*_disordered(changed(base, changes))]


def typed_number(typed: str) -> Decimal | None:
    """With a decimal comma or point, or as a percentage."""
    try:
        value = Decimal(typed.removesuffix("%").replace(",", "."))
    except InvalidOperation:
        return None
    if not value.is_finite():
        return None
    return value / 100 if typed.endswith("%") else value


def _called(name: str) -> Wording:
    """As people read it: what it does, and never its name in the configuration."""
    return wording(f"threshold.parameter.{name}")


def _wrong(
    name: str, typed: str, value: Decimal | None, base: RiskConfig, earlier: Changes
) -> Iterator[Problem]:
    one, called = PARAMETERS.get(name), _called(name)
    if one is None:
        yield Problem("changes", wording("threshold.unknown", name=name[:40]))
    elif name in earlier:
        yield Problem("changes", wording("threshold.twice", name=called))
    elif not typed:
        yield Problem("changes", wording("threshold.no_value", name=called))
    elif value is None:
        yield Problem("changes", wording("threshold.not_a_number", name=called, typed=typed[:40]))
    elif not one.lowest <= value <= one.highest or value != round(value, 0 if one.whole else 4):
        kind = "threshold.whole_range" if one.whole else "threshold.range"
        yield Problem("changes", wording(kind, name=called, lowest=one.lowest, highest=one.highest))
    elif value == getattr(base, name):
        yield Problem("changes", wording("threshold.same", name=called, value=value))


def changed(base: RiskConfig, changes: Changes) -> RiskConfig:
    """Still with the base's own head: what it is called and from when it holds is decided when it is adopted."""
    # The type checker takes a mapping of numbers for the head's texts and day as well.
    return replace(base, **dict[str, Any](changes))


def _disordered(config: RiskConfig) -> Iterator[Problem]:
    for lower, higher in ORDERED:
        if getattr(config, lower) > getattr(config, higher):
            values = {"low": getattr(config, lower), "high": getattr(config, higher)}
            yield Problem(
                "changes", wording("threshold.order", lower=_called(lower), higher=_called(higher), **values)
            )
