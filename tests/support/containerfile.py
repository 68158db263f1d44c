"""What a Containerfile promises, read instruction by instruction."""

import json
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

PATH = Path(__file__).parents[2] / "Containerfile"


@dataclass(frozen=True)
class Instruction:
    name: str
    words: str


def instructions() -> list[Instruction]:
    """In their order; what goes over several lines is one."""
    text = re.sub(r"^#.*\n", "", PATH.read_text("utf-8"), flags=re.MULTILINE).replace("\\\n", " ")
    lines = [line.split(maxsplit=1) for line in text.splitlines() if line.strip()]
    return [Instruction(name, words) for name, words in lines]


def of_last_stage(name: str) -> list[str]:
    """The words of each such instruction in what is run, and not in what it is only made of."""
    every = instructions()
    begins = max(place for place, one in enumerate(every) if one.name == "FROM")
    return [one.words for one in every[begins:] if one.name == name]


def copied() -> list[str]:
    """What the image has of the project."""
    return [words.split()[0] for words in of_last_stage("COPY") if not words.startswith("--from")]


def environment() -> dict[str, str]:
    return dict(one.split("=", 1) for words in of_last_stage("ENV") for one in shlex.split(words))


def health_command() -> list[str]:
    (words,) = of_last_stage("HEALTHCHECK")
    found: list[str] = json.loads(words.partition("CMD")[2])
    return found
