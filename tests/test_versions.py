"""How a row of a file stands to what is stored: new, the same, changed, or taken over by a person."""

from datetime import timedelta

import pytest

from followup.month.versions import AgainstStored, Version, against_stored, next_version
from tests.support.builders import at

FILE, PERSON = True, False


def versions(*stored: tuple[str, bool]) -> list[Version[str]]:
    first = at("2026-11-01")
    return [
        Version(number, content, first + timedelta(days=number), imported)
        for number, (content, imported) in enumerate(stored, 1)
    ]


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        ((), "new"),
        ((("a", FILE),), "same"),
        ((("b", FILE),), "changed"),
        ((("b", FILE), ("a", FILE)), "same"),
        # What a person wrote stands; the file that she corrected may still be read again.
        ((("b", PERSON),), "taken"),
        ((("a", PERSON),), "taken"),
        ((("a", FILE), ("b", PERSON)), "same"),
        ((("b", FILE), ("c", PERSON)), "taken"),
        ((("b", PERSON), ("c", FILE)), "changed"),
    ],
)
def test_a_row_is_read_against_all_versions(
    stored: tuple[tuple[str, bool], ...], expected: AgainstStored
) -> None:
    assert against_stored(versions(*stored), "a") == expected


def test_the_next_version_follows_the_last() -> None:
    assert [next_version(versions(*[("a", FILE)] * number)) for number in (0, 1, 3)] == [1, 2, 4]
