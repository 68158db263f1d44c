"""An alert's evidence: every contribution to the unit's score with its number and day, for the quality team alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from followup import AlertId, SignalId, UnitId
from followup.access.access import DataKind, Reach
from followup.access.small_unit import Audience
from followup.log.subject import What
from followup.provider import Unit
from followup.risk.counted import differences
from followup.risk.counting import NOT_CARE
from followup.risk.explanation import band_words, explain
from followup.signals.progress import SignalProgress
from followup.signals.signal import id_in
from followup.times.month import Months
from followup.wording.wording import Wording
from services.acting import Reader, Refused, Why, which
from services.risk.scoring import RiskReading, read_as_of
from storage.alerts import alerts
from storage.register import units
from storage.signals import progress


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
    """A page of it: what raises the ratio most comes first, and then concerns that are not about the care, the newest.

    `start` is how many rows stand before it, of `all_rows`, and `all_counting` how many of those raise the ratio.
    `differences` say of each kind of which more is known than counts why. `earlier_method` is the one that raised the
    alert, where it is no longer there. `led_to` is how far each signal has come.
    """

    unit_id: UnitId
    unit: str
    band: Wording
    ratio: float
    index: int
    completeness: Fraction | None
    reported: Months | None
    items: tuple[Evidence, ...]
    beside: tuple[Evidence, ...]
    start: int
    all_counting: int
    all_rows: int
    differences: tuple[Wording, ...]
    conclusion: tuple[Wording, ...]
    earlier_method: str | None = None
    led_to: Mapping[SignalId, SignalProgress] = field(default_factory=dict)

    def states(self, one: Evidence) -> list[Wording]:
        """How far the signals of a row have come; none of reports, and of what a file told of as history."""
        ids = [id_in(number) for number in one.numbers]
        said = (self.led_to[id_].words for id_ in ids if id_ is not None and id_ in self.led_to)
        return list({one.id: one for one in said}.values())

    @property
    def left(self) -> int:
        """How many rows stand after the page."""
        return self.all_rows - self.start - len(self.items) - len(self.beside)

    @property
    def numbers(self) -> list[str]:
        return numbers_of((*self.items, *self.beside))


def evidence(
    reader: Reader, alert_id: AlertId, most: int | None = None, start: int = 0
) -> EvidenceView | Refused:
    """It names events, so it is shown in one's own chat; logged with how many items are shown."""
    named, found = which(What.ALERT, alert_id), alerts.get(reader.tx, alert_id)
    if reader.channel:
        return Refused(Why.CHANNEL)
    if not reads_all(reader):
        return reader.refuse(named)
    if found is None:
        return reader.refuse(named, Why.UNKNOWN)
    view = _of_unit(reader, units.get(reader.tx, found.unit_id), most, start)
    return replace(view, earlier_method=found.earlier_method)


def asked_about(reader: Reader, unit: str) -> tuple[UnitId, AlertId | None] | None:
    """The one unit of the name, with its newest open alert; None of others, and for whoever reads none of it here."""
    if reader.channel or not reads_all(reader):
        return None
    found = [one.id for one in units.followed_units(reader.tx) if one.name == unit]
    if len(found) != 1:
        return None
    return found[0], max((one.id for one in alerts.open_of_unit(reader.tx, found[0])), default=None)


def evidence_of_unit(
    reader: Reader, unit_id: UnitId | None, most: int | None = None, start: int = 0
) -> EvidenceView | Refused:
    """As `evidence`, of a unit that is followed, whether or not it has an alert."""
    named = which(What.EVIDENCE, unit_id or 0)
    if reader.channel:
        return Refused(Why.CHANNEL)
    if not reads_all(reader):
        return reader.refuse(named)
    unit = next((one for one in units.followed_units(reader.tx) if one.id == unit_id), None)
    return reader.refuse(named, Why.UNKNOWN) if unit is None else _of_unit(reader, unit, most, start)


def reads_all(reader: Reader) -> bool:
    return reader.audience == Audience.QUALITY and reader.reach(DataKind.EVIDENCE) == Reach.ALL


def _of_unit(reader: Reader, unit: Unit, most: int | None, start: int) -> EvidenceView:
    reading = read_as_of(reader.tx, unit, reader.today, reader.now)
    view = evidence_in(unit, reading, most, start)
    ids = [id_ for number in view.numbers if (id_ := id_in(number)) is not None]
    view = replace(view, led_to=progress.of_signals(reader.tx, ids))
    reader.log("read", What.EVIDENCE.of(unit.key), records=len(view.numbers))
    return view


def evidence_in(unit: Unit, reading: RiskReading, most: int | None = None, start: int = 0) -> EvidenceView:
    explanation, counting = explain(reading.score, reading.inputs, reading.judgement), items_in(reading)
    beside = beside_in(reading)
    rows = len(counting) + len(beside)
    # A page that is no longer there, since something was dismissed meanwhile, is the first one.
    start = start if start < rows else 0
    end = None if most is None else start + most
    after = max(start - len(counting), 0)
    return EvidenceView(
        unit_id=unit.id,
        unit=unit.name,
        band=band_words(reading.judgement),
        ratio=reading.score.r,
        index=reading.score.index,
        completeness=reading.judgement.completeness,
        reported=reading.judgement.months,
        items=tuple(counting[start:end]),
        beside=tuple(beside[after : None if end is None else max(end - len(counting), 0)]),
        start=start,
        all_counting=len(counting),
        all_rows=rows,
        differences=differences(reading.score.contributions),
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


def numbers_listed(reading: RiskReading) -> list[str]:
    """The numbers of all the signals and reports, in the order in which its pages list them."""
    return numbers_of((*items_in(reading), *beside_in(reading)))


def numbers_of(items: Iterable[Evidence]) -> list[str]:
    """Of the signals and reports, in their order."""
    return [number for one in items for number in one.numbers]
