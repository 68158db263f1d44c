"""Two files of what is known of units beside the evidence, as data: IVO's decisions, and other events."""

from documents.imports.cells import KEY, Choice, Day, Text
from documents.imports.columns import Column, FileKind

_UNIT = Column("unit", "Enhetskod", KEY, required=True, example="E-01", refers="units")

IVO_DECISIONS = FileKind(
    "ivo_decisions",
    "ivo-beslut",
    ("unit", "happened_on", "kind", "source"),
    (
        _UNIT,
        Column("happened_on", "Datum", Day(), required=True, example="2026-03-12"),
        Column(
            "kind",
            "Slag",
            Choice(
                {
                    "tillsyn utan brist": "ivo_no_fault",
                    "tillsyn med brist": "ivo_fault",
                    "föreläggande": "ivo_order",
                    "vite": "ivo_fine",
                    "förbud eller återkallat tillstånd": "ivo_ban",
                    "tillstånd": "ivo_licence",
                    "annat": "ivo_other",
                }
            ),
            required=True,
            example="tillsyn med brist",
        ),
        Column("source", "Diarienummer eller länk", Text(300), required=True, example="3.5.1-12345/2026"),
        Column("checked_on", "Senast kontrollerad", Day(), example="2026-04-01"),
    ),
)

EVENTS = FileKind(
    "events",
    "händelser",
    ("unit", "happened_on", "kind", "source"),
    (
        _UNIT,
        Column("happened_on", "Datum", Day(), required=True, example="2026-05-04"),
        Column(
            "kind",
            "Slag",
            Choice(
                {
                    "byte av föreståndare": "new_director",
                    "avropsstopp": "placement_stop",
                    "annans uppföljning": "others_follow_up",
                    "ägarbyte": "new_owner",
                    "annat": "other",
                }
            ),
            required=True,
            example="byte av föreståndare",
        ),
        Column("source", "Källa", Text(300), required=True, example="Utförarens brev"),
        Column("link", "Länk", Text(500), example="https://ramavtal.example/1"),
    ),
)
