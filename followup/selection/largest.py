"""How the largest units are told: as a person chooses it, as the frame writes it, and in words."""

import re
from decimal import Decimal, InvalidOperation
from typing import Literal

from followup.wording.wording import Wording, wording

# Until so many of the placements are covered, the first so many, or each with at least a share of the placements.
Way = Literal["coverage", "top", "share"]
COVERAGE: Way = "coverage"
WAYS: tuple[Way, ...] = (COVERAGE, "top", "share")
LARGEST = re.compile(r"coverage|top:[1-9]\d{0,3}|share:(0\.\d{1,4}|1\.0{1,4})")
MOST_UNITS = 9999


def written(way: Way, typed: str, share: str) -> tuple[str, str] | None:
    """The frame's `largest` and its `share`, which is the given one where another way is chosen; None for no number."""
    number = _number(typed)
    most = MOST_UNITS if way == "top" else 100
    if number is None or not 0 < number <= most:
        return None
    if way == "top":
        is_whole = number == int(number) and "%" not in typed
        return (f"top:{int(number)}", share) if is_whole else None
    if number != round(number, 2):
        return None
    part = _share(number)
    return (COVERAGE, part) if way == COVERAGE else (f"share:{part}", share)


def _number(typed: str) -> Decimal | None:
    """With a decimal comma or point, and with or without a sign of per cent."""
    try:
        number = Decimal(typed.removesuffix("%").strip().replace(",", "."))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _share(percent: Decimal) -> str:
    """With two decimals where they are enough: 50 is 0.50, as the frames have it that stand already."""
    share = percent / 100
    return f"{share:.2f}" if share == round(share, 2) else f"{share:.4f}"


def in_words(largest: str, share: str) -> Wording:
    """How the largest of a frame with these parameters were told."""
    way, _, number = largest.partition(":")
    if way == "top":
        return wording("selection.largest.by.top", n=int(number))
    percent = Decimal(number or share) * 100
    whole = percent.to_integral_value()
    shown = whole if percent == whole else percent.normalize()
    return wording(f"selection.largest.by.{way}", percent=shown)
