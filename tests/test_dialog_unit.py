"""One unit as managers see it: its index with gaps, reasons, signals, contracts, plans, and no number of few."""

from datetime import date
from itertools import count

import pytest
from sqlalchemy import insert, select, update

from followup import UnitId
from followup.risk.expected_range import expected_range
from followup.risk.risk_config import FIRST_CONFIG
from followup.times.month import Month
from storage.engine.database import Database, Transaction
from storage.engine.tables import contract, placement, unit
from storage.overview import unit_figures
from storage.register import people, units
from storage.risk import scores
from tests.support.builders import Register, at
from tests.support.told_once import told_once
from tests.support.turns import ANEW, SAY, SLAP, Chat, Client, Json, october
from texts.catalogue import Texts

NORTH, SOUTH = "norrgården", "södergården"


def unit_id(tx: Transaction, key: str) -> UnitId:
    found = units.by_key(tx, key)
    assert found
    return found.id


def asked(municipality: Database, name: str = SOUTH, *, chat: Chat | None = None) -> Client:
    maria = (chat or october(municipality)).client("maria")
    maria.say(f"utförare {name}")
    return maria


@told_once
def after_a_slap(municipality: Database) -> Chat:
    chat = october(municipality)
    anna = chat.client("anna").look()
    anna.press(SAY("list.open_form"), row="AKT-3")
    anna.press(SAY("report.add_signal"), {**ANEW, "feels_safe": "no"})
    anna.press(SAY("report.hand_in"), {f"s1.{name}": value for name, value in SLAP.items()})
    return chat


def facts(card: Json) -> dict[str, str]:
    return {
        fact["title"]: fact["value"]
        for element in card["body"]
        if element["type"] == "FactSet"
        for fact in element["facts"]
    }


def agree(municipality: Database, starts: str, ends: str | None) -> None:
    with municipality.transaction() as tx:
        last = date.fromisoformat(ends) if ends else None
        given = {"form": "framework", "law": "lou", "starts": date.fromisoformat(starts), "ends": last}
        number = len(tx.connection.execute(select(contract)).all())
        row = insert(contract).values(key=f"A-{number}", unit_id=unit_id(tx, "SYD"), **given)
        tx.connection.execute(row)


def drawn(chart: Json, legend: str) -> list[tuple[str, float]]:
    """The values of all rows under the legend, in their order."""
    rows = [row["values"] for row in chart["data"] if row["legend"] == legend]
    return [(value["x"], value["y"]) for row in rows for value in row]


def change(municipality: Database, **values: object) -> None:
    """Of every placement at Södergården, where three are placed."""
    with municipality.transaction() as tx:
        at_unit = placement.c.unit_id == unit_id(tx, "SYD")
        tx.connection.execute(update(placement).where(at_unit).values(**values))


def test_the_index_is_shown_over_24_months_and_a_month_without_one_is_a_gap(municipality: Database) -> None:
    maria = asked(municipality)
    [chart] = [one for one in maria.card["body"] if one["type"] == "Chart.Line"]
    with municipality.transaction() as tx:
        stored = scores.indexes(tx, unit_id(tx, "SYD"))
    rows = {name: drawn(chart, name) for name in (SAY("evidence.index"), SAY("provider.expected"))}
    shown = dict(rows[SAY("evidence.index")])
    assert shown == {str(day): one.index for day, one in stored.items() if day > date(2024, 10, 31)}
    assert 0 < len(shown) < 24
    assert "November 2024–oktober 2026: –, –, " in maria.words
    ranges = {str(day): expected_range(one.e, one.et, FIRST_CONFIG) for day, one in stored.items()}
    edges = [
        (day, edge) for place in (0, 1) for day, edge in sorted((d, r[place]) for d, r in ranges.items())
    ]
    assert rows[SAY("provider.expected")] == edges
    low, high = ranges["2026-10-31"]
    month = Month(2026, 10)
    assert SAY("provider.expected_words", month=month, low=low, high=high) in maria.words


def test_a_unit_without_any_reading_says_so_and_draws_nothing(municipality: Database) -> None:
    with municipality.transaction() as tx:
        Register(tx, count(100)).unit("NY", name="Nyöppnat")
    karin = october(municipality).client("karin")
    karin.say("utförare nyöppnat")
    assert SAY("provider.no_trend") in karin.words
    assert SAY("provider.no_placements") in karin.words


def test_what_raises_is_said_by_kind_without_any_day(municipality: Database) -> None:
    maria = asked(municipality, chat=after_a_slap(municipality))
    assert "Avvikelser: 1 räknas och höjer risktalet med 0," in maria.words
    assert facts(maria.card)[SAY("provider.signals")] == "december 2025–november 2026: avvikelser 1"
    assert "2026-10-30" not in maria.words
    assert "30 oktober" not in maria.words


def test_of_a_small_unit_a_manager_reads_neither_kinds_nor_figures(municipality: Database) -> None:
    chat = after_a_slap(municipality)
    with municipality.transaction() as tx:
        ended = {"ends": date(2026, 10, 31), "end_reason": "planned_end"}
        tx.connection.execute(update(placement).where(placement.c.case_reference == "AKT-4").values(**ended))
    maria = asked(municipality, chat=chat)
    assert facts(maria.card) == {
        SAY("provider.form"): SAY("form_of_care.hvb"),
        SAY("provider.placed"): "få",
        SAY("evidence.completeness"): "tillräckligt",
        SAY("provider.last_follow_up"): SAY("provider.never_followed_up"),
        SAY("provider.contract"): SAY("provider.no_contract"),
    }
    assert SAY("small.quality_reads") in maria.words
    assert "avvikelse" not in maria.words.lower()
    assert not any(one["type"] == "Chart.Line" for one in maria.card["body"])


@pytest.mark.parametrize(
    ("contracts", "said"),
    [
        ([], SAY("provider.no_contract")),
        ([("2027-01-01", None)], "Inget gällande avtal i registret"),
        ([("2024-01-01", None)], SAY("provider.contract_lasts")),
        ([("2024-01-01", "2027-11-03")], SAY("provider.contract_lasts")),
        ([("2024-01-01", "2027-11-02")], SAY("provider.contract_ends", day=date(2027, 11, 2))),
        ([("2024-01-01", "2026-11-02")], SAY("provider.contract_ends", day=date(2026, 11, 2))),
        ([("2024-01-01", "2026-11-01")], SAY("provider.contract_ended", day=date(2026, 11, 1))),
        ([("2024-01-01", "2026-06-30"), ("2026-07-01", None)], SAY("provider.contract_lasts")),
    ],
)
def test_a_contract_that_ends_within_a_year_is_told_of(
    municipality: Database, contracts: list[tuple[str, str | None]], said: str
) -> None:
    for starts, ends in contracts:
        agree(municipality, starts, ends)
    assert facts(asked(municipality).card)[SAY("provider.contract")] == said


def test_the_newest_answer_about_a_plan_goes_before_the_register(municipality: Database) -> None:
    change(municipality, care_plan="missing", treatment_plan="missing")
    assert facts(asked(municipality).card)[SAY("provider.plans")] == SAY("provider.none_missing")


def test_plans_that_the_register_lacks_are_counted_where_nobody_has_answered(tx: Transaction) -> None:
    register = Register(tx)
    home, anna = register.unit("HEM"), register.person("anna")
    for number in range(4):
        register.placement(anna, home, case=f"AKT-{number}")
    of_home = update(placement).where(placement.c.unit_id == home)
    tx.connection.execute(of_home.where(placement.c.case_reference != "AKT-0").values(care_plan="missing"))
    placed = unit_figures.open_placements(tx, units.get(tx, home), at("2026-11-02"))
    assert (placed.number, placed.missing) == (4, {"care_plan": 3, "treatment_plan": 0})


def test_the_share_on_framework_agreements_is_of_all_but_own_regi(municipality: Database) -> None:
    chat = october(municipality)
    before = facts(asked(municipality, chat=chat).card)[SAY("provider.framework")]
    assert before == SAY("provider.framework_unknown")
    change(municipality, contract_form="framework")
    shown = facts(asked(municipality, chat=chat).card)[SAY("provider.framework")]
    assert shown == SAY("provider.framework_share", percent=100, number=3, all=3)


def test_a_placement_whose_contract_nobody_tells_of_counts_as_outside_the_framework(
    municipality: Database,
) -> None:
    chat = october(municipality)
    with municipality.transaction() as tx:
        first = select(placement.c.id).where(placement.c.unit_id == unit_id(tx, "SYD")).limit(1)
        tx.connection.execute(
            update(placement).where(placement.c.id.in_(first)).values(contract_form="framework")
        )
    shown = facts(asked(municipality, chat=chat).card)[SAY("provider.framework")]
    assert shown == SAY("provider.framework_share", percent=33, number=1, all=3)


def test_the_units_contract_stands_where_the_placement_has_none_of_its_own(municipality: Database) -> None:
    chat = october(municipality)
    agree(municipality, "2024-01-01", None)
    shown = facts(asked(municipality, chat=chat).card)[SAY("provider.framework")]
    assert shown == SAY("provider.framework_share", percent=100, number=3, all=3)


def test_own_regi_is_outside_the_framework_agreements(municipality: Database) -> None:
    chat = october(municipality)
    with municipality.transaction() as tx:
        tx.connection.execute(update(unit).where(unit.c.key == "SYD").values(ownership="in_house"))
    shown = facts(asked(municipality, chat=chat).card)[SAY("provider.framework")]
    assert shown == SAY("provider.framework_own")


def test_the_last_follow_up_is_shown_with_its_verdict(municipality: Database) -> None:
    with municipality.transaction() as tx:
        followed_up = {"last_follow_up": date(2026, 5, 19), "last_verdict": "uppfyller_delvis"}
        tx.connection.execute(update(unit).where(unit.c.key == "SYD").values(**followed_up))
    shown = facts(asked(municipality).card)[SAY("provider.last_follow_up")]
    assert shown == f"19 maj 2026, {SAY('verdict.uppfyller_delvis')}"


def test_the_unit_that_was_named_comes_first(municipality: Database) -> None:
    with municipality.transaction() as tx:
        of_north = tx.connection.execute(select(unit.c.provider_id).where(unit.c.key == "NORR")).scalar_one()
        tx.connection.execute(update(unit).where(unit.c.key == "SYD").values(provider_id=of_north))
    chat = after_a_slap(municipality)
    for name, first, second in ((NORTH, "Norrgården", "Södergården"), (SOUTH, "Södergården", "Norrgården")):
        words = asked(municipality, name, chat=chat).words
        assert words.index(f"· {first}") < words.index(f"· {second}")


@pytest.mark.parametrize("typed", ["jämför", "jämför norrgården södergården", "JAMFOR", "ranking", "compare"])
@pytest.mark.parametrize("key", ["maria", "karin"])
def test_there_is_no_ranking_and_that_is_said_with_what_there_is_instead(
    municipality: Database, typed: str, key: str
) -> None:
    client = october(municipality).client(key)
    client.say(typed)
    assert SAY("no_ranking.why") in client.words
    client.press(SAY("no_ranking.status"))
    assert SAY("status.bands") in client.words
    client.say("hjälp")
    assert "jämför" not in client.words


def test_a_register_without_providers_is_told_so(database: Database) -> None:
    with database.transaction() as tx:
        Register(tx).person("maria", "manager")
    maria = october(database).client("maria")
    assert maria.say("utförare x").text == SAY("provider.none")
    maria.say("läge")
    assert SAY("status.no_responses") in maria.words


def test_what_has_changed_since_last_month_is_told_up_and_down(municipality: Database) -> None:
    chat = after_a_slap(municipality)
    maria = chat.client("maria")
    maria.say("läge")
    assert SAY("change.up", unit="Södergården", before="grön", after="röd") in maria.words
    assert SAY("status.changed", day=date(2026, 10, 31)) in maria.words
    chat.client("karin").say("läge")
    assert "Södergården: från grön till röd" in chat.client("karin").words


def test_an_alert_that_nobody_takes_is_overdue_after_two_working_days(municipality: Database) -> None:
    chat = after_a_slap(municipality)
    maria = chat.client("maria")
    for moment, late in (("2026-11-04 23:00", False), ("2026-11-05 08:00", True)):
        chat.now = at(moment)
        maria.say("läge")
        assert (SAY("status.alerts_late", n=2) in maria.words) == late


def test_all_of_it_is_said_in_english(municipality: Database) -> None:
    with municipality.transaction() as tx:
        Register(tx).person("ellen", "manager", language="en")
        assert people.by_key(tx, "ellen")
    english, chat = Texts("en"), after_a_slap(municipality)
    ellen = chat.client("ellen")
    for typed, said in (
        ("status", "responses.own"),
        ("provider södergården", "provider.plans"),
        ("provider gården", "provider.did_you_mean"),
        ("provider xyzåä", "provider.unknown"),
        ("compare", "no_ranking.title"),
    ):
        ellen.say(typed)
        assert english(said) in ellen.words, typed
        assert ellen.card["lang"] == "en"
