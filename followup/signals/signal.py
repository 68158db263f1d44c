"""A signal (avvikelse, klagomål, synpunkt, omplacering): its questions, and what it weighs as evidence."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from followup import PersonId, PlacementId, SignalId, UnitId
from followup.risk.inputs import Item, ItemKind
from followup.risk.risk_config import RiskConfig
from followup.signals.situations import OTHER, SITUATIONS, Situation, situation_of
from followup.terms import SIGNAL_KINDS, SignalCode, SignalKind, kinds_that_need
from followup.wording.form import Answers, Question, read, read_day
from followup.wording.wording import Problem, wording

KINDS = tuple(map(SignalCode, SIGNAL_KINDS))
NUMBER_LETTER = {kind.code: kind.letter for kind in SIGNAL_KINDS.values()}
CONSEQUENCES = ("1", "2", "3", "4")
SOURCES = ("child", "guardian", "trustee", "own_observation", "provider", "staff", "other")
HARM = ("injury", "violence", "abuse")
MARKS = (*HARM, "serious_wrong", "lex_sarah", "ivo")
# What the form asks for; that a provider has reported or notified is told by the situation.
MARKS_ASKED = (*HARM, "serious_wrong")
CATEGORIES = tuple(dict.fromkeys(one for kind in SIGNAL_KINDS.values() for one in kind.categories))
# The six areas of quality (R116), and to whom it was told first (R62).
AREAS = ("integrity", "wholeness", "safety", "knowledge", "availability", "efficiency")
CHANNELS = ("to_provider", "to_authority")
_WITH_SITUATIONS = tuple(kind.code for kind in SIGNAL_KINDS.values() if kind.has_situations)
REASONS = ("dissatisfaction", "quality", "age", "planned", "home", "other")
REASONS_THAT_COUNT = frozenset({"dissatisfaction", "quality"})

# Requirements R54 and R57-R64.
QUESTIONS: tuple[Question, ...] = (
    Question("kind", "choice", "signal", "signal_kind", KINDS),
    Question(
        "situation",
        "choice",
        "signal",
        "situation",
        tuple(SITUATIONS),
        required=False,
        asked_if=(("kind",), _WITH_SITUATIONS),
    ),
    Question("event_on", "date", "signal"),
    Question("consequence", "choice", "signal", "consequence", CONSEQUENCES, required=False),
    Question("occurred", "choice", "signal", "occurred", ("happened", "tangible_risk")),
    Question("cause", "choice", "signal", "cause", ("provider", "authority", "other")),
    Question("source", "choice", "signal", "source", SOURCES),
    Question("channel", "choice", "signal", "channel", CHANNELS, required=False),
    Question("marks", "choices", "signal", "mark", MARKS_ASKED, required=False),
    Question("category", "choice", "signal", "category", CATEGORIES, required=False),
    Question("areas", "choices", "signal", "area", AREAS, required=False),
    Question(
        "tone",
        "choice",
        "signal",
        "tone",
        ("criticism", "praise"),
        required=False,
        asked_if=(("kind",), kinds_that_need("tone")),
    ),
    Question(
        "reasons",
        "choices",
        "signal",
        "reason",
        REASONS,
        required=False,
        asked_if=(("kind",), kinds_that_need("reasons")),
    ),
    Question("text", "text", "signal"),
    Question("action_taken", "text", "signal", required=False),
)
# With a month's report, where up to three may be told of, what it is about is not asked: a card has its limit.
IN_REPORT = tuple(one for one in QUESTIONS if one.id not in ("category", "areas", "channel"))


@dataclass(frozen=True)
class Signal:
    """One version of a signal; a correction is a new version, and a dismissed one stays."""

    id: SignalId
    version: int
    unit_id: UnitId
    placement_id: PlacementId | None
    kind: SignalCode
    event_on: date
    consequence: int | None
    occurred: str
    cause: str
    source: str
    marks: frozenset[str] = field(default_factory=frozenset)
    praise: bool = False
    reasons: frozenset[str] = field(default_factory=frozenset)
    event: str | None = None
    dismissed: bool = False
    decided: bool = False
    author_id: PersonId | None = None
    known_at: datetime | None = None
    situation: str | None = None
    category: str | None = None
    areas: frozenset[str] = field(default_factory=frozenset)
    channel: str | None = None

    @property
    def number(self) -> str:
        return f"{NUMBER_LETTER[self.kind]}-{self.id}"


def situation(signal: Signal) -> Situation | None:
    """None of a kind that has none."""
    if not SIGNAL_KINDS[signal.kind].has_situations:
        return None
    return situation_of(signal.situation, signal.marks, ours=signal.cause == "authority")


# A-17 as people write it: a17, A 17, A–17, #17, and with a full stop after it.
NUMBER = re.compile(r"(?:#|([a-z])[-‐‑–−]?\s?)?([0-9]{1,9})[.!?]?", re.IGNORECASE | re.ASCII)


def read_number(typed: str) -> tuple[str, int] | None:
    """The letter, empty where there is none, and the id of a signal or a report; None for what is no number."""
    found = NUMBER.fullmatch(typed.strip())
    return ((found[1] or "").upper(), int(found[2])) if found else None


def id_in(number: str) -> SignalId | None:
    """The id in a signal's number, with or without its letter; None for what is no number of a signal."""
    letter, id_ = read_number(number) or ("?", 0)
    return SignalId(id_) if letter in ("", *NUMBER_LETTER.values()) else None


def read_signal(
    typed: Mapping[str, str], today: date, questions: Sequence[Question] = QUESTIONS
) -> tuple[Answers, list[Problem]]:
    """The signal's answers and all problems at once, also those that only its kind makes a problem."""
    answers, problems = read(questions, typed, today)
    kind = SIGNAL_KINDS.get(answers.get("kind", ""))
    if kind and kind.needs and kind.needs not in answers:
        problems.append(Problem(kind.needs, wording(f"signal.{kind.needs}_needed")))
    event_on = read_day(answers.get("event_on", ""))
    if kind and event_on and not kind.valid_on(event_on):
        problems.append(Problem("kind", wording("signal.kind_not_valid", day=event_on)))
    if "consequence" not in answers and answers.get("tone") != "praise":
        problems.append(Problem("consequence", wording("form.missing")))
    if kind and answers.get("category", "") not in ("", *kind.categories):
        problems.append(Problem("category", wording("signal.category_of_another_kind")))
    return _with_situation(answers, kind, problems)


def _with_situation(
    answers: Answers, kind: SignalKind | None, problems: list[Problem]
) -> tuple[Answers, list[Problem]]:
    """A deviation is one of the situations; the marks follow from that, beside those that were given."""
    if kind is None or not kind.has_situations:
        return answers, problems
    situation = SITUATIONS.get(answers.get("situation", OTHER))
    if situation is None:
        return answers, problems
    if situation.ours and answers.get("cause", "authority") != "authority":
        problems.append(Problem("cause", wording("signal.own_activity_is_ours")))
    given = set(filter(None, answers.get("marks", "").split(","))) | situation.marks
    marks = {"marks": ",".join(mark for mark in MARKS if mark in given)} if given else {}
    return {**answers, "situation": situation.code, **marks}, problems


def said_of(signal: Signal, text: str, action_taken: str) -> Answers:
    """The signal as its form was answered; the two texts are kept apart from it."""
    needs = SIGNAL_KINDS[signal.kind].needs
    return {
        "kind": signal.kind,
        "situation": signal.situation or "",
        "event_on": signal.event_on.isoformat(),
        "consequence": "" if signal.consequence is None else str(signal.consequence),
        "occurred": signal.occurred,
        "cause": signal.cause,
        "source": signal.source,
        "marks": ",".join(sorted(signal.marks)),
        "tone": ("praise" if signal.praise else "criticism") if needs == "tone" else "",
        "reasons": ",".join(sorted(signal.reasons)),
        "text": text,
        "action_taken": action_taken,
    }


def zero_because(signal: Signal) -> str | None:
    """Why a signal gives no points: it was dismissed, the cause was the authority's own, or it blames nobody."""
    if signal.dismissed:
        return "dismissed"
    if signal.cause == "authority":
        return "authority"
    needs = SIGNAL_KINDS[signal.kind].needs
    if needs == "tone" and signal.praise:
        return "praise"
    if needs == "reasons" and not signal.reasons & REASONS_THAT_COUNT:
        return "other_reason"
    return None


def points(signal: Signal, config: RiskConfig) -> Decimal:
    """As graded, else the default of its kind (risk-and-selection.md, Items and points)."""
    if zero_because(signal):
        return Decimal(0)
    weight = Decimal(signal.consequence) if signal.consequence else _default_points(signal, config)
    small_own_report = (
        signal.kind == "deviation"
        and signal.source == "provider"
        and weight <= config.own_report_up_to
        and not signal.marks
    )
    return weight * config.own_report_factor if small_own_report else weight


def _default_points(signal: Signal, config: RiskConfig) -> Decimal:
    if signal.marks - {"lex_sarah"}:
        return config.points_serious
    if "lex_sarah" in signal.marks:
        return config.points_lex_sarah
    weight: Decimal = getattr(config, SIGNAL_KINDS[signal.kind].points)
    return weight


def item_of(signal: Signal, config: RiskConfig) -> Item:
    """The signal as evidence about its unit."""
    return Item(
        id=signal.number,
        version=signal.version,
        kind=ItemKind(signal.kind),
        day=signal.event_on,
        weight=points(signal, config),
        event=signal.event,
        floor=floor_of(signal),
        decided=signal.decided,
        zero_because=zero_because(signal),
        consequence=signal.consequence,
    )


def floor_of(signal: Signal) -> Literal["red", "yellow"] | None:
    """The floor that a serious event sets: consequence 4 red; lex Sarah or anything marked as serious yellow.

    A mark without a grade stands for consequence 4, as its points do. What is dismissed, praise, or the
    authority's own doing sets none.
    """
    if zero_because(signal) in ("dismissed", "authority", "praise"):
        return None
    ungraded_harm = signal.consequence is None and bool(signal.marks - {"lex_sarah"})
    if signal.consequence == 4 or ungraded_harm:
        return "red"
    return "yellow" if signal.marks else None


def is_serious(signal: Signal) -> bool:
    return floor_of(signal) is not None
