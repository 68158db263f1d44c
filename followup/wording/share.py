"""Shares as people read them: whole percent, a half upwards, as Swedish reports round."""

from fractions import Fraction


def percent(part: int, whole: int) -> int | None:
    """5 of 96 is 5, 41 of 96 is 43; None of nothing."""
    return (200 * part + whole) // (2 * whole) if whole else None


def percent_of(share: Fraction | float) -> int:
    """Of a share that is worked out already."""
    part, whole = share.as_integer_ratio()
    return percent(part, whole) or 0
