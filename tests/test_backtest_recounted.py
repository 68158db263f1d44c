"""What the report says of whether the method finds anything, where that can be said and where it cannot."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from documents.report.blocks import FigureTable, Paragraph
from documents.report.levels import levels
from storage.engine.database import Database
from tests.conftest import Another
from tests.support.independent_backtest import tested as followed_up
from tests.support.year_stage import demo_municipality, material
from tests.test_year_figures import counted_again, figures, stored_rows

TOO_FEW = "Med färre än 20 uppföljningar att jämföra går det inte att dra någon slutsats om metoden."
FIRST = date(2026, 10, 2)


@pytest.fixture
def demo(another: Another, tmp_path: Path) -> Iterator[Database]:
    with demo_municipality(another, tmp_path, played=True) as database:
        yield database


def change(demo: Database, *statements: str) -> None:
    with demo.transaction() as tx:
        for one in statements:
            tx.connection.exec_driver_sql(one)


def closed(demo: Database, number: int) -> None:
    """So many follow-ups more that are closed, at one unit after the other, with one verdict after the other."""
    units = [
        one["id"]
        for one in stored_rows(demo).rows("select id from unit where form <> 'kommunens_familjehem'")
    ]
    for nth in range(number):
        unit, held = units[nth % len(units)], FIRST + timedelta(days=nth % 5)
        verdict = ("meets", "partly", "not", "meets")[nth % 4]
        moment = f"{held} 12:00:00.000000"
        change(
            demo,
            f"insert into follow_up (id, unit_id, opened_at, opened_by) values ({900 + nth}, {unit}, '{moment}', 1)",
            "insert into follow_up_version (follow_up_id, version, step, held_on, verdict, verdict_on, author_id, "
            f"recorded_at) values ({900 + nth}, 1, 'closed', '{held}', '{verdict}', '{held}', 1, '{moment}')",
        )


def said(demo: Database) -> list[str]:
    return [one.text for one in levels(material(demo)) if isinstance(one, Paragraph)]


def compared(demo: Database) -> int:
    return sum(one["band"] in ("green", "yellow", "red") for one in followed_up(stored_rows(demo)))


def kappa(demo: Database) -> str:
    made = material(demo)
    [found] = [one for one in made.grid("tested_agreement") if isinstance(one, FigureTable)]
    return made.words.cell(found.table.cell("all", "kappa"))


def test_of_the_demo_years_few_follow_ups_nothing_is_concluded(demo: Database) -> None:
    assert 0 < compared(demo) < 20
    assert TOO_FEW in said(demo)
    assert kappa(demo) == TOO_FEW
    assert "tested_agreement.all.kappa" not in figures(demo)


@pytest.mark.parametrize(("more", "enough"), [(12, False), (19, False), (33, True)])
def test_from_twenty_on_the_agreement_is_the_one_that_is_counted_again(
    demo: Database, more: int, *, enough: bool
) -> None:
    change(demo, "update follow_up_version set step = 'act' where step = 'closed'")
    closed(demo, more)
    assert len(followed_up(stored_rows(demo))) == more
    assert (compared(demo) >= 20) is enough
    counted = counted_again(demo)
    assert figures(demo) == counted
    assert (TOO_FEW in said(demo)) is not enough
    assert ("tested_agreement.all.kappa" in counted) is enough
    if enough:
        assert kappa(demo) == f"{counted['tested_agreement.all.kappa'][0]}".replace(".", ",")


def test_those_whose_band_was_of_an_earlier_method_are_counted_beside(demo: Database) -> None:
    whole = len(followed_up(stored_rows(demo)))
    change(demo, "update score set method = 'risk-1'")
    assert compared(demo) == 0
    told = [one for one in said(demo) if "enligt tidigare metod och kan inte räknas om" in one]
    assert [one.split(" ")[0] for one in told] == [str(whole)]
    assert figures(demo) == counted_again(demo)


def test_of_those_that_have_a_band_nothing_is_said_of_methods(demo: Database) -> None:
    assert [one for one in followed_up(stored_rows(demo)) if one["band"] is None] == []
    assert not any("tidigare metod" in one for one in said(demo))
