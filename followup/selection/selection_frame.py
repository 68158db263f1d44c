"""The frame (urvalsram) of a selection: its rows and parameters, its canonical text, and the hash that is published."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Literal

import orjson

from followup.risk.bands import BANDS
from followup.selection.largest import COVERAGE, LARGEST
from followup.wording.wording import Wording, wording

# Too little evidence stands in the place of green.
FRAME_BANDS = (*BANDS, "insufficient")
Lots = Literal["one", "placements"]
LOTS = ("one", "placements")
MOST_SPOT_CHECKS = 2
FIRST_YEAR = 2019
_SHARE, _RATIO = re.compile(r"(0\.\d{1,4}|1\.0{1,4})"), re.compile(r"\d{1,6}\.\d{4}")


class FrameError(Exception):
    """The text is no frame; `problems` says everything that is wrong with it."""

    def __init__(self, problems: list[Wording]) -> None:
        super().__init__(", ".join(problem.id for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Parameters:
    """`share` is of the placements; `exclude_years` is how long a followed unit is left out of the general draw.

    `largest` is `coverage`, until the share is reached, `top:5`, the five largest, or `share:0.10`, each with at least
    a tenth of the placements. `half` is 0 where the frame is of no half-year.
    """

    exclude_years: int = 1
    lots: Lots = "one"
    n_risk: int = 5
    n_spot_general: int = 1
    n_spot_risk: int = 1
    share: str = "0.50"
    largest: str = COVERAGE
    half: int = 0


@dataclass(frozen=True)
class FrameRow:
    """One unit: counts of placements in twelve months, `ratio` with four decimals, `last` followed up that year."""

    id: str
    placements: int
    age0_15: int = 0
    needs: int = 0
    band: str = "green"
    index: int = 0
    ratio: str = "0.0000"
    last: int | None = None

    @property
    def by_size(self) -> tuple[int, str]:
        return -self.placements, self.id

    @property
    def by_risk(self) -> tuple[int, Decimal, str]:
        return -self.index, -Decimal(self.ratio), self.id


@dataclass(frozen=True)
class Frame:
    """`rows` are sorted by id, so that equal frames have equal texts."""

    year: int
    rows: tuple[FrameRow, ...]
    parameters: Parameters = Parameters()

    @property
    def placements(self) -> int:
        return sum(row.placements for row in self.rows)


def canonical_frame(frame: Frame) -> str:
    """Sorted keys, no blanks, åäö as they are (risk-and-selection.md, Selection 1)."""
    data = {
        "parameters": _parameters_data(frame.parameters),
        "rows": [_row_data(row) for row in sorted(frame.rows, key=lambda row: row.id)],
        "year": frame.year,
    }
    return orjson.dumps(data, option=orjson.OPT_SORT_KEYS).decode()


def frame_hash(frame: Frame) -> str:
    return hash_of(canonical_frame(frame))


def hash_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _parameters_data(parameters: Parameters) -> dict[str, object]:
    """Without what older frames did not have, where it is as it was then: an old frame keeps its hash."""
    written = asdict(parameters)
    if parameters.largest == COVERAGE:
        del written["largest"]
    if not parameters.half:
        del written["half"]
    return written


def _row_data(row: FrameRow) -> dict[str, object]:
    """The published row calls the ratio R, as the method does."""
    return {"R" if name == "ratio" else name: value for name, value in vars(row).items()}


def read_frame(text: str) -> Frame:
    """Raises FrameError with everything that is wrong."""
    try:
        data = orjson.loads(text)
    except ValueError:
        raise FrameError([wording("selection.frame.not_json")]) from None
    problems = list(_problems(data))
    if problems:
        raise FrameError(problems)
    rows = (FrameRow(**{"ratio" if name == "R" else name: row[name] for name in row}) for row in data["rows"])
    by_id = tuple(sorted(rows, key=lambda row: row.id))
    return Frame(data["year"], by_id, Parameters(**data["parameters"]))


def parameter_problems(parameters: Parameters) -> list[Wording]:
    return list(
        _differing(_parameters_data(parameters), _PARAMETERS, wording("selection.frame.parameters"), _MAY)
    )


def _problems(data: object) -> Iterator[Wording]:
    if not isinstance(data, dict) or set(data) != {"parameters", "rows", "year"}:
        yield wording("selection.frame.not_a_frame")
        return
    if not (_is_whole(data["year"]) and data["year"] >= FIRST_YEAR):
        yield wording("selection.frame.year", first=FIRST_YEAR)
    yield from _differing(data["parameters"], _PARAMETERS, wording("selection.frame.parameters"), _MAY)
    rows = data["rows"] if isinstance(data["rows"], list) else [None]
    for number, row in enumerate(rows, 1):
        yield from _differing(row, _ROW, wording("selection.frame.row", number=number))
    ids = [row.get("id") for row in rows if isinstance(row, dict)]
    yield from (wording("selection.frame.twice", unit=id_) for id_ in sorted(_twice(ids)))


def _differing(
    found: object, expected: Mapping[str, Any], where: Wording, may: Mapping[str, Any] = MappingProxyType({})
) -> Iterator[Wording]:
    """What is missing, not known, or of the wrong kind in one object; what it `may` have can be left out."""
    values = found if isinstance(found, dict) else {}
    for name, fits in {**expected, **may}.items():
        if (name not in values and name not in may) or (name in values and not fits(values[name])):
            yield wording("selection.frame.wrong", where=where, name=name)
    for name in sorted(set(values) - set(expected) - set(may)):
        yield wording("selection.frame.unknown", where=where, name=name)


def _twice(ids: list[object]) -> set[str]:
    counted = Counter(id_ for id_ in ids if isinstance(id_, str))
    return {id_ for id_, times in counted.items() if times > 1}


def _is_whole(value: object) -> bool:
    return type(value) is int and value >= 0


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _is_share(value: object) -> bool:
    """A share as the frame writes it: a text from 0.0 to 1.0 with a decimal point."""
    return isinstance(value, str) and _SHARE.fullmatch(value) is not None


def _is_largest(value: object) -> bool:
    return isinstance(value, str) and LARGEST.fullmatch(value) is not None


def _is_spot_count(value: object) -> bool:
    return _is_whole(value) and value in range(MOST_SPOT_CHECKS + 1)


_PARAMETERS: Mapping[str, Any] = {
    "exclude_years": _is_whole,
    "lots": lambda value: value in LOTS,
    "n_risk": _is_whole,
    "n_spot_general": _is_spot_count,
    "n_spot_risk": _is_spot_count,
    "share": _is_share,
}
# Only where they are not as older frames have them, so that a frame has one text and one hash.
_MAY: Mapping[str, Any] = {
    "largest": lambda value: value != COVERAGE and _is_largest(value),
    "half": lambda value: type(value) is int and value in (1, 2),
}
_ROW: Mapping[str, Any] = {
    "id": _is_text,
    "placements": lambda value: _is_whole(value) and value > 0,
    "age0_15": _is_whole,
    "needs": _is_whole,
    "band": lambda value: value in FRAME_BANDS,
    "index": _is_whole,
    "R": lambda value: isinstance(value, str) and _RATIO.fullmatch(value) is not None,
    "last": lambda value: value is None or _is_whole(value),
}
