"""The register as the files would leave it, for checks that do not care where a row stands."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from documents.imports.reading import FileEntry
from documents.imports.vocabulary import clocks_after, terms_after
from followup.clocks.clock import LawClock
from followup.terms import Terms
from storage.imports.register import KnownRegister, PlacementKey


@dataclass(frozen=True)
class RegisterAfter:
    """A file's row says more than what is stored."""

    keys: Mapping[str, frozenset[str]]
    roles: Mapping[str, str]
    forms: Mapping[str, str]
    active: Mapping[str, bool]
    placements: Mapping[PlacementKey, date | None]
    terms: Terms
    clocks: Sequence[LawClock]


def register_after(
    known: KnownRegister, signals: Iterable[str], entries: Iterable[FileEntry]
) -> RegisterAfter:
    keys: dict[str, set[str]] = defaultdict(set)
    keys |= {
        "people": set(known.people),
        "providers": set(known.providers),
        "units": set(known.units),
        "signals": set(signals),
    }
    roles = {key: person.role for key, person in known.people.items()}
    active = {key: person.active for key, person in known.people.items()}
    forms, placements = dict(known.units), dict(known.placements)
    entries = list(entries)
    for entry in entries:
        kind, key, values = entry.kind.id, entry.key, entry.values
        if key is None:
            continue
        keys[kind].add(str(key[0]))
        if kind == "people":
            roles[key[0]] = values.get("role", roles.get(key[0], ""))
            active[key[0]] = values.get("active", active.get(key[0], True))
        elif kind == "units":
            forms[key[0]] = values.get("form", forms.get(key[0], ""))
        elif kind == "placements":
            placement = key[0], key[1], key[2]
            placements[placement] = values.get("ends", placements.get(placement))
    return RegisterAfter(
        {kind: frozenset(found) for kind, found in keys.items()},
        roles,
        forms,
        active,
        placements,
        terms_after(known.terms, (entry.values for entry in entries if entry.kind.id == "terms")),
        clocks_after(known.clocks, (entry.values for entry in entries if entry.kind.id == "clocks")),
    )
