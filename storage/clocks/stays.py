"""What the clocks are worked out from: placements with all of their children's care, as it is known at a moment."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, bindparam, select

from followup import PlacementId
from followup.clocks.agreements import Agreements
from followup.clocks.clock import Relief
from followup.clocks.facts import ClockFacts, Stay, facts_of
from followup.clocks.rows import CONSIDERATION, RECONSIDERATION
from followup.month.plans import newest_state, says_all
from followup.provider import Contract, contract_form
from followup.terms import UNFOLLOWED_FORMS, TermKind
from followup.times.calendar import municipal_day
from followup.times.month import Month
from followup.wording.form import Answers
from storage.clocks import done
from storage.clocks.ends import EndsTold
from storage.clocks.own import corresponding
from storage.engine.database import Transaction
from storage.engine.tables import placement, unit
from storage.month import closing_reports
from storage.month.newest_answers import AT_A_TIME, AnswersUntil
from storage.register import units

_CASES = select(placement.c.case_reference).where(
    placement.c.id.in_(bindparam("placement_ids", expanding=True))
)
_STAYS = (
    select(placement, unit.c.form, unit.c.ownership)
    .join(unit, unit.c.id == placement.c.unit_id)
    .where(placement.c.case_reference.in_(bindparam("cases", expanding=True)))
)


def known(
    tx: Transaction,
    placement_ids: Collection[PlacementId],
    known_until: datetime,
    answers: AnswersUntil | None = None,
) -> list[ClockFacts]:
    """Of each of the placements, by what was known at the moment; what the register says it says now."""
    ordered, like = sorted(placement_ids), corresponding(tx)
    answers = answers or AnswersUntil(tx, known_until, Month.of(municipal_day(known_until)))
    return [
        one
        for first in range(0, len(ordered), AT_A_TIME)
        for one in _known(tx, ordered[first : first + AT_A_TIME], like, known_until, answers)
    ]


def _known(
    tx: Transaction,
    ids: list[PlacementId],
    like: Mapping[tuple[str, str], str],
    known_until: datetime,
    until: AnswersUntil,
) -> Iterator[ClockFacts]:
    cases = sorted(set(tx.connection.scalars(_CASES, {"placement_ids": ids})))
    rows = tx.connection.execute(_STAYS, {"cases": cases}).all()
    reader = _StayReader(tx, rows, like, known_until, until)
    of_case: defaultdict[str, list[Stay]] = defaultdict(list)
    meetings: defaultdict[str, defaultdict[str, set[date]]] = defaultdict(lambda: defaultdict(set))
    for row in rows:
        stay = reader.stay(row)
        of_case[row.case_reference].append(stay)
        if row.last_review_on and row.last_review_body:
            code = RECONSIDERATION if "lvu_3" in stay.grounds else CONSIDERATION
            meetings[row.case_reference][code].add(row.last_review_on)
    for one in done.of_cases(tx, cases, known_until):
        meetings[one.case_reference][one.clock].add(one.done_on)
    checked = {
        id_: {plan: {of: municipal_day(at) for of, at in days.items()} for plan, days in plans.items()}
        for id_, plans in done.checks(tx, [row.id for row in rows], known_until).items()
    }
    wanted = set(ids)
    for case, stays in of_case.items():
        days = {code: sorted(found) for code, found in meetings[case].items()}
        yield from (one for one in facts_of(stays, days, checked) if one.stay.placement_id in wanted)


class _StayReader:
    """Rows of the register as stays, with what reports and contracts say of them."""

    def __init__(
        self,
        tx: Transaction,
        rows: Sequence[Row[*tuple[Any, ...]]],
        like: Mapping[tuple[str, str], str],
        known_until: datetime,
        until: AnswersUntil,
    ) -> None:
        self._tx, self._like, self._day = tx, like, municipal_day(known_until)
        self._answers: dict[PlacementId, list[Answers]] = {}
        ids = [row.id for row in rows]
        for first in range(0, len(ids), AT_A_TIME):
            some = ids[first : first + AT_A_TIME]
            self._answers |= until.enough(some, says_all)
        self._contracts = units.contracts_of(tx, {row.unit_id for row in rows})
        self._asked_from = closing_reports.asked_from(tx)
        self._ends = EndsTold(tx, rows, known_until)

    def stay(self, row: Row[*tuple[Any, ...]]) -> Stay:
        born = self._tx.vault.open_some(row.born)
        return Stay(
            placement_id=row.id,
            unit_id=row.unit_id,
            forms=self._alike("form", row.form),
            grounds=self._alike("legal_ground", row.legal_ground),
            starts=row.starts,
            ends=row.ends,
            home=row.home,
            executed_on=row.executed_on,
            born=date.fromisoformat(born) if born else None,
            investigation_ended=row.investigation_ended,
            care_plan_on=row.care_plan_on,
            treatment_plan_on=row.treatment_plan_on,
            treatment_plan_review_on=row.treatment_plan_review_on,
            reliefs=frozenset(self._reliefs(row)),
            after_care=None if row.after_care is None else row.after_care == "yes",
            followed=row.form not in UNFOLLOWED_FORMS,
            end_reason=row.end_reason,
            asked=row.ends is not None and row.ends >= self._asked_from,
            closed_on=self._ends.closed_on(row),
            move_told_on=self._ends.move_told_on(row),
            registered_on=municipal_day(row.registered_at),
        )

    def _alike(self, kind: TermKind, code: str) -> frozenset[str]:
        """The term, and the built-in one that it corresponds to."""
        return frozenset({code, self._like.get((kind, code), code)})

    def _reliefs(self, row: Row[*tuple[Any, ...]]) -> Iterator[Relief]:
        if row.special_reasons_on:
            yield "special_reasons"
        state = newest_state("treatment_plan", row.treatment_plan, self._answers[row.id])
        if state in ("on_file", "not_applicable"):
            yield "treatment_plan"
        yield from self._agreements(row, self._contracts[row.unit_id]).there

    def _agreements(self, row: Row[*tuple[Any, ...]], contracts: Sequence[Contract]) -> Agreements:
        return Agreements(
            followed=row.form not in UNFOLLOWED_FORMS,
            contracted=contract_form(row.ownership, row.contract_form, contracts, max(self._day, row.starts)),
            call_off=row.call_off_contract,
            individual=row.individual_contract,
            deviation=row.deviation_documented,
            reason=self._tx.vault.open_some(row.deviation_reason),
        )
