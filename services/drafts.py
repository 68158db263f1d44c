"""What is kept of a form while it is written: clean, no longer than any form, and without a personnummer."""

from collections.abc import Mapping
from dataclasses import dataclass

from followup.wording.form import clean_text
from followup.wording.secrecy import holds_personal_number
from storage.engine.drafts import Draft

# More than any form holds that a person fills in.
LONGEST = 40_000


@dataclass(frozen=True)
class KeptDraft:
    """`left_out` are the fields that hold a personnummer, which is kept nowhere."""

    draft: Draft
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class TooLong:
    """What was kept before stays."""

    length: int


@dataclass(frozen=True)
class Keepable:
    typed: dict[str, str]
    left_out: tuple[str, ...]


def keepable(typed: Mapping[str, str]) -> Keepable | TooLong:
    filled = {name: clean_text(value) for name, value in typed.items() if value.strip()}
    length = sum(len(name) + len(value) for name, value in filled.items())
    if length > LONGEST:
        return TooLong(length)
    left_out = tuple(name for name, value in filled.items() if holds_personal_number(value))
    return Keepable({name: value for name, value in filled.items() if name not in left_out}, left_out)
