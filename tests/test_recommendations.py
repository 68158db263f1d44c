"""What a person recommends in a report: kept in versions, in the report to the board and not in the public one."""

from dataclasses import replace
from io import BytesIO

import docx
import pytest
from sqlalchemy import select

from documents.report.material import Internal
from documents.report.october import october_report
from documents.report.recommendations import recommendations as blocks
from followup.figures.recommendations import Recommendations, parts_of
from followup.people import Role
from followup.wording.wording import Problem, wording
from services.acting import Refused, Why
from services.overview.recommending import recommend, versions_of
from storage.engine.database import Database
from storage.engine.tables import placement
from storage.overview import recommendations
from tests.support.builders import at
from tests.support.deeds import acting_as, entries_of, everything, trial
from tests.support.other_template import other_template
from tests.support.public_towns import Home, town
from tests.support.year_stage import drafted, facts_of
from texts.catalogue import Texts

SAY = Texts("sv")
NOW, LATER = at("2026-10-01 09:00"), at("2026-10-02 09:00")
TEXT = "Nämnden bör:\n- begära nya planer\n- följa upp i mars\n\nResten kan vänta."
HEADING = SAY("year.recommendations")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        (" \n\n", []),
        ("En rad.\nEn till.", ["En rad.", "En till."]),
        (TEXT, ["Nämnden bör:", ["begära nya planer", "följa upp i mars"], "Resten kan vänta."]),
        ("* a\n• b\n–c\n- d", [["a", "b"], "–c", ["d"]]),
        ("-5 grader är ingen punkt", ["-5 grader är ingen punkt"]),
    ],
)
def test_a_text_is_paragraphs_and_lists(text: str, parts: list[str | list[str]]) -> None:
    assert list(parts_of(text)) == parts


@pytest.mark.parametrize("role", [Role.WORKER, Role.MANAGER])
def test_only_those_who_make_the_report_read_and_write_them(municipality: Database, role: Role) -> None:
    key = {Role.WORKER: "anna", Role.MANAGER: "maria"}[role]
    with trial(municipality) as tx:
        by, before = acting_as(tx, key, NOW), everything(tx)
        assert recommend(by, 2026, 0, {"text": TEXT}) == Refused(Why.NOT_HERS)
        assert versions_of(by, 2026) == Refused(Why.NOT_HERS)
        assert everything(tx) == before
        assert entries_of(tx, key)[-1] == ("refused", "recommendations:2026")


def test_each_version_stays_and_nobody_writes_over_what_she_has_not_seen(municipality: Database) -> None:
    with trial(municipality) as tx:
        karin, later = acting_as(tx, "karin", NOW), acting_as(tx, "karin", LATER)
        assert recommend(karin, 2026, 0, {"text": ""}) is None
        first = recommend(karin, 2026, 0, {"text": TEXT})
        assert first == Recommendations(2026, 1, TEXT, "Karin Test", NOW)
        # The same again, from a page of before: it stands so, and nothing more is kept.
        assert recommend(later, 2026, 0, {"text": f" {TEXT} "}) == first
        assert recommend(later, 2026, 0, {"text": "Annat."}) == Refused(Why.CHANGED)
        assert recommend(later, 2025, 0, {"text": "Annat."}) is not None
        number = Problem("text", wording("form.personal_number"))
        refused = recommend(later, 2026, 1, {"text": "Barnet 20120131-2384 bör flytta."})
        assert isinstance(refused, Refused)
        assert (refused.why, [one.field for one in refused.problems]) == (Why.WRONG, [number.field])
        reference = tx.connection.scalars(select(placement.c.case_reference)).first()
        assert reference
        for named in (
            f"Barnet ({reference}).",
            f"om {reference.lower()}, som",
            f"{reference}:s syskon",
            f"[{reference}]/nästa",
            f"{reference}:s plan",
            f"{reference}s plan",
            f"{reference}-ärendet",
            f"akt={reference}/BU-0000-000",
            f"*{reference}* och _{reference}_",
        ):
            found = recommend(later, 2026, 1, {"text": named})
            child = Problem("text", wording("recommendations.names_a_child"))
            assert found == Refused(Why.WRONG, (child,))
        recommend(later, 2026, 1, {"text": f"Nummer {reference}9 är ingens."})
        recommend(later, 2026, 2, {"text": ""})
        told = versions_of(later, 2026)
        assert not isinstance(told, Refused)
        assert [(one.version, one.text) for one in told] == [
            (1, TEXT),
            (2, f"Nummer {reference}9 är ingens."),
            (3, ""),
        ]
        written = [subject for act, subject in entries_of(tx, "karin") if act == "write"]
        assert written == ["recommendations:2026", "recommendations:2025", *["recommendations:2026"] * 2]


def headings(content: bytes) -> list[str]:
    return [
        one.text
        for one in docx.Document(BytesIO(content)).paragraphs
        if one.style and "Heading" in (one.style.name or "")
    ]


def words_of(content: bytes) -> str:
    return "\n".join(one.text for one in docx.Document(BytesIO(content)).paragraphs)


@pytest.fixture(scope="module")
def demo() -> Internal:
    facts = town(Home(6), Home(7, "stodboende"), Home(6, ownership="in_house", provider="Kommunen"))
    return drafted(
        replace(facts, recommendations=Recommendations(2026, 1, f"{TEXT} {{{{ x }}}} <b>", "Karin Lind", NOW))
    )


@pytest.mark.parametrize("template", [None, other_template()], ids=["the default", "another municipality's"])
def test_the_section_stands_in_the_report_to_the_board(demo: Internal, template: bytes | None) -> None:
    report = october_report(replace(demo, template=template))
    assert headings(report).count(HEADING) == 1
    said = words_of(report)
    assert "begära nya planer" in said
    assert "Resten kan vänta. {{ x }} <b>" in said
    assert SAY("year.recommendations.by", name="Karin Lind", day=NOW.date()) in said


def test_there_is_no_section_in_public_nor_where_nothing_is_written(demo: Internal) -> None:
    assert blocks(demo)
    assert blocks(demo.public) == []
    for written in (None, Recommendations(2026, 2, "", "Kim", NOW)):
        assert blocks(replace(demo, facts=replace(demo.facts, recommendations=written))) == []


def test_a_report_as_of_an_earlier_day_has_what_was_written_then(municipality: Database) -> None:
    with municipality.transaction() as tx:
        author = acting_as(tx, "karin", NOW).person.id
        recommendations.add(tx, 2026, 1, "Först.", author, NOW)
        recommendations.add(tx, 2026, 2, "Sedan.", author, LATER)
    for now, text in ((at("2026-09-30 09:00"), None), (NOW, "Först."), (LATER, "Sedan.")):
        found = facts_of(municipality, now=now).recommendations
        assert (found and found.text) == text
