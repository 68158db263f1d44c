"""Follow-ups and actions as they are kept: every version, sealed texts, and one for each unit of a selection."""

import json
from dataclasses import replace
from datetime import date
from itertools import count

import pytest
from alembic import command
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from followup.follow_ups.follow_up import FollowUp
from followup.follow_ups.satisfaction import Satisfaction
from storage.engine import schema
from storage.engine.database import Database, Transaction
from storage.engine.year_tables import action_version, follow_up_version, selection_cycle
from storage.follow_ups import actions, board_decisions, follow_ups
from storage.register import units
from tests.support.builders import Register, at
from tests.support.year_builders import cycle

NOW = at("2026-11-23")


def opened(tx: Transaction, *, year: int = 2026) -> FollowUp:
    register = Register(tx)
    karin, unit = register.person("karin", "quality"), register.unit("SYD")
    new = follow_ups.open_new(tx, unit, karin, NOW, cycle_id=cycle(tx, karin, year))
    assert new is not None
    return new


def written(one: FollowUp) -> FollowUp:
    return replace(
        one,
        step="assess",
        method="unannounced",
        planned_on=date(2026, 12, 1),
        held_on=date(2026, 12, 1),
        participants=("director", "young"),
        areas={"values": "Värdegrunden är känd.", "indicators": "Index 40."},
        marked={"values_evidence": "talk", "law_records": "not_fulfilled", "law_records_note": "Två saknas."},
        strengths="Trygg personal.",
        improvements="Planerna.",
        report_asked_on=date(2026, 11, 20),
        report_received_on=date(2026, 11, 30),
        report_link="https://stratsys.example/1",
        satisfaction=(Satisfaction("Trivsel", "4,2", 13, 50),),
        verdict="partly",
        verdict_on=date(2026, 12, 2),
    )


def test_a_new_one_is_owned_by_the_one_who_opened_it_and_is_at_its_first_step(tx: Transaction) -> None:
    new = opened(tx)
    assert follow_ups.get(tx, new.id) == new
    assert (new.version, new.step, new.owner_id, new.opened_by) == (
        1,
        "analyse",
        new.author_id,
        new.author_id,
    )


def test_everything_written_is_kept_and_nothing_before_it_is_changed(tx: Transaction) -> None:
    new = opened(tx)
    saved = follow_ups.save(tx, written(new), new.author_id, at("2026-12-02"))
    assert follow_ups.get(tx, new.id) == saved
    assert follow_ups.versions(tx, new.id) == [new, saved]
    assert (saved.version, saved.recorded_at) == (2, at("2026-12-02"))


def test_what_was_written_is_sealed(tx: Transaction) -> None:
    new = opened(tx)
    follow_ups.save(tx, written(new), new.author_id, NOW)
    actions.add(
        tx,
        new.id,
        what="Ny plan.",
        owner_id=new.author_id,
        due_on=NOW.date(),
        author_id=new.author_id,
        now=NOW,
    )
    stored = str(tx.connection.execute(select(follow_up_version)).all())
    stored += str(tx.connection.execute(select(action_version)).all())
    for text in ("Värdegrunden", "Index", "director", "Trygg", "Planerna", "Ny plan"):
        assert text not in stored


def test_the_same_version_is_never_written_twice(tx: Transaction) -> None:
    new = opened(tx)
    follow_ups.save(tx, new, new.author_id, NOW)
    with pytest.raises(IntegrityError), tx.connection.begin_nested():
        follow_ups.save(tx, new, new.author_id, NOW)


def test_a_selection_opens_one_for_each_unit(tx: Transaction) -> None:
    new = opened(tx)
    assert follow_ups.open_new(tx, new.unit_id, new.author_id, NOW, cycle_id=new.cycle_id) is None
    other = Register(tx, count(50)).unit("NORR")
    assert follow_ups.open_new(tx, other, new.author_id, NOW, cycle_id=new.cycle_id) is not None
    assert new.cycle_id is not None
    assert [one.unit_id for one in follow_ups.of_cycle(tx, new.cycle_id)] == [new.unit_id, other]


def test_a_year_holds_its_selections_and_the_ad_hoc_ones_opened_in_it(tx: Transaction) -> None:
    chosen = opened(tx, year=2027)
    ad_hoc = follow_ups.open_new(tx, chosen.unit_id, chosen.author_id, at("2026-12-31 23:30"))
    later = follow_ups.open_new(tx, chosen.unit_id, chosen.author_id, at("2027-01-01 00:30"))
    assert ad_hoc is not None
    assert later is not None
    assert [one.id for one in follow_ups.of_year(tx, 2026)] == [ad_hoc.id]
    assert [one.id for one in follow_ups.of_year(tx, 2027)] == [chosen.id, later.id]
    assert [one.id for one in follow_ups.of_unit(tx, chosen.unit_id)] == [chosen.id, ad_hoc.id, later.id]
    assert follow_ups.cycle_names(tx) == {chosen.cycle_id: (2027, "yearly")}


def test_a_closed_one_is_not_open(tx: Transaction) -> None:
    new = opened(tx)
    assert follow_ups.open_ones(tx) == [new]
    follow_ups.save(tx, replace(new, step="closed"), new.author_id, NOW)
    assert follow_ups.open_ones(tx) == []


def test_an_actions_versions_are_all_kept(tx: Transaction) -> None:
    one = opened(tx)
    karin = one.author_id
    first = actions.add(
        tx, one.id, what="Ny plan.", owner_id=karin, due_on=date(2026, 12, 15), author_id=karin, now=NOW
    )
    done = actions.save(tx, replace(first, state="done", evidence="Planen är läst."), karin, at("2026-12-10"))
    assert actions.versions(tx, first.id) == [first, done]
    assert actions.of_follow_up(tx, one.id) == [done] == actions.unfinished(tx)
    verified = replace(done, state="verified", verified_by=karin, verified_on=date(2026, 12, 11))
    assert actions.save(tx, verified, karin, at("2026-12-11")) == actions.get(tx, first.id)
    assert actions.unfinished(tx) == []


def test_unfinished_actions_come_with_the_nearest_day_first(tx: Transaction) -> None:
    one = opened(tx)
    for day in (20, 5, 12):
        actions.add(
            tx,
            one.id,
            what="Plan.",
            owner_id=one.author_id,
            due_on=date(2026, 12, day),
            author_id=one.author_id,
            now=NOW,
        )
    assert [action.due_on.day for action in actions.unfinished(tx)] == [5, 12, 20]


def test_the_boards_decisions_are_recorded_by_reference_and_day(tx: Transaction) -> None:
    one = opened(tx)
    board_decisions.record(tx, one.id, "SN 2026/114 § 9", date(2026, 11, 20), one.author_id, NOW)
    [decision] = board_decisions.of_follow_up(tx, one.id)
    assert (decision.reference, decision.decided_on) == ("SN 2026/114 § 9", date(2026, 11, 20))
    assert (decision.recorded_by, decision.recorded_at) == (one.author_id, NOW)


def test_a_unit_remembers_its_latest_follow_up(tx: Transaction) -> None:
    unit = Register(tx).unit("SYD")
    units.record_follow_up(tx, unit, date(2026, 9, 1), "uppfyller")
    units.record_follow_up(tx, unit, date(2026, 8, 1), "uppfyller_inte")
    assert units.last_follow_up(tx, unit) == (date(2026, 9, 1), "uppfyller")
    units.record_follow_up(tx, unit, date(2026, 12, 1), "uppfyller_delvis")
    assert units.last_follow_up(tx, unit) == (date(2026, 12, 1), "uppfyller_delvis")


def test_of_those_from_before_the_checklist_those_of_units_that_were_raised_in_the_frame_are_known_as_risks(
    database: Database,
) -> None:
    with database.transaction() as tx:
        register = Register(tx)
        karin = register.person("karin", "quality")
        of = cycle(tx, karin, 2026)
        rows = [{"id": key, "band": band} for key, band in (("RED", "red"), ("GREEN", "green"))]
        tx.connection.execute(update(selection_cycle).values(frame=json.dumps({"rows": rows})))
        for key in ("RED", "GREEN"):
            assert follow_ups.open_new(tx, register.unit(key), karin, NOW, cycle_id=of)
        assert follow_ups.open_new(tx, register.unit("ALONE"), karin, NOW)
    with database.engine.begin() as connection:
        config = schema._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "0049")
    schema.migrate(database)
    assert schema.drift(database) == []
    with database.transaction() as tx:
        assert [one.by_risk for one in follow_ups.open_ones(tx)] == [True, False, False]
