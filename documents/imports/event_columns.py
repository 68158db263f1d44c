"""Two files of what is known of units beside the evidence, as data: IVO's decisions, and other events."""

from documents.imports.cells import KEY, ChoiceCell, Day, TextCell
from documents.imports.columns import FileColumn, FileKind

_UNIT = FileColumn("unit", "Enhetskod", KEY, required=True, example="E-01", refers="units")

IVO_DECISIONS = FileKind(
    "ivo_decisions",
    "ivo-beslut",
    ("unit", "happened_on", "kind", "source"),
    (
        _UNIT,
        FileColumn("happened_on", "Datum", Day(), required=True, example="2026-03-12"),
        FileColumn(
            "kind",
            "Slag",
            ChoiceCell(
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
        FileColumn(
            "source", "Diarienummer eller länk", TextCell(300), required=True, example="3.5.1-12345/2026"
        ),
        FileColumn("checked_on", "Senast kontrollerad", Day(), example="2026-04-01"),
    ),
)

EVENTS = FileKind(
    "events",
    "händelser",
    ("unit", "happened_on", "kind", "source"),
    (
        _UNIT,
        FileColumn("happened_on", "Datum", Day(), required=True, example="2026-05-04"),
        FileColumn(
            "kind",
            "Slag",
            ChoiceCell(
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
        FileColumn("source", "Källa", TextCell(300), required=True, example="Utförarens brev"),
        FileColumn("link", "Länk", TextCell(500), example="https://ramavtal.example/1"),
    ),
)
