"""Where there are too many to choose among, a unit and a colleague are typed by name, and what is like it is told."""

from sqlalchemy import insert

from services.named import LONGEST, MOST_OFFERED, key_or_closest
from storage.engine.database import Database
from storage.engine.tables import person, unit
from storage.register import people, units
from tests.support.builders import aad, at
from tests.support.turns import SAY, Client, october, size
from tests.test_dialog_signal import COMPLAINT, stored

# What a card may weigh, of which thousands to choose among took more than ten times as much.
BUDGET = 25_000


def many(municipality: Database) -> Client:
    """Anna in a town with more units and workers than stand in a list."""
    with municipality.transaction() as tx:
        known = units.by_key(tx, "NORR")
        assert known
        of_home = {"provider_id": known.provider_id, "form": known.form, "ownership": known.ownership}
        homes = [{**of_home, "key": f"HEM-{one}", "name": f"Hemmet {one}"} for one in range(MOST_OFFERED)]
        tx.connection.execute(insert(unit), homes)
        told = {"role": "worker", "team": "Team 9", "active": True}
        colleagues = [
            {**told, "key": f"kollega-{one}", "name": f"Kollega Nummer {one}", "teams_id": aad(f"k{one}")}
            for one in range(MOST_OFFERED)
        ]
        tx.connection.execute(insert(person), colleagues)
    return october(municipality).client("anna")


def test_a_signal_is_told_of_a_unit_by_its_name_and_one_that_is_not_known_tells_what_is_like_it(
    municipality: Database,
) -> None:
    anna = many(municipality)
    anna.say("avvikelse")
    assert size(anna.card) < BUDGET
    anna.press(SAY("signal.hand_in"), {**COMPLAINT, "unit_name": "Hemmet tolv"})
    assert "Ingen eller flera enheter heter ”Hemmet tolv”. Närmast: " in anna.words
    assert anna.inputs["unit_name"] == "Hemmet tolv"
    assert stored(anna.chat, "HEM-12") == []
    anna.say("avvikelse")
    anna.press(SAY("signal.hand_in"), {**COMPLAINT, "unit_name": "Norrga\N{COMBINING RING ABOVE}rden"})
    assert len(stored(anna.chat, "NORR")) == 1
    # By its name or its code, and as it is told and copied from there.
    for typed in ("hemmet 12", "HEM-12", "Hemmet 12 (HEM-12)", "(hem-12)", "Hemmet\N{NO-BREAK SPACE} 12"):
        before = len(stored(anna.chat, "HEM-12"))
        anna.say("avvikelse")
        anna.press(SAY("signal.hand_in"), {**COMPLAINT, "unit_name": typed})
        assert [one.kind for one in stored(anna.chat, "HEM-12")][before:] == ["complaint"]


def test_a_colleague_is_asked_to_stand_in_by_her_name_and_not_she_who_is_away(municipality: Database) -> None:
    anna = many(municipality)
    for typed, taken in (("Kollega", None), ("anna", None), ("kollega nummer 7", "kollega-7")):
        anna.say("ledig")
        assert size(anna.card) < BUDGET
        days = {"starts": "2026-11-10", "ends": "2026-11-12"}
        anna.press(SAY("leave.send"), {**days, "substitute_name": typed})
        told = f"Ingen eller flera kollegor heter ”{typed}”. Närmast: "
        assert (told in anna.words) == (taken is None)
        with municipality.transaction() as tx:
            me, other = people.by_key(tx, "anna"), people.by_key(tx, taken or "")
            assert me
            stand_ins = [
                one.substitute_id for one in people.leaves_of(tx, me.id, at("2026-11-10").date()).values()
            ]
        assert stand_ins == ([other.id] if other else [])
    # A card from when there were fewer has her chosen, who is kept where it comes back; and nobody who is no worker.
    with municipality.transaction() as tx:
        ids = {key: one.id for key in ("kollega-7", "maria") if (one := people.by_key(tx, key))}
    for key, kept in (("kollega-7", "Kollega Nummer 7"), ("maria", "")):
        anna.say("ledig")
        anna.press(SAY("leave.send"), {"starts": "2026-11-20", "ends": "", "substitute": str(ids[key])})
        assert anna.inputs["substitute_name"] == kept


def test_of_what_is_longer_than_any_name_only_the_beginning_is_compared_with_each() -> None:
    names = {"NORR": "Norrgården", **{f"HEM-{one}": f"Hemmet {one}" for one in range(3)}}
    begun = ("Hemmet " * LONGEST)[:LONGEST]
    assert key_or_closest(names, begun + "Norrgården (NORR) " * 2000) == key_or_closest(names, begun)
