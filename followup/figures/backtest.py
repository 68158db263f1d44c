"""Does the method find anything: verdicts of all years against the band before them, and what alerts led to."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from followup.figures.counting import grouped
from followup.figures.figure import ALL, Column, Counted, Figure, Line, Table, table
from followup.figures.year_facts import AlertsAndFollowUps, FollowedUp
from followup.follow_ups.agreement import weighted_kappa, wilson
from followup.follow_ups.follow_up import VERDICTS
from followup.follow_ups.hit_share import HITS
from followup.risk.bands import BANDS
from followup.wording.share import percent_of
from followup.wording.wording import wording

# Of fewer follow-ups nothing can be concluded.
FEWEST_TO_CONCLUDE = 20
SHOWN = (*reversed(BANDS), "insufficient")
TRACKS_COMPARED = ("risk", "random", "criteria")
_FOLLOW_UPS = "follow_ups", "tested"
_SHARE = tuple(Column(name, *_FOLLOW_UPS) for name in ("tested", "with_faults", "low", "high"))


def compared(history: AlertsAndFollowUps) -> list[FollowedUp]:
    """Those that can agree or not: with a band that the evidence was enough for."""
    return [one for one in history.tested if one.band in BANDS]


def without_band(history: AlertsAndFollowUps) -> int:
    """How many had no band before them: nothing was measured, or by an earlier method."""
    return sum(one.band is None for one in history.tested)


def can_conclude(history: AlertsAndFollowUps) -> bool:
    return len(compared(history)) >= FEWEST_TO_CONCLUDE


def by_band(history: AlertsAndFollowUps) -> Table:
    """Every verdict by the band shown before the follow-up, and the share with faults with its interval."""
    of_band = grouped(history.tested, lambda one: one.band)
    lines: list[Line] = [
        (
            band,
            wording(f"year.column.{band}"),
            [*_share(of_band[band]), *(_with(of_band[band], verdict) for verdict in VERDICTS)],
        )
        for band in SHOWN
        if of_band[band]
    ]
    verdicts = [Column(verdict, *_FOLLOW_UPS) for verdict in VERDICTS]
    return table("tested_bands", [*_SHARE, *verdicts], lines)


def by_track(history: AlertsAndFollowUps) -> Table:
    """The hit share of the units that the risk chose against those drawn at random; one in several counts in each."""
    lines: list[Line] = []
    for track in TRACKS_COMPARED:
        own = [one for one in history.tested if track in one.tracks]
        if own:
            lines.append((track, wording(f"year.track.{track}"), _share(own)))
    return table("tested_tracks", _SHARE, lines)


def agreement(history: AlertsAndFollowUps) -> Table:
    """Weighted kappa; in its place, of too few, that nothing can be concluded."""
    pairs = [
        (BANDS.index(one.band), VERDICTS.index(one.verdict)) for one in compared(history) if one.band in BANDS
    ]
    cells: list[Counted] = [len(pairs), _kappa(pairs, enough=can_conclude(history))]
    columns = (Column("tested", *_FOLLOW_UPS), Column("kappa", "kappa", "tested"))
    return table("tested_agreement", columns, [(ALL, wording("year.tested.all"), cells)] if pairs else [])


def alerts(history: AlertsAndFollowUps) -> Table:
    """By year, with how many a social worker; led to something is a notification to IVO or a follow-up of the alert."""
    by_year = grouped(history.alerted, lambda one: one.year)
    lines: list[Line] = []
    for year in sorted(by_year):
        found, workers = by_year[year], history.workers.get(year, 0)
        led: Counted = (sum(one.led for one in found), len(found))
        per_worker = _rounded(Decimal(len(found)) / workers, "0.01") if workers else None
        lines.append(
            (str(year), wording("year.alerts_in", year=str(year)), [len(found), workers, per_worker, led])
        )
    columns = (
        Column("raised", "alerts", "alerts_ever"),
        Column("workers", "workers", "workers"),
        Column("per_worker", "per_worker", "workers"),
        Column("led", "alerts", "led"),
    )
    return table("alerts_by_year", columns, lines)


def _share(rows: Sequence[FollowedUp]) -> list[Counted]:
    """How many, with faults, and between which percents the share lies at 95 %."""
    hits = sum(one.verdict in HITS for one in rows)
    interval = wilson(hits, len(rows))
    assert interval is not None
    return [len(rows), (hits, len(rows)), *(_percent(edge) for edge in interval)]


def _percent(share: float) -> Counted:
    return Figure("", percent_of(share), "", "", in_percent=True)


def _with(rows: Sequence[FollowedUp], verdict: str) -> int:
    return sum(one.verdict == verdict for one in rows)


def _kappa(pairs: Sequence[tuple[int, int]], *, enough: bool) -> Counted:
    if not enough:
        return wording("year.tested.too_few", n=FEWEST_TO_CONCLUDE)
    found = weighted_kappa(pairs, len(BANDS))
    if found is None:
        return wording("year.tested.all_alike")
    return _rounded(Decimal(found.numerator) / found.denominator, "0.01")


def _rounded(number: Decimal, to: str) -> Decimal:
    return number.quantize(Decimal(to), ROUND_HALF_UP)


def tables(history: AlertsAndFollowUps) -> tuple[Table, ...]:
    return by_band(history), agreement(history), by_track(history), alerts(history)
