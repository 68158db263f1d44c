"""Looks for tampering: scores are worked out and counted again, and selections held against the access log."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import DecimalException

from followup.log.subject import What
from followup.risk.bands import BandState, judge, next_state, rank
from followup.risk.inputs import Inputs
from followup.risk.proof import code_version_of, is_whole, read_inputs
from followup.risk.risk import score
from followup.risk.stored_score import METHOD_NAME, StoredScore
from followup.selection.adjustment import ACTS
from followup.selection.cycle import Cycle, SelectionRefusedError
from followup.times.month import Month, months_between
from followup.wording.wording import Wording, wording
from services.risk.scoring import CODE_VERSION
from services.selection.selection_state import frame_in, selection_name
from storage.engine.database import Transaction
from storage.log import access_log
from storage.month import rounds
from storage.overview import response_rates
from storage.register import units
from storage.risk import scores, standings
from storage.selection import selections

# By the version of the code that a score's inputs name, the method that it can have been made by.
METHOD_OF = {"1": "risk-1", CODE_VERSION: METHOD_NAME}
SCORED = ("r", "p", "pt", "n", "index")
# A step of a selection, and what the log says of it: the frame's hash, the public value, or a unit.
SelectionStep = tuple[str, str | None]


def faults_in_scores(tx: Transaction) -> Iterator[Wording]:
    """Each stored score, of all there are, that is not what its stored inputs and the readings before it give."""
    for unit in units.all_units(tx):
        stored = scores.in_order_stored(tx, unit.id)
        for number, (one, beside) in enumerate(stored):
            wrong = _differing(one, beside, [earlier for earlier, _ in stored[:number]])
            if wrong:
                yield wording(
                    "check.score", number=one.id, unit=unit.key, day=one.as_of, what=", ".join(wrong)
                )
        for month in _missing_months([one for one, _ in stored]):
            yield wording("check.no_month_end", unit=unit.key, month=month)


def _missing_months(stored: list[StoredScore]) -> list[Month]:
    """Month ends are stored one after another, so that a gap is one taken away, or made into another reading."""
    read = {Month.of(one.as_of) for one in stored if one.month_end}
    return [month for month in months_between(min(read), max(read)) if month not in read] if read else []


def _differing(stored: StoredScore, beside: dict[str, object], earlier: list[StoredScore]) -> list[str]:
    """The names of what differs; of a score by an earlier method only that its inputs are those it was made of."""
    if not is_whole(stored.inputs, stored.inputs_sha256):
        return ["inputs_sha256"]
    if METHOD_OF.get(code_version_of(stored.inputs)) != stored.method:
        return ["method"]
    if stored.method != METHOD_NAME:
        return []
    try:
        inputs = read_inputs(stored.inputs)
    except (KeyError, ValueError, TypeError, DecimalException):
        return ["inputs"]
    same_method = [one for one in earlier if one.method == stored.method]
    given = _again(stored, inputs, _before(stored, same_method))
    found = {**vars(stored), **beside}
    return [name for name, value in given.items() if found[name] != value]


def _again(stored: StoredScore, inputs: Inputs, before: StoredScore | None) -> dict[str, object]:
    scored = score(inputs)
    state = next_state(before.state if before else BandState(), scored.level, stored.month_end, inputs.config)
    judgement = judge(inputs, state.band)
    return {
        **{name: getattr(scored, name) for name in (*scores.SUMS, *SCORED)},
        "config_id": inputs.config.id,
        "base_levels_id": inputs.base_levels.id,
        "as_of": inputs.as_of,
        "month_end": stored.month_end and inputs.as_of == Month.of(inputs.as_of).last,
        "rate_band": state.band,
        "calm": state.calm,
        "floor": judgement.floor.band,
        "red_since": _red_since(stored, state, before),
        "shown": judgement.band,
        "enough": judgement.enough,
    }


def _red_since(stored: StoredScore, state: BandState, before: StoredScore | None) -> date | None:
    if state.band != "red":
        return None
    return before.red_since if before and before.rate_band == "red" else stored.as_of


def _before(stored: StoredScore, earlier: list[StoredScore]) -> StoredScore | None:
    """The reading whose band it went on from, as services.risk.scoring chooses it."""
    if not stored.month_end:
        return _last(earlier)
    month = Month.of(stored.as_of)
    before = _last([one for one in earlier if one.as_of <= month.previous.last])
    within = _last([one for one in earlier if not one.month_end and month.first <= one.as_of <= stored.as_of])
    if within is None or before is None:
        return within or before
    return within if rank(within.rate_band) >= rank(before.rate_band) else before


def _last(readings: list[StoredScore]) -> StoredScore | None:
    return max(readings, key=lambda one: (one.as_of, one.id), default=None)


def faults_in_what_is_kept(tx: Transaction) -> Iterator[Wording]:
    """What is kept of units and months, where the scores or the tasks counted anew give something else."""
    kept, recounted = standings.by_unit(tx), standings.recounted(tx)
    for unit_id in sorted(kept.keys() | recounted.keys()):
        if kept.get(unit_id) != recounted.get(unit_id):
            yield wording("check.standing", unit=units.get(tx, unit_id).key)
    for round_ in rounds.every(tx):
        if response_rates.by_pair(tx, round_) != response_rates.recounted(tx, round_):
            yield wording("check.answers", month=round_.month)


def faults_in_selections(tx: Transaction) -> Iterator[Wording]:
    """Frames that no longer have their published hash, and steps that the log tells otherwise or not at all."""
    logged = _selection_steps_logged(tx)
    for cycle in selections.every(tx):
        try:
            frame_in(cycle)
        except SelectionRefusedError as refused:
            yield from refused.problems
        differing = _steps_differing(_selection_steps_stored(tx, cycle), logged.pop(cycle.id, []))
        if differing:
            steps = tuple(wording(f"check.step.{step}") for step in differing)
            yield wording("check.selection", selection=selection_name(cycle.year, cycle.name), steps=steps)
    for number in sorted(logged):
        yield wording("check.selection.gone", number=number)


def _selection_steps_logged(tx: Transaction) -> dict[int, list[SelectionStep]]:
    """Every step of each selection in the order taken; what is no selection's number stands in no selection."""
    steps: dict[int, list[SelectionStep]] = defaultdict(list)
    for logged in access_log.everything(tx):
        number, _, step = logged.entry.subject.id.partition(":")
        if (logged.entry.act, logged.entry.subject.what) == ("write", What.SELECTION) and number.isdecimal():
            steps[int(number)].append((step, logged.entry.detail))
    return steps


def _selection_steps_stored(tx: Transaction, cycle: Cycle) -> list[SelectionStep]:
    steps: list[SelectionStep] = [("freeze", cycle.frame_hash)]
    if cycle.drawn_at is not None:
        steps.append(("draw", cycle.public_value))
    steps += [(one.act, one.unit) for one in selections.adjustments(tx, cycle.id)]
    return steps if cycle.locked_at is None else [*steps, ("lock", cycle.frame_hash)]


def _steps_differing(stored: list[SelectionStep], logged: list[SelectionStep]) -> list[str]:
    """The names of the steps that are not the same; all changes that people made are one of them."""
    kinds = {"freeze": ("freeze",), "draw": ("draw",), "adjust": ACTS, "lock": ("lock",)}
    return [
        name
        for name, acts in kinds.items()
        if [one for one in stored if one[0] in acts] != [one for one in logged if one[0] in acts]
    ]
