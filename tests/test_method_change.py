"""A database with scores under the earlier method: kept as history, shown as such, and every unit is scored anew."""

import json
from contextlib import closing

import pytest
from alembic import command

from bot.opening import connect
from bot.registering import score_imported
from bot.settings import read_settings
from followup import UnitId
from followup.risk.proof import sha256_of
from followup.risk.stored_score import METHOD_NAME
from services.verification import faults_in_scores
from storage.alerts import alerts
from storage.engine import schema
from storage.engine.database import Database
from storage.imports import imports
from tests.support.builders import at
from tests.support.turns import SAY
from tests.test_commands import Shell, shell
from tests.test_tampering import found, scored

__all__ = ["shell"]
# As the method before wrote it: what it was made of can be read by nobody any more.
MADE_OF = '{"code_version":"1","items":[],"missing_reports":3}'
BEFORE = "0017"
ENDS = ("01-31", "02-28", "03-31", "04-30", "05-31", "06-30", "07-31", "08-31", "09-30", "10-31")
ROWS = (
    "provider(id, org_number, name) values (1, '1', 'U')",
    "unit(id, key, provider_id, name, form, ownership) values (1, 'E1', 1, 'E', 'hvb', 'privat')",
    "placement(id, case_reference, unit_id, starts, legal_ground, registered_at)"
    " values (1, 'A', 1, '2026-01-01', 'sol', '2026-01-01 00:00:00.000000')",
    "round(id, month, opened_at, deadline, closes_at, asks) values (1, '2026-09', '2026-10-01 00:00:00.000000',"
    " '2026-10-01 00:00:00.000000', '2026-10-01 00:00:00.000000', 0)",
    "report_task(id, round_id, placement_id) values (1, 1, 1)",
    "report(id, task_id, version, form_version, answers, by_statement, concern, provider_report_missing, imported,"
    " known_at, recorded_at) values (1, 1, 1, '1', '{\"provider_report\":\"not_arrived\"}', 0, 0, 1, 1,"
    " '2026-10-01 00:00:00.000000', '2026-10-01 00:00:00.000000')",
    "risk_config(id, valid_from, decided_by, parameters) values ('risk-1', '2025-01-01', 'x', '{}')",
    "base_levels(id, valid_from, levels) values ('bas-2026', '2026-01-01', '{\"hvb\": \"0.24\"}')",
    'score(id, unit_id, as_of, month_end, scored_at, config_id, base_levels_id, o, e, ot, et, r, p, pt, n, "index",'
    " rate_band, calm, shown, enough, inputs, inputs_sha256) values (1, 1, '2026-09-30', 1,"
    " '2026-10-01 00:00:00.000000', 'risk-1', 'bas-2026', 0, 0, 0, 0, 1, 0, 0, 0, 120, 'red', 0, 'red', 1,"
    f" '{MADE_OF}', '{sha256_of(MADE_OF)}')",
    "alert(id, unit_id, kind, episode, score_id, band_before, band_after, raised_at)"
    " values (1, 1, 'silence', 's', 1, 'green', 'red', '2026-10-01 00:00:00.000000')",
)


@pytest.fixture
def started(shell: Shell) -> Shell:
    """The program has started on a database of the version before, and has had a while to read the units anew."""
    shell.database.unlink()
    with closing(connect(read_settings(local=True), new=True)) as database:
        config = schema._config()
        with database.engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, BEFORE)
            for row in ROWS:
                connection.exec_driver_sql(f"insert into {row}")
    shell.now = at("2026-11-27 12:00")
    assert shell.run("risk", "--all").exit_code == 0
    with closing(connect(read_settings(local=True))) as database:
        assert unscored(database) == [1]
        score_imported(database, shell.now)
        assert (unscored(database), schema.drift(database)) == ([], [])
    return shell


def unscored(database: Database) -> list[UnitId]:
    with database.transaction() as tx:
        return imports.unscored(tx)


def rows(shell: Shell, query: str) -> list[tuple[object, ...]]:
    with closing(connect(read_settings(local=True))) as database, database.transaction() as tx:
        return [tuple(one) for one in tx.connection.exec_driver_sql(query)]


def test_its_scores_are_kept_and_every_month_is_read_by_the_method_that_holds(started: Shell) -> None:
    kept = rows(started, 'select method, shown, "index", inputs from score where id = 1')
    assert kept == [("risk-1", "red", 120, MADE_OF)]
    anew = rows(
        started, f"select as_of from score where method = '{METHOD_NAME}' and month_end order by as_of"
    )
    assert [one for (one,) in anew] == [f"2026-{end}" for end in ENDS]
    assert rows(started, "select tells from report") == [(1,)]
    assert started.shows("risk", "E1")["shown_band"] == "green"


def test_its_open_alerts_about_silence_are_closed_with_the_change_as_the_reason(started: Shell) -> None:
    with closing(connect(read_settings(local=True))) as database, database.transaction() as tx:
        [closed] = alerts.of_unit(tx, UnitId(1))
        assert alerts.open_alerts(tx) == []
    assert (closed.kind, closed.closed_by, closed.close_reason) == (
        "silence",
        None,
        SAY("alert.method_changed"),
    )
    assert closed.earlier_method == "risk-1"


def test_a_day_that_it_scored_is_shown_as_by_an_earlier_method(started: Shell) -> None:
    shown = started.shows("risk", "E1", "--as-of", "2026-09-30")
    then = SAY("risk.then.method", day="2026-09-30", index=120, method="risk-1")
    assert shown["notes"] == [then]
    assert "kan inte räknas om" in then
    assert then in started.run("risk", "E1", "--as-of", "2026-09-30").stdout
    assert started.shows("risk", "E1", "--as-of", "2026-11-27")["notes"] == []


@pytest.mark.parametrize("changed", ["r = 9, p = 0.9, shown = 'green'", '"index" = 3'])
def test_check_counts_them_and_verifies_nothing_but_what_they_were_made_of(
    started: Shell, changed: str
) -> None:
    assert faults(started) == []
    started.tamper(f"update score set {changed} where id = 1")
    assert faults(started) == []
    assert SAY("check.earlier_method", n=1) in started.run("check").stdout
    started.tamper("update score set inputs = replace(inputs, '3', '4') where id = 1")
    [fault] = faults(started)
    assert "inputs_sha256" in fault


def faults(shell: Shell) -> list[str]:
    """What is wrong with the scores; the log began after the report that the old database has here."""
    told = json.loads(shell.run("check", "--json").stdout)
    return [one for one in told["faults"] if "Risktal" in one or "Månadsslutet" in one]


@pytest.mark.parametrize("method", ["risk-1", "risk-3"])
def test_a_score_that_is_given_another_methods_name_is_found(municipality: Database, method: str) -> None:
    """Else a changed score would only have to be called history."""
    database = scored(municipality)
    with database.transaction() as tx:
        number = tx.connection.exec_driver_sql("select max(id) from score where month_end").scalar_one()
        tx.connection.exec_driver_sql(f"update score set method = '{method}', r = 9 where id = {number}")
    assert [
        one for one in found(database, faults_in_scores) if f"Risktal {number} " in one and "method" in one
    ]


def test_one_of_its_scores_that_is_called_of_this_method_is_found(started: Shell) -> None:
    started.tamper(f"update score set method = '{METHOD_NAME}' where id = 1")
    [fault] = faults(started)
    assert "method" in fault
