"""The municipality's dokumenthanteringsplan as a file that the bot goes by, read with every fault in it at once."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from followup.clocks.retention import FIVE_YEARS, SHORTEST_COPY, RetentionPlan, problems_in
from followup.clocks.retention_classes import (
    LONGEST_SOURCE,
    LONGEST_TERM,
    SHORTEST,
    ClassTerm,
    RetentionClass,
)

_NAMES = {
    "source": 'planens namn och beslutet om den, till exempel "Dokumenthanteringsplan 2026, nämnden 2026-05-12 § 61"',
    "municipality_code": 'kommunens kod, fyra siffror, till exempel "0182"',
    "copy_months": f"antal månader efter sista anteckningen, minst {SHORTEST_COPY} och högst {LONGEST_TERM}",
    "law_months": f"antal månader efter sista anteckningen, minst {FIVE_YEARS} och högst {LONGEST_TERM}",
}
# As tables of their own: [classes.follow_ups].
_CLASSES = "classes"
_OF_CLASS = {"months": int, "source": str}
_REQUIRED = ("source", "municipality_code")


class WrongPlanError(Exception):
    """All that is wrong with it, in words."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def read_plan(path: Path | None) -> RetentionPlan:
    if path is None:
        raise WrongPlanError(
            ["UPPFOLJAREN_RETENTION_PLAN saknas: ange filen med dokumenthanteringsplanens regler"]
        )
    try:
        said = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        raise WrongPlanError([f"{path} går inte att läsa: {wrong}"]) from wrong
    of_classes = said.pop(_CLASSES, {})
    problems = [f"{path}: {one} finns inte" for one in sorted(said.keys() - _NAMES.keys())]
    problems += [_wanted(path, one) for one in _REQUIRED if one not in said]
    problems += [
        _wanted(path, one) for one, value in said.items() if one in _NAMES and not _is_kind(one, value)
    ]
    problems += _wrong_classes(path, of_classes)
    if problems:
        raise WrongPlanError(problems)
    terms = tuple(ClassTerm(RetentionClass(name), **one) for name, one in of_classes.items())
    plan = RetentionPlan(**said, classes=terms)
    if impossible := list(problems_in(plan)):
        raise WrongPlanError([_wanted(path, one) for one in impossible])
    return plan


def _wrong_classes(path: Path, said: Any) -> Iterator[str]:
    if not isinstance(said, dict):
        yield f"{path}: {_CLASSES} ska vara tabeller, till exempel [{_CLASSES}.follow_ups]"
        return
    for name, one in said.items():
        if name not in set(RetentionClass):
            yield f"{path}: {_CLASSES}.{name} finns inte, utan {', '.join(RetentionClass)}"
        elif not isinstance(one, dict) or {key: type(value) for key, value in one.items()} != _OF_CLASS:
            yield _wanted(path, f"{_CLASSES}.{name}")


def _wanted(path: Path, name: str) -> str:
    _, of_class, which = name.partition(f"{_CLASSES}.")
    if of_class:
        shortest = SHORTEST[RetentionClass(which)]
        return (
            f"{path}: {name} ska ha months, ett heltal som är minst {shortest} och högst {LONGEST_TERM},"
            f" och source, var i planen det står, högst {LONGEST_SOURCE} tecken"
        )
    return f"{path}: {name} ska vara {_NAMES[name]}"


def _is_kind(name: str, value: Any) -> bool:
    wanted = int if name.endswith("months") else str
    return type(value) is wanted
