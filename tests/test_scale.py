"""The bench that measures registers of any size does all that it measures, on a small one."""

from pathlib import Path

import pytest

from bench.pages import HEAD as HEAD_OF_PAGES
from bench.pages import addresses, visited
from bench.pages_register import make_busy
from bench.scale_register import Size, built, fill
from bench.scale_row import HEAD, row
from followup.times.month import Month
from services.verification import faults_in_what_is_kept
from storage.engine.database import Database
from storage.month import rounds
from storage.overview import response_rates
from storage.times import job_looks
from tests.support.builders import at
from workspace.registered import ENTRIES


def test_a_row_of_the_table_has_every_figure(tmp_path: Path) -> None:
    size, url = Size(45), f"sqlite:///{tmp_path / 'register.db'}"
    built(url, size).close()
    cells = row(url, size, "1.5 s", 3).strip("|\n").split("|")
    assert len(cells) == len(HEAD)
    assert cells[0].strip() == "45 (3)"
    assert all(any(sign.isdigit() for sign in cell) for cell in cells)


async def test_each_page_of_a_busy_register_is_opened_by_whom_it_is_for(tmp_path: Path) -> None:
    size = Size(45)
    database = built(f"sqlite:///{tmp_path / 'register.db'}", size)
    make_busy(database, size)
    rows = [one.row(45) for one in await visited(database, size, 1, "")]
    database.close()
    assert len(rows) == len([*addresses(size)]) > len(ENTRIES) // 2
    assert all(row.count("|") == len(HEAD_OF_PAGES) + 1 for row in rows)


def test_what_is_put_in_by_the_bulk_is_kept_as_by_the_row_and_so_is_what_comes_after_it(
    database: Database,
) -> None:
    with database.transaction() as tx:
        fill(tx, Size(45))
        october = rounds.open_round(tx, Month(2026, 10), at("2026-11-02"), at("2026-11-13"), at("2026-12-01"))
        rounds.add_tasks(tx, october, 0, 45)
        kept = [response_rates.by_pair(tx, one) for one in rounds.every(tx)]
        assert kept == [response_rates.recounted(tx, one) for one in rounds.every(tx)]
        assert [response_rates.asked_and_in(tx, one) for one in rounds.every(tx)] == [(45, 45), (45, 0)]
        assert all(job_looks.counted(tx)[topic] >= 1 for topic in ("register", "round", "task"))
        assert list(faults_in_what_is_kept(tx)) == []


@pytest.mark.sqlite("läser SQLites egen lista")
def test_every_trigger_is_there_again_after_the_bulk(on_sqlite: Database) -> None:
    listed = "select name, tbl_name, sql from sqlite_master where type = 'trigger' order by name"
    with on_sqlite.transaction() as tx:
        before = tx.connection.exec_driver_sql(listed).all()
        fill(tx, Size(45))
        assert tx.connection.exec_driver_sql(listed).all() == before != []
