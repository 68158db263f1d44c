"""Tables of the follow-ups: what they found, whether the selection looks in the right places, actions and decisions."""

from collections.abc import Sequence

from followup.figures.counting import OWNERSHIPS, grouped, in_order
from followup.figures.figure import ALL, Column, Counted, Line, Table, table
from followup.figures.year_facts import YearFacts, YearFollowUp
from followup.follow_ups.action import STATES
from followup.follow_ups.follow_up import CANCELLED, VERDICTS, FollowUp
from followup.follow_ups.hit_share import FollowUpOutcome, by_track, verdicts_by_band
from followup.risk.bands import BANDS
from followup.selection.selection import TRACKS, Reason
from followup.times.calendar import municipal_day
from followup.wording.wording import Wording, wording

NOT_YET = "none"
_SPOT_CHECKS = frozenset({"spot_general", "spot_risk"})
FOLLOW_UPS = Column("follow_ups", "follow_ups", "follow_ups")


def listed(facts: YearFacts) -> Table:
    """By the unit's name; of an unannounced one that goes on, no more than that there is one (R90)."""
    lines: list[Line] = []
    for one in by_name(facts):
        follow_up = one.follow_up
        method = wording(f"choice.follow_up_method.{follow_up.method}") if follow_up.method else None
        lines.append(
            (
                follow_up.number,
                facts.unit_of[follow_up.unit_id].name,
                [
                    facts.unit_of[follow_up.unit_id].provider_name,
                    wording("year.chosen") if one.reasons else wording("year.ad_hoc"),
                    None if follow_up.secret else method,
                    None if follow_up.secret else follow_up.held_on,
                    came_of(follow_up),
                ],
            )
        )
    columns = (Column("provider"), Column("why"), Column("method"), Column("held_on"), Column("verdict"))
    return table("follow_ups", columns, lines)


def by_name(facts: YearFacts) -> list[YearFollowUp]:
    """Those of followed units, by the unit's name."""
    known = [one for one in facts.follow_ups if one.follow_up.unit_id in facts.unit_of]
    return sorted(
        known, key=lambda one: (in_order(facts.unit_of[one.follow_up.unit_id].name), one.follow_up.id)
    )


def came_of(follow_up: FollowUp) -> Wording:
    cancelled = follow_up.step == CANCELLED
    return wording("year.verdict.cancelled") if cancelled else verdict_words(follow_up.verdict)


def verdict_words(verdict: str | None) -> Wording:
    return wording(f"choice.verdict.{verdict}" if verdict else "year.verdict.none")


def verdicts(facts: YearFacts) -> Table:
    """Each verdict by who runs the unit, and those without one yet; the cancelled are no follow-ups."""
    done = [one for one in by_name(facts) if one.follow_up.step != CANCELLED]
    of_kind = grouped(done, lambda one: facts.unit_of[one.follow_up.unit_id].ownership)
    used = [kind for kind in OWNERSHIPS if of_kind[kind]]
    lines: list[Line] = []
    for verdict in (*VERDICTS, None):
        counts: list[Counted] = [_with_verdict(of_kind[kind], verdict) for kind in used]
        if facts.follow_ups:
            everything = _with_verdict(done, verdict)
            lines.append((verdict or NOT_YET, verdict_words(verdict), [*counts, everything]))
    columns = [Column(f"of_{kind}", "follow_ups", "follow_ups") for kind in used]
    total: list[Counted] = [*(len(of_kind[kind]) for kind in used), len(done)]
    return table("verdicts", [*columns, Column(ALL, "follow_ups", "follow_ups")], lines, total=total)


def _with_verdict(follow_ups: Sequence[YearFollowUp], verdict: str | None) -> int:
    return sum(one.follow_up.verdict == verdict for one in follow_ups)


def outcomes(facts: YearFacts) -> list[FollowUpOutcome]:
    """Of the selected units that have a verdict."""
    return [
        FollowUpOutcome(tracks_of(one.reasons), one.band, one.follow_up.verdict)
        for one in by_name(facts)
        if one.follow_up.verdict is not None and one.reasons
    ]


def tracks_of(reasons: Sequence[Reason]) -> frozenset[str]:
    """A spot check stands apart from the track that it belongs to, since it is what the others are measured by."""
    found = {track for track, own in TRACKS.items() if set(reasons) & set(own) - _SPOT_CHECKS}
    return frozenset(found | ({"random"} if _SPOT_CHECKS & set(reasons) else set()))


def hit_share(facts: YearFacts) -> Table:
    """Follow-ups with faults by what chose the unit; a share of few says nothing, so only the numbers stand there."""
    lines: list[Line] = []
    for track, share in by_track(outcomes(facts)).items():
        if share.followed_up:
            hits: Counted = wording("year.too_few") if share.few else (share.hits, share.followed_up)
            lines.append((track, wording(f"year.track.{track}"), [share.followed_up, share.hits, hits]))
    columns = (
        FOLLOW_UPS,
        Column("with_faults", "follow_ups", "follow_ups"),
        Column("hits", "follow_ups", "follow_ups"),
    )
    return table("hit_share", columns, lines)


def band_verdicts(facts: YearFacts) -> Table:
    """The band when the frame was frozen against the verdict: does the score find anything?"""
    counted = verdicts_by_band(outcomes(facts))
    lines: list[Line] = [
        (band, wording(f"year.column.{band}"), [counted[band][verdict] for verdict in VERDICTS])
        for band in reversed(BANDS)
        if band in counted
    ]
    columns = [Column(verdict, "follow_ups", "follow_ups") for verdict in VERDICTS]
    return table("band_verdicts", columns, lines)


def actions(facts: YearFacts) -> Table:
    found = [action for one in by_name(facts) for action in one.actions]
    today = municipal_day(facts.made_at)
    lines: list[Line] = [
        (
            state,
            wording(f"action.state.{state}"),
            [
                sum(one.state == state for one in found),
                sum(one.state == state and one.late(today) for one in found),
            ],
        )
        for state in STATES
        if found
    ]
    columns = (Column("actions", "actions", "actions"), Column("late", "actions", "actions"))
    total: list[Counted] = [len(found), sum(one.late(today) for one in found)]
    return table("actions", columns, lines, total=total)


def action_list(facts: YearFacts) -> Table:
    """With what is to be done in the words of whoever wrote it, so only for those who work with the follow-up."""
    lines: list[Line] = []
    for one in by_name(facts):
        name = facts.unit_of[one.follow_up.unit_id].name
        for action in one.actions:
            state = wording(f"action.state.{action.state}")
            lines.append((action.number, name, [action.what, action.due_on, state]))
    columns = (Column("what"), Column("due_on"), Column("state"))
    return table("action_list", columns, lines)


def decisions(facts: YearFacts) -> Table:
    """The board's own; here they are only told."""
    lines: list[Line] = []
    for one in by_name(facts):
        name = facts.unit_of[one.follow_up.unit_id].name
        for number, (reference, day) in enumerate(one.decisions):
            lines.append((f"{one.follow_up.number}:{number}", name, [reference, day]))
    return table("decisions", (Column("reference"), Column("decided_on")), lines)


def written_reports(facts: YearFacts) -> Table:
    """The provider's written report in Stratsys: asked for, and come (R95)."""
    asked = [one.follow_up for one in by_name(facts) if one.follow_up.report_asked_on]
    came = sum(one.report_received_on is not None for one in asked)
    lines: list[Line] = (
        [("written", wording("year.written"), [len(asked), (came, len(asked))])] if asked else []
    )
    columns = (
        Column("asked_for", "follow_ups", "follow_ups"),
        Column("received", "follow_ups", "follow_ups"),
    )
    return table("written_reports", columns, lines)


def satisfaction(facts: YearFacts) -> Table:
    """As the providers measured it themselves, with how many answered."""
    lines: list[Line] = []
    for one in by_name(facts):
        name = facts.unit_of[one.follow_up.unit_id].name
        for number, figure in enumerate(one.follow_up.satisfaction):
            cells: list[Counted] = [figure.name, figure.value, (figure.answered, figure.asked)]
            lines.append((f"{one.follow_up.number}:{number}", name, cells))
    columns = (Column("measure"), Column("value"), Column("answered", "answers", "satisfaction"))
    return table("satisfaction", columns, lines)


def notified(facts: YearFacts) -> Table:
    """Decisions on whether to notify IVO of serious deficits."""
    lines: list[Line] = [
        (name, wording(f"year.notified.{name}"), [facts.notified.count(value)])
        for name, value in (("yes", True), ("no", False))
        if facts.notified
    ]
    columns = (Column("decisions", "decisions", "alert_decisions"),)
    return table("notified", columns, lines, total=[len(facts.notified)])
