"""Twelve perfect months, then a year in which nobody answers: no band changes, and each unit says what is not known."""

from collections.abc import Iterator

import pytest

from followup.times.month import Month, months_between
from services.selection.selecting import known_units
from storage.month import reports, rounds
from tests.conftest import Another, connect_to
from tests.support.as_file import rows_of
from tests.support.builders import Register, at
from tests.support.municipality import STEADY
from tests.support.turns import Chat
from tests.support.year_rows import Rows

# A unit of each form, from one child to five.
SIZES = {
    "hvb": 3,
    "stodboende": 2,
    "konsulentstott_familjehem": 1,
    "konsulentstott_jourhem": 1,
    "oppenvard": 5,
}
PERFECT = months_between(Month(2025, 1), Month(2025, 12))
SILENT = months_between(Month(2026, 1), Month(2026, 12))


@pytest.fixture(scope="module")
def silent(another: Another, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chat]:
    """As the bot itself asks, reminds and reads each month's end, to the end of January 2027."""
    with another(tmp_path_factory.mktemp("silence") / "silent.db") as database:
        chat = Chat(database, at("2025-01-20"))
        _settle(chat)
        for month in (*PERFECT, *SILENT):
            chat.wake(f"{month.next}-05 08:00")
            if month in PERFECT:
                _all_answer(chat, month)
            chat.wake(f"{month.next}-22 08:00")
        connect_to(database)
        yield chat


def _settle(chat: Chat) -> None:
    with chat.database.transaction() as tx:
        register = Register(tx)
        maria = register.person("maria", "manager")
        register.person("karin", "quality", team="Kvalitet")
        workers = [register.person(key, manager_id=maria) for key in ("anna", "bo")]
        for form, size in SIZES.items():
            unit = register.unit(form=form)
            for number in range(size):
                register.placement(workers[number % 2], unit, starts="2025-01-01")


def _all_answer(chat: Chat, month: Month) -> None:
    with chat.database.transaction() as tx:
        round_ = rounds.by_month(tx, month)
        assert round_ is not None
        for task in rounds.tasks(tx, [round_.id], chat.now.date()):
            owner = task.placement.owner_id
            assert owner is not None
            reports.save(tx, task.id, STEADY, by_statement=False, author_id=owner, now=chat.now)


@pytest.fixture(scope="module")
def stored(silent: Chat) -> Rows:
    return Rows(rows_of(silent.database))


def test_every_month_was_asked_about_and_all_or_nothing_came(stored: Rows) -> None:
    months = stored.all(
        "select r.month, count(*) as asked, count(p.id) as came from round r join report_task t on t.round_id = r.id "
        "left join report p on p.task_id = t.id where r.asks group by r.month order by r.month"
    )
    number = sum(SIZES.values())
    assert [(one["month"], one["asked"], one["came"]) for one in months] == [
        (str(month), number, number if month in PERFECT else 0) for month in (*PERFECT, *SILENT)
    ]


def test_no_unit_changes_band_in_any_reading(stored: Rows) -> None:
    bands = stored.all("select distinct rate_band, shown, floor from score")
    assert [tuple(one.values()) for one in bands] == [("green", "green", None)]
    ends = stored.all(
        "select unit_id, count(distinct as_of) as number from score where month_end group by unit_id"
    )
    assert [one["number"] for one in ends] == [len(PERFECT) + len(SILENT)] * len(SIZES)


def test_nobody_is_alerted_and_nothing_is_to_be_decided(silent: Chat, stored: Rows) -> None:
    assert stored.all("select * from alert") == []
    kinds = {one["kind"] for one in stored.all("select distinct kind from delivery")}
    assert not [one for one in kinds if "alert" in one or "decision" in one]
    karin = silent.client("karin")
    karin.say("larm")
    assert "Inga öppna larm" in karin.words


def test_each_unit_is_shown_as_too_little_known_from_the_second_silent_month_on(stored: Rows) -> None:
    """The latest two months expected by the end of March are January and February, of which nothing came."""
    ends = stored.all(
        "select as_of, min(enough) as least, max(enough) as most from score s where month_end and id = "
        "(select max(id) from score t where t.unit_id = s.unit_id and t.as_of = s.as_of and month_end) group by as_of"
    )
    known = {one["as_of"][:7]: {one["least"], one["most"]} for one in ends}
    assert {month for month, enough in known.items() if enough == {1}} == {
        str(month) for month in months_between(Month(2025, 2), Month(2026, 2))
    }
    assert all(known[str(month)] == {0} for month in months_between(Month(2026, 3), Month(2026, 12)))


def test_it_is_said_as_such_and_the_selection_looks_there(silent: Chat) -> None:
    karin = silent.client("karin")
    karin.say("läge")
    assert f"▲ Röd 0, ◆ Gul 0, ● Grön 0, ○ Otillräckligt underlag {len(SIZES)}." in karin.words
    assert "Ingen enhet har bytt nivå." in karin.words
    with silent.database.transaction() as tx:
        assert {one.band for one in known_units(tx, silent.now)} == {"insufficient"}
