"""How the catalogue speaks: values written the language's way, plurals, and what happens to what it lacks."""

from datetime import UTC, date, datetime
from decimal import Decimal
from unicodedata import normalize

import pytest

from followup.times.month import Month
from followup.wording.wording import Wording, wording
from texts.catalogue import LANGUAGES, MissingTextError, Texts, messages

SV, EN = Texts("sv"), Texts("en")


@pytest.mark.parametrize(
    ("value", "swedish", "english"),
    [
        (date(2026, 11, 3), "3 november 2026", "3 November 2026"),
        (date(2028, 2, 29), "29 februari 2028", "29 February 2028"),
        (datetime(2026, 11, 2, 7, 0, tzinfo=UTC), "2 november 2026 08:00", "2 November 2026 08:00"),
        (datetime(2026, 7, 1, 22, 30, tzinfo=UTC), "2 juli 2026 00:30", "2 July 2026 00:30"),
        (Month(2026, 11), "november 2026", "November 2026"),
        (Month(2027, 5), "maj 2027", "May 2027"),
        (1.5, "1,50", "1.50"),
        (0.0, "0,00", "0.00"),
        (1.98765, "1,99", "1.99"),
        (0.126, "0,13", "0.13"),
        (12345.6, "12345,60", "12345.60"),
        (Decimal("0.5"), "0,5", "0.5"),
        (Decimal("2"), "2", "2"),
        (7, "7", "7"),
        ("Åsa Öberg", "Åsa Öberg", "Åsa Öberg"),
    ],
)
def test_a_value_is_written_as_people_read_it(value: object, swedish: str, english: str) -> None:
    assert (SV.write(value), EN.write(value)) == (swedish, english)


def test_a_day_is_named_with_its_weekday() -> None:
    assert SV.weekday(date(2026, 11, 5)) == "torsdag 5 november"
    assert EN.weekday(date(2026, 11, 5)) == "Thursday 5 November"


def test_values_are_written_inside_a_text() -> None:
    earliest = date(2000, 1, 1)
    assert SV("form.too_old_date", earliest=earliest) == "Datumet får inte vara tidigare än 1 januari 2000."
    assert EN("form.too_old_date", earliest=earliest) == "The date must not be earlier than 1 January 2000."


def test_a_wording_inside_a_wording_is_said_in_the_same_language() -> None:
    beside = wording(
        "risk.band.beside", band=wording("risk.band.red"), insufficient=wording("risk.band.insufficient")
    )
    held = wording("risk.held", band=beside, readings=2)
    assert SV.say(held).startswith("Nivån ligger kvar på röd, otillräckligt underlag tills 2 månadsslut")
    assert EN.say(held).startswith("The level stays red, too little evidence until 2 month ends")


@pytest.mark.parametrize(
    ("n", "swedish", "english"),
    [
        (0, "Och 0 rader till.", "And 0 more rows."),
        (1, "Och en rad till.", "And one more row."),
        (2, "Och 2 rader till.", "And 2 more rows."),
        (21, "Och 21 rader till.", "And 21 more rows."),
    ],
)
def test_the_number_chooses_the_form(n: int, swedish: str, english: str) -> None:
    assert (SV("evidence.more", n=n), EN("evidence.more", n=n)) == (swedish, english)


def test_a_number_in_a_text_with_one_form_is_only_a_value() -> None:
    assert SV("list.more", n=1) == "Visa 1 till"
    assert SV("list.more", n=5) == "Visa 5 till"


def test_braces_in_a_value_stay_as_they_are() -> None:
    assert SV("report.title", case="{unit} {0} {{}}") == "{unit} {0} {{}}"


@pytest.mark.parametrize("language", ["fi", "sv-SE", "", "EN", "xx"])
def test_an_unknown_language_is_answered_in_swedish(language: str) -> None:
    say = Texts(language)
    assert (say.language, say("help.do"), say.write(1.5)) == ("sv", "Visa", "1,50")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("values", [{}, {"n": 1}, {"n": 2}])
def test_an_unknown_text_is_never_said(language: str, values: dict[str, object]) -> None:
    with pytest.raises(MissingTextError):
        Texts(language).say(Wording("no.such.text", values))


def test_a_text_without_one_of_its_values_is_never_said() -> None:
    with pytest.raises(KeyError):
        SV("help.title")


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_knows_what_it_has(language: str) -> None:
    say = Texts(language)
    assert say.has("report.free_text.hint")
    assert say.has("form.problems")
    assert not say.has("report.health.hint")


def test_the_swedish_letters_come_through_whole() -> None:
    assert SV("command.status") == "läge"
    assert SV("correct.open") == "Rätta"
    assert SV("choice.mark.abuse") == "Övergrepp"
    assert SV("choice.reason.age") == "Ålder"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_in_one_unicode_form_and_was_read_as_utf_8(language: str) -> None:
    for id_, forms in messages(language).items():
        text = "\n".join(forms)
        assert text == normalize("NFC", text), id_
        assert not set("Ã�Â") & set(text), id_
