"""Past signals: which of them are about one event, what their cells say together, and their records."""

from collections.abc import Mapping, Sequence
from typing import Any

from documents.imports.placement_checks import check_term
from documents.imports.reading import FileEntry, Findings
from followup.month.versions import against_stored
from followup.signals.signal import MARKS
from followup.signals.situations import SITUATIONS
from followup.terms import SIGNAL_KINDS, kinds_that_need
from followup.wording.wording import wording
from storage.imports.history_signals import SignalContent, SignalRecord, StoredSignal


def events(
    entries: Sequence[FileEntry], stored: Mapping[str, StoredSignal], findings: Findings
) -> dict[str, str]:
    """Each signal's event: the key at the end of the chain of "same event as"."""
    same_as = {entry.key[0]: entry.values.get("same_as") for entry in entries if entry.key}
    found: dict[str, str] = {}
    for entry in entries:
        if not entry.key:
            continue
        key, seen = entry.key[0], {entry.key[0]}
        while (earlier := same_as.get(key)) and earlier not in seen:
            seen.add(earlier)
            key = earlier
        if same_as.get(key):
            findings.wrong_entry(entry, "same_as", wording("import.signal.circle"))
        found[entry.key[0]] = key if key in same_as else _stored_event(key, stored)
    return found


def _stored_event(key: str, stored: Mapping[str, StoredSignal]) -> str:
    return key if key not in stored else stored[key].imported.content.event or key


def check_signal(entry: FileEntry, findings: Findings) -> None:
    values = entry.values
    kind, registered, event_on = values.get("kind"), values.get("registered"), values.get("event_on")
    if registered and event_on and registered < event_on:
        findings.wrong_entry(entry, "registered", wording("import.signal.registered_early"))
    tone_is_asked, reasons_are_asked = kind in kinds_that_need("tone"), kind in kinds_that_need("reasons")
    check_term(entry, "kind", SIGNAL_KINDS, event_on, findings)
    if kind and not tone_is_asked and values.get("tone"):
        findings.wrong_entry(entry, "tone", wording("import.signal.tone_only_remark"))
    if kind and not reasons_are_asked and values.get("reasons"):
        findings.wrong_entry(entry, "reasons", wording("import.signal.reasons_only_replacement"))
    _check_situation(entry, findings)
    if tone_is_asked and not values.get("tone") and "tone" not in entry.wrong:
        findings.warn_entry(entry, "tone", wording("import.signal.no_tone"))
    if reasons_are_asked and not values.get("reasons") and "reasons" not in entry.wrong:
        findings.warn_entry(entry, "reasons", wording("import.signal.no_reasons"))


def _check_situation(entry: FileEntry, findings: Findings) -> None:
    """What only some kinds have, and where the cause of what is our own lies."""
    values, kind = entry.values, SIGNAL_KINDS.get(entry.values.get("kind") or "")
    situation = SITUATIONS.get(values.get("situation") or "")
    if kind and situation and not kind.has_situations:
        findings.wrong_entry(entry, "situation", wording("import.signal.situation_only_deviation"))
    if situation and situation.ours and values.get("cause") != "authority":
        findings.wrong_entry(entry, "cause", wording("signal.own_activity_is_ours"))
    if kind and (values.get("category") or "") not in ("", *kind.categories):
        findings.wrong_entry(entry, "category", wording("signal.category_of_another_kind"))


def _marks(values: Mapping[str, Any]) -> list[str]:
    """Those of the file and those that follow from the situation, in the order that they have."""
    situation = SITUATIONS.get(values["situation"] or "")
    given = {*values["marks"], *(situation.marks if situation else ())}
    return [mark for mark in MARKS if mark in given]


def check_stored_signal(
    entry: FileEntry, record: SignalRecord, stored: StoredSignal | None, findings: Findings
) -> None:
    """A signal stays with its unit and its child, and on the day it became known: only its content has versions."""
    if stored is None:
        return
    if stored.unit != record.unit:
        findings.wrong_entry(entry, "unit", wording("import.signal.moved"))
    if stored.case_reference != (record.placement[0] if record.placement else None):
        findings.wrong_entry(entry, "case_reference", wording("import.signal.moved"))
    if against_stored(stored.versions, record.content) == "taken":
        findings.wrong_entry(entry, "key", wording("import.signal.exists"))
    elif entry.values.get("registered") and record.known_at != stored.versions[0].known_at:
        findings.wrong_entry(entry, "registered", wording("import.known_day_stands"))


def signal_record(entry: FileEntry) -> SignalRecord | None:
    """None while a required cell is missing or wrong, or the placement that is named is not there."""
    values = {**entry.kind.defaults, **entry.values}
    required = [column.name for column in entry.kind.required]
    if any(values[name] is None for name in required) or entry.wrong:
        return None
    placement = values.get("placement")
    if values["case_reference"] and not placement:
        return None
    registered = values["registered"] or values["event_on"]
    return SignalRecord(values["key"], values["unit"], placement, registered, _content(values))


def _content(values: Mapping[str, Any]) -> SignalContent:
    return SignalContent(
        kind=values["kind"],
        event_on=values["event_on"],
        consequence=values["consequence"],
        occurred=values["occurred"],
        cause=values["cause"],
        source=values["source"],
        marks=",".join(_marks(values)),
        praise=values["tone"] == "praise",
        reasons=",".join(values["reasons"]),
        situation=values["situation"],
        category=values["category"],
        areas=",".join(values["areas"]),
        channel=values["channel"],
        event=values["event"],
        dismissed=values["dismissed"],
        decided=values["decided"],
        text=values["text"],
        action_taken=values["action_taken"],
    )
