"""What is found in free text as a personnummer or samordningsnummer, and what is left alone."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.wording.secrecy import (
    are_numbers_of_their_own,
    cell_holds_personal_number,
    holds_personal_number,
)


@pytest.mark.parametrize(
    "number",
    [
        "20120229-2387",
        "201202292387",
        "120229-2387",
        "1202292387",
        "120229+2387",
        "20120289-2384",
        "201202892384",
        "120289-2384",
        "1202892384",
        "121212-1212",
        "19121212+1212",
        "20121212-1212",
    ],
)
def test_a_number_of_ten_or_twelve_digits_is_found(number: str) -> None:
    assert holds_personal_number(number)


@pytest.mark.parametrize(
    "number",
    [
        "20120229 2387",
        "20120229 - 2387",
        "20120229- 2387",
        "120229  2387",
        "20120229\t2387",
        "20120229-\n2387",
        "20120229–2387",
        "20120229—2387",
        "20120229\u20112387",
        "20120229\u22122387",
        "20120229\u00a02387",
        "20120229\u00ad2387",
        "20120229\u200b2387",
        "2012-02-29-2387",
        "2012-02-29 2387",
        "2012 02 29 2387",
        "12 02 29-2387",
        "2012.02.29-2387",
        "2012/02/29-2387",
        "20120229/2387",
        "20120229.2387",
        "20120229 · 2387",
        "20120229--2387",
        "120229, 2387",
        "20120229_2387",
        "120229-23 87",
        "12 02 29 23 87",
        "12.02.29.23.87",
        "12.02.01.23.55",
        "12-02-29-23-87",
        "12 02 29-23 87",
        "20 12 02 29 23 87",
        "2012 02 29 23 87",
        "1 2 0 2 2 9 2 3 8 7",
        "1 2 0 2 2 9 - 2 3 8 7",
        "2.0.1.2.0.2.2.9.2.3.8.7",
        "2O12O229-2387",
        "20l20229-2387",
        "２０１２０２２９−２３８７",
        "٢٠١٢٠٢٢٩-٢٣٨٧",
        "1️⃣2️⃣0️⃣2️⃣2️⃣9️⃣2️⃣3️⃣8️⃣7️⃣",
        "①②⓪②②⑨②③⑧⑦",
        "2\u200b0\u200b1\u200b2\u200b0229-2387",
        "201202\u202e29-2387",
        "20120229-2387²",
        "20120229 2387 kr",
        "120229-1231",
        "070512-2380",
    ],
)
def test_a_number_is_found_however_it_is_divided(number: str) -> None:
    assert holds_personal_number(number)


@pytest.mark.parametrize(
    "text",
    [
        "Samtal med 20120229-2387 i tisdags.",
        "Barnet (120229-2387) mår bra.",
        "Barnets nr:201202292387, se akten",
        "pnr20120229-2387och",
        "Åsa_20120229-2387_år",
        "**20120289-2384**",
        "<b>20120289-2384</b>",
        "Rad ett.\nRad två: 121212-1212\nRad tre.",
        "AKT-24-0117/1202292387.",
        "År 2026: 20120229-2387",
        "123456 20120229-2387",
        "559900-1234 20120229-2387",
        "2026-11-03 2012-02-29-2387",
        "20120229-2387, 12 år",
        "120229-2387-12-24",
        "🙂20120229-2387🙂",
    ],
)
def test_a_number_is_found_wherever_it_stands(text: str) -> None:
    assert holds_personal_number(text)


@pytest.mark.parametrize(
    "number",
    [
        "20120229-TF12",
        "20120229TF123",
        "120229-T238",
        "120229T238",
        "20120229-t238",
        "20120229 R12",
        "20120289-TF12",
        "Barnet (20120229-A123) mår bra.",
    ],
)
def test_a_t_number_and_a_reserve_number_are_found_without_a_check_digit(number: str) -> None:
    assert holds_personal_number(number)


@pytest.mark.parametrize(
    "text",
    [
        "20121329-TF12",
        "20120230-T238",
        "den 20261103 v45",
        "den 20261103 kl14",
        "20261103-A4-format",
        "20261103-T2387",
        "2026-11-03 K12",
        "20261103_v12.docx",
    ],
)
def test_a_date_with_letters_that_are_no_reserve_number_is_left_alone(text: str) -> None:
    assert not holds_personal_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "0705122380",
        "070-512 23 80",
        "2026-11-03 2026",
        "2012-02-29 1231",
        "2012-02-29 12:31",
        "20120229 12:31",
        "2012-02-29, 1231",
        "2012-02-29 2387 kr",
        "2012-02-29 2387:-",
        "1 202 292 387 kr",
        "2012-02-29, 23-87",
        "12/02/29 23.57",
    ],
)
def test_what_is_as_likely_a_telephone_number_a_time_a_year_or_an_amount_is_left_alone(text: str) -> None:
    assert not holds_personal_number(text)


@pytest.mark.parametrize(
    "cell",
    [
        "805122389",
        "805122389.0",
        "805122389,00",
        "805 122 389",
        "805\u00a0122\u00a0389",
        " 805122389 ",
        "101012383",
        "1 202 292 387",
        "201 202 292 387",
        "1012384",
    ],
)
def test_a_number_cell_that_lost_its_first_zeros_is_found(cell: str) -> None:
    assert cell_holds_personal_number(cell)


@pytest.mark.parametrize(
    "cell", ["805122388", "20261103", "705122380", "8051223", "80", "", "805122389 kr", "AKT-805122389"]
)
def test_another_number_in_a_cell_is_left_alone(cell: str) -> None:
    assert not cell_holds_personal_number(cell)


CASES_OF_2026 = [f"2026{number:05}" for number in range(12_380, 12_390)]
CASES_OF_2021 = [f"2021{number:05}" for number in range(52_380, 52_390)]
SEEMS_COORDINATED = next(one for one in CASES_OF_2026 if cell_holds_personal_number(one))
SEEMS_BORN = next(one for one in CASES_OF_2021 if cell_holds_personal_number(one))


@pytest.mark.parametrize(
    ("numbers", "own"),
    [
        (["2025014", "2025015", "2025021"], True),
        (["2025014", "2025021"], True),
        (["2025021"], False),
        (["2025021", "2025021"], False),
        (["2025021", "2025039", "AKT-2025-014", ""], False),
        (["1012384"], False),
        # The year and five digits: with the lost zero, days 61 to 91 of a samordningsnummer and days 1 to 28.
        ([*CASES_OF_2026, SEEMS_COORDINATED], True),
        ([*CASES_OF_2021, SEEMS_BORN], True),
        ([SEEMS_COORDINATED], False),
        ([SEEMS_BORN, SEEMS_COORDINATED], False),
        # What begins with another year than one of ours can be a child's.
        (["805122388", "805122387", "805122389"], True),
    ],
)
def test_numbers_that_are_no_childs_are_a_series_when_most_are_no_personnummer(
    numbers: list[str], own: bool
) -> None:
    assert are_numbers_of_their_own(numbers) is own


@pytest.mark.parametrize(
    "row", ["1 ", "1.", "O", "O ", "12 02 ", "129929-A12 ", "120229-2380 ", "1", " ", ".", "1-2 3."]
)
def test_a_long_row_of_anything_is_looked_through_in_one_go(row: str) -> None:
    """What takes the square of its length does not end: 200 000 signs."""
    assert not holds_personal_number(row * (200_000 // len(row)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Allt är bra.",
        "070-123 45 67",
        "070-1234567",
        "+46 70 123 45 67",
        "+46701234567",
        "08-508 25 000",
        "2026-11-03",
        "20261103",
        "3/11 2026",
        "3 november 2026 kl. 14.15",
        "2026-11-03 14:15",
        "2026-11-03–2026-11-05",
        "2026-11-03 - 2026-11-05",
        "20261103-20261105",
        "AKT-24-0117",
        "AKT-24-0117, AKT-24-0118 och AKT-24-0119",
        "559900-0009",
        "5599000009",
        "16559900-0009",
        "559900-1234",
        "Faktura 1202292386",
        "Faktura 120229-2386",
        "Faktura 4711000123",
        "OCR 120229238712345",
        "20120229-XXXX",
        "120229-****",
        "20120229",
        "2387",
        "121312-1212",
        "20120230-2386",
        "120229-0000",
        "20120229-238",
        "20120229-23870",
    ],
)
def test_other_numbers_are_not_refused(text: str) -> None:
    assert not holds_personal_number(text)


def row(first: date, second: date, between: str) -> str:
    return f"{first}{between}{second}"


DAYS = st.dates(date(1990, 1, 1), date(2035, 12, 31))
BETWEEN = st.sampled_from(["–", " – ", "-", " - ", " ", "/", ", ", " till ", "\n"])


@given(st.builds(row, DAYS, DAYS, BETWEEN))
def test_from_one_day_to_another_is_never_refused(text: str) -> None:
    assert not holds_personal_number(text)


@given(st.text().filter(lambda text: sum(sign.isdigit() for sign in text) < 10))
def test_a_text_with_fewer_than_ten_digits_is_never_refused(text: str) -> None:
    assert not holds_personal_number(text)


WORDS = st.text(st.characters(exclude_categories=["Nd", "Cs"]), min_size=1)
SHORT_NUMBERS = st.integers(0, 99_999).map(str)


def alternating(words: list[str], numbers: list[str]) -> str:
    return "".join(f"{word}a{number}" for word, number in zip(words, numbers, strict=False))


@given(st.builds(alternating, st.lists(WORDS, max_size=8), st.lists(SHORT_NUMBERS, max_size=8)))
def test_short_numbers_with_words_between_are_never_refused(text: str) -> None:
    assert not holds_personal_number(text)


def luhn(nine: str) -> int:
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(nine))
    return -sum(value // 10 + value % 10 for value in doubled) % 10


@st.composite
def valid_numbers(draw: st.DrawFn) -> str:
    born, serial = draw(st.dates(date(1926, 1, 1), date(2026, 12, 31))), draw(st.integers(1, 999))
    day = born.day + draw(st.sampled_from([0, 60]))
    nine = f"{born:%y%m}{day:02d}{serial:03d}"
    century = draw(st.sampled_from(["", str(born.year)[:2]]))
    between = draw(st.sampled_from(["", "-", "+", " ", " - ", "–"]))
    return f"{century}{nine[:6]}{between}{nine[6:]}{luhn(nine)}"


@given(WORDS, valid_numbers(), WORDS)
def test_every_valid_number_is_found_between_any_words(before: str, number: str, after: str) -> None:
    assert holds_personal_number(f"{before}{number}{after}")


def test_a_long_row_of_blanks_does_not_hang_the_search() -> None:
    assert not holds_personal_number("123456" + " " * 500_000 + "x")
