"""The method's document: what it cannot do comes first, and its table is the one that the simulation prints."""

import re
import subprocess
import sys
from functools import cache
from random import Random

import pytest

from bench.method import NORMAL, SIZES, Followed, followed, table, table_of_readings
from bench.processes import ROOT

DOCUMENT = (ROOT / "docs" / "method.md").read_text()


@cache
def printed() -> tuple[str, str]:
    """What the command prints, simulated by the first test that asks: the table, and that of the readings."""
    command = [sys.executable, "-m", "bench.method", "--municipalities", "1"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    first, second = done.stdout.rstrip("\n").split("\n\n")
    return first, second


def without_numbers(text: str) -> str:
    return re.sub(r"\d+(,\d+)?", "#", text)


def test_the_table_in_the_document_has_the_form_of_the_one_that_is_printed() -> None:
    assert "`python -m bench.method`" in DOCUMENT
    for told in printed():
        assert without_numbers(told) in without_numbers(DOCUMENT)


def test_what_it_cannot_do_is_said_first() -> None:
    headings = re.findall(r"^## (.+)$", DOCUMENT, re.MULTILINE)
    assert headings[0] == "Vad metoden inte kan"


def test_another_seed_gives_another_table() -> None:
    assert table(1, seed=7) != printed()[0]


def test_the_command_prints_the_tables() -> None:
    assert printed() == (table(1), table_of_readings(1))


def test_a_municipality_has_eighteen_units_with_28_placements() -> None:
    units = [one for one, _ in followed(Random(1), 1, NORMAL, 3)]
    assert (len(units), sum(one.placements for one in units)) == (18, 28)
    assert sum(SIZES) == 28


def test_where_the_providers_reports_do_not_come_the_rule_as_it_is_written_makes_fewer_red() -> None:
    """The same units by both readings: what is red by the rule is red as the bot reads it too."""
    pairs = list(followed(Random(3), 2, NORMAL, 24, not_come=0.3))
    red = [(bot.bands.count("red"), rule.bands.count("red")) for bot, rule in pairs]
    assert all(by_bot >= by_rule for by_bot, by_rule in red)
    assert sum(by_bot for by_bot, _ in red) > sum(by_rule for _, by_rule in red)


@pytest.mark.parametrize(
    ("before", "bands", "red", "raised", "found"),
    [
        ("green", ("green", "red", "red", "yellow", "red"), 2, 1, True),
        ("green", ("yellow", "yellow", "green", "yellow"), 0, 2, False),
        ("red", ("red", "yellow"), 0, 0, True),
        ("green", ("green", "green", "green", "red"), 1, 1, False),
    ],
)
def test_an_alarm_is_a_band_that_is_entered(
    before: str, bands: tuple[str, ...], red: int, raised: int, *, found: bool
) -> None:
    one = Followed(1, before, bands)
    assert (one.entered("red"), one.entered("red", "yellow")) == (red, raised)
    assert one.red_within(3) == found
