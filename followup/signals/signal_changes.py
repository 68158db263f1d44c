"""What changed between two versions of a signal, in words, and what a new grade means for an old decision."""

from collections.abc import Iterator
from dataclasses import replace

from followup.risk.bands import rank
from followup.signals.signal import Signal, floor_of
from followup.wording.wording import Wording, wording

# What only a file changes: that it changed is told, and not from what to what.
BY_FILE = (
    *("kind", "event_on", "occurred", "source", "marks", "praise", "reasons"),
    *("situation", "category", "areas", "channel"),
)


def changes(before: Signal, after: Signal) -> list[Wording]:
    """One wording a change; that the description changed where nothing else did."""
    return [*_changes(before, after)] or [wording("signals.change.text")]


def _changes(before: Signal, after: Signal) -> Iterator[Wording]:
    if before.consequence != after.consequence:
        yield wording("signals.change.consequence", before=grade(before), after=grade(after))
    if before.cause != after.cause:
        old, new = (wording(f"choice.cause.{one.cause}") for one in (before, after))
        yield wording("signals.change.cause", before=old, after=new)
    if before.event != after.event:
        yield wording("signals.change.linked" if after.event else "signals.change.unlinked")
    if before.dismissed != after.dismissed:
        yield wording("signals.change.dismissed" if after.dismissed else "signals.change.restored")
    if before.decided != after.decided:
        yield wording("signals.change.decided" if after.decided else "signals.change.undecided")
    for field in BY_FILE:
        if getattr(before, field) != getattr(after, field):
            yield wording(f"signals.change.{field}")


def grade(signal: Signal) -> Wording:
    return wording(f"risk.consequence.{signal.consequence}" if signal.consequence else "alert.ungraded")


def regraded(signal: Signal, consequence: int) -> dict[str, object]:
    """What a new grade changes: a decision on a milder event is none on a graver one."""
    graver = replace(signal, consequence=consequence)
    if signal.decided and rank(floor_of(graver)) > rank(floor_of(signal)):
        return {"consequence": consequence, "decided": False}
    return {"consequence": consequence}
