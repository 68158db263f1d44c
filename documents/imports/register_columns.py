"""The files of the register as data; reader, templates and README tables are made from it."""

from datetime import date

from documents.imports.cells import (
    KEY,
    ChoiceCell,
    Code,
    Day,
    DirectoryId,
    Number,
    OrgNumber,
    TextCell,
    WholeNumber,
)
from documents.imports.columns import FileColumn, FileKind
from followup.terms import END_REASONS, FORMS, LEGAL_GROUNDS, codes_by_word

YES_NO = ChoiceCell({"ja": True, "nej": False})
CLOCK_STARTS = {
    "vårdens början": "care",
    "placeringens början": "placement",
    "verkställighet": "executed",
    "början i samma hem": "home",
    "avslutad utredning": "investigation",
    "vårdplan": "care_plan",
    "genomförandeplan": "treatment_plan",
    "placeringens slut": "end",
}

# The first day and the last that a term may be said to hold.
_TERMS_EARLIEST = date(1960, 1, 1)
TERMS = FileKind(
    "terms",
    "termer",
    ("kind", "code"),
    (
        FileColumn(
            "kind",
            "Slag",
            ChoiceCell({"form": "form", "lagrum": "legal_ground", "avslutsorsak": "end_reason"}),
            required=True,
            example="form",
        ),
        FileColumn("code", "Kod", Code(), required=True, example="hem_barn_unga"),
        FileColumn("word", "Ord", TextCell(100), required=True, example="Hem för barn och unga"),
        FileColumn("english", "Engelska", TextCell(100), example="Home for children and young people"),
        FileColumn(
            "valid_from",
            "Gäller från",
            Day(may_be_future=True, earliest=_TERMS_EARLIEST),
            example="2027-01-01",
        ),
        FileColumn("valid_to", "Gäller till", Day(may_be_future=True, earliest=_TERMS_EARLIEST, end=True)),
        FileColumn("level", "Bastal", Number("0.01", "2"), example="0,24", keeps=True),
        FileColumn(
            "corresponds",
            "Motsvarar",
            ChoiceCell(codes_by_word([*FORMS.values(), *LEGAL_GROUNDS.values()])),
            example="HVB",
        ),
    ),
)

_LONGEST_TIME = "240"
CLOCKS = FileKind(
    "clocks",
    "frister",
    ("code",),
    (
        FileColumn("code", "Kod", Code(), required=True, example="trygghetsprovning"),
        FileColumn("word", "Frist", TextCell(100), required=True, example="Trygghetsprövning"),
        FileColumn("english", "Engelska", TextCell(100), example="Safety review"),
        FileColumn(
            "valid_from",
            "Gäller från",
            Day(may_be_future=True, earliest=_TERMS_EARLIEST),
            example="2027-01-01",
        ),
        FileColumn("valid_to", "Gäller till", Day(may_be_future=True, earliest=_TERMS_EARLIEST, end=True)),
        FileColumn("starts", "Räknas från", ChoiceCell(CLOCK_STARTS), example="placeringens början"),
        FileColumn("months", "Månader", WholeNumber("0", _LONGEST_TIME), example="3"),
        FileColumn("then_months", "Därefter månader", WholeNumber("1", _LONGEST_TIME), example="3"),
        FileColumn(
            "ground", "Lagrum", ChoiceCell(codes_by_word(LEGAL_GROUNDS.values())), term="legal_ground"
        ),
        FileColumn("form", "Form", ChoiceCell(codes_by_word(FORMS.values())), term="form", example="HVB"),
        FileColumn("meeting", "Beslutas vid möte", YES_NO, example="ja"),
    ),
)

PEOPLE = FileKind(
    "people",
    "personer",
    ("key",),
    (
        FileColumn("key", "Signatur", KEY, required=True, example="annber"),
        FileColumn("name", "Namn", TextCell(), required=True, example="Anna Berg"),
        FileColumn(
            "role",
            "Roll",
            ChoiceCell(
                {
                    "socialsekreterare": "worker",
                    "kvalitetsteam": "quality",
                    "chef": "manager",
                    "administratör": "admin",
                }
            ),
            required=True,
            example="socialsekreterare",
        ),
        FileColumn("team", "Team", TextCell(100), example="Barn och unga"),
        FileColumn("manager", "Chef", KEY, refers="people", role="manager"),
        FileColumn("language", "Språk", ChoiceCell({"sv": "sv", "en": "en"}), example="sv", default="sv"),
        FileColumn("active", "Aktiv", YES_NO, example="ja", default=True),
        FileColumn("teams_id", "Teams-id", DirectoryId(), keeps=True),
        FileColumn("tenant", "Tenant", DirectoryId(), default=""),
    ),
)

PROVIDERS = FileKind(
    "providers",
    "utförare",
    ("org_number",),
    (
        FileColumn("org_number", "Organisationsnummer", OrgNumber(), required=True, example="559999-0016"),
        FileColumn("name", "Utförare", TextCell(), required=True, example="Björkbacken Omsorg AB"),
        FileColumn("contact", "Kontakt", TextCell(), example="Karin Ek, 08-123 45 67"),
    ),
)

UNITS = FileKind(
    "units",
    "enheter",
    ("key",),
    (
        FileColumn("key", "Enhetskod", KEY, required=True, example="E-01"),
        FileColumn("name", "Enhet", TextCell(), required=True, example="Björkbacken"),
        FileColumn(
            "provider",
            "Organisationsnummer",
            OrgNumber(),
            required=True,
            example="559999-0016",
            refers="providers",
        ),
        FileColumn(
            "form",
            "Form",
            ChoiceCell(codes_by_word(FORMS.values())),
            term="form",
            required=True,
            example="HVB",
        ),
        FileColumn("subtype", "Inriktning", TextCell(40), example="behandling"),
        FileColumn(
            "ownership",
            "Regi",
            ChoiceCell({"privat": "private", "egen regi": "in_house", "annan offentlig": "other_public"}),
            required=True,
            example="privat",
        ),
        FileColumn("director", "Föreståndare", TextCell(), example="Lars Holm"),
        FileColumn("last_follow_up", "Senaste uppföljning", Day(), example="2025-09-15", keeps=True),
        FileColumn(
            "last_verdict",
            "Resultat",
            ChoiceCell(
                {
                    "uppfyller": "uppfyller",
                    "uppfyller delvis": "uppfyller_delvis",
                    "uppfyller inte": "uppfyller_inte",
                }
            ),
            example="uppfyller",
            keeps=True,
        ),
    ),
)

CONTRACT_FORM = ChoiceCell(
    {
        "ramavtal": "framework",
        "överenskommelse": "agreement",
        "direktupphandling": "direct_award",
        "egen regi": "in_house",
    }
)

CONTRACTS = FileKind(
    "contracts",
    "avtal",
    ("key",),
    (
        FileColumn("key", "Avtalsnummer", KEY, required=True, example="A-2025-7"),
        FileColumn("unit", "Enhetskod", KEY, required=True, example="E-01", refers="units"),
        FileColumn("form", "Avtalsform", CONTRACT_FORM, required=True, example="ramavtal"),
        FileColumn(
            "law",
            "Rättslig grund",
            ChoiceCell({"LOV": "lov", "LOU": "lou", "egen regi": "in_house"}),
            required=True,
            example="LOU",
        ),
        FileColumn("starts", "Från", Day(may_be_future=True), required=True, example="2025-01-01"),
        FileColumn("ends", "Till", Day(may_be_future=True, end=True), example="2028-12-31"),
        FileColumn("owner", "Ansvarig", KEY, refers="people"),
    ),
)

_ON_FILE = ChoiceCell({"finns": "on_file", "saknas": "missing", "ej aktuellt": "not_applicable"})
_BORN_EARLIEST = date(1950, 1, 1)


def _plan(name: str, header: str) -> tuple[FileColumn, FileColumn, FileColumn]:
    return (
        FileColumn(name, header, _ON_FILE, example="finns", about="plan"),
        FileColumn(f"{name}_on", f"{header} datum", Day(), example="2025-02-10", about="plan_on"),
        FileColumn(
            f"{name}_review_on",
            f"{header} nästa",
            Day(may_be_future=True),
            example="2027-02-10",
            about="plan_review_on",
        ),
    )


PLACEMENTS = FileKind(
    "placements",
    "placeringar",
    ("case_reference", "unit", "starts"),
    (
        FileColumn("case_reference", "Aktreferens", KEY, required=True, example="BU-2025-014"),
        FileColumn("unit", "Enhetskod", KEY, required=True, example="E-01", refers="units"),
        FileColumn("starts", "Från", Day(may_be_future=True), required=True, example="2025-02-01"),
        FileColumn("ends", "Till", Day(may_be_future=True, end=True)),
        FileColumn(
            "end_reason",
            "Avslutsorsak",
            ChoiceCell(codes_by_word(END_REASONS.values())),
            term="end_reason",
        ),
        FileColumn(
            "legal_ground",
            "Lagrum",
            ChoiceCell(codes_by_word(LEGAL_GROUNDS.values())),
            term="legal_ground",
            required=True,
            example="LVU 2 §",
        ),
        FileColumn("executed_on", "Verkställd", Day(may_be_future=True), example="2025-02-01"),
        FileColumn("owner", "Ansvarig", KEY, required=True, example="annber", refers="people", role="worker"),
        FileColumn("substitute", "Ersättare", KEY, refers="people", role="worker"),
        FileColumn("owner_since", "Ansvarig från", Day(may_be_future=True), example="2025-02-01"),
        FileColumn("born", "Födelsedatum", Day(earliest=_BORN_EARLIEST), example="2012-05-17"),
        FileColumn("alias", "Alias", TextCell(20), example="Blåsippan"),
        FileColumn("greater_needs_since", "Större behov sedan", Day()),
        FileColumn("contract_form", "Avtalsform", CONTRACT_FORM, example="ramavtal"),
        FileColumn(
            "deviation_documented",
            "Avsteg dokumenterat",
            ChoiceCell({"ja": "yes", "nej": "no", "ej aktuellt": "not_applicable"}),
            example="ej aktuellt",
        ),
        FileColumn("deviation_reason", "Skäl för avsteg", TextCell(200)),
        FileColumn("call_off_contract", "Avropsavtal", _ON_FILE, example="finns"),
        FileColumn("individual_contract", "Individuellt avtal", _ON_FILE, example="finns"),
        *_plan("care_plan", "Vårdplan"),
        *_plan("treatment_plan", "Genomförandeplan"),
        FileColumn("investigation_ended", "Utredning avslutad", Day(), example="2025-01-20"),
        FileColumn("special_reasons_on", "Särskilda skäl", Day(may_be_future=True)),
        FileColumn("home", "Hem", KEY, example="H-07"),
        FileColumn("last_review_on", "Senaste övervägande", Day(), example="2026-02-03"),
        FileColumn("last_review_body", "Beslutat av", TextCell(100), example="Sociala utskottet"),
        FileColumn("after_care", "Uppföljning efter avslut", ChoiceCell({"ja": "yes", "nej": "no"})),
    ),
)
