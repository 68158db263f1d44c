"""What the evidence says beforehand in a follow-up's areas 4–6, as sentences that point at no child."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from followup.follow_ups.unit_events import Event
from followup.times.month import Month, Months
from followup.wording.secrecy import FEW
from followup.wording.share import percent_of
from followup.wording.wording import Wording, wording


@dataclass(frozen=True)
class UnitEvidence:
    """What is known about a unit: `arrived` of `expected` reports, index now and at an earlier month's end.

    `floor` says why the band is shown higher than the index gives: `event` or `safety`.
    `reported` are the months whose reports `completeness` is of. `events` are counts by kind in the order that they
    are told, `alerts` None while one may be to come, `notified` the decisions on notifying IVO, of the twelve
    `months`; `beside` what is registered of the unit beside the evidence, of as long.
    """

    as_of: date
    placements: int
    band: Wording
    index: int
    earlier: tuple[Month, int] | None
    completeness: Fraction | None
    reported: Months | None
    events: Mapping[str, int]
    alerts: int | None
    notified: tuple[bool, ...]
    marked_ivo: int
    floor: str | None = None
    beside: tuple[Event, ...] = ()

    @property
    def months(self) -> Months:
        return Months.year_to(self.as_of)

    @property
    def few(self) -> bool:
        return self.placements < FEW


def sentences(area: str, evidence: UnitEvidence) -> list[Wording]:
    return _SAID[area](evidence)


def _indicators(evidence: UnitEvidence) -> list[Wording]:
    share = evidence.completeness
    in_ = wording("follow_up.pre.nothing_expected", months=evidence.months)
    if share is not None:
        in_ = wording("follow_up.pre.response", percent=percent_of(share), months=evidence.reported)
    level = wording("follow_up.pre.level", day=evidence.as_of, band=evidence.band, index=evidence.index)
    floor = [wording(f"follow_up.pre.floor.{evidence.floor}")] if evidence.floor else []
    return [in_, level, *floor, *_trend(evidence)]


def _trend(evidence: UnitEvidence) -> list[Wording]:
    if evidence.earlier is None:
        return []
    month, index = evidence.earlier
    way = "same" if index == evidence.index else "up" if evidence.index > index else "down"
    return [wording(f"follow_up.pre.index_{way}", month=month, before=index, index=evidence.index)]


def _deviations(evidence: UnitEvidence) -> list[Wording]:
    """Kinds with their counts, and the kinds alone where a count would point at a child."""
    happened = [(wording(f"risk.kinds.{kind}"), number) for kind, number in evidence.events.items()]
    counted = tuple(
        wording("follow_up.pre.kind", kind=kind, number=number) for kind, number in happened if number
    )
    if not counted:
        said = wording("follow_up.pre.no_events", months=evidence.months)
    elif evidence.few:
        kinds = tuple(kind for kind, number in happened if number)
        said = wording("follow_up.pre.events_few", kinds=kinds, months=evidence.months)
    else:
        said = wording("follow_up.pre.events", kinds=counted, months=evidence.months)
    return [said, *_alerts(evidence)]


def _alerts(evidence: UnitEvidence) -> list[Wording]:
    if evidence.alerts is None:
        return []
    if not evidence.alerts:
        return [wording("follow_up.pre.no_alerts", months=evidence.months)]
    if evidence.few:
        return [wording("follow_up.pre.alerts_few", months=evidence.months)]
    return [wording("follow_up.pre.alerts", n=evidence.alerts, months=evidence.months)]


def _inspectorate(evidence: UnitEvidence) -> list[Wording]:
    said = [_registered(one) for one in evidence.beside]
    months = evidence.months
    said += [] if evidence.marked_ivo == 0 else [wording("follow_up.pre.marked_ivo", months=months)]
    notified, refrained = evidence.notified.count(True), evidence.notified.count(False)
    if not evidence.notified:
        return [*said, wording("follow_up.pre.nothing_tried", months=months)]
    if evidence.few:
        return [*said, wording("follow_up.pre.tried_few", months=months)]
    return [*said, wording("follow_up.pre.tried", notified=notified, refrained=refrained, months=months)]


def _registered(event: Event) -> Wording:
    kind = wording(f"choice.unit_event.{event.kind}")
    return wording("supplementary.event", day=event.happened_on, kind=kind, source=event.source)


_SAID = {"indicators": _indicators, "deviations": _deviations, "inspectorate": _inspectorate}
