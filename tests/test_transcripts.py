"""What each role reads, in either language, word by word: kept as text so that a change is read aloud before it lands.

`TRANSCRIPTS=write` writes them anew.
"""

import os
import re
from itertools import pairwise
from pathlib import Path

import pytest

from storage.engine.database import Database
from tests.support.transcript_stories import STORIES
from tests.support.transcripts import Story, told
from texts.catalogue import LANGUAGES

KEPT = Path(__file__).parent / "transcripts"
# Names of homes and of a team, and the language's own name for itself, which are the same in either language.
_SAME = re.compile(r"Norrgården|Södergården|Utförare \d|svenska|startvärden")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("story", STORIES, ids=lambda one: one.name)
def test_what_is_read_is_what_is_kept(municipality: Database, story: Story, language: str) -> None:
    text, file = told(municipality, language, story), KEPT / f"{story.name}.{language}.txt"
    if os.environ.get("TRANSCRIPTS") == "write":
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


@pytest.mark.parametrize("file", sorted(KEPT.glob("*.txt")), ids=lambda one: one.name)
def test_nothing_is_said_twice_in_a_row(file: Path) -> None:
    lines = [one.strip() for one in file.read_text("utf-8").splitlines()]
    assert [one for one, after in pairwise(lines) if one == after and len(one) > 9] == []


def test_no_swedish_is_left_in_what_is_said_in_english() -> None:
    for file in KEPT.glob("*.en.txt"):
        if file.stem == "settings_and_help.en":
            # She chooses Swedish there.
            continue
        said = _SAME.sub("", file.read_text("utf-8"))
        typed = re.compile(r"  [a-z_0-9.]+ = ")
        lines = [one for one in said.splitlines() if not typed.match(one)]
        assert [one for one in lines if re.search("[åäöÅÄÖ]", one)] == []
