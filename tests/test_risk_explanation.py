from dataclasses import replace
from datetime import date
from decimal import Decimal
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from followup.risk.bands import BANDS, Band, judge
from followup.risk.counting import WHY_NOT
from followup.risk.explanation import Explanation, band_words, explain
from followup.risk.inputs import Inputs, Item
from followup.risk.risk import score
from followup.risk.risk_config import FIRST_CONFIG
from followup.signals import signal
from followup.times.month import Month, Months
from followup.wording.wording import Wording
from tests.support.risk_builders import item, month, some_units, unit

LOCALE = Path(__file__).parent.parent / "texts" / "locale"
LAST = "Ett larm betyder att vi tittar, inte att utföraren bedömts."


def catalogue(language: str) -> Catalog:
    with (LOCALE / language / "risk.po").open("rb") as file:
        return read_po(file, locale=language)


def translations(language: str) -> GNUTranslations:
    compiled = BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    return GNUTranslations(compiled)


SWEDISH = translations("sv")


def say(value: object) -> str:
    """A stand-in for the real renderer, enough for the sentences here."""
    if isinstance(value, Wording):
        count = value.values.get("n")
        text = SWEDISH.ngettext(value.id, value.id, count) if isinstance(count, int) else None
        return (text or SWEDISH.gettext(value.id)).format(**{k: say(v) for k, v in value.values.items()})
    if isinstance(value, float):
        return f"{value:.2f}".replace(".", ",")
    if isinstance(value, Months):
        return f"{value.first}–{value.last}"
    if isinstance(value, Decimal):
        return str(value).replace(".", ",")
    return {Month(2026, 10): "oktober", Month(2026, 11): "november"}.get(value, str(value))  # type: ignore[call-overload, no-any-return]


def explained(inputs: Inputs, rate: Band = "green") -> Explanation:
    return explain(score(inputs), inputs, judge(inputs, rate))


def sentences(inputs: Inputs, rate: Band = "green") -> list[str]:
    return [say(sentence) for sentence in explained(inputs, rate).sentences]


def test_a_unit_with_one_complaint_is_explained_sentence_by_sentence() -> None:
    assert sentences(unit(item("K-1", "2026-07-01", kind="complaint"))) == [
        "Klagomål 2026-07-01, måttlig: 2 poäng × 1; höjer risktalet med 0,44.",
        "Tre poäng läggs till på båda sidor så att ingen döms på enstaka händelser.",
        "Risktal 1,10: 1,10 gånger det normala. Sannolikheten att nivån är minst dubbelt så hög är 8\xa0%. "
        "Larmgränsen är 50\xa0%.",
        "För 2026-10–2026-12 är sannolikheten 5\xa0%. Där är larmgränsen 75\xa0%.",
        "Bedömningen bygger på 1 uppgift, 2026-01–2026-12. För röd nivå krävs minst 3.",
        LAST,
    ]


@pytest.mark.parametrize(
    ("row", "text"),
    [
        (
            item("U-1", "2026-11-30", "1", kind="provider_report_missing", placement=1),
            "Utförarens rapport för november kom inte: 1 poäng × 1; höjer risktalet med 0,22.",
        ),
        (
            item("R-1", "2026-11-30", "2", kind="concern", placement=1),
            "Oro som gäller vården i boendet, november: 2 poäng × 1; höjer risktalet med 0,44.",
        ),
        (
            item("B-1", "2026-11-30", "3", kind="unsafe", placement=1),
            "Barnet känner sig inte tryggt, november: 3 poäng × 1; höjer risktalet med 0,66.",
        ),
        (
            item("R-1", "2026-11-30", "0", kind="concern", placement=1, zero_because="not_care"),
            "Kompletterande: oro som inte gäller vården i boendet, november: 0 poäng, gäller inte vården;",
        ),
    ],
)
def test_a_row_of_a_report_is_told_by_its_month(row: Item, text: str) -> None:
    assert sentences(unit(row))[0].startswith(text)


def test_a_concern_that_goes_on_names_the_month_that_it_counted_in() -> None:
    rows = [item(f"R-{number}", f"2026-{number}-28", "2", kind="concern", placement=1) for number in (10, 11)]
    assert (
        "november: 0 poäng, samma oro som i oktober: räknas en gång per halvår" in sentences(unit(*rows))[1]
    )


def test_what_happened_before_measuring_began_says_so() -> None:
    assert "före mätstart, räknas inte" in sentences(unit(item(), coverage="2027-01"))[0]


def test_the_providers_reports_alone_say_why_the_level_is_not_red() -> None:
    rows = [
        item(f"U-{number}", f"2026-{number:02d}-28", "4", kind="provider_report_missing")
        for number in range(7, 13)
    ]
    assert any(text.startswith("Bara utförarens egna rapporter") for text in sentences(unit(*rows), "yellow"))


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({}, "Avvikelse 2026-12-05, måttlig: 2 poäng × 1; höjer risktalet med 0,44."),
        ({"weight": "0.5"}, "Avvikelse 2026-12-05: 0.5 poäng × 1; höjer risktalet med 0,11."),
        ({"weight": "1", "consequence": 2}, "Avvikelse 2026-12-05, måttlig: 1 poäng × 1;"),
        ({"day": "2026-06-05"}, "Avvikelse 2026-06-05, måttlig: 2 poäng × 0,5; höjer risktalet med 0,22."),
        ({"day": "2025-06-05"}, "Avvikelse 2025-06-05: 0 poäng, för gammal för att räknas;"),
        (
            {"weight": "0", "zero_because": "dismissed"},
            "Avvikelse 2026-12-05: 0 poäng, avskriven; höjer inte risktalet.",
        ),
    ],
)
def test_an_item_is_told_as_it_was_counted(change: dict[str, str], text: str) -> None:
    assert sentences(unit(item(**change)))[0].startswith(text.replace("0.5", "0,5"))  # type: ignore[arg-type]


def test_the_event_is_named_when_the_floor_decides_and_the_caution_comes_last() -> None:
    abuse = item("A-17", "2026-12-05", "4", floor="red")
    assert sentences(unit(abuse))[-2:] == [
        "Visas som röd på grund av händelse A-17, inte på grund av nivån.",
        LAST,
    ]


def test_the_event_is_not_blamed_when_the_rate_is_as_high() -> None:
    assert not any(text.startswith("Visas som") for text in sentences(unit(item(floor="red")), "red"))


def test_a_safety_notice_is_named_when_its_floor_decides() -> None:
    assert sentences(unit(notices=("B-7",)))[-2] == (
        "Visas som gul på grund av att ett barn inte känner sig tryggt (B-7) "
        "och ingen har antecknat vad som har gjorts, inte på grund av nivån."
    )


def test_too_few_reports_are_told_with_the_share_that_came_in() -> None:
    quiet = unit(exposure=tuple(month(f"2026-{number}", 1, 1) for number in (10, 11, 12)))
    assert sentences(quiet)[-2:] == [
        "Underlaget är otillräckligt: 0\xa0% av de väntade månadsrapporterna har kommit in.",
        LAST,
    ]


def test_two_silent_months_after_a_good_year_say_that_it_is_they() -> None:
    rows = (month("2026-06", 9), month("2026-10", 1, 1), month("2026-11", 1, 1))
    assert "för de 2 senaste månaderna då någon väntades" in sentences(unit(exposure=rows))[-2]


def test_a_band_held_up_by_earlier_months_says_so() -> None:
    assert "Nivån ligger kvar på gul tills 2 månadsslut i rad" in "".join(sentences(unit(), "yellow"))


@pytest.mark.parametrize(
    ("rate", "missing", "text"),
    [
        ("green", 0, "grön"),
        ("red", 0, "röd"),
        ("green", 1, "otillräckligt underlag"),
        ("red", 1, "röd, otillräckligt underlag"),
    ],
)
def test_too_little_evidence_stands_beside_the_colour_and_never_beside_green(
    rate: Band, missing: int, text: str
) -> None:
    assert say(band_words(judge(unit(exposure=(month("2026-12", 1, missing),)), rate))) == text


def test_a_changed_configuration_does_not_make_the_sentences_untrue() -> None:
    changed = replace(FIRST_CONFIG, id="risk-3", prior=Decimal(4), twice=Decimal("1.5"))
    text = " ".join(sentences(unit(config=changed)))
    assert "4 poäng läggs till" in text
    assert "minst 1,5 gånger så hög" in text


@given(some_units(), st.sampled_from(BANDS))
def test_the_rows_sum_to_the_risk_ratio(inputs: Inputs, rate: Band) -> None:
    told = explained(inputs, rate)
    total = told.prior_term + sum(row.raises for row in told.rows)
    assert total == pytest.approx(score(inputs).r, abs=1e-9, rel=0)
    assert told.sentences[-1].id == "risk.last"


@given(some_units(), st.sampled_from(BANDS))
def test_every_sentence_is_in_the_catalogue_with_the_values_it_needs(inputs: Inputs, rate: Band) -> None:
    for text in sentences(inputs, rate):
        assert "risk." not in text


@pytest.mark.parametrize("kind", signal.KINDS)
@pytest.mark.parametrize("reason", WHY_NOT)
def test_every_kind_and_reason_has_words(kind: str, reason: str) -> None:
    for name in (f"risk.kind.{kind}", f"risk.zero.{reason}"):
        assert SWEDISH.gettext(name) != name


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_the_two_catalogues_say_the_same_things_with_the_same_values() -> None:
    swedish, english = catalogue("sv"), catalogue("en")
    assert {message.id for message in swedish} == {message.id for message in english}
    for message in swedish:
        if not message.id:
            continue
        other = english[message.id]
        texts = [*_strings(message.string), *_strings(other.string)]
        assert all(texts), message.id
        assert len({frozenset(placeholders(text)) for text in texts}) == 1, message.id


def _strings(string: str | tuple[str, ...] | list[str] | None) -> list[str]:
    return [string] if isinstance(string, str) else list(string or ())


def test_dates_are_passed_raw() -> None:
    row = explained(unit(item(day="2026-12-05"))).rows[0]
    assert row.wording.values["day"] == date(2026, 12, 5)
