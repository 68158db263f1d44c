"""The municipality's dokumenthanteringsplan as a file that the bot goes by, read with every fault in it at once."""

import tomllib
from pathlib import Path
from typing import Any

from followup.clocks.retention import FIVE_YEARS, SHORTEST_COPY, RetentionPlan, problems_in

_NAMES = {
    "source": 'planens namn och beslutet om den, till exempel "Dokumenthanteringsplan 2026, nämnden 2026-05-12 § 61"',
    "municipality_code": 'kommunens kod, fyra siffror, till exempel "0182"',
    "copy_months": f"antal månader efter sista anteckningen, minst {SHORTEST_COPY}",
    "law_months": f"antal månader efter sista anteckningen, minst {FIVE_YEARS}",
}
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
    problems = [f"{path}: {one} finns inte" for one in sorted(said.keys() - _NAMES.keys())]
    problems += [_wanted(path, one) for one in _REQUIRED if one not in said]
    problems += [
        _wanted(path, one) for one, value in said.items() if one in _NAMES and not _is_kind(one, value)
    ]
    if problems:
        raise WrongPlanError(problems)
    plan = RetentionPlan(**said)
    if impossible := list(problems_in(plan)):
        raise WrongPlanError([_wanted(path, one) for one in impossible])
    return plan


def _wanted(path: Path, name: str) -> str:
    return f"{path}: {name} ska vara {_NAMES[name]}"


def _is_kind(name: str, value: Any) -> bool:
    wanted = int if name.endswith("months") else str
    return type(value) is wanted
