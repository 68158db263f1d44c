"""All tables of a year's report."""

from followup.figures import (
    backtest,
    bands,
    children,
    clocks_in_time,
    ownerships,
    placements,
    providers,
    responses,
    signals,
    year_follow_ups,
    year_selections,
)
from followup.figures.figure import Table
from followup.figures.year_facts import YearFacts

ANSWERED = ("feels_safe", "spoken_alone", "knows_plan", "provider_report", "goal_progress")


def year_tables(facts: YearFacts) -> dict[str, Table]:
    """By their ids, in the order of the report; a table without rows is there too, so that its absence can be said."""
    tables = (
        placements.forms(facts),
        placements.units(facts),
        ownerships.by_who_runs_them(facts),
        placements.ages(facts),
        placements.grounds(facts),
        placements.contracts(facts),
        placements.without_contract(facts),
        placements.contracts_ending(facts),
        placements.papers(facts),
        year_selections.reasons(facts),
        year_selections.chosen_units(facts),
        year_selections.changes(facts),
        responses.by_month(facts),
        responses.by_team(facts),
        clocks_in_time.by_clock(facts),
        signals.by_kind(facts),
        signals.parts(facts),
        signals.by_unit(facts),
        *(children.answers(facts, question) for question in ANSWERED),
        children.talks(facts),
        children.areas(facts),
        bands.trend(facts),
        bands.alerts(facts),
        year_follow_ups.listed(facts),
        year_follow_ups.verdicts(facts),
        year_follow_ups.written_reports(facts),
        year_follow_ups.satisfaction(facts),
        year_follow_ups.notified(facts),
        placements.supplementary(facts),
        year_follow_ups.hit_share(facts),
        year_follow_ups.band_verdicts(facts),
        *backtest.tables(facts.history),
        year_follow_ups.actions(facts),
        year_follow_ups.action_list(facts),
        year_follow_ups.decisions(facts),
        providers.private_providers(facts),
    )
    return {one.id: one for one in tables}
