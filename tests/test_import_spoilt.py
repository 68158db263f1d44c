"""Text under the wrong character table is known by the words that it spoils, and right names are not taken for it."""

from itertools import product

import pytest

from documents.imports.spoilt import spoilt_page, spoilt_text

BEGINNINGS = ("Björk", "Sjö", "Ström", "Öst", "Väster", "Hög", "Lönn", "Åker", "Häll", "Grön", "Löf", "Berg")
ENDINGS = ("berg", "ström", "gren", "kvist", "dahl", "lund", "sjö", "bäck", "löf", "åsen")
FIRST = ("Åsa", "Håkan", "Göran", "Märta", "Pär", "Jörgen", "Anna", "Björn", "Mårten", "Gösta", "Maj-Lis")
NAMES = [f"{first} {beginning}{ending}" for first, beginning, ending in product(FIRST, BEGINNINGS, ENDINGS)]
WRITTEN = [name for name in NAMES if not name.isascii()]


def read_wrongly(text: str, written_as: str, read_as: str) -> str | None:
    """None where the bytes cannot be read so at all."""
    try:
        return text.encode(written_as).decode(read_as)
    except UnicodeDecodeError:
        return None


@pytest.mark.parametrize(("page", "what"), [("mac_roman", "mac"), ("cp850", "dos"), ("cp437", "dos")])
def test_a_file_of_names_from_another_machine_is_recognised(page: str, what: str) -> None:
    spoilt = [text for name in WRITTEN if (text := read_wrongly(name, page, "cp1252"))]
    known = [text for text in spoilt if spoilt_page([text])]
    assert len(known) > 0.95 * len(spoilt)
    for start in range(len(spoilt) - 5):
        found = spoilt_page(spoilt[start : start + 5])
        assert found is not None
        assert found.id == f"import.spoilt.{what}"


@pytest.mark.parametrize("page", ["latin-1", "cp1252", "mac_roman", "cp850", "cp437"])
def test_each_name_that_was_encoded_twice_is_recognised(page: str) -> None:
    spoilt = [text for name in WRITTEN if (text := read_wrongly(name, "utf-8", page))]
    assert spoilt
    assert all(map(spoilt_text, spoilt))


def test_a_name_that_was_encoded_three_times_is_recognised() -> None:
    twice = "Sjöberg".encode().decode("cp1252").encode().decode("cp1252")
    assert spoilt_text(twice)


def test_a_lost_sign_is_recognised() -> None:
    assert spoilt_text("Sj\N{REPLACEMENT CHARACTER}berg")


@pytest.mark.parametrize(
    "text",
    [
        *(
            "Dušan Petrović",
            "Saša",
            "Nataša Bošnjak",
            "Miloš",
            "Tomaš",
            "Šarlija",
            "ŠABAN",
            "Škoda",
            "Štefan",
        ),
        *(
            "Borštnar",
            "Vaikšnoras",
            "Paukštė",
            "Ozoliņš",
            "Krško",
            "Pernštejn",
            "Dvořák",
            "Hršak",
            "Jurkšaitis",
        ),
        *(
            "Živković",
            "Žaklina",
            "Anžlovar",
            "Œuvre",
            "JOÃO",
            "São Tomé",
            "Müller",
            "André",
            "Søren",
            "Łukasz",
        ),
        *("”hej” sade hon", "MALMÖ–LUND", "’PÅ’", "ja…men", "…och sedan", "5€", "€ 10", "100 €per", "† 2019"),
        *("O’Brien", "L’Oréal", "”Sjöberg”", "„Ja“", "Lego™", "naïve", "A×B", "20 °C", "§ 5", "½"),
    ],
)
def test_what_is_rightly_written_is_left_alone(text: str) -> None:
    assert spoilt_page([text]) is None
    assert spoilt_text(text) is None


def test_no_right_name_is_taken_for_a_spoilt_one() -> None:
    assert spoilt_page(NAMES) is None
    assert not any(map(spoilt_text, NAMES))
