"""Every kind, state and step is said by its own words or by a code of its own type, and never by any text."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.support.rooms import ROOT, packages

_NAMED = re.compile(r"(\w+_)?(kind|state|step)s?")
# A message is told by its class; its word is what a row says before it is read as one (followup/messages/every.py).
SAID_BY_OTHERS = {
    "followup/messages/message.py": {"kind"},
    "storage/messages/delivery.py": {"kind"},
    "storage/messages/recipients.py": {"kind"},
    "storage/messages/written.py": {"kind"},
    "storage/messages/written_earlier.py": {"kind"},
    "storage/clocks/told.py": {"kinds"},
}


def bare_words(source: str) -> Iterator[str]:
    """The parameters and fields that are named as a kind, a state or a step, and are said to be any text."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.arg(arg=name, annotation=ast.expr() as said):
                pass
            case ast.AnnAssign(target=ast.Name(id=name), annotation=said):
                pass
            case _:
                continue
        if _NAMED.fullmatch(name) and re.search(r"\bstr\b", ast.unparse(said)):
            yield name


@pytest.mark.parametrize("package", packages())
def test_no_kind_state_or_step_is_any_text(package: str) -> None:
    files = [file for file in (ROOT / package).rglob("*.py") if "migrations" not in file.parts]
    found = {str(file.relative_to(ROOT)): set(bare_words(file.read_text())) for file in files}
    known = {file: names for file, names in SAID_BY_OTHERS.items() if file.startswith(f"{package}/")}
    assert {file: names for file, names in found.items() if names} == known


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("class Alert:\n    kind: str", ["kind"]),
        ("def ended(states: Sequence[str], now: datetime) -> bool: ...", ["states"]),
        ("def move(*, next_step: str | None = None) -> None: ...", ["next_step"]),
        ("class Alert:\n    kind: AlertKind", []),
        ("def kinds(said: str) -> str: ...", []),
    ],
)
def test_a_bare_word_is_found_by_its_name(source: str, found: list[str]) -> None:
    assert list(bare_words(source)) == found
