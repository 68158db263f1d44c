"""What a score was made of: one canonical text, stored with its SHA-256, that can be scored again."""

import zlib
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any, TypeVar

import orjson

from followup.risk.inputs import Exposure, Inputs, Item, id_order
from followup.risk.risk_config import BaseLevels, RiskConfig
from followup.times.month import Month

_Same = TypeVar("_Same")
MOST_KEPT = 64
# Over so many characters a text is kept packed: megabytes of rows that are alike, of which a twentieth is left.
LONG = 100_000
PACKED = "deflate:"


def canonical(inputs: Inputs, code_version: str) -> str:
    """Sorted keys, no spaces, decimals as strings, åäö as they are (risk-and-selection.md, Reproducible).

    Items and months are sorted, and decimals have no trailing zeros, so that equal inputs give equal bytes.
    """
    data = {
        "as_of": inputs.as_of.isoformat(),
        "base_levels": _base_levels(inputs.base_levels),
        "code_version": code_version,
        "config": _config(inputs.config),
        "coverage": None if inputs.coverage is None else str(inputs.coverage),
        "exposure": [_exposure(row) for row in sorted(inputs.exposure, key=lambda row: row.month)],
        "items": [_item(item) for item in sorted(inputs.items, key=lambda item: id_order(item.id))],
        "notices": sorted(inputs.notices, key=id_order),
        "segment": inputs.segment,
        "unit": inputs.unit,
    }
    return _dumped(data).decode()


def _dumped(data: Mapping[str, object]) -> bytes:
    return orjson.dumps(data, option=orjson.OPT_SORT_KEYS)


def sha256_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def packed(text: str) -> str:
    """The text as it is stored, a long one packed, so that to write it takes hardly more than another."""
    if len(text) <= LONG:
        return text
    return PACKED + b64encode(zlib.compress(text.encode(), 1)).decode()


def is_long(proof: str) -> bool:
    return proof.startswith(PACKED) or len(proof) > LONG


def text_of(proof: str) -> str:
    """What was stored; raises ValueError where it can no longer be read."""
    if not proof.startswith(PACKED):
        return proof
    try:
        return zlib.decompress(b64decode(proof.removeprefix(PACKED), validate=True)).decode()
    except zlib.error as broken:
        raise ValueError(str(broken)) from broken


def is_whole(proof: str, sha256: str) -> bool:
    """Whether the text that was stored is the one with the checksum."""
    try:
        return sha256_of(text_of(proof)) == sha256
    except ValueError:
        return False


def read_inputs(proof: str) -> Inputs:
    data = orjson.loads(text_of(proof))
    return Inputs(
        unit=data["unit"],
        segment=data["segment"],
        as_of=date.fromisoformat(data["as_of"]),
        items=tuple(_read_item(row) for row in data["items"]),
        exposure=tuple(Exposure(**row | {"month": Month.parse(row["month"])}) for row in data["exposure"]),
        config=_read_config(data["config"]),
        base_levels=_read_base_levels(data["base_levels"]),
        coverage=None if data["coverage"] is None else Month.parse(data["coverage"]),
        notices=tuple(data["notices"]),
    )


def code_version_of(proof: str) -> str:
    return str(orjson.loads(text_of(proof))["code_version"])


def _plain(number: Decimal) -> str:
    return format(number.normalize(), "f")


def _item(item: Item) -> dict[str, object]:
    return {**vars(item), "day": item.day.isoformat(), "weight": _plain(item.weight)}


def _read_item(row: Mapping[str, Any]) -> Item:
    day, weight = date.fromisoformat(row["day"]), Decimal(row["weight"])
    return Item(**{**row, "day": day, "weight": weight})


def _exposure(row: Exposure) -> dict[str, object]:
    return {**vars(row), "month": str(row.month)}


def _written_once(write: Callable[[_Same], dict[str, object]]) -> Callable[[_Same], orjson.Fragment]:
    """Of what is one and the same in score after score, known by being it: to compare takes as long as to write."""
    kept: dict[int, tuple[_Same, orjson.Fragment]] = {}

    def written(one: _Same) -> orjson.Fragment:
        found = kept.get(id(one))
        if found is None:
            if len(kept) >= MOST_KEPT:
                kept.clear()
            # With the thing itself, so that no other gets its number meanwhile.
            found = kept[id(one)] = one, orjson.Fragment(_dumped(write(one)))
        return found[1]

    return written


@_written_once
def _config(config: RiskConfig) -> dict[str, object]:
    parameters = {name: _plain(Decimal(text)) for name, text in config.stored().items()}
    head = {"id": config.id, "valid_from": config.valid_from.isoformat(), "decided_by": config.decided_by}
    return head | {"parameters": parameters}


def _read_config(row: Mapping[str, Any]) -> RiskConfig:
    valid_from = date.fromisoformat(row["valid_from"])
    return RiskConfig.of(row["id"], valid_from, row["decided_by"], row["parameters"])


@_written_once
def _base_levels(base: BaseLevels) -> dict[str, object]:
    levels = {segment: _plain(level) for segment, level in base.levels.items()}
    head = {"id": base.id, "valid_from": base.valid_from.isoformat()}
    return head | {"levels": levels, "per_report": _plain(base.per_report)}


def _read_base_levels(row: Mapping[str, Any]) -> BaseLevels:
    levels = {segment: Decimal(text) for segment, text in row["levels"].items()}
    valid_from = date.fromisoformat(row["valid_from"])
    return BaseLevels(row["id"], valid_from, levels, Decimal(row["per_report"]))
