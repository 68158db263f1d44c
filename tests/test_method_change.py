"""A database with scores under the earlier method: they are kept, nothing is read of them, and all is scored anew."""

from pathlib import Path

from alembic import command
from cryptography.fernet import Fernet

from storage.alerts import alerts
from storage.engine import schema
from storage.engine.database import Database
from storage.engine.vault import Vault
from storage.imports import imports
from storage.risk import scores
from tests.support.builders import at

BEFORE = "0017"
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
    "base_levels(id, valid_from, levels) values ('bas-2026', '2026-01-01', '{}')",
    'score(id, unit_id, as_of, month_end, scored_at, config_id, base_levels_id, o, e, ot, et, r, p, pt, n, "index",'
    " rate_band, calm, shown, enough, inputs, inputs_sha256) values (1, 1, '2026-09-30', 1,"
    " '2026-10-01 00:00:00.000000', 'risk-1', 'bas-2026', 0, 0, 0, 0, 1, 0, 0, 0, 0, 'red', 0, 'red', 1, '{}', 'x')",
    "alert(id, unit_id, kind, episode, score_id, band_before, band_after, raised_at)"
    " values (1, 1, 'silence', 's', 1, 'green', 'red', '2026-10-01 00:00:00.000000')",
)


def test_what_was_scored_by_the_earlier_method_is_history_and_every_unit_is_left_to_be_scored(
    tmp_path: Path,
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'old.db'}", Vault([Fernet.generate_key().decode()]))
    config = schema._config()
    with database.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, BEFORE)
        for row in ROWS:
            connection.exec_driver_sql(f"insert into {row}")
    schema.migrate(database)
    assert schema.drift(database) == []
    with database.transaction() as tx:
        alerts.close_of_kind(tx, "silence", "metoden", at("2026-11-27"))
        assert (scores.by_earlier_methods(tx), scores.latest(tx, 1), imports.unscored(tx)) == (1, None, [1])
        assert alerts.open_alerts(tx) == []
        assert tx.connection.exec_driver_sql("select tells from report").scalar_one() == 1
    database.close()
