from collections.abc import Mapping
from datetime import date

import pytest

from followup import PersonId
from followup.people import ALLOWED, Conversation, Leave, Person, Role, WhoAnswers, managers_of, may
from storage.clocks import owners
from storage.engine.database import Transaction
from storage.register import people
from tests.support.builders import Register, at

ANNA, BO, CIA, GONE = map(PersonId, (1, 2, 3, 4))
NAMES = {ANNA: "anna", BO: "bo", CIA: "cia", GONE: "gone"}


def person(number: PersonId, role: Role = Role.WORKER, *, active: bool = True) -> Person:
    key = NAMES.get(number, f"p{number}")
    return Person(number, key, key, role, "Barn", None, "sv", active)


PEOPLE = {number: person(number, active=number != GONE) for number in NAMES}
TODAY = date(2026, 11, 4)


def away(who: PersonId, starts: str, ends: str, substitute: PersonId | None = None) -> Leave:
    return Leave(who, date.fromisoformat(starts), date.fromisoformat(ends), substitute)


NOVEMBER = ("2026-11-01", "2026-11-30")


@pytest.mark.parametrize(
    ("owner", "substitute", "leaves", "answers"),
    [
        pytest.param(ANNA, None, [], ANNA, id="the owner"),
        pytest.param(ANNA, BO, [], ANNA, id="the owner though there is a substitute"),
        pytest.param(ANNA, None, [away(ANNA, *NOVEMBER, BO)], BO, id="the substitute of her leave"),
        pytest.param(ANNA, CIA, [away(ANNA, *NOVEMBER, BO)], BO, id="her leave's before the placement's"),
        pytest.param(ANNA, CIA, [away(ANNA, *NOVEMBER)], CIA, id="the placement's when her leave has none"),
        pytest.param(
            ANNA,
            CIA,
            [away(ANNA, *NOVEMBER, BO), away(BO, *NOVEMBER)],
            CIA,
            id="the placement's when the leave's is away too",
        ),
        pytest.param(ANNA, None, [away(ANNA, *NOVEMBER)], None, id="nobody when she is away alone"),
        pytest.param(ANNA, None, [away(ANNA, *NOVEMBER, GONE)], None, id="nobody when the stand-in has left"),
        pytest.param(ANNA, ANNA, [away(ANNA, *NOVEMBER)], None, id="never herself as her own substitute"),
        pytest.param(GONE, None, [], None, id="nobody when the owner has left"),
        pytest.param(GONE, BO, [], BO, id="the placement's substitute when the owner has left"),
        pytest.param(
            GONE, BO, [away(BO, *NOVEMBER, CIA)], None, id="nobody when the owner has left and he is away"
        ),
        pytest.param(
            GONE, None, [away(GONE, *NOVEMBER, CIA)], None, id="a leave of someone who has left is nothing"
        ),
        pytest.param(None, None, [], None, id="nobody without an owner"),
        pytest.param(None, BO, [], BO, id="the substitute without an owner"),
        pytest.param(99, None, [], None, id="nobody when the owner is not in the register"),
        pytest.param(ANNA, None, [away(BO, *NOVEMBER, CIA)], ANNA, id="the owner when another is away"),
    ],
)
def test_who_answers_for_a_placement(
    owner: PersonId | None, substitute: PersonId | None, leaves: list[Leave], answers: int | None
) -> None:
    assert WhoAnswers(PEOPLE, leaves, TODAY).of(owner, substitute) == answers


@pytest.mark.parametrize(
    ("starts", "ends", "answers"),
    [
        ("2026-11-04", "2026-11-04", BO),
        ("2026-11-01", "2026-11-04", BO),
        ("2026-11-04", "2026-11-30", BO),
        ("2026-11-01", "2026-11-03", ANNA),
        ("2026-11-05", "2026-11-30", ANNA),
    ],
)
def test_the_task_goes_to_the_substitute_from_the_first_to_the_last_day_and_comes_back_by_itself(
    starts: str, ends: str, answers: int
) -> None:
    assert WhoAnswers(PEOPLE, [away(ANNA, starts, ends, BO)], TODAY).of(ANNA, None) == answers


@pytest.mark.parametrize(
    ("role", "conversations"),
    [
        (
            Role.WORKER,
            {"clocks", "desk", "help", "leave", "my_tasks", "provider", "report", "settings", "signal"},
        ),
        (
            Role.QUALITY,
            {
                "help",
                "settings",
                "desk",
                "signal",
                "status",
                "provider",
                "alerts",
                "digest",
                "alert_desk",
                "signal_desk",
                "threshold",
                "case_reference",
                "selection",
                "follow_ups",
                "year_report",
                "unit_event",
                "retention",
                "team_channel",
            },
        ),
        (
            Role.MANAGER,
            {
                "clocks",
                "help",
                "settings",
                "desk",
                "status",
                "provider",
                "unanswered",
                "alerts",
                "digest",
                "own_faults",
                "retention",
            },
        ),
        (
            Role.ADMIN,
            {"help", "settings", "desk", "retention", "team_channel", "register", "deliveries", "log_review"},
        ),
    ],
)
def test_each_role_may_start_its_own_conversations_and_no_other(role: Role, conversations: set[str]) -> None:
    assert {str(one) for one in Conversation if may(person(ANNA, role), one)} == conversations


@pytest.mark.parametrize("role", Role)
def test_someone_inactive_may_nothing(role: Role) -> None:
    assert set(ALLOWED) == set(Role)
    assert not any(may(person(GONE, role, active=False), one) for one in Conversation)


@pytest.fixture
def staff(tx: Transaction) -> Mapping[str, Person]:
    """Maria leads Barn and Olof Unga; Petra once led both, and has left."""
    register = Register(tx)
    maria = register.person("maria", "manager", team="Barn")
    olof = register.person("olof", "manager", team="Unga")
    petra = register.person("petra", "manager", team="Barn", active=False)
    karin = register.person("karin", "quality", team="Kvalitet")
    register.person("own", team="Barn", manager_id=olof)
    register.person("none", team="Barn")
    register.person("left", team="Unga", manager_id=petra)
    register.person("odd", team="Unga", manager_id=karin)
    register.person("alone", team=None)
    register.person("stray", team="Vuxna", manager_id=petra)
    assert maria < olof
    return {one.key: one for one in people.everyone(tx).values()}


@pytest.mark.parametrize(
    ("worker", "managers"),
    [
        pytest.param("own", ["olof"], id="her own though her team has another"),
        pytest.param("none", ["maria"], id="the team's when she has none"),
        pytest.param("left", ["olof"], id="the team's when her own has left"),
        pytest.param("odd", ["olof"], id="the team's when the one named is no manager"),
        pytest.param("alone", ["maria", "olof"], id="every manager when she has no team"),
        pytest.param("stray", ["maria", "olof"], id="every manager when her team has none"),
        pytest.param(None, ["maria", "olof"], id="every manager for what is nobody's"),
    ],
)
def test_whose_manager_is_told(staff: Mapping[str, Person], worker: str | None, managers: list[str]) -> None:
    everyone = {one.id: one for one in staff.values()}
    found = managers_of(everyone, staff[worker] if worker else None)
    assert sorted(one.key for one in found) == managers


def test_only_the_active_have_a_role(tx: Transaction, staff: Mapping[str, Person]) -> None:
    assert [one.key for one in people.with_role(tx, Role.MANAGER)] == ["maria", "olof"]


def test_a_new_leave_replaces_the_one_that_was_said_before(
    tx: Transaction, staff: Mapping[str, Person]
) -> None:
    own, stand_in = staff["own"].id, staff["none"].id
    people.record_leave(tx, away(own, "2026-11-02", "2026-11-20", stand_in), at("2026-11-01"))
    people.record_leave(tx, away(own, "2026-11-02", "2026-11-06"), at("2026-11-02"))
    assert people.leaves(tx, TODAY) == [away(own, "2026-11-02", "2026-11-06")]
    people.cancel_leaves(tx, people.leaves_of(tx, own, at("2026-11-04").date()), at("2026-11-04"))
    assert people.leaves(tx, TODAY) == []


@pytest.mark.parametrize(("day", "number"), [("2026-11-06", 1), ("2026-11-07", 0)])
def test_a_leave_is_over_the_day_after_its_last(
    tx: Transaction, staff: Mapping[str, Person], day: str, number: int
) -> None:
    people.record_leave(tx, away(staff["own"].id, "2026-11-02", "2026-11-06"), at("2026-11-01"))
    assert len(people.leaves(tx, date.fromisoformat(day))) == number


def test_who_has_become_a_manager_answers_for_no_placement() -> None:
    everyone = {**PEOPLE, ANNA: person(ANNA, Role.MANAGER)}
    assert WhoAnswers(everyone, [], TODAY).of(ANNA, None) is None
    assert WhoAnswers(everyone, [], TODAY).of(ANNA, BO) == BO


def test_a_managers_people_are_found_by_index_as_the_rule_has_them(
    tx: Transaction, staff: Mapping[str, Person]
) -> None:
    everyone = people.everyone(tx)
    leading = [one for one in everyone.values() if one.role == Role.MANAGER]
    for manager in leading:
        expected = {one.id for one in everyone.values() if manager in managers_of(everyone, one)}
        assert set(people.led_by(tx, manager)) == expected
    assert len(leading) == 3 and any(not one.active for one in leading)


@pytest.mark.parametrize("nobodys", [True, False])
def test_open_placements_are_found_by_owner_and_those_without_one_where_they_are_wanted(
    tx: Transaction, nobodys: bool
) -> None:
    register = Register(tx)
    anna, bo = register.person("anna"), register.person("bo")
    where = register.unit("NORR")
    hers, _, alone = (register.placement(owner, where, case=f"AKT-{owner}") for owner in (anna, bo, None))
    given = register.placement(bo, where, case="AKT-GIVEN")
    register.owner(given, anna, since="2026-11-01")
    later = register.placement(None, where, case="AKT-LATER")
    register.owner(later, anna, since="2026-12-01")
    of_people = owners.of_people(tx, [anna], TODAY, TODAY, nobodys=nobodys)
    found = {one.id for one in owners.open_and_followed(of_people, TODAY)}
    assert found == ({hers, given, alone, later} if nobodys else {hers, given})
