"""A few of the kills of `make crash`, so that the bench itself is known to run and to find nothing."""

from math import inf

import pytest

from bench.crash.trial import crash


@pytest.mark.long
@pytest.mark.sqlite("en egen fil; make crash dödar botar på båda databaserna")
def test_a_few_kills_lose_nothing_and_double_nothing() -> None:
    found = crash(3, 5, inf, postgresql=False)
    assert found.told["kills"] >= 3
    assert found.told["states"]["sent"] > 0
    assert {name: broken for name, broken in found.broken.items() if broken} == {}
