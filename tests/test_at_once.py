"""A value whose fields are put in at once is the frozen dataclass that it was."""

from dataclasses import FrozenInstanceError, dataclass, field, fields, replace
from typing import Any

import pytest

from followup import at_once


@dataclass(frozen=True)
class Slow:
    """With all that one of ours has: a default, what is made for each, and a check."""

    number: int
    word: str = "as it is"
    several: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.number < 0:
            raise ValueError(self.number)


@at_once
@dataclass(frozen=True)
class Quick(Slow):
    pass


WAYS: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    ((1,), {}),
    ((1, "other"), {"several": {"a": 1}}),
    ((), {"several": {}, "number": 2, "word": ""}),
]


@pytest.mark.parametrize(("given", "named"), WAYS)
def test_it_holds_what_it_was_given_and_else_what_the_class_says(
    given: tuple[Any, ...], named: dict[str, Any]
) -> None:
    quick, slow = Quick(*given, **named), Slow(*given, **named)
    assert vars(quick) == vars(slow)
    assert repr(quick) == repr(slow).replace("Slow", "Quick")
    assert quick == Quick(*given, **named) == replace(quick, word=quick.word)
    assert [one.name for one in fields(quick)] == [one.name for one in fields(slow)]


def test_what_it_makes_by_itself_is_made_for_each_alone() -> None:
    assert Quick(1).several is not Quick(1).several


def test_it_is_checked_refuses_what_it_has_not_and_stays_as_it_was_made() -> None:
    with pytest.raises(ValueError, match="-1"):
        Quick(-1)
    with pytest.raises(TypeError):
        Quick(1, unknown=2)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Quick()  # type: ignore[call-arg]
    with pytest.raises(FrozenInstanceError):
        Quick(1).number = 2  # type: ignore[misc]
