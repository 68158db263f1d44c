"""How many numbers of persons are missed in free text, and how many other numbers are taken for one."""

from pathlib import Path
from random import Random

import pytest

from followup.wording.secrecy import holds_personal_number
from tests.support.written_numbers import NUMBERS, ORDINARY, Write, sentence

WRITTEN = 2_000
MISSED = {"tio siffror utan tecken": 58, "datum med tecken, blanksteg": 303}
FALSE_ALARMS = {
    "mobilnummer": 3,
    "fakturanummer, tio siffror": 19,
    "fem tvåsiffriga tal": 19,
    "datum och fyra andra siffror": 186,
}
TOLD = (Path(__file__).parent.parent / "docs" / "personnummer.md").read_text(encoding="utf-8")


def found(write: Write) -> int:
    rng = Random(20261127)
    return sum(holds_personal_number(sentence(write, rng)) for _ in range(WRITTEN))


@pytest.mark.parametrize("kind", NUMBERS)
def test_as_many_numbers_are_missed_as_the_document_says(kind: str) -> None:
    missed = WRITTEN - found(NUMBERS[kind])
    assert missed == MISSED.get(kind, 0)
    assert f"| {kind} | {missed} |" in TOLD


@pytest.mark.parametrize("kind", ORDINARY)
def test_as_many_other_numbers_are_refused_as_the_document_says(kind: str) -> None:
    refused = found(ORDINARY[kind])
    assert refused == FALSE_ALARMS.get(kind, 0)
    assert f"| {kind} | {refused} |" in TOLD
