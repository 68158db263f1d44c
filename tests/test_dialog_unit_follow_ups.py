"""A unit's follow-ups: what the quality team, a manager and a worker read of them, and what of a visit to come."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from followup import CycleId, FollowUpId, PersonId, UnitId
from followup.follow_ups.follow_up import CANCELLED, CLOSED, STEPS, FollowUp, as_known_outside
from services.follow_ups import following_up
from storage.engine.database import Database
from storage.follow_ups import actions, follow_ups
from storage.register import units
from tests.support.builders import at
from tests.support.logged_acts import acts
from tests.support.told_once import told_once
from tests.support.turns import SAY, Chat, october
from tests.support.year_builders import cycle
from tests.test_dialog_unit import facts

NOW = at("2026-10-20")
# What is written in it, and the day of the visit.
SECRETS = ("Rutinen saknades.", "Trygg miljö.", "20 oktober", "2026-10-20")
WRITTEN = {"areas": {"values": SECRETS[0]}, "strengths": SECRETS[1], "held_on": date(2026, 10, 20)}


@told_once
def followed(municipality: Database, /, *, selected: bool = False, **fields: Any) -> tuple[Chat, FollowUp]:
    """A follow-up of Södergården as it stands after what has been written, with an action."""
    judged_on = date(2026, 10, 21) if fields.get("verdict") else None
    with municipality.transaction() as tx:
        of_cycle = cycle(tx, 2) if selected else None
        opened = follow_ups.open_new(tx, UnitId(2), PersonId(2), NOW, cycle_id=of_cycle)
        assert opened is not None
        saved = following_up.save(
            tx, replace(opened, **{**WRITTEN, "verdict_on": judged_on, **fields}), PersonId(2), NOW
        )
        due = date(2026, 12, 1)
        actions.add(
            tx,
            saved.id,
            what="Skriv en rutin.",
            owner_id=PersonId(2),
            due_on=due,
            author_id=PersonId(2),
            now=NOW,
        )
    return october(municipality), saved


def words(chat: Chat, key: str) -> str:
    client = chat.client(key)
    client.say("utförare södergården")
    return client.words


def test_a_manager_reads_step_and_no_text_before_the_verdict(municipality: Database) -> None:
    chat, saved = followed(municipality, step="collect", method="visit")
    said = words(chat, "maria")
    assert f"{saved.number} · Steg 3 av 5" in said
    assert SAY("unit_follow_ups.no_verdict") in said
    assert not any(secret in said for secret in (*SECRETS, "rutin"))
    assert SAY("unit_follow_ups.read") not in chat.client("maria").buttons
    forged = chat.client("maria").forge("unit_follow_up", {"follow_up": saved.id})
    assert (forged.card, forged.notice) == (None, SAY("follow_up.unknown"))
    with municipality.transaction() as tx:
        assert (str(acts(tx, "refused")[-1][2])) == f"follow_up:{saved.id}"


def test_a_manager_reads_verdict_actions_and_texts_after_it(municipality: Database) -> None:
    chat, saved = followed(municipality, step="act", method="visit", verdict="partly")
    said = words(chat, "maria")
    assert SAY("choice.verdict.partly") in said
    assert "Å-1 · Skriv en rutin." in said
    assert "öppen · klar senast 1 december 2026" in said
    assert "Karin" not in said
    maria = chat.client("maria")
    maria.press(SAY("unit_follow_ups.read"), row=f"{saved.number} · Steg 5 av 5: åtgärda")
    assert SECRETS[0] in maria.words
    assert SECRETS[1] in maria.words
    with municipality.transaction() as tx:
        assert str(acts(tx, "read")[-1][2]) == f"follow_up:{saved.id}"
    maria.press(SAY("unit_follow_ups.to_unit"))
    assert SAY("choice.verdict.partly") in maria.words


def test_a_worker_reads_name_provider_form_band_last_verdict_and_how_many_are_open(
    municipality: Database,
) -> None:
    chat, _ = followed(municipality, step="act", method="visit", verdict="partly")
    with municipality.transaction() as tx:
        units.record_follow_up(tx, UnitId(2), date(2025, 5, 1), "uppfyller")
        provider = units.get(tx, UnitId(2)).provider_name
    said = words(chat, "anna")
    assert facts(chat.client("anna").card) == {
        SAY("provider.form"): SAY("form_of_care.hvb"),
        SAY("provider.last_follow_up"): "uppfyller kraven",
        SAY("provider.open_follow_ups"): "1",
    }
    assert provider in said
    assert "Södergården" in said
    assert [one["type"] for one in chat.client("anna").card["body"]].count("Chart.Line") == 0
    assert not any(secret in said for secret in (*SECRETS, "rutin", "UF-1", SAY("small.quality_reads")))
    forged = chat.client("anna").forge("unit_follow_up", {"follow_up": 1})
    assert (forged.card, forged.notice) == (None, SAY("follow_up.unknown"))


@pytest.mark.parametrize("selected", [False, True])
@pytest.mark.parametrize(
    "planned",
    [
        pytest.param({"step": "plan", "method": None}, id="not planned"),
        pytest.param({"step": "collect", "method": "unannounced"}, id="to come"),
        pytest.param({"step": "act", "method": "unannounced", "verdict": "not"}, id="held"),
        pytest.param({"step": CANCELLED, "method": "unannounced", "reason": "Flyttad."}, id="cancelled"),
    ],
)
def test_what_is_or_may_become_unannounced_looks_the_same_outside_the_quality_team(
    municipality: Database, selected: bool, planned: Mapping[str, Any]
) -> None:
    """An ad hoc one does not exist; a selected unit has one that nobody has begun, as all the selected have."""
    chat, saved = followed(municipality, selected=selected, **planned)
    said = words(chat, "maria")
    assert (f"{saved.number} · Steg 1 av 5" in said) == selected
    assert not any(one in said for one in (*SECRETS, "rutin", "Å-1", SAY("choice.verdict.not"), "Flyttad."))
    words(chat, "anna")
    assert facts(chat.client("anna").card)[SAY("provider.open_follow_ups")] == ("1" if selected else "0")
    for key in ("maria", "anna"):
        forged = chat.client(key).forge("unit_follow_up", {"follow_up": saved.id})
        assert (forged.card, forged.notice) == (None, SAY("follow_up.unknown"))
    if saved.step != CANCELLED:
        assert saved.number in words(chat, "karin")


@pytest.mark.parametrize("step", [*STEPS, CLOSED, CANCELLED])
@pytest.mark.parametrize("method", [None, "visit", "digital", "unannounced"])
def test_what_is_known_outside_never_holds_what_was_written_of_a_visit_that_may_be_secret(
    step: str, method: str | None
) -> None:
    written: dict[str, Any] = {**WRITTEN, "step": step, "method": method}
    saved = replace(
        FollowUp(
            FollowUpId(1),
            UnitId(2),
            CycleId(1),
            None,
            NOW,
            PersonId(2),
            1,
            "analyse",
            PersonId(2),
            PersonId(2),
            NOW,
        ),
        **written,
    )
    known = as_known_outside(saved)
    assert known is not None
    open_to_all = step == CLOSED or method in ("visit", "digital") or (step == CANCELLED and method is None)
    assert (known == saved) == open_to_all
    if not open_to_all:
        assert (known.step, known.method, known.areas, known.held_on) == ("analyse", None, {}, None)


def test_a_worker_who_asks_for_a_comparison_is_offered_nothing_that_she_may_not_press(
    municipality: Database,
) -> None:
    anna = october(municipality).client("anna")
    anna.say("ranking")
    assert anna.buttons == []
