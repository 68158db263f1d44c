"""Why a unit has its risk ratio and its band: one sentence a row, and rows that sum exactly to the ratio."""

from dataclasses import dataclass, replace
from fractions import Fraction

from followup.risk.bands import Band, Judgement, rank, reading
from followup.risk.counting import NOT_CARE, REPEATED
from followup.risk.inputs import OF_REPORTS, Inputs
from followup.risk.risk import Contribution, Score
from followup.risk.risk_config import RiskConfig
from followup.times.month import Month
from followup.wording.share import percent_of
from followup.wording.wording import Wording, wording

_WORDED_PRIOR, _WORDED_TWICE = 3, 2


@dataclass(frozen=True)
class ExplanationRow:
    wording: Wording
    raises: float
    evidence: tuple[str, ...]


@dataclass(frozen=True)
class Explanation:
    """The rows' `raises` and the `prior_term` sum to the risk ratio."""

    rows: tuple[ExplanationRow, ...]
    prior: Wording
    prior_term: float
    conclusion: tuple[Wording, ...]

    @property
    def sentences(self) -> tuple[Wording, ...]:
        """Everything to say, in order."""
        return (*(row.wording for row in self.rows), self.prior, *self.conclusion)


def explain(score: Score, inputs: Inputs, judgement: Judgement) -> Explanation:
    config = inputs.config
    prior = float(config.prior)
    return Explanation(
        rows=tuple(_row(part) for part in score.contributions),
        prior=_prior(config),
        prior_term=prior / (prior + score.e),
        conclusion=(
            *_level(score, inputs),
            *_reports_alone(score, judgement, config),
            *_held(score, judgement, config),
            *_floor(judgement),
            *_insufficient(judgement, config),
            wording("risk.last"),
        ),
    )


def band_words(judgement: Judgement) -> Wording:
    """The shown band in words: too little evidence stands beside the colour, and in the place of green."""
    if judgement.enough:
        return band_word(judgement.band)
    insufficient = wording("risk.band.insufficient")
    if judgement.band == "green":
        return insufficient
    return wording("risk.band.beside", band=band_word(judgement.band), insufficient=insufficient)


def band_word(band: Band) -> Wording:
    return wording(f"risk.band.{band}")


def _row(part: Contribution) -> ExplanationRow:
    return ExplanationRow(_of_report(part) if part.kind in OF_REPORTS else _item(part), part.raises, part.ids)


def _of_report(part: Contribution) -> Wording:
    """A report's row is told by its month, since the day is none on which something happened."""
    said = "beside" if part.zero_because == NOT_CARE else part.kind
    what = wording(f"risk.report.{said}", month=Month.of(part.when))
    if part.zero_because:
        return wording("risk.row.report_zero", what=what, reason=_reason(part))
    points = {"points": part.weight, "kappa": part.kappa, "raises": part.raises}
    return wording("risk.row.report", what=what, **points)


def _item(part: Contribution) -> Wording:
    kind = wording(f"risk.kind.{part.kind}")
    if part.zero_because:
        return wording("risk.row.zero", kind=kind, day=part.when, reason=_reason(part))
    points = {"points": part.weight, "kappa": part.kappa, "raises": part.raises}
    consequence = _consequence(part)
    if consequence is None:
        return wording("risk.row.item_ungraded", kind=kind, day=part.when, **points)
    return wording("risk.row.item", kind=kind, day=part.when, consequence=consequence, **points)


def _reason(part: Contribution) -> Wording:
    if part.zero_because == REPEATED:
        return wording(f"risk.zero.{REPEATED}", month=part.same_as)
    return wording(f"risk.zero.{part.zero_because}")


def _consequence(part: Contribution) -> Wording | None:
    """As graded, else as the points say, since points are consequences 1-4."""
    grade = part.consequence or part.weight
    return wording(f"risk.consequence.{int(grade)}") if grade in (1, 2, 3, 4) else None


def _prior(config: RiskConfig) -> Wording:
    # The catalogue's sentence has the number in words, and a changed configuration must not make it untrue.
    if config.prior == _WORDED_PRIOR:
        return wording("risk.row.prior")
    return wording("risk.row.prior_of", points=config.prior)


def _level(score: Score, inputs: Inputs) -> tuple[Wording, ...]:
    config = inputs.config
    values = {"r": score.r, "percent": percent_of(score.p), "limit": percent_of(float(config.red_p))}
    if config.twice == _WORDED_TWICE:
        ratio = wording("risk.sum", **values)
    else:
        ratio = wording("risk.sum_of", times=config.twice, **values)
    recent = wording(
        "risk.recent",
        months=inputs.months_back(int(config.recent_months)),
        percent=percent_of(score.pt),
        limit=percent_of(float(config.red_pt)),
    )
    return ratio, recent, wording("risk.items", n=score.n, needed=config.red_items, months=inputs.months)


def _reports_alone(score: Score, judgement: Judgement, config: RiskConfig) -> tuple[Wording, ...]:
    """Where all that counts is the provider's own reports, and the level is as high as red."""
    level = score.level
    if level.beside or judgement.rate == "red" or reading(replace(level, beside=1), config) != "red":
        return ()
    return (wording("risk.reports_alone"),)


def _held(score: Score, judgement: Judgement, config: RiskConfig) -> tuple[Wording, ...]:
    if rank(judgement.rate) <= rank(reading(score.level, config)):
        return ()
    return (wording("risk.held", band=band_word(judgement.rate), readings=config.calm_readings),)


def _floor(judgement: Judgement) -> tuple[Wording, ...]:
    under = judgement.raised_by
    if under is None or under.band is None:
        return ()
    band = band_word(under.band)
    said = f"risk.floor.{under.reason}"
    return (wording(said, band=band, items=", ".join(under.items), n=len(under.items)),)


def _insufficient(judgement: Judgement, config: RiskConfig) -> tuple[Wording, ...]:
    share = judgement.completeness
    if judgement.enough:
        return ()
    if share is None:
        return (wording("risk.insufficient.nothing_expected"),)
    if share >= Fraction(config.completeness):
        return (wording("risk.insufficient.silent", n=config.silent_months),)
    return (wording("risk.insufficient.share", percent=percent_of(share)),)
