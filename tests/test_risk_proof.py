import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given

from followup.risk.inputs import Inputs
from followup.risk.proof import (
    PACKED,
    canonical,
    code_version_of,
    is_long,
    is_whole,
    packed,
    read_inputs,
    sha256_of,
    text_of,
)
from followup.risk.risk import score
from tests.support.risk_builders import item, month, some_units, unit

SMALL = unit(item("A-1", "2026-12-05", "0.5", event="bråk"), exposure=(month("2026-12"),))
LARGE = replace(SMALL, items=tuple(item(f"A-{number}", event=f"bråk {number}") for number in range(600)))


@given(some_units())
def test_stored_inputs_scored_again_give_the_same_bytes_and_the_same_score(inputs: Inputs) -> None:
    text = canonical(inputs, "0.1.0")
    again = read_inputs(text)
    assert canonical(again, code_version_of(text)) == text
    assert score(again) == score(inputs)


@given(some_units())
def test_the_order_of_the_inputs_does_not_change_the_bytes(inputs: Inputs) -> None:
    turned = replace(inputs, items=inputs.items[::-1], exposure=inputs.exposure[::-1])
    assert canonical(turned, "1") == canonical(inputs, "1")


def test_the_text_has_sorted_keys_no_spaces_and_swedish_letters_as_they_are() -> None:
    text = canonical(SMALL, "1")
    assert text == json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert '"event":"bråk"' in text
    assert '"decided_by":"startvärden"' in text


def test_numbers_of_the_method_are_strings_without_trailing_zeros() -> None:
    data = json.loads(canonical(SMALL, "1"))
    assert data["items"][0]["weight"] == "0.5"
    assert data["config"]["parameters"]["base_level_prior_months"] == "200"
    assert data["base_levels"]["levels"]["jourhem"] == "0.2"


def test_the_same_weight_written_in_two_ways_gives_the_same_bytes() -> None:
    padded = replace(SMALL, items=(replace(SMALL.items[0], weight=Decimal("0.500")),))
    assert canonical(padded, "1") == canonical(SMALL, "1")


def test_another_version_of_an_item_or_of_the_code_gives_another_hash() -> None:
    regraded = replace(SMALL, items=(replace(SMALL.items[0], version=2),))
    hashes = {sha256_of(canonical(*pair)) for pair in ((SMALL, "1"), (regraded, "1"), (SMALL, "2"))}
    assert len(hashes) == 3


def test_a_hash_is_of_the_text_in_utf_8() -> None:
    assert sha256_of("åäö") == "5d0d31f63d1712b2ea533b0c4946c2f1014faf152f0c0e5ee5b81c85e8799953"


def test_a_long_text_is_kept_in_a_tenth_of_its_letters_and_is_the_same_again() -> None:
    short, long = canonical(SMALL, "1"), canonical(LARGE, "1")
    assert (packed(short), is_long(packed(short))) == (short, False)
    assert 10 * len(packed(long)) < len(long)
    assert is_long(packed(long))
    for inputs, text in ((SMALL, short), (LARGE, long)):
        assert text_of(packed(text)) == text
        assert (read_inputs(packed(text)), code_version_of(packed(text))) == (inputs, "1")
        assert is_whole(packed(text), sha256_of(text))


@pytest.mark.parametrize(
    "changed",
    [
        lambda one: one.replace(PACKED, ""),
        lambda one: one[:-40],
        lambda one: one[:2000] + "!" + one[2001:],
        lambda one: one[:2000] + ("A" if one[2000] == "B" else "B") + one[2001:],
        lambda one: PACKED,
        lambda one: packed(text_of(one).replace("A-7", "A-8")),
    ],
    ids=["without what says so", "cut", "no such letter", "another letter", "nothing", "another text"],
)
def test_a_packed_one_that_anybody_has_touched_is_not_whole(changed: Callable[[str], str]) -> None:
    text = canonical(LARGE, "1")
    assert not is_whole(changed(packed(text)), sha256_of(text))
