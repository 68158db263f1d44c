"""An alert's evidence: every contribution to the unit's score with its number and day, for the quality team alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from followup import AlertId, SignalId, UnitId
from followup.access.access import DataKind, Reach
from followup.access.small_unit import Audience
from followup.log.subject import What
from followup.provider import Unit
from followup.risk.counting import NOT_CARE
from followup.risk.explanation import band_words, explain
from followup.signals.progress import State
from followup.signals.signal import id_in
from followup.times.month import Months
from followup.wording.wording import Wording
from services.acting import Reader, Refused, Why, which
from services.risk.scoring import RiskReading, read_as_of
from storage.alerts import alerts
from storage.register import units
from storage.signals import progress

MOST_BESIDE = 5


@dataclass(frozen=True)
class Evidence:
    """`numbers` are its signals or reports; `signal_id` is the signal's that it is, where it is one."""

    numbers: tuple[str, ...]
    why: Wording
    raises: float

    @property
    def signal_id(self) -> SignalId | None:
        return id_in(", ".join(self.numbers))


@dataclass(frozen=True)
class EvidenceView:
    """What raises the ratio most comes first; `left_out` is how many there are besides.

    `beside` are concerns that are not about the care, the newest first, of `all_beside`. `earlier_method` is the one
    that raised the alert, where it is no longer there. `led_to` is how far each signal has come.
    """

    unit_id: UnitId
    unit: str
    band: Wording
    ratio: float
    index: int
    completeness: Fraction | None
    reported: Months | None
    items: tuple[Evidence, ...]
    left_out: int
    beside: tuple[Evidence, ...]
    all_beside: int
    conclusion: tuple[Wording, ...]
    earlier_method: str | None = None
    led_to: Mapping[SignalId, State] = field(default_factory=dict)

    def states(self, one: Evidence) -> list[State]:
        """How far the signals of a row have come; none of reports, and of what a file told of as history."""
        ids = [id_in(number) for number in one.numbers]
        return list(dict.fromkeys(self.led_to[id_] for id_ in ids if id_ is not None and id_ in self.led_to))

    @property
    def numbers(self) -> list[str]:
        return numbers_of((*self.items, *self.beside))


def evidence(reader: Reader, alert_id: AlertId, most: int | None = None) -> EvidenceView | Refused:
    """It names events, so it is shown in one's own chat; logged with how many items are shown."""
    named, found = which(What.ALERT, alert_id), alerts.get(reader.tx, alert_id)
    if reader.channel:
        return Refused(Why.CHANNEL)
    if not reads_all(reader):
        return reader.refuse(named)
    if found is None:
        return reader.refuse(named, Why.UNKNOWN)
    view = _of_unit(reader, units.get(reader.tx, found.unit_id), most)
    return replace(view, earlier_method=found.earlier_method)


def reads_all(reader: Reader) -> bool:
    return reader.audience == Audience.QUALITY and reader.reach(DataKind.EVIDENCE) == Reach.ALL


def _of_unit(reader: Reader, unit: Unit, most: int | None) -> EvidenceView:
    reading = read_as_of(reader.tx, unit, reader.today, reader.now)
    view = evidence_in(unit, reading, most)
    ids = [id_ for number in view.numbers if (id_ := id_in(number)) is not None]
    states = {id_: here.state for id_, here in progress.of_signals(reader.tx, ids).items()}
    view = replace(view, led_to=states)
    reader.log("read", What.EVIDENCE.of(unit.key), records=len(view.numbers))
    return view


def evidence_in(unit: Unit, reading: RiskReading, most: int | None = None) -> EvidenceView:
    explanation, counting = explain(reading.score, reading.inputs, reading.judgement), items_in(reading)
    shown, beside = counting[:most], beside_in(reading)
    return EvidenceView(
        unit_id=unit.id,
        unit=unit.name,
        band=band_words(reading.judgement),
        ratio=reading.score.r,
        index=reading.score.index,
        completeness=reading.judgement.completeness,
        reported=reading.judgement.months,
        items=tuple(shown),
        left_out=len(counting) - len(shown),
        beside=tuple(beside[: None if most is None else MOST_BESIDE]),
        all_beside=len(beside),
        conclusion=(explanation.prior, *explanation.conclusion),
    )


def items_in(reading: RiskReading) -> list[Evidence]:
    """All that raises the ratio, the most first."""
    rows = explain(reading.score, reading.inputs, reading.judgement).rows
    counting = (row for row in rows if row.raises > 0)
    ordered = sorted(counting, key=lambda row: row.raises, reverse=True)
    return [Evidence(row.evidence, row.wording, row.raises) for row in ordered]


def beside_in(reading: RiskReading) -> list[Evidence]:
    """Concerns of a child that are not about the care in the home: without points, the newest first."""
    why = {part.ids: part for part in reading.score.contributions}
    rows = explain(reading.score, reading.inputs, reading.judgement).rows
    found = [row for row in rows if why[row.evidence].zero_because == NOT_CARE]
    ordered = sorted(found, key=lambda row: why[row.evidence].when, reverse=True)
    return [Evidence(row.evidence, row.wording, row.raises) for row in ordered]


def numbers_shown(reading: RiskReading, most: int) -> list[str]:
    """The numbers of the signals and reports that are listed where so many rows are, in their order."""
    return numbers_of((*items_in(reading)[:most], *beside_in(reading)[:MOST_BESIDE]))


def numbers_of(items: Iterable[Evidence]) -> list[str]:
    """Of the signals and reports, in their order."""
    return [number for one in items for number in one.numbers]
