"""The two history files as data: past monthly reports and past signals."""

from collections.abc import Mapping

from documents.imports.cells import KEY, CellKind, Choice, Choices, Day, MonthCell, Text, Whole
from documents.imports.columns import Column, FileKind
from documents.imports.register_columns import CONTRACTS, PEOPLE, PLACEMENTS, PROVIDERS, UNITS, YES_NO
from followup.form import LONGEST_TEXT, Question
from followup.month.report import QUESTIONS

QUESTION_HEADERS: Mapping[str, str] = {
    "feels_safe": "Trygg",
    "spoken_alone": "Talat enskilt",
    "provider_report": "Utförarens rapport",
    "provider_report_on": "Utförarens rapport datum",
    "provider_report_quality": "Utförarens rapport kvalitet",
    "signals": "Signaler",
    "health": "Hälsa",
    "development": "Utveckling",
    "behaviour": "Socialt beteende",
    "schooling": "Skolgång",
    "relations": "Relationer",
    "visit_on": "Besök",
    "private_talk_on": "Enskilt samtal",
    "carer_talk_on": "Samtal med boendet",
    "guardian_talk_on": "Samtal med vårdnadshavare",
    "care_plan": "Vårdplan",
    "care_plan_review_on": "Vårdplan nästa",
    "treatment_plan": "Genomförandeplan",
    "treatment_plan_review_on": "Genomförandeplan nästa",
    "knows_plan": "Känner till planen",
    "goal_progress": "Måluppfyllelse",
    "free_text": "Fritext",
}

# The words stand in the order of the question's choices, for each set of choices.
_WORDS: Mapping[str, tuple[str, ...]] = {
    "safe": ("ja", "delvis", "nej", "ej tillfrågad"),
    "yes_no": ("ja", "nej"),
    "arrived": ("inkommen", "ej inkommen"),
    "quality": ("god", "godtagbar", "bristfällig"),
    "signals": ("inga", "finns"),
    "area": ("utan anmärkning", "följs", "oro"),
    "plan": ("aktuell", "behöver revideras", "saknas", "ej aktuell"),
    "knows": ("ja", "nej", "ej tillfrågad"),
    "goals": ("helt", "till stor del", "delvis", "inte", "för tidigt"),
}

_EXAMPLES: Mapping[str, str] = {
    "provider_report_on": "2025-10-29",
    "visit_on": "2025-10-07",
    "private_talk_on": "2025-10-07",
    "carer_talk_on": "2025-10-07",
    "guardian_talk_on": "2025-10-14",
    "care_plan_review_on": "2027-02-10",
    "treatment_plan_review_on": "2027-02-10",
    "free_text": "Trivs bra i skolan.",
}


def _question(question: Question) -> Column:
    kind: CellKind = Text(LONGEST_TEXT, lines=True)
    example = _EXAMPLES.get(question.id, "")
    if question.kind == "date":
        kind = Day(may_be_future=question.may_be_future)
    elif question.kind == "choice":
        words = _WORDS[question.choice_set]
        kind = Choice(dict(zip(words, question.choices, strict=True)))
        example = words[0]
    return Column(question.id, QUESTION_HEADERS[question.id], kind, example=example, about="answer")


REPORTS = FileKind(
    "reports",
    "rapporter",
    ("month", "case_reference", "unit"),
    (
        Column("month", "Månad", MonthCell(), required=True, example="2025-10"),
        Column("case_reference", "Aktreferens", KEY, required=True, example="BU-2025-014"),
        Column("unit", "Enhetskod", KEY, required=True, example="E-01", refers="units"),
        Column(
            "arrived",
            "Status",
            Choice({"inkommen": True, "saknas": False}),
            required=True,
            example="inkommen",
        ),
        Column("received", "Inkommen", Day(), example="2025-11-04"),
        Column("author", "Rapporterad av", KEY, example="annber", refers="people"),
        Column("by_statement", "Intygad", YES_NO, example="nej", default=False),
        *(_question(question) for question in QUESTIONS),
    ),
)

SIGNALS = FileKind(
    "signals",
    "signaler",
    ("key",),
    (
        Column("key", "Signalnummer", KEY, required=True, example="S-2025-031"),
        Column(
            "kind",
            "Typ",
            Choice(
                {
                    "avvikelse": "deviation",
                    "klagomål": "complaint",
                    "synpunkt": "remark",
                    "omplacering": "replacement",
                }
            ),
            required=True,
            example="avvikelse",
        ),
        Column("unit", "Enhetskod", KEY, required=True, example="E-01", refers="units"),
        Column("case_reference", "Aktreferens", KEY, example="BU-2025-014"),
        Column("event_on", "Händelsedatum", Day(), required=True, example="2025-10-12"),
        Column("registered", "Registrerad", Day(), example="2025-10-14"),
        Column("consequence", "Konsekvens", Whole(1, 4), example="2"),
        Column(
            "occurred",
            "Inträffat",
            Choice({"inträffat": "happened", "påtaglig risk": "tangible_risk"}),
            example="inträffat",
            default="happened",
        ),
        Column(
            "cause",
            "Orsak hos",
            Choice({"utföraren": "provider", "myndigheten": "authority", "annan": "other"}),
            example="utföraren",
            default="provider",
        ),
        Column(
            "source",
            "Källa",
            Choice(
                {
                    "barn eller ung": "child",
                    "vårdnadshavare": "guardian",
                    "god man": "trustee",
                    "egen iakttagelse": "own_observation",
                    "utföraren": "provider",
                    "personal": "staff",
                    "annan": "other",
                }
            ),
            example="utföraren",
            default="other",
        ),
        Column(
            "marks",
            "Märkning",
            Choices(
                {
                    "skada": "injury",
                    "våld": "violence",
                    "övergrepp": "abuse",
                    "allvarligt missförhållande": "serious_wrong",
                    "lex Sarah": "lex_sarah",
                    "IVO": "ivo",
                }
            ),
            default=(),
        ),
        Column("tone", "Ton", Choice({"kritik": "criticism", "beröm": "praise"})),
        Column(
            "reasons",
            "Skäl till omplacering",
            Choices(
                {
                    "missnöje": "dissatisfaction",
                    "kvalitetsbrist": "quality",
                    "ålder": "age",
                    "planerad": "planned",
                    "hemflytt": "home",
                    "annat": "other",
                }
            ),
            default=(),
        ),
        Column("same_as", "Samma händelse som", KEY, refers="signals"),
        Column("decided", "Beslutad", YES_NO, example="ja", default=False),
        Column("dismissed", "Avskriven", YES_NO, example="nej", default=False),
        Column("text", "Text", Text(LONGEST_TEXT, lines=True), example="Två pass utan nattpersonal."),
        Column("action_taken", "Åtgärd", Text(LONGEST_TEXT, lines=True), example="Samtal med föreståndaren."),
    ),
)

FILES: tuple[FileKind, ...] = (PEOPLE, PROVIDERS, UNITS, CONTRACTS, PLACEMENTS, REPORTS, SIGNALS)
BY_ID: Mapping[str, FileKind] = {file.id: file for file in FILES}
