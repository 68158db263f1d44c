"""Figures that are asked for in chat: the report's own, recounted from plain SQL, and no small unit's told."""

from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import text, update

from bot.reporting import figures_file
from dialogs import switchboard
from dialogs.card import Grid
from dialogs.overview.figures import in_words
from dialogs.turn import Said
from followup import UnitId
from followup.access.municipality import USUAL_MUNICIPALITY
from followup.figures.asked import WHATS, By, ToldTable, What, groups
from followup.figures.year import year_tables
from followup.people import Role
from followup.provider import Unit
from followup.questions.beside import beside, years_before
from followup.questions.days import Days
from followup.risk.bands import never_plain_green
from followup.times.month import Month, Months
from services.acting import Acting
from services.views.ending_contracts import ContractsEnding, ending_contracts
from services.views.figures import FigureView, WantedFigure, figure
from services.views.status_then import StatusThen, status_then
from storage.engine.database import Database
from storage.engine.tables import person
from storage.register import people
from tests.conftest import Another
from tests.support.as_file import plain
from tests.support.builders import aad, at
from tests.support.deeds import logged_by
from tests.support.demo_year import MADE_AT
from tests.support.turns import SAY, SERVICE, Chat, october, readable_card
from tests.support.year_stage import demo_municipality, facts_of, period

OCTOBER = Days(date(2026, 10, 1), date(2026, 10, 31))
FEBRUARY = Days(date(2026, 2, 1), date(2026, 2, 28))
LEAP = Days(date(2024, 2, 1), date(2024, 2, 29))
MARCH, NOVEMBER = Days(date(2026, 3, 1), date(2026, 3, 30)), Days(date(2026, 11, 1), date(2026, 11, 28))
SO_FAR = Days(date(2026, 1, 1), date(2026, 11, 28))
FIRST_HALF, SECOND_HALF = (
    Days(date(2026, 1, 1), date(2026, 6, 30)),
    Days(date(2026, 7, 1), date(2026, 11, 28)),
)
QUARTER, LAST_QUARTER = (
    Days(date(2026, 4, 1), date(2026, 6, 30)),
    Days(date(2026, 10, 1), date(2026, 11, 28)),
)
WEEK, BEFORE_IT = Days(date(2026, 11, 23), date(2026, 11, 27)), Days(date(2026, 11, 16), date(2026, 11, 22))
# Every text of the card: figure. and what follows.


def whole(year: int) -> Days:
    return Days(date(year, 1, 1), date(year, 12, 31))


@pytest.mark.parametrize(
    ("asked", "named", "found"),
    [
        pytest.param(SO_FAR, whole(2025), ("2025-01-01", "2025-11-28"), id="a year so far"),
        pytest.param(OCTOBER, whole(2025), ("2025-10-01", "2025-10-31"), id="beside a year the month then"),
        pytest.param(whole(2025), whole(2025), ("2024-01-01", "2024-12-31"), id="beside itself the year before"),
        pytest.param(OCTOBER, OCTOBER, ("2026-09-01", "2026-09-30"), id="beside itself the month before"),
        pytest.param(OCTOBER, FEBRUARY, ("2026-02-01", "2026-02-28"), id="another month"),
        pytest.param(NOVEMBER, OCTOBER, ("2026-10-01", "2026-10-28"), id="a month so far"),
        pytest.param(MARCH, FEBRUARY, ("2026-02-01", "2026-02-28"), id="a shorter month"),
        pytest.param(LEAP, whole(2023), ("2023-02-01", "2023-02-28"), id="February of a leap year"),
        pytest.param(OCTOBER, None, ("2025-10-01", "2025-10-31"), id="nothing named is the year before"),
        pytest.param(whole(2026), OCTOBER, None, id="a year is not like a month"),
        pytest.param(SECOND_HALF, FIRST_HALF, ("2026-01-01", "2026-05-28"), id="a half so far beside the one before"),
        pytest.param(SECOND_HALF, SECOND_HALF, ("2026-01-01", "2026-05-28"), id="a half beside itself"),
        pytest.param(QUARTER, FIRST_HALF, None, id="a quarter is not like a half"),
        pytest.param(OCTOBER, QUARTER, None, id="a month is not like a quarter"),
        pytest.param(LAST_QUARTER, QUARTER, ("2026-04-01", "2026-05-28"), id="a quarter so far"),
        pytest.param(WEEK, BEFORE_IT, ("2026-11-16", "2026-11-20"), id="a week so far"),
    ],
)  # fmt: skip
def test_what_is_compared_has_as_many_days(
    asked: Days, named: Days | None, found: tuple[str, str] | None
) -> None:
    other = beside(asked, named)
    assert (None if other is None else (str(other.first), str(other.last))) == found


def unit(number: int, provider: int) -> Unit:
    named = (f"E{number}", f"Enhet {number}", "hvb", None, "private", provider, f"Utförare {provider}")
    return Unit(UnitId(number), *named, None)


UNITS = [unit(1, 1), unit(2, 1), unit(3, 2), unit(4, 3)]
CHILDREN = {UnitId(number): {f"{number}{child}" for child in range(4)} for number in range(1, 5)}


@pytest.mark.parametrize(
    ("by", "small", "rows", "rest"),
    [
        pytest.param(
            "provider",
            (),
            {"Utförare 1": (1, 2), "Utförare 2": (3,), "Utförare 3": (4,)},
            (),
            id="none is small",
        ),
        pytest.param("provider", (1,), None, None, id="what is left is one provider's"),
        pytest.param("provider", (1, 3), {"Utförare 3": (4,)}, (1, 2, 3), id="two providers, twelve children"),
        pytest.param("unit", (1, 2), None, None, id="two units of one provider"),
        pytest.param("unit", (2, 3), {"Enhet 1": (1,), "Enhet 4": (4,)}, (2, 3), id="two units of two providers"),
        pytest.param("unit", (4,), None, None, id="one unit alone"),
        pytest.param("unit", (1, 2, 3, 4), {}, (1, 2, 3, 4), id="all are small"),
    ],
)  # fmt: skip
def test_a_row_stands_when_what_is_left_of_the_sum_is_of_many(
    by: By, small: tuple[int, ...], rows: dict[str, tuple[int, ...]] | None, rest: tuple[int, ...] | None
) -> None:
    found = groups(UNITS, by, {UnitId(one) for one in small}, [CHILDREN])
    assert found == (
        None
        if rows is None
        else ToldTable({k: tuple(map(UnitId, v)) for k, v in rows.items()}, tuple(map(UnitId, rest or ())))
    )


def test_what_is_left_must_have_five_children_at_two_providers_in_each_of_the_times() -> None:
    small = {UnitId(1), UnitId(3)}
    few, enough = (
        {UnitId(1): {"a", "b"}, UnitId(3): {"c", "b"}},
        {UnitId(1): {"a", "b"}, UnitId(3): {"c", "d", "e"}},
    )
    at_one = {UnitId(1): {"a", "b", "c", "d", "e"}}
    assert groups(UNITS, "unit", small, [enough]) is not None
    assert [groups(UNITS, "unit", small, spans) for spans in ([few], [enough, few], [at_one])] == [None] * 3


@pytest.fixture(scope="module")
def demo(another: Another, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with demo_municipality(another, tmp_path_factory.mktemp("asked"), played=False) as database:
        yield database


def asked(database: Database, role: Role, what: What, days: Days, by: By = "", home: str = "") -> FigureView:
    with database.transaction() as tx:
        person = people.with_role(tx, role)[0]
        found = figure(Acting(tx, person, MADE_AT), WantedFigure(what, days, years_before(days, 1), by, home))
        assert isinstance(found, FigureView)
        return found


def test_over_the_reports_days_they_are_the_reports_figures(demo: Database) -> None:
    of_year = period()
    days = Days(of_year.starts, of_year.until)
    tables = year_tables(facts_of(demo))
    for kind in ("deviation", "complaint", "remark", "replacement"):
        assert asked(demo, Role.QUALITY, kind, days).total == tables["signals"].figure(kind, "number").value
    assert asked(demo, Role.QUALITY, "signals", days).total == tables["signals"].figure("all", "number").value
    response = tables["response_months"].figure("all", "response")
    assert asked(demo, Role.QUALITY, "response", days).total == (response.value, response.of)
    assert (
        asked(demo, Role.MANAGER, "complaint", days).total
        == tables["signals"].figure("complaint", "number").value
    )


_SIGNALS = """
    select u.name, p.name as provider, count(*) from signal s join unit u on u.id = s.unit_id
    join provider p on p.id = u.provider_id join signal_version v on v.signal_id = s.id
    where v.version = (select max(w.version) from signal_version w where w.signal_id = s.id)
    and v.event_on between '2026-01-01' and '2026-10-31' and v.kind = 'complaint' and not v.dismissed
    and v.cause != 'authority' and u.form != 'kommunens_familjehem' group by u.name, p.name
"""


def test_rows_are_recounted_from_plain_sql(demo: Database) -> None:
    days = Days(date(2026, 1, 1), date(2026, 10, 31))
    rows = plain(demo, _SIGNALS)
    by_unit = asked(demo, Role.QUALITY, "complaint", days, "unit")
    assert {one.name: one.count for one in by_unit.rows if one.count} == {unit: n for unit, _, n in rows}
    assert by_unit.total == sum(n for _, _, n in rows) == asked(demo, Role.QUALITY, "complaint", days).total
    by_provider: dict[str, int] = {}
    for _, provider, n in rows:
        by_provider[provider] = by_provider.get(provider, 0) + n
    found = asked(demo, Role.QUALITY, "complaint", days, "provider")
    assert {one.name: one.count for one in found.rows if one.count} == by_provider
    assert [one.name for one in found.rows] == sorted(one.name for one in found.rows)
    name, n = next((unit, n) for unit, _, n in rows)
    assert asked(demo, Role.QUALITY, "complaint", days, home=name).total == n


_OPEN = """
    select count(*) from placement p join unit u on u.id = p.unit_id where u.form != 'kommunens_familjehem'
    and p.starts <= '2026-10-01' and (p.ends is null or p.ends >= '2026-10-01')
"""
_VISITS = """
    select count(distinct t.placement_id || ' ' || json_extract(r.answers, '$.visit_on')) from report r
    join report_task t on t.id = r.task_id join placement p on p.id = t.placement_id
    join unit u on u.id = p.unit_id where u.form != 'kommunens_familjehem'
    and r.version = (select max(q.version) from report q where q.task_id = r.task_id)
    and json_extract(r.answers, '$.visit_on') between '2026-08-01' and '2026-08-31'
"""


def test_placements_and_visits_are_recounted_from_plain_sql(demo: Database) -> None:
    placed, visits = (plain(demo, one)[0][0] for one in (_OPEN, _VISITS))
    day, august = date(2026, 10, 1), Days(date(2026, 8, 1), date(2026, 8, 31))
    assert asked(demo, Role.QUALITY, "placements", Days(day, day)).total == placed
    assert visits > 0 and asked(demo, Role.QUALITY, "visits", august).total == visits
    of_manager = asked(demo, Role.MANAGER, "visits", august)
    assert of_manager.own and isinstance(of_manager.total, int) and 0 < of_manager.total < visits
    assert not asked(demo, Role.MANAGER, "visits", august, "unit").apart


_SMALL = """
    select u.name, p.name from unit u join provider p on p.id = u.provider_id
    where u.form != 'kommunens_familjehem' and (select count(distinct case_reference) from placement s
    where s.unit_id = u.id and s.starts <= '2026-10-31' and (s.ends is null or s.ends >= '2025-01-01')) < 3
"""


@pytest.mark.parametrize("what", WHATS)
@pytest.mark.parametrize("by", ["unit", "provider"])
def test_a_manager_is_told_no_row_with_a_small_unit_and_no_sum_that_gives_one_away(
    demo: Database, what: What, by: By
) -> None:
    found = asked(demo, Role.MANAGER, what, OCTOBER, by)
    small = {row[by == "provider"] for row in plain(demo, _SMALL)}
    assert small and not small & {one.name for one in found.rows}
    if found.rows and what not in ("visits", "response"):
        assert found.rest is not None
        told = [*found.rows, found.rest]
        assert found.total == sum(one.count for one in told if isinstance(one.count, int))
    for name in small:
        assert asked(demo, Role.MANAGER, what, OCTOBER, home=name).total == "few"


_BY_TEAM = text("""
    select coalesce(a.team, ''), sum(exists (select 1 from report r where r.task_id = t.id)), count(*)
    from report_task t join round o on o.id = t.round_id join placement c on c.id = t.placement_id
    join unit u on u.id = c.unit_id and u.form <> 'kommunens_familjehem'
    left join ownership w on w.placement_id = c.id and w.since <= substr(o.deadline, 1, 10)
    left join person a on a.role = 'worker' and a.active and a.id = case
        when (select role = 'worker' and active from person where id = w.owner_id) then w.owner_id
        else w.substitute_id end
    where o.month between :first and :last and (a.team = :team or a.id is null)
    group by 1 order by 1
""")


@pytest.mark.sqlite("räknar med SQLites egna funktioner")
@pytest.mark.parametrize(
    ("asked_for", "months", "before"),
    [
        pytest.param("i år", "2026-01 2026-09", "2025-01 2025-09", id="the year so far"),
        pytest.param("2025", "2025-01 2025-12", "2024-01 2024-12", id="a year that was not whole before"),
        pytest.param("andra kvartalet", "2026-04 2026-06", "2025-04 2025-06", id="a quarter"),
        pytest.param("första halvåret", "2026-01 2026-06", "2025-01 2025-06", id="a half"),
        pytest.param("i augusti", "2026-08 2026-08", "2026-07 2026-07", id="a month beside the one before"),
        pytest.param("förra veckan", "", "", id="a week whose month has not been asked about"),
        pytest.param("2023", "", "", id="nothing is known of it"),
    ],
)
def test_by_team_a_time_is_the_sum_of_its_months_and_says_which_they_are(
    demo: Database, asked_for: str, months: str, before: str
) -> None:
    with demo.transaction() as tx:
        manager = people.with_role(tx, Role.MANAGER)[0]
        tx.connection.execute(update(person).where(person.c.id == manager.id).values(teams_id=aad("maria")))
        said = Said(aad("maria"), "a:maria", "1", SERVICE, text=f"svarsfrekvens per team {asked_for}")
        card = switchboard.answer(tx, said, MADE_AT).card
        now, then = (
            {team: (in_, all_) for team, in_, all_ in tx.connection.execute(_BY_TEAM, values)}
            for values in (span(months, manager.team), span(before, manager.team))
        )
    assert card is not None
    grids = [one for one in card.parts if isinstance(one, Grid)]
    words = readable_card(card)
    if not months:
        assert grids == []
        assert SAY("figure.nothing_due", period="").removeprefix(":").strip(". ") in words
        return
    shown = [
        (team or SAY("overdue.no_team"), in_words(one, SAY), in_words(then.get(team), SAY))
        for team, one in now.items()
    ]
    assert [one.rows for one in grids] == [tuple(shown)]
    assert SAY("page.status.teams", month=told(months)) in words
    assert SAY("page.status.before", month=told(before)) in words
    days = SAY("figure.days", first=date(2026, 1, 1), last=MADE_AT.date())
    note = SAY("responses.months", asked=days, told=told(months))
    assert (note in words) == (asked_for == "i år")


def span(months: str, team: str | None) -> dict[str, str | None]:
    return {"first": months[:7], "last": months[8:], "team": team}


def told(months: str) -> Months:
    first, last = map(Month.parse, months.split())
    return Months(first, last)


def ask(chat: Chat, key: str, *sentences: str) -> str:
    client = chat.client(key)
    for sentence in sentences:
        client.say(sentence)
    return client.words


def test_the_answer_says_its_days_and_what_it_is_beside(municipality: Database) -> None:
    chat = october(municipality)
    words = ask(chat, "maria", "hur många avvikelser i år")
    assert SAY("figure.of.deviation") in words and SAY("figure.about.deviation") in words
    assert "1 januari 2026–2 november 2026" in words and "1 januari 2025–2 november 2025" in words
    begins = SAY("figure.begins", month=Month(2026, 9))
    assert begins in words and begins in ask(chat, "maria", "hur många klagomål 2023")
    for what in ("hur många klagomål i oktober jämfört med september", "hur många placeringar har vi"):
        assert begins not in ask(chat, "maria", what)
    assert SAY("figure.of.response") in ask(chat, "karin", "svarsfrekvens oktober")
    assert SAY("figure.answerable", day=date(2026, 11, 13)) in chat.client("karin").words
    assert SAY("figure.title") in ask(chat, "maria", "siffror")
    assert SAY("figure.not_apart") in ask(chat, "maria", "besök per enhet i oktober")
    # By her own teams, as her page has it; whoever is told of all is not told of teams.
    by_team = SAY("page.status.teams", month=Month(2026, 10))
    assert by_team in ask(chat, "maria", "svarsfrekvens per team")
    assert by_team not in ask(chat, "karin", "how many have answered per team")
    assert SAY("status.responses") in chat.client("karin").words
    so_far = SAY("figure.days", first=date(2026, 1, 1), last=date(2026, 10, 31))
    for typed in ("svarsfrekvens per team i år", "svarsfrekvens i år"):
        assert so_far in ask(chat, "karin", typed)
        assert (SAY("responses.not_by_team") in chat.client("karin").words) == ("team" in typed)


def test_compared_with_is_read_by_the_last_figure_for_half_an_hour(municipality: Database) -> None:
    chat = october(municipality)
    assert SAY("figure.nothing_before") in ask(chat, "maria", "jämfört med förra året")
    ask(chat, "maria", "antal klagomål i oktober")
    words = ask(chat, "maria", "jämfört med augusti")
    assert SAY("figure.of.complaint") in words and "augusti 2026" in words and "oktober 2026" in words
    assert SAY("figure.no_such_days") in ask(chat, "maria", "hur många klagomål i år", "jämfört med augusti")
    # Another person's figure is not hers, and it is forgotten when half an hour has passed.
    assert SAY("figure.nothing_before") in ask(chat, "karin", "jämfört med förra året")
    chat.now += timedelta(minutes=30)
    assert SAY("figure.of.complaint") in ask(chat, "maria", "jämfört med förra året")
    chat.now += timedelta(minutes=31)
    assert SAY("figure.nothing_before") in ask(chat, "maria", "jämfört med förra året")
    assert chat.now > at("2026-11-02")


def test_who_is_not_let_into_the_overview_is_told_no_figure(municipality: Database) -> None:
    chat = october(municipality)
    assert SAY("figure.of.deviation") not in ask(chat, "anna", "hur många avvikelser i år")
    assert chat.client("anna").say("siffror").text == SAY("refused.role")


_BANDS_THEN = """
    select u.name, s.shown, s.enough from score s join unit u on u.id = s.unit_id where s.month_end and
    s.as_of = '2026-08-31' and u.form != 'kommunens_familjehem' and s.id = (select max(t.id) from score t
    where t.unit_id = s.unit_id and t.as_of = s.as_of and t.month_end and t.method = s.method)
"""


def test_how_it_stood_at_a_months_end_is_recounted_from_plain_sql(demo: Database) -> None:
    rows = plain(demo, _BANDS_THEN)
    with demo.transaction() as tx:
        acting = Acting(tx, people.with_role(tx, Role.MANAGER)[0], MADE_AT)
        found, before = status_then(acting, Month(2026, 8)), status_then(acting, Month(2019, 8))
    assert isinstance(found, StatusThen) and isinstance(before, StatusThen)
    shown = [never_plain_green(band, enough=bool(enough)) for _, band, enough in rows]
    assert found.bands == {band: shown.count(band) for band in set(shown)}
    named = {name for (name, _, _), band in zip(rows, shown, strict=True) if band != "green"}
    assert {one.name for _, one in found.units} == named
    assert (before.bands, before.rates) == ({}, [])


def test_a_month_that_has_passed_is_shown_as_it_was_and_the_one_that_goes_on_as_it_is(
    municipality: Database,
) -> None:
    chat = october(municipality)
    words = ask(chat, "maria", "läge september")
    assert SAY("status.then", day=date(2026, 9, 30)) in words
    assert (SAY("status.then.nothing", day=date(2026, 9, 30)) in words) == ("Norrgården" not in words)
    chat.client("maria").press(SAY("status.now"))
    assert SAY("status.as_of", day=date(2026, 11, 2)) in chat.client("maria").words
    assert SAY("status.as_of", day=date(2026, 11, 2)) in ask(chat, "maria", "läge november")


_CONTRACTS = """
    select c.key from contract c where c.ends between '2026-10-02' and '2026-12-31' and not exists (
    select 1 from contract d where d.unit_id = c.unit_id and d.starts <= date(c.ends, '+1 day')
    and (d.ends is null or d.ends > c.ends))
"""


def test_contracts_that_end_are_recounted_from_plain_sql(demo: Database) -> None:
    days = Days(date(2026, 10, 2), date(2026, 12, 31))
    rows = [row[0] for row in plain(demo, _CONTRACTS)]
    with demo.transaction() as tx:
        found = ending_contracts(Acting(tx, people.with_role(tx, Role.MANAGER)[0], MADE_AT), days)
    assert isinstance(found, ContractsEnding)
    assert sorted(one.key for one in found.contracts) == sorted(rows)


def test_contracts_and_visits_are_answered_by_themselves(municipality: Database) -> None:
    chat = october(municipality)
    days = {"first": date(2027, 3, 1), "last": date(2027, 5, 31)}
    words = ask(chat, "maria", "vilka avtal löper ut i vår")
    assert SAY("contracts.between", **days) in words and SAY("contracts.none", **days) in words
    words = ask(chat, "maria", "vilka barn har inte fått besök")
    assert SAY("overdue.title") in words and SAY("status.bands") not in words and "AKT-" not in words


@pytest.mark.parametrize("role", [Role.MANAGER, Role.QUALITY])
def test_the_file_holds_what_a_manager_is_told_and_logs_what_was_read(demo: Database, role: Role) -> None:
    with demo.transaction() as tx:
        person = people.with_role(tx, role)[0]
    wanted = WantedFigure("complaint", OCTOBER, years_before(OCTOBER, 1), "provider")
    made = figures_file(demo, lambda: MADE_AT, USUAL_MUNICIPALITY)
    file = made({"wanted": [wanted.written()], "person": person.id})
    rows = list(load_workbook(BytesIO(file.content)).worksheets[0].iter_rows(min_row=2, values_only=True))
    told = asked(demo, Role.MANAGER, "complaint", OCTOBER, "provider")
    assert (rows[0][4], rows[0][8]) == (told.total, told.beside)
    assert {row[1]: row[4] for row in rows[1:]} == {
        **{one.name: one.count for one in told.rows},
        **({SAY("figure.rest"): told.rest.count} if told.rest else {}),
    }
    assert file.name == f"siffror-{MADE_AT.date()}.xlsx" and b"AKT-" not in file.content
    with demo.transaction() as tx:
        assert logged_by(tx, "read", person.id)[-1] == "status:complaint"
    whole_set = load_workbook(BytesIO(made({"wanted": [], "person": person.id}).content)).worksheets[0]
    assert {row[0] for row in whole_set.iter_rows(min_row=2, values_only=True)} == {
        SAY(f"figure.of.{what}") for what in WHATS
    }


def test_the_file_is_offered_with_the_last_figure_and_to_nobody_who_may_not_ask(
    municipality: Database,
) -> None:
    chat = october(municipality)
    assert SAY("figure.file.all") in ask(chat, "maria", "kan jag få siffrorna i excel")
    one = SAY("figure.file.one", what=SAY("figure.of.visits"))
    assert one in ask(chat, "maria", "antal besök i oktober")
    assert (
        one in ask(chat, "maria", "skicka som excel")
        and SAY("figure.file.no_address") in chat.client("maria").words
    )
    with municipality.transaction() as tx:
        anna = people.by_key(tx, "anna")
    assert anna
    made = figures_file(municipality, lambda: chat.now, USUAL_MUNICIPALITY)
    assert made({"wanted": [], "person": anna.id}).content.decode() == SAY("refused.role")
