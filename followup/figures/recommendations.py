"""What a person recommends in a year's report: written text, kept in versions, that no figure is counted from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from followup.wording.form import Question

QUESTIONS = (Question("text", "text", "recommendations", required=False),)
_BULLETS = ("- ", "* ", "• ")


@dataclass(frozen=True)
class Recommendations:
    """A version; one without text takes the section away."""

    year: int
    version: int
    text: str
    author: str
    recorded_at: datetime


def parts_of(text: str) -> Iterator[str | list[str]]:
    """Its paragraphs, and its lists: lines that begin with a hyphen or a star."""
    listed: list[str] = []
    for line in (one.strip() for one in text.splitlines()):
        if line.startswith(_BULLETS):
            listed.append(line[2:].strip())
            continue
        if listed:
            yield listed
            listed = []
        if line:
            yield line
    if listed:
        yield listed
