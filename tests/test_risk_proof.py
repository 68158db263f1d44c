import json
from dataclasses import replace
from decimal import Decimal

from hypothesis import given

from followup.risk.inputs import Inputs
from followup.risk.proof import canonical, code_version_of, read_inputs, sha256_of
from followup.risk.risk import score
from tests.support.risk_builders import item, month, some_units, unit

SMALL = unit(item("A-1", "2026-12-05", "0.5", event="bråk"), exposure=(month("2026-12"),))


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
