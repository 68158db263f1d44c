"""All tables of a year's report."""

from followup.figures import (
    backtest,
    bands,
    children,
    choosing,
    ownerships,
    placements,
    providers,
    responses,
    reviews,
    signals,
)
from followup.figures.facts import YearFacts
from followup.figures.figure import Table

ANSWERED = ("feels_safe", "spoken_alone", "knows_plan", "provider_report", "goal_progress")


def year_tables(facts: YearFacts) -> dict[str, Table]:
    """By their ids, in the order of the report; a table without rows is there too, so that its absence can be said."""
    tables = (
        placements.forms(facts),
        placements.units(facts),
        ownerships.side_by_side(facts),
        placements.ages(facts),
        placements.grounds(facts),
        placements.contracts(facts),
        placements.without_contract(facts),
        placements.contracts_ending(facts),
        placements.papers(facts),
        choosing.reasons(facts),
        choosing.chosen_units(facts),
        choosing.changes(facts),
        responses.by_month(facts),
        responses.by_team(facts),
        signals.by_kind(facts),
        signals.parts(facts),
        signals.by_unit(facts),
        *(children.answers(facts, question) for question in ANSWERED),
        children.talks(facts),
        children.areas(facts),
        bands.trend(facts),
        bands.alerts(facts),
        reviews.listed(facts),
        reviews.verdicts(facts),
        reviews.written_reports(facts),
        reviews.satisfaction(facts),
        reviews.notified(facts),
        placements.supplementary(facts),
        reviews.hit_share(facts),
        reviews.band_verdicts(facts),
        *backtest.tables(facts.history),
        reviews.actions(facts),
        reviews.action_list(facts),
        reviews.decisions(facts),
        providers.private_providers(facts),
    )
    return {one.id: one for one in tables}
