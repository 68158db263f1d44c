"""Figures beside the municipality's targets, a sentence each."""

from collections.abc import Sequence

from dialogs.card import Part, Text
from followup.access.targets import AgainstTarget
from texts.catalogue import Texts, capital


def target_parts(found: Sequence[AgainstTarget], say: Texts) -> list[Part]:
    """Whether each is reached; nothing where no target is set, or there is nothing to count."""
    rows = [Text(target_sentence(one, say), "good" if one.is_reached else "normal") for one in found]
    return [Text(say("target.title"), "heading"), *rows] if rows else []


def target_sentence(one: AgainstTarget, say: Texts) -> str:
    reached = say("target.reached" if one.is_reached else "target.not_reached", target=one.target)
    untold = [say("target.untold", n=one.untold)] if one.untold else []
    return " ".join([capital(_figure(one, say)), reached, *untold])


def _figure(one: AgainstTarget, say: Texts) -> str:
    values = {"percent": one.percent, "part": one.part, "whole": one.whole}
    match one.about:
        case (first, last):
            return say(f"target.{one.measure}", first=first, last=last, **values)
        case None:
            return say(f"target.{one.measure}", **values)
        case month:
            return say(f"target.{one.measure}", month=month, **values)
