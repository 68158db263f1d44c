"""Satisfaction figures (nöjdhet) of a follow-up: a name, a value, and how many answered of those asked."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from followup.wording.wording import Problem, wording

_ANSWERED = re.compile(r"(\d{1,5})\s*(?:av|of|/)\s*(\d{1,5})", re.ASCII)


@dataclass(frozen=True)
class Satisfaction:
    """`value` stands as it was written, with its unit: `4,2 av 5`, `87 %`."""

    name: str
    value: str
    answered: int
    asked: int


def read_satisfaction(text: str) -> tuple[list[Satisfaction], list[Problem]]:
    """One figure a line, `name; value; 13 av 50`; every line that is something else is a problem."""
    figures, problems = [], []
    for number, line in enumerate(text.splitlines(), 1):
        figure = _figure(line)
        if figure is not None:
            figures.append(figure)
        elif line.strip():
            problems.append(Problem("satisfaction", wording("follow_up.satisfaction_line", line=number)))
    return figures, problems


def _figure(line: str) -> Satisfaction | None:
    parts = [part.strip() for part in line.split(";")]
    counts = _ANSWERED.fullmatch(parts[-1])
    if len(parts) != 3 or not all(parts) or counts is None:
        return None
    answered, asked = int(counts[1]), int(counts[2])
    return Satisfaction(parts[0], parts[1], answered, asked) if asked > 0 and answered <= asked else None


def written(figures: Iterable[Satisfaction]) -> str:
    """The figures as lines that read the same again."""
    return "\n".join(f"{one.name}; {one.value}; {one.answered} av {one.asked}" for one in figures)
