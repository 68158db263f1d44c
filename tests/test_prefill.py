"""What a follow-up's areas 4–6 say beforehand, from the evidence and without pointing at a child."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from sqlalchemy import insert

from followup.follow_ups.prefill import UnitEvidence, sentences
from followup.times.month import Month, Months
from followup.wording.wording import wording
from services.follow_ups.following_up import evidence_of
from storage.alerts import alerts
from storage.engine.database import Database, Transaction
from storage.engine.tables import alert_decision
from storage.register import units
from storage.risk import left_to_score, scores
from tests.support.builders import Register, at
from tests.support.desk import alerted, newest, slap
from tests.support.turns import SAY
from texts.catalogue import LANGUAGES, Texts, messages

YEAR = Months(Month(2025, 12), Month(2026, 11))
SAID_YEAR = "december 2025–november 2026"

EVIDENCE = UnitEvidence(
    as_of=date(2026, 11, 23),
    placements=5,
    band=wording("risk.band.yellow"),
    index=60,
    earlier=(Month(2025, 12), 20),
    completeness=Fraction(19, 20),
    reported=YEAR,
    events={"deviation": 2, "concern": 1},
    alerts=1,
    notified=(True, False, False),
    marked_ivo=1,
)


def said(area: str, evidence: UnitEvidence, language: str = "sv") -> str:
    return " ".join(Texts(language).say(one) for one in sentences(area, evidence))


@pytest.mark.parametrize(
    ("area", "changes", "expected"),
    [
        (
            "indicators",
            {},
            f"95\u00a0% av månadsrapporterna om {SAID_YEAR} är inne."
            " Nivån 23 november 2026 är gul, index 60 (100 är larmgränsen)."
            " Index har stigit från 20 i december 2025 till 60.",
        ),
        (
            "indicators",
            {"completeness": None, "earlier": None},
            f"Inga månadsrapporter finns att räkna för {SAID_YEAR}."
            " Nivån 23 november 2026 är gul, index 60 (100 är larmgränsen).",
        ),
        (
            "deviations",
            {},
            f"Det som höjer risktalet, {SAID_YEAR}: avvikelser (2), oro som gäller vården (1)."
            f" Ett larm {SAID_YEAR}.",
        ),
        (
            "deviations",
            {"placements": 2},
            f"Det som höjer risktalet, {SAID_YEAR}: avvikelser, oro som gäller vården"
            f" (fåtal placeringar, därför inga antal). Enheten har haft larm {SAID_YEAR}.",
        ),
        (
            "deviations",
            {"events": {}, "alerts": 0},
            f"Inget som höjer risktalet är känt från {SAID_YEAR}. Inga larm {SAID_YEAR}.",
        ),
        (
            "deviations",
            {"events": {"complaint": 4}, "alerts": 3},
            f"Det som höjer risktalet, {SAID_YEAR}: klagomål (4). 3 larm {SAID_YEAR}.",
        ),
        (
            "inspectorate",
            {},
            f"Det finns signaler om händelser {SAID_YEAR} där utföraren har anmält lex Sarah till IVO."
            f" Beslut om anmälan till IVO, {SAID_YEAR}: 1 anmälda, 2 ej anmälda.",
        ),
        (
            "inspectorate",
            {"placements": 1, "marked_ivo": 0},
            f"Anmälan till IVO har prövats {SAID_YEAR}.",
        ),
        (
            "inspectorate",
            {"notified": (), "marked_ivo": 0},
            f"Inget beslut om anmälan till IVO med beslutsdag {SAID_YEAR} är antecknat.",
        ),
    ],
)
def test_the_evidence_is_told_in_sentences(area: str, changes: dict[str, object], expected: str) -> None:
    assert said(area, replace(EVIDENCE, **changes)) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "kind", [one.removeprefix("risk.kinds.") for one in messages("sv") if one.startswith("risk.kinds.")]
)
def test_that_nothing_raises_the_ratio_is_not_said_of_any_kind_that_does(kind: str) -> None:
    told = said("deviations", replace(EVIDENCE, events={kind: 2}))
    assert f"{SAY(f'risk.kinds.{kind}')} (2)" in told
    assert SAY("follow_up.pre.no_events", months=YEAR) not in told


@pytest.mark.parametrize("floor", ["event", "safety"])
def test_a_band_that_the_index_does_not_give_says_why(floor: str) -> None:
    because = SAY(f"follow_up.pre.floor.{floor}")
    assert because in said("indicators", replace(EVIDENCE, floor=floor))
    assert because not in said("indicators", EVIDENCE)


@pytest.mark.parametrize(("index", "way"), [(60, "up"), (20, "same"), (5, "down")])
def test_the_trend_is_told_in_words(index: int, way: str) -> None:
    expected = SAY(f"follow_up.pre.index_{way}", month=Month(2025, 12), before=20, index=index)
    assert expected in said("indicators", replace(EVIDENCE, index=index))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("placements", [0, 1, 2])
def test_where_there_are_few_no_count_of_events_is_told(language: str, placements: int) -> None:
    few = replace(EVIDENCE, placements=placements)
    for area in ("deviations", "inspectorate"):
        told = said(area, few, language).replace(Texts(language).write(YEAR), "")
        assert not any(sign.isdigit() for sign in told)


def test_it_is_gathered_from_what_is_stored(municipality: Database) -> None:
    chat = alerted(municipality)
    slap(chat, kind="complaint", consequence="2", marks="")
    slap(
        chat,
        kind="deviation",
        consequence="3",
        marks="",
        situation="notified_by_provider",
        event_on="2026-10-12",
    )
    slap(chat, kind="remark", tone="praise", consequence="", marks="")
    slap(chat, kind="deviation", cause="authority", consequence="1", marks="")
    slap(chat, kind="complaint", consequence="1", marks="", event_on="2025-06-01")
    number = newest(chat).id
    with municipality.transaction() as tx:
        decide(tx, number)
        unit = units.by_key(tx, "SYD")
        assert unit is not None
        found = evidence_of(tx, unit, chat.now)
        # The two events, and the level that they give a unit measured since September.
        assert found.alerts == len(alerts.of_unit(tx, unit.id)) == 3
        latest = scores.latest(tx, unit.id)
    assert latest is not None
    assert (found.as_of, found.placements, found.index) == (chat.now.date(), 3, latest.index)
    assert found.events == {"deviation": 2, "complaint": 1}
    assert (found.notified, found.marked_ivo, found.completeness) == ((True,), 1, Fraction(1))
    assert found.earlier is not None
    assert found.earlier[0] >= Month(2025, 11)


def test_a_unit_that_nothing_is_known_of_says_so(tx: Transaction) -> None:
    unit = units.get(tx, Register(tx).unit("NY"))
    found = evidence_of(tx, unit, at("2026-11-23"))
    denied = [SAY(f"follow_up.pre.{one}", months=YEAR) for one in ("no_events", "no_alerts")]
    assert said("deviations", found) == " ".join(denied)
    assert SAY("follow_up.pre.nothing_expected", months=YEAR) in said("indicators", found)
    assert SAY("risk.band.insufficient") in said("indicators", found)
    left_to_score.leave(tx, unit.id, at("2026-11-23"))
    assert said("deviations", evidence_of(tx, unit, at("2026-11-23"))) == denied[0]


def decide(tx: Transaction, alert_id: int) -> None:
    tx.connection.execute(
        insert(alert_decision).values(
            alert_id=alert_id,
            notified=True,
            reason=tx.vault.seal("Allvarligt."),
            decided_on=date(2026, 11, 2),
            decided_by="Karin Test",
            recorded_by=2,
            recorded_at=at("2026-11-02"),
        )
    )
