"""Looks for tampering: the access log's chain is followed, and every stored score is worked out again."""

from collections.abc import Iterator
from datetime import date
from decimal import DecimalException

from assessment.scoring import CODE_VERSION
from followup.bands import BandState, judge, next_state, rank
from followup.chain import START, link
from followup.month import Month, months_between
from followup.proof import code_version_of, read_inputs, sha256_of
from followup.risk import Inputs, score
from followup.wording import Wording, wording
from storage import access_log, log_reviews, scores, units
from storage.database import Transaction
from storage.scores import StoredScore

SCORED = ("r", "p", "pt", "n", "index")


def faults_in_log(tx: Transaction) -> Iterator[Wording]:
    """The first broken link, heads that a review saw and that are gone, and guards taken away."""
    hashes = [START]
    for logged in access_log.everything(tx):
        if link(hashes[-1], logged.entry) != logged.hash:
            yield wording("check.log.broken", number=logged.id)
            break
        hashes.append(logged.hash)
    else:
        for review in log_reviews.every(tx):
            if len(hashes) <= review.entries or hashes[review.entries] != review.head:
                yield wording("check.log.cut", quarter=review.quarter, n=review.entries)
    for name in access_log.missing_guards(tx):
        yield wording("check.log.unguarded", name=name)


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
    """The names of what differs; of a score by an older version of the method only its inputs are compared."""
    if sha256_of(stored.inputs) != stored.inputs_sha256:
        return ["inputs_sha256"]
    if code_version_of(stored.inputs) != CODE_VERSION:
        return []
    try:
        inputs = read_inputs(stored.inputs)
    except (KeyError, ValueError, TypeError, DecimalException):
        return ["inputs"]
    given = _again(stored, inputs, _before(stored, earlier))
    found = {**vars(stored), **beside}
    return [name for name, value in given.items() if found[name] != value]


def _again(stored: StoredScore, inputs: Inputs, before: StoredScore | None) -> dict[str, object]:
    scored = score(inputs)
    state = next_state(
        before.state if before else BandState(),
        scored.p,
        scored.pt,
        scored.n,
        stored.month_end,
        inputs.config,
    )
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
    """The reading whose band it went on from, as assessment.scoring chooses it."""
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
