"""Which rows a public table may have: fixed steps, finest first, of which the first that stands whole is taken.

Rows are never merged because they are small: who knew that rule could work out what was merged.
"""

from collections.abc import Iterable, Mapping, Sequence

from followup.terms import FORMS, OWN_FORM, SIGNAL_KINDS, Form, SignalKind

# A row's name and the finest categories in it.
Step = Mapping[str, tuple[str, ...]]
# The distinct children behind each category that there is anything in.
Behind = Mapping[str, frozenset[str]]


def _singly(*categories: str) -> Step:
    return {one: (one,) for one in categories}


def _steps_of(terms: Iterable[Form | SignalKind]) -> list[Step]:
    """The three steps of a table whose rows are terms, each of which says where it is counted."""
    steps: list[Step] = []
    for place in range(3):
        rows: dict[str, tuple[str, ...]] = {}
        for term in terms:
            row = term.public_rows[place]
            rows[row] = (*rows.get(row, ()), term.code)
        steps.append(rows)
    return steps


def _yes_or_others(yes: str, *others: str) -> Step:
    return {yes: (yes,), "others": others}


_UNSAFE, _CONTRACTED = ("partly", "no"), ("agreement", "direct_award", "unknown")
_MAJORITY = ("18_20", "21", "unknown")
LADDERS: Mapping[str, Sequence[Step]] = {
    "forms": _steps_of([*(form for form in FORMS.values() if form.followed), OWN_FORM]),
    "ownerships": [
        _singly("private", "in_house", "other_public"),
        {"private": ("private",), "public": ("in_house", "other_public")},
    ],
    "ages": [
        {**_singly("0_12", "13_15", "16_17"), "from_18": _MAJORITY},
        {"0_15": ("0_12", "13_15"), "16_17": ("16_17",), "from_18": _MAJORITY},
        {"under_18": ("0_12", "13_15", "16_17"), "from_18": _MAJORITY},
    ],
    "contracts": [
        _singly("framework", *_CONTRACTED, "in_house"),
        {"framework": ("framework",), "not_framework": _CONTRACTED, "in_house": ("in_house",)},
        {"framework": ("framework",), "others": (*_CONTRACTED, "in_house")},
    ],
    "feels_safe": [
        _singly("yes", *_UNSAFE, "not_asked"),
        {"yes": ("yes",), "partly_or_no": _UNSAFE, "not_asked": ("not_asked",)},
        _yes_or_others("yes", *_UNSAFE, "not_asked"),
    ],
    "knows_plan": [_singly("yes", "no", "not_asked"), _yes_or_others("yes", "no", "not_asked")],
    "provider_report": [_singly("arrived", "not_arrived")],
    "goal_progress": [
        _singly("reached", "largely", "partly", "not", "too_early"),
        {"well": ("reached", "largely"), **_singly("partly", "not", "too_early")},
        {"at_least_partly": ("reached", "largely", "partly"), **_singly("not", "too_early")},
    ],
    "areas": [_singly("ok", "watch", "concern"), _yes_or_others("ok", "watch", "concern")],
    "signals": _steps_of([SIGNAL_KINDS[code] for code in sorted(SIGNAL_KINDS)]),
}


def rows_of(step: Step, behind: Behind) -> dict[str, tuple[str, ...]]:
    """The step's rows that there is anything in, with the categories that are there."""
    found = {row: tuple(one for one in of if one in behind) for row, of in step.items()}
    return {row: there for row, there in found.items() if there}


def rows_at(ladder: Sequence[Step], step: int, behind: Behind) -> dict[str, tuple[str, ...]]:
    """At the ladder's end there is only the sum."""
    return rows_of(ladder[step], behind) if step < len(ladder) else {}


def everyone(behind: Behind, categories: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(behind[one] for one in categories))


def may_stand(children: frozenset[str], others: frozenset[str], few: int) -> bool:
    """A count may be told when enough children are behind it, and behind what is left of its whole."""
    return len(children) >= few and len(others) >= few


def stands(step: Step, behind: Behind, few: int) -> bool:
    """Whether each of the step's rows may be told; a single row is no more than the sum."""
    rows = rows_of(step, behind)
    return len(rows) > 1 and all(
        may_stand(everyone(behind, own), everyone(behind, set(behind) - set(own)), few)
        for own in rows.values()
    )


def first_step(ladder: Sequence[Step], columns: Sequence[Behind], few: int, least: int = 0) -> int:
    """The finest step from `least` on that stands in every column; the ladder's length stands for the sum alone."""
    fits = (
        place
        for place in range(least, len(ladder))
        if all(stands(ladder[place], behind, few) for behind in columns)
    )
    return next(fits, len(ladder))
