"""Two spellings of a key that are the same to whoever reads them."""

import pytest

from followup.wording.spelling import is_alike, with_code_points

ZERO_WIDTH, HARD_HYPHEN, HARD_BLANK, SOFT_HYPHEN = "\u200b", "\u2011", "\u00a0", "\u00ad"


@pytest.mark.parametrize(
    "other",
    [
        *(
            "bu-2025-014",
            "BU 2025-014",
            "BU2025-014",
            "BU–2025–014",
            "BU-2025014",
            "BU2025014",
            " BU-2025-014",
        ),
        f"BU-2025{ZERO_WIDTH}-014",
        f"BU{HARD_HYPHEN}2025{HARD_HYPHEN}014",
        f"BU{HARD_BLANK}2025-014",
        f"BU-20{SOFT_HYPHEN}25-014",
        "BU\N{MINUS SIGN}2025-014",
        "\N{FULLWIDTH LATIN CAPITAL LETTER B}U-2025-014",
    ],
)
def test_the_eye_passes_over_case_blanks_dashes_and_what_is_not_seen(other: str) -> None:
    assert is_alike("BU-2025-014", other)
    assert is_alike(other, "BU-2025-014")


@pytest.mark.parametrize(
    ("one", "other"),
    [("1-23", "12-3"), ("E-01", "E-1"), ("annber", "annbär"), ("BU-1-12", "BU-11-2"), ("E-01", "E-01A")],
)
def test_other_keys_are_others(one: str, other: str) -> None:
    assert not is_alike(one, other)


def test_what_cannot_be_seen_is_shown_by_its_number() -> None:
    assert with_code_points(f"E{HARD_HYPHEN}01{ZERO_WIDTH}") == "E[U+2011]01[U+200B]"
    assert with_code_points("Åsa-01") == "Åsa-01"
