"""The files of the register as data; reader, templates and README tables are made from it."""

from datetime import date

from documents.imports.cells import KEY, Choice, Code, Day, DirectoryId, Number, OrgNumber, Text
from documents.imports.columns import Column, FileKind
from followup.terms import END_REASONS, FORMS, LEGAL_GROUNDS, codes_by_word

YES_NO = Choice({"ja": True, "nej": False})

# The first day and the last that a term may be said to hold.
_TERMS_EARLIEST = date(1960, 1, 1)
TERMS = FileKind(
    "terms",
    "termer",
    ("kind", "code"),
    (
        Column(
            "kind",
            "Slag",
            Choice({"form": "form", "lagrum": "legal_ground", "avslutsorsak": "end_reason"}),
            required=True,
            example="form",
        ),
        Column("code", "Kod", Code(), required=True, example="hem_barn_unga"),
        Column("word", "Ord", Text(100), required=True, example="Hem för barn och unga"),
        Column("english", "Engelska", Text(100), example="Home for children and young people"),
        Column(
            "valid_from",
            "Gäller från",
            Day(may_be_future=True, earliest=_TERMS_EARLIEST),
            example="2027-01-01",
        ),
        Column("valid_to", "Gäller till", Day(may_be_future=True, earliest=_TERMS_EARLIEST, end=True)),
        Column("level", "Bastal", Number("0.01", "2"), example="0,24", keeps=True),
    ),
)

PEOPLE = FileKind(
    "people",
    "personer",
    ("key",),
    (
        Column("key", "Signatur", KEY, required=True, example="annber"),
        Column("name", "Namn", Text(), required=True, example="Anna Berg"),
        Column(
            "role",
            "Roll",
            Choice(
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
        Column("team", "Team", Text(100), example="Barn och unga"),
        Column("manager", "Chef", KEY, refers="people", role="manager"),
        Column("language", "Språk", Choice({"sv": "sv", "en": "en"}), example="sv", default="sv"),
        Column("active", "Aktiv", YES_NO, example="ja", default=True),
        Column("teams_id", "Teams-id", DirectoryId(), keeps=True),
        Column("tenant", "Tenant", DirectoryId(), default=""),
    ),
)

PROVIDERS = FileKind(
    "providers",
    "utförare",
    ("org_number",),
    (
        Column("org_number", "Organisationsnummer", OrgNumber(), required=True, example="559999-0016"),
        Column("name", "Utförare", Text(), required=True, example="Björkbacken Omsorg AB"),
        Column("contact", "Kontakt", Text(), example="Karin Ek, 08-123 45 67"),
    ),
)

UNITS = FileKind(
    "units",
    "enheter",
    ("key",),
    (
        Column("key", "Enhetskod", KEY, required=True, example="E-01"),
        Column("name", "Enhet", Text(), required=True, example="Björkbacken"),
        Column(
            "provider",
            "Organisationsnummer",
            OrgNumber(),
            required=True,
            example="559999-0016",
            refers="providers",
        ),
        Column(
            "form",
            "Form",
            Choice(codes_by_word(FORMS.values())),
            term="form",
            required=True,
            example="HVB",
        ),
        Column("subtype", "Inriktning", Text(40), example="behandling"),
        Column(
            "ownership",
            "Regi",
            Choice({"privat": "privat", "egen regi": "egen_regi", "annan offentlig": "annan_offentlig"}),
            required=True,
            example="privat",
        ),
        Column("director", "Föreståndare", Text(), example="Lars Holm"),
        Column("last_follow_up", "Senaste uppföljning", Day(), example="2025-09-15", keeps=True),
        Column(
            "last_verdict",
            "Resultat",
            Choice(
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

CONTRACT_FORM = Choice(
    {
        "ramavtal": "ramavtal",
        "överenskommelse": "overenskommelse",
        "direktupphandling": "direktupphandling",
        "egen regi": "egen_regi",
    }
)

CONTRACTS = FileKind(
    "contracts",
    "avtal",
    ("key",),
    (
        Column("key", "Avtalsnummer", KEY, required=True, example="A-2025-7"),
        Column("unit", "Enhetskod", KEY, required=True, example="E-01", refers="units"),
        Column("form", "Avtalsform", CONTRACT_FORM, required=True, example="ramavtal"),
        Column(
            "law",
            "Rättslig grund",
            Choice({"LOV": "lov", "LOU": "lou", "egen regi": "egen_regi"}),
            required=True,
            example="LOU",
        ),
        Column("starts", "Från", Day(may_be_future=True), required=True, example="2025-01-01"),
        Column("ends", "Till", Day(may_be_future=True, end=True), example="2028-12-31"),
    ),
)

_ON_FILE = Choice({"finns": "finns", "saknas": "saknas", "ej aktuellt": "ej_aktuellt"})
_BORN_EARLIEST = date(1950, 1, 1)


def _plan(name: str, header: str) -> tuple[Column, Column, Column]:
    return (
        Column(name, header, _ON_FILE, example="finns", about="plan"),
        Column(f"{name}_on", f"{header} datum", Day(), example="2025-02-10", about="plan_on"),
        Column(
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
        Column("case_reference", "Aktreferens", KEY, required=True, example="BU-2025-014"),
        Column("unit", "Enhetskod", KEY, required=True, example="E-01", refers="units"),
        Column("starts", "Från", Day(may_be_future=True), required=True, example="2025-02-01"),
        Column("ends", "Till", Day(may_be_future=True, end=True)),
        Column(
            "end_reason",
            "Avslutsorsak",
            Choice(codes_by_word(END_REASONS.values())),
            term="end_reason",
        ),
        Column(
            "legal_ground",
            "Lagrum",
            Choice(codes_by_word(LEGAL_GROUNDS.values())),
            term="legal_ground",
            required=True,
            example="LVU 2 §",
        ),
        Column("executed_on", "Verkställd", Day(may_be_future=True), example="2025-02-01"),
        Column("owner", "Ansvarig", KEY, required=True, example="annber", refers="people", role="worker"),
        Column("substitute", "Ersättare", KEY, refers="people", role="worker"),
        Column("owner_since", "Ansvarig från", Day(may_be_future=True), example="2025-02-01"),
        Column("born", "Födelsedatum", Day(earliest=_BORN_EARLIEST), example="2012-05-17"),
        Column("alias", "Alias", Text(20), example="Blåsippan"),
        Column("greater_needs_since", "Större behov sedan", Day()),
        Column("contract_form", "Avtalsform", CONTRACT_FORM, example="ramavtal"),
        Column(
            "deviation_documented",
            "Avsteg dokumenterat",
            Choice({"ja": "ja", "nej": "nej", "ej aktuellt": "ej_aktuellt"}),
            example="ej aktuellt",
        ),
        Column("call_off_contract", "Avropsavtal", _ON_FILE, example="finns"),
        Column("individual_contract", "Individuellt avtal", _ON_FILE, example="finns"),
        *_plan("care_plan", "Vårdplan"),
        *_plan("treatment_plan", "Genomförandeplan"),
    ),
)
