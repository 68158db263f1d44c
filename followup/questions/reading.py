"""One typed sentence, read: the intent that has a place for every word, and the nearest by what the words mean."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import Literal

from followup.questions.days import CONCEPTS as DAY_WORDS
from followup.questions.days import Days, days_of, no_week_in
from followup.questions.grammar import (
    DAYS,
    HOMES,
    INTENTS,
    KINDS,
    LANGUAGES,
    LISTED,
    NAMES,
    POLITE,
    RULES,
    Intent,
    Rule,
)
from followup.questions.narrowed import ALL, NarrowedQuestion
from followup.questions.weeks import NoSuchWeek
from followup.questions.words import NUMBER, SIGNAL_NUMBER, Meaning, Vocabulary, meanings

# What is asked of several homes at once; of anything else the one that stands first would be a guess.
_OF_SEVERAL: Set[Intent] = LISTED | {"signals"}
# The same of two people.
_OF_TWO: Set[Intent] = {"hand_over"}


@dataclass(frozen=True)
class Reading:
    """`about` is a name as given or a signal's number, `topic` which signals or which language; of signals all names.

    `beside` is what to compare with, `by` whether it is asked for by unit or by provider.
    `to` is a second person's name, and `only` which of a list are asked for.
    """

    intent: Intent
    about: str = ""
    topic: str = ""
    days: Days | None = None
    beside: Days | None = None
    by: Literal["", "unit", "provider"] = ""
    to: str = ""
    only: NarrowedQuestion = ALL


def read_sentence(text: str, known: Vocabulary, allowed: Set[Intent], today: date) -> Reading | None:
    """By the role's intents alone: what another role means by the same words is not what this one means.

    None where a word is not known, where nothing or more than one thing can be meant, and where the days cannot be.
    """
    found, unknown = meanings(text, known)
    concepts = _concepts(found)
    fitting = [rule for rule in RULES if rule.intent in allowed and rule.fits(concepts)]
    most = max((len(rule.needed) for rule in fitting), default=0)
    best = [rule for rule in fitting if len(rule.needed) == most]
    best = [rule for rule in best if not rule.gives_way] or best
    if unknown or len({rule.intent for rule in best}) != 1:
        return None
    days, beside, is_clear = _days(found, today, best[0])
    numbers = {SIGNAL_NUMBER, NUMBER} if best[0].intent == "show_signal" else {SIGNAL_NUMBER}
    about, topic = (
        _first(found, NAMES | numbers),
        _first(found, {*KINDS, *LANGUAGES, "violence"} - {"signals"}),
    )
    if not is_clear:
        return None
    named, said = (about.value if about else ""), (topic.concept if topic else "")
    intent, homes = best[0].intent, _homes(found, known)
    if len(homes) > 1 and intent not in _OF_SEVERAL:
        return None
    if _second(found) and intent not in _OF_TWO:
        return None
    if about and about.concept in HOMES:
        named = " ".join(homes) if intent == "signals" else homes[0]
    only = _narrowed(concepts, homes) if intent in _OF_SEVERAL else ALL
    return Reading(intent, named, said, days, beside, _by(concepts), _second(found), only)


def _homes(found: Sequence[Meaning], known: Vocabulary) -> tuple[str, ...]:
    """Each that is named; a provider beside a unit of its own says whose that is, and is no home more."""
    at = {one.value for one in found if one.concept == "unit"}
    beside = {provider for provider, unit in known.homes if unit in at}
    named = (
        one for one in found if one.concept == "unit" or (one.concept in HOMES and one.value not in beside)
    )
    return tuple(dict.fromkeys(one.value for one in named))


def _narrowed(concepts: frozenset[str], homes: tuple[str, ...]) -> NarrowedQuestion:
    untaken = {"not", "taken"} <= concepts or "ownerless" in concepts
    return NarrowedQuestion("own" in concepts, "late" in concepts, untaken, homes)


def nearest_intents(text: str, known: Vocabulary, allowed: Set[Intent]) -> list[Intent]:
    """Those that share a meaning with the sentence, the nearest first: by what is shared, then by what is wanting."""
    meant = _concepts(meanings(text, known)[0]) - POLITE
    best: dict[Intent, tuple[int, int]] = {}
    for rule in RULES:
        likeness = _likeness(rule, meant)
        best[rule.intent] = max(likeness, best.get(rule.intent, likeness))
    near = [one for one in INTENTS if one in allowed and best[one][0]]
    return sorted(near, key=lambda one: best[one], reverse=True)


def denies(text: str, known: Vocabulary) -> bool:
    return "not" in _concepts(meanings(text, known)[0])


def names_days(text: str, known: Vocabulary) -> bool:
    return DAYS in _concepts(meanings(text, known)[0])


def days_in(text: str, known: Vocabulary, today: date) -> Days | None:
    """The days that a sentence names, whatever else it says; None where they cannot be told."""
    return days_of([one for one in meanings(text, known)[0] if one.concept in DAY_WORDS], today)


def time_that_cannot_be(text: str, known: Vocabulary, today: date) -> Days | NoSuchWeek | None:
    """What is named has not begun, or is no week of its year; None where it is neither, or cannot be told at all."""
    named = [one for one in meanings(text, known)[0] if one.concept in DAY_WORDS]
    if days_of(named, today) is not None:
        return None
    return no_week_in(named, today) or days_of(named, today, ahead=True)


def _likeness(rule: Rule, meant: frozenset[str]) -> tuple[int, int]:
    return 2 * len(rule.needed & meant) + len(rule.may & meant), -len(rule.needed - meant)


def _concepts(found: Sequence[Meaning]) -> frozenset[str]:
    return frozenset(DAYS if one.concept in DAY_WORDS else one.concept for one in found)


def _days(found: Sequence[Meaning], today: date, rule: Rule) -> tuple[Days | None, Days | None, bool]:
    """What is asked of, what it is compared with, and whether all that names days could be read."""
    named = [one for one in found if one.concept in DAY_WORDS]
    split = next((at for at, one in enumerate(found) if one.concept == "compared"), len(found))
    before, after = (
        [one for one in part if one.concept in DAY_WORDS] for part in (found[:split], found[split:])
    )
    if any(one.concept == "more" for one in found):
        # More than then: what is named last is compared with.
        before, after = named[:-1], named[-1:]
    days, beside = (days_of(part, today, ahead=rule.ahead) for part in (before, after))
    is_clear = (days is not None or not before) and (beside is not None or not after)
    return (beside, None, is_clear) if rule.intent == "compared" else (days, beside, is_clear)


def _second(found: Sequence[Meaning]) -> str:
    people = [one.value for one in found if one.concept == "person"]
    return people[1] if len(people) > 1 else ""


def _by(concepts: frozenset[str]) -> Literal["", "unit", "provider"]:
    if "by_unit" in concepts:
        return "unit"
    return "provider" if "by_provider" in concepts else ""


def _first(found: Sequence[Meaning], concepts: Set[str]) -> Meaning | None:
    """Of two names the one that stands first."""
    return next((one for one in found if one.concept in concepts), None)
