"""Every sentence that denies or counts is true: in walks through months, with people who type and press at random.

Which sentences are checked so, and why the others need not be, is a table; a new one that is not in it fails.
`make walk` walks through more towns, and for longer.
"""

import os
import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from storage.engine.database import Database
from tests.conftest import open_file
from tests.support import (
    claims_desk,
    claims_follow_ups,
    claims_letter,
    claims_month,
    claims_overview,
    claims_units,
)
from tests.support.as_file import rows_of
from tests.support.claims import CLAIMS, broken
from tests.support.heard import forms, heard
from tests.support.kinds_of_texts import SELDOM, SHOWN_BY, TOURED, counts, denying, kind_of, shown_by
from tests.support.odd_walk import OddWalk
from tests.support.sentence_town import make_town
from tests.support.sentence_walk import SentenceWalk
from tests.support.told import Then, Told
from tests.support.turns import october

TOWNS = int(os.environ.get("WALK_SENTENCES", "2"))
TURNS = 100 if TOWNS < 10 else 500
# How each language surely denies, and what the other may say for it.
DENIES = {
    "sv": re.compile(
        r"\b(inga|ingen|inget|ingenting|inte|saknas|saknar|aldrig|varken|ej|nej)\b", re.IGNORECASE
    ),
    "en": re.compile(r"\b(no|not|none|nobody|nothing|never|neither|cannot|missing)\b", re.IGNORECASE),
}
MAY_DENY = {
    "sv": re.compile(
        rf"{DENIES['sv'].pattern}|\b(utan|vid sidan|nekade|fattas|slippa|otillräckligt)\b", re.IGNORECASE
    ),
    "en": re.compile(rf"{DENIES['en'].pattern}|\b(unless|without|lack|left out|undecided)\b", re.IGNORECASE),
}
# "No." is a number in English, and what is not before is earliest.
NO_DENIAL = {"cli.outbox.id", "small.number", "cli.outbox.not_before", "escalation.unanswered"}
FIGURE = re.compile(r"(?<![\w{])\d+(?!\w*})")
CHECKED_IN = (claims_desk, claims_follow_ups, claims_letter, claims_month, claims_overview, claims_units)


@pytest.fixture(scope="module")
def walks(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[SentenceWalk]]:
    directory = tmp_path_factory.mktemp("sentences")
    yield [_walked(migrated, directory / f"{seed}.db", seed) for seed in range(TOWNS)]


def _walked(migrated: Path, path: Path, seed: int) -> SentenceWalk:
    shutil.copy(migrated, path)
    database = open_file(path)
    try:
        return SentenceWalk(make_town(database, seed)).run(TURNS)
    finally:
        database.close()


@pytest.mark.sqlite("går genom genererade städer och månader, som bara SQLite har tid med")
def test_what_is_said_in_months_of_chat_is_so(walks: list[SentenceWalk]) -> None:
    assert [one for walk in walks for one in walk.broken][:1] == []


@pytest.mark.sqlite("går genom genererade städer och månader, som bara SQLite har tid med")
def test_the_walks_hear_many_of_the_sentences_that_are_checked(walks: list[SentenceWalk]) -> None:
    told = sum((walk.heard for walk in walks), Counter())
    assert set(told) <= set(CLAIMS)
    assert len(told) > len(CLAIMS) // 4
    assert sum(told.values()) > 5 * TURNS


@pytest.mark.parametrize(
    ("who", "line"),
    [
        ("anna", "Allt är besvarat. Tack!"),
        ("anna", "Inget väntar på dig just nu."),
        ("anna", "3 av 4 kvar. Sista dag att svara: fredag 13 november."),
        ("anna", "2 rapporter väntar på dig"),
        ("anna", "Inget väntar på dig, så det finns inget att påminna om."),
        ("anna", "Rapporten för AKT-1 är inlämnad."),
        ("maria", "Alla har svarat."),
        ("maria", "1 av 5 rapporter är inne."),
        ("maria", "Det finns inget att lämna över."),
        ("karin", "September 2026: 80\u00a0% (4 av 5)."),
        ("karin", "2 larm är försenade: ingen har tagit dem inom två arbetsdagar."),
        ("karin", "Åtgärd Å-1 har ändrats sedan du öppnade formuläret. Det du har fyllt i är kvar här men inte sparat. "
         "Skriv åtgärder och öppna den igen."),
    ],
)  # fmt: skip
def test_a_sentence_that_is_not_so_is_found(municipality: Database, who: str, line: str) -> None:
    """Anna has three reports left and Bilal two, of October's; September's are all in, and nothing has happened."""
    chat, file = october(municipality), rows_of(municipality)
    with closing(sqlite3.connect(file)) as connection:
        then = Then(file, chat.now, chat.now.date(), connection)
        [reader] = then.rows("select * from person where key = :key", key=who)
        before = {**then.counts(), "report": 0}
        told = Told(then, reader, [line], before=before)
        assert list(broken(told, Counter())) != []


def test_each_claim_is_about_a_text_that_there_is() -> None:
    assert set(CLAIMS) <= set(forms())
    assert all(one.__doc__ for one in CHECKED_IN)


def test_each_text_that_denies_or_counts_is_checked_or_is_of_a_kind_that_says_why_not() -> None:
    says_something = [one for one in forms() if any(denying(one)) or counts(one)]
    assert len(says_something) > 500
    unknown = [one for one in says_something if not (one in CLAIMS or kind_of(one) or shown_by(one))]
    assert unknown == [], (
        "check what they claim (tests/support/claims_*.py), or say why not (kinds_of_texts.py)"
    )


@pytest.mark.sqlite("går genom genererade städer och månader, som bara SQLite har tid med")
@pytest.mark.skipif(TOWNS < 10, reason="what few towns happen to say proves nothing: make walk")
def test_each_claim_is_heard_or_a_test_of_its_own_says_it_or_a_rule_says_why_it_is_not(
    walks: list[SentenceWalk],
) -> None:
    told = {one for walk in walks for one in walk.heard}
    sources = [
        one.read_text(encoding="utf-8")
        for one in Path("tests").glob("test_*.py")
        if one.name != Path(__file__).name
    ]
    said = {one for one in CLAIMS if shown_by(one) or any(f'"{one}"' in source for source in sources)}
    seldom = {one for ids in SELDOM.values() for one in ids}
    assert sorted(set(CLAIMS) - told - TOURED - said - seldom) == []


def test_what_is_said_to_be_heard_elsewhere_or_seldom_is_checked_where_it_is_said() -> None:
    seldom = [one for ids in SELDOM.values() for one in ids]
    assert set(seldom) | TOURED <= set(CLAIMS)
    assert len(set(seldom)) == len(seldom)
    assert not TOURED & set(seldom)


@pytest.mark.parametrize("file", sorted(SHOWN_BY))
def test_a_test_that_shows_a_text_speaks_of_it(file: str) -> None:
    source = Path(file).read_text(encoding="utf-8")
    assert [one for one in SHOWN_BY[file] if one.rstrip(".") not in source] == []


def test_what_a_text_denies_or_counts_in_swedish_it_denies_or_counts_in_english() -> None:
    """So that what is so of the one is so of the other: both are filled with the same values (`test_catalogue`)."""
    pairs = list(_in_both_languages())
    assert [one for one in pairs if not _says_the_same(*one)] == []
    assert sum(DENIES["sv"].search(swedish) is not None for _, swedish, _ in pairs) > 500


def _in_both_languages() -> Iterator[tuple[str, str, str]]:
    for id_, texts in forms().items():
        for swedish, english in zip(texts, forms("en")[id_], strict=True):
            yield id_, swedish, english


def _says_the_same(id_: str, swedish: str, english: str) -> bool:
    one_denies = DENIES["sv"].search(swedish) and not MAY_DENY["en"].search(english)
    other_denies = DENIES["en"].search(english) and not MAY_DENY["sv"].search(swedish)
    figures = sorted(FIGURE.findall(swedish)) == sorted(FIGURE.findall(english))
    return figures and (id_ in NO_DENIAL or not (one_denies or other_denies))


@pytest.mark.parametrize(
    ("line", "id_", "values"),
    [
        ("✓ Allt är besvarat, 3 placeringar. Tack!", "list.all_done", {"n": "3"}),
        ("Allt är besvarat. Tack!", "list.all_done", {}),
        (
            "Oktober 2026: 0\u00a0% (0 av 5) hittills. Sista svarsdag 13 november 2026.",
            "status.response.so_far",
            None,
        ),
        ("⚠ Försenad: skulle ha genomförts 1 maj 2026. En åtgärd är försenad.", "follow_up.late.actions", {}),
    ],
)
def test_a_text_is_heard_within_what_was_shown(line: str, id_: str, values: dict[str, str] | None) -> None:
    [said] = heard([line], [id_])
    assert values is None or said.values == values


@pytest.mark.sqlite("går genom en genererad stad, som bara SQLite har tid med")
def test_who_types_something_odd_at_any_card_meets_no_dead_end_and_no_false_sentence(
    migrated: Path, tmp_path: Path
) -> None:
    shutil.copy(migrated, tmp_path / "odd.db")
    database = open_file(tmp_path / "odd.db")
    try:
        walk = OddWalk(make_town(database, 3)).through()
    finally:
        database.close()
    assert walk.dead == []
    assert walk.broken[:1] == []
    assert len(walk.met) > 60
