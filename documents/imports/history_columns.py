"""The two history files as data: past monthly reports and past signals."""

from collections.abc import Mapping
from dataclasses import replace

from documents.imports.cells import KEY, CellKind, ChoiceCell, Choices, Day, MonthCell, TextCell, Whole
from documents.imports.columns import FileColumn, FileId, FileKind
from documents.imports.event_columns import EVENTS, IVO_DECISIONS
from documents.imports.register_columns import (
    CLOCKS,
    CONTRACTS,
    PEOPLE,
    PLACEMENTS,
    PROVIDERS,
    TERMS,
    UNITS,
    YES_NO,
)
from followup.month import closing_report
from followup.month.report import QUESTIONS
from followup.signals.situations import SITUATIONS
from followup.terms import SIGNAL_KINDS, codes_by_word
from followup.wording.form import LONGEST_TEXT, Question


def question_column(question: Question, prefix: str = "", about: str = "answer") -> FileColumn:
    """Raises LookupError, naming the question, when nobody has said how it stands in a file."""
    written = question.in_file
    if written is None:
        raise LookupError(f"{question.id}: in_file")
    kind: CellKind = TextCell(LONGEST_TEXT, lines=True)
    example = written.example
    if question.kind == "date":
        kind = Day(may_be_future=question.may_be_future)
    elif question.kind == "choice":
        kind = ChoiceCell(dict(zip(written.words, question.choices, strict=True)))
        example = written.words[0]
    elif question.kind == "choices":
        kind = Choices(dict(zip(written.words, question.choices, strict=True)))
    return FileColumn(prefix + question.id, written.header, kind, example=example, about=about)


QUESTION_COLUMNS = tuple(question_column(question) for question in QUESTIONS)
# Of a row about the month in which the placement ended.
CLOSING_COLUMNS = tuple(
    # An example of every column in one row would say that a placement that goes on has ended.
    replace(question_column(question, closing_report.PREFIX, "closing"), example="")
    for question in closing_report.QUESTIONS
)
REPORTS = FileKind(
    "reports",
    "rapporter",
    ("month", "case_reference", "unit"),
    (
        FileColumn("month", "Månad", MonthCell(), required=True, example="2025-10"),
        FileColumn("case_reference", "Aktreferens", KEY, required=True, example="BU-2025-014"),
        FileColumn("unit", "Enhetskod", KEY, required=True, example="E-01", refers="units"),
        FileColumn(
            "arrived",
            "Status",
            ChoiceCell({"inkommen": True, "saknas": False}),
            required=True,
            example="inkommen",
        ),
        FileColumn("received", "Inkommen", Day(), example="2025-11-04"),
        FileColumn("author", "Rapporterad av", KEY, example="annber", refers="people"),
        FileColumn("by_statement", "Intygad", YES_NO, example="nej", default=False),
        *QUESTION_COLUMNS,
        *CLOSING_COLUMNS,
    ),
)

SIGNALS = FileKind(
    "signals",
    "signaler",
    ("key",),
    (
        FileColumn("key", "Signalnummer", KEY, required=True, example="S-2025-031"),
        FileColumn(
            "kind",
            "Typ",
            ChoiceCell(codes_by_word(SIGNAL_KINDS.values())),
            required=True,
            example="avvikelse",
        ),
        FileColumn("unit", "Enhetskod", KEY, required=True, example="E-01", refers="units"),
        FileColumn("case_reference", "Aktreferens", KEY, example="BU-2025-014"),
        FileColumn("event_on", "Händelsedatum", Day(), required=True, example="2025-10-12"),
        FileColumn("registered", "Registrerad", Day(), example="2025-10-14"),
        FileColumn("consequence", "Konsekvens", Whole(1, 4), example="2"),
        FileColumn(
            "occurred",
            "Inträffat",
            ChoiceCell({"inträffat": "happened", "påtaglig risk": "tangible_risk"}),
            example="inträffat",
            default="happened",
        ),
        FileColumn(
            "cause",
            "Orsak hos",
            ChoiceCell({"utföraren": "provider", "myndigheten": "authority", "annan": "other"}),
            example="utföraren",
            default="provider",
        ),
        FileColumn(
            "source",
            "Källa",
            ChoiceCell(
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
        FileColumn(
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
        FileColumn(
            "situation",
            "Situation",
            ChoiceCell({one.word: one.code for one in SITUATIONS.values()}),
            example="övrig avvikelse",
        ),
        FileColumn(
            "category",
            "Kategori",
            ChoiceCell(
                {
                    "missnöje med behandlare": "therapist",
                    "felaktig dokumentation": "documentation",
                    "bemötande": "treatment",
                    "missnöje med regler": "rules",
                    "bristande återkoppling till föräldrar": "feedback",
                    "brister i lokalerna": "premises",
                    "felaktigt agerande av personal": "staff_acts",
                    "brister i kommunikation och information": "communication",
                    "missbruk i hemmet": "abuse_in_home",
                    "samverkan": "cooperation",
                }
            ),
        ),
        FileColumn(
            "areas",
            "Kvalitetsområden",
            Choices(
                {
                    "självbestämmande och integritet": "integrity",
                    "helhetssyn och samordning": "wholeness",
                    "trygghet och säkerhet": "safety",
                    "kunskapsbaserad verksamhet": "knowledge",
                    "tillgänglighet": "availability",
                    "effektivitet": "efficiency",
                }
            ),
            default=(),
        ),
        FileColumn(
            "channel",
            "Kanal",
            ChoiceCell({"till utföraren": "to_provider", "till kommunen": "to_authority"}),
            example="till kommunen",
        ),
        FileColumn("tone", "Ton", ChoiceCell({"kritik": "criticism", "beröm": "praise"})),
        FileColumn(
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
        FileColumn("same_as", "Samma händelse som", KEY, refers="signals"),
        FileColumn("decided", "Beslutad", YES_NO, example="ja", default=False),
        FileColumn("dismissed", "Avskriven", YES_NO, example="nej", default=False),
        FileColumn("text", "Text", TextCell(LONGEST_TEXT, lines=True), example="Två pass utan nattpersonal."),
        FileColumn(
            "action_taken", "Åtgärd", TextCell(LONGEST_TEXT, lines=True), example="Samtal med föreståndaren."
        ),
    ),
)

FILES: tuple[FileKind, ...] = (
    TERMS,
    CLOCKS,
    PEOPLE,
    PROVIDERS,
    UNITS,
    CONTRACTS,
    PLACEMENTS,
    REPORTS,
    SIGNALS,
    IVO_DECISIONS,
    EVENTS,
)
BY_ID: Mapping[FileId, FileKind] = {file.id: file for file in FILES}
