"""A unit's evidence as a table: every item, what it weighs and why; and how its score is worked out of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from followup import SignalId, UnitId
from followup.log.subject import What
from followup.provider import Unit
from followup.risk.counting import NOT_CARE
from followup.risk.explanation import explain
from followup.risk.inputs import OF_REPORTS, Exposure, Inputs, Item, ItemKind
from followup.risk.risk import Contribution, Score, expected_by_month
from followup.risk.risk_config import RiskConfig
from followup.signals.progress import SignalProgress
from followup.signals.signal import id_in
from followup.times.month import Month
from followup.wording.wording import Wording
from services.acting import Reader, Refused
from services.risk.scoring import RiskReading, read_as_of
from services.views.evidence import reads_all
from storage.register import units
from storage.signals import progress

# Whether it counts; dismissed by a person; or without points for another reason, such as a standing difficulty.
Standing = Literal["counts", "dismissed", "zero", "beside"]


@dataclass(frozen=True)
class EvidenceLine:
    """One item; `when` is the month of what a report tells. `version` is the signal's, or of what is decided of a row.

    `linked_to` are the other reports of the same event, `signal_id` None of what is no signal, and `stands` of what
    nobody handles.
    """

    number: str
    kind: ItemKind
    when: date | Month
    consequence: int | None
    weight: Decimal
    kappa: Decimal
    raises: float
    why: Wording
    standing: Standing
    version: int
    linked_to: tuple[str, ...]
    signal_id: SignalId | None
    stands: Wording | None


@dataclass(frozen=True)
class EvidenceLines:
    """All lines, what raises most first; their `raises` and the `prior` sum to the `ratio`."""

    lines: tuple[EvidenceLine, ...]
    prior: float
    ratio: float

    @property
    def counting(self) -> int:
        return sum(one.standing == "counts" for one in self.lines)


@dataclass(frozen=True)
class ScoreWorkedOut:
    """The score's numbers with what they are made of; `expected` has each month's, before it is weighed by age."""

    unit: Unit
    score: Score
    inputs: Inputs
    sentences: tuple[Wording, ...]
    expected: Sequence[tuple[Exposure, Decimal, Fraction]]

    @property
    def config(self) -> RiskConfig:
        return self.inputs.config


def unit_lines(reader: Reader, unit_id: UnitId) -> EvidenceLines | Refused:
    """Of a unit that there is, for the quality team in its own page; logged with how many are shown."""
    if reader.channel or not reads_all(reader):
        return reader.refuse(What.EVIDENCE.of(unit_id))
    unit = units.get(reader.tx, unit_id)
    reading = read_as_of(reader.tx, unit, reader.today, reader.now)
    view = lines_in(reading, _states(reader, reading))
    reader.log("read", What.EVIDENCE.of(unit.key), records=len(view.lines))
    return view


def lines_in(reading: RiskReading, states: Mapping[SignalId, SignalProgress]) -> EvidenceLines:
    explanation = explain(reading.score, reading.inputs, reading.judgement)
    items = {one.id: one for one in reading.inputs.items}
    pairs = zip(reading.score.contributions, explanation.rows, strict=True)
    lines = [_line(items[part.ids[0]], part, row.wording, items, states) for part, row in pairs]
    ordered = sorted(lines, key=lambda one: (-one.raises, one.number))
    return EvidenceLines(tuple(ordered), explanation.prior_term, reading.score.r)


def _states(reader: Reader, reading: RiskReading) -> dict[SignalId, SignalProgress]:
    ids = [id_ for one in reading.inputs.items if (id_ := id_in(one.id)) is not None]
    return progress.of_signals(reader.tx, ids)


def _line(
    item: Item,
    part: Contribution,
    why: Wording,
    items: Mapping[str, Item],
    states: Mapping[SignalId, SignalProgress],
) -> EvidenceLine:
    signal_id = id_in(item.id)
    here = states.get(signal_id) if signal_id is not None else None
    same = [one.id for one in items.values() if item.event and one.event == item.event and one.id != item.id]
    return EvidenceLine(
        number=item.id,
        kind=item.kind,
        when=Month.of(item.day) if item.kind in OF_REPORTS else item.day,
        consequence=item.consequence,
        weight=part.weight,
        kappa=part.kappa,
        raises=part.raises,
        why=why,
        standing=_standing(part),
        version=item.version if signal_id is not None else item.judged,
        linked_to=tuple(same),
        signal_id=signal_id,
        stands=here.words if here else None,
    )


def _standing(part: Contribution) -> Standing:
    if part.zero_because == NOT_CARE:
        return "beside"
    if part.zero_because == "dismissed":
        return "dismissed"
    return "counts" if part.counts else "zero"


def worked_out(reader: Reader, unit_id: UnitId) -> ScoreWorkedOut | Refused:
    """How the unit's score of today comes about, step by step, for the quality team; logged as its evidence is."""
    if reader.channel or not reads_all(reader):
        return reader.refuse(What.EVIDENCE.of(unit_id))
    unit = units.get(reader.tx, unit_id)
    reading = read_as_of(reader.tx, unit, reader.today, reader.now)
    said = explain(reading.score, reading.inputs, reading.judgement)
    expected = [
        (row, reading.inputs.kappa(row.month), points) for row, points in expected_by_month(reading.inputs)
    ]
    reader.log("read", What.EVIDENCE.of(unit.key), records=len(reading.inputs.items))
    return ScoreWorkedOut(unit, reading.score, reading.inputs, (said.prior, *said.conclusion), expected)
