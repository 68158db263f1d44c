"""The closing report: what is asked once when a placement has ended, beside its last month's report."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from followup import PersonId, PlacementId
from followup.wording.form import Answers, InFile, Question

FORM_VERSION = "1"
PREFIX = "closing."
REASONS = ("planned", "goals", "home", "age", "own_wish", "dissatisfaction", "quality", "other")
# Those that the unit that was left answers for: what happened is then told as a re-placement too.
REASONS_THAT_COUNT = frozenset({"dissatisfaction", "quality"})
_REASONS_IN_FILE = (
    *("planerad avslutning", "målen nådda", "hemflytt", "ålder", "egen önskan"),
    *("missnöje", "kvalitetsbrist", "annat"),
)

# Requirements R51 and R120. A question is one entry here and its texts in the catalogue, as in the monthly report.
QUESTIONS: tuple[Question, ...] = (
    Question(
        "goals_met",
        "choice",
        "closing",
        "goals_met",
        ("reached", "largely", "partly", "not"),
        in_file=InFile("Mål vid avslut", ("helt", "till stor del", "delvis", "inte")),
    ),
    Question(
        "reasons",
        "choices",
        "closing",
        "closing_reason",
        REASONS,
        in_file=InFile("Skäl till avslut", _REASONS_IN_FILE),
    ),
    Question(
        "child_view",
        "choice",
        "closing",
        "child_view",
        ("good", "mixed", "bad", "not_asked"),
        in_file=InFile("Barnet om tiden", ("bra", "både och", "dålig", "ej tillfrågad")),
    ),
    Question(
        "child_words",
        "text",
        "closing",
        required=False,
        in_file=InFile("Barnets ord", example="Det var lugnt, men långt till skolan."),
    ),
    Question(
        "again",
        "choice",
        "closing",
        "again",
        ("yes", "conditions", "no"),
        in_file=InFile("Placera där igen", ("ja", "med förbehåll", "nej")),
    ),
    Question(
        "to_know",
        "text",
        "closing",
        required=False,
        in_file=InFile("Inför nästa placering", example="Passar den som klarar sig själv på kvällarna."),
    ),
)
TEXTS = frozenset(question.id for question in QUESTIONS if question.kind == "text")


@dataclass(frozen=True)
class ClosingReport:
    """One version of what was answered; it is about the placement's end on that day, and about no other."""

    placement_id: PlacementId
    version: int
    ended_on: date
    answers: Answers
    author_id: PersonId | None
    known_at: datetime

    def stands(self, ends: date | None) -> bool:
        """Whether the placement still ended on the day that was answered about: one that goes on has no such report."""
        return self.ended_on == ends


def in_order(answers: Answers) -> Answers:
    """With the reasons in the order of the form, so that what was chosen in another order is the same."""
    chosen = set(answers.get("reasons", "").split(","))
    reasons = ",".join(reason for reason in REASONS if reason in chosen)
    return {**answers, "reasons": reasons} if reasons else answers


def named_in_report(answers: Mapping[str, str]) -> dict[str, str]:
    """The answers as the fields of a month's report name them."""
    return {PREFIX + name: answer for name, answer in answers.items()}


def without_prefix(typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed in the closing part of a month's report."""
    return {name.removeprefix(PREFIX): value for name, value in typed.items() if name.startswith(PREFIX)}
