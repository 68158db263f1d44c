"""The year's documents in sentences: each figure is an independent count, and what is denied is not there.

Which texts: `year.summary.`, `year.annex.`, `year.response_note`, `year.nothing.`, `year.nothing_to_count`,
`year.selection.`, `year.notice.`, `year.area.nothing` and `year.plot.`.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from documents.report.annex import annex
from documents.report.blocks import Bullets, NamedValues, Paragraph, Picture
from documents.report.material import Internal
from documents.report.notices import notices
from documents.report.selection import selection
from documents.report.summary import summary
from storage.engine.database import Database
from tests.conftest import Another
from tests.support.as_file import rows_of
from tests.support.card_count import percent
from tests.support.independent_count import Counted
from tests.support.year_rows import KINDS, Rows
from tests.support.year_stage import blocks_of, demo_municipality, material
from tests.test_year_figures import counted_again
from texts.catalogue import Texts

SAY = Texts("sv")
YEARS = (2026, 2025, 2019)
# Without figures, so that only the stored rows can be asked: by which rows a year's table would have a line.
LISTED = {
    "follow_ups": "select f.id from follow_up f left join selection_cycle c on c.id = f.cycle_id "
    "where coalesce(c.year, strftime('%Y', f.opened_at)) + 0 = :year",
    "decisions": "select b.id from board_decision b join follow_up f on f.id = b.follow_up_id "
    "left join selection_cycle c on c.id = f.cycle_id where coalesce(c.year, strftime('%Y', f.opened_at)) + 0 = :year",
    "alerts_by_year": "select id from alert where kind <> 'silence' and strftime('%Y', raised_at) + 0 <= :year",
}


@pytest.fixture(scope="module")
def demo(another: Another, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with demo_municipality(another, tmp_path_factory.mktemp("sentences"), played=True) as database:
        yield database


@pytest.fixture(scope="module", params=YEARS)
def year(demo: Database, request: pytest.FixtureRequest) -> tuple[int, Internal, Counted]:
    return request.param, material(demo, request.param), counted_again(demo, request.param)


def share(figure: tuple[Any, int | None]) -> str:
    part, whole = figure
    assert whole
    return f"{(200 * part + whole) // (2 * whole)} % ({part} av {whole})"


def plain(text: str) -> str:
    """With ordinary spaces."""
    return " ".join(text.split())


def sentences(counted: Counted) -> Iterator[str]:
    """As the summary should read, each that there is something to say of."""
    number = {name: value for name, (value, _) in counted.items()}
    if number.get("forms.all.placements"):
        care = (f"{number[f'forms.all.{one}']}" for one in ("children", "placements", "units"))
        yield "Placerade under perioden: {} barn och unga i {} placeringar hos {} enheter.".format(*care)
        yield f"Placeringar på ramavtal: {share(counted['forms.all.framework'])}."
    if number.get("response_months.all.due"):
        yield f"Inkomna månadsrapporter, av de väntade: {share(counted['response_months.all.response'])}."
    if number["signals.all.number"]:
        serious = number["signal_parts.serious.number"]
        yield (
            f"Signaler som räknas i riskanalysen: {number['signals.all.number']} signaler, varav {serious} "
            f"{'allvarlig' if serious == 1 else 'allvarliga'}. "
            f"Enheter med minst en signal: {share(counted['signals.all.units_with'])}."
        )
    for name, said in (
        ("feels_safe.yes", "Barn och unga som känner sig trygga enligt sitt senaste svar"),
        ("knows_plan.yes", "Barn och unga som känner till sin genomförandeplan"),
        ("talks.talked", "Barn och unga som någon har talat enskilt med under perioden"),
    ):
        if f"{name}.children" in counted:
            yield f"{said}: {share(counted[f'{name}.children'])}."
    yield from _levels(number)
    if "selection.all.covered" in counted:
        yield f"Placeringar som årets urval täcker: {share(counted['selection.all.covered'])}."
    if number.get("verdicts.all.all"):
        faults = sum(number.get(f"verdicts.{one}.all", 0) for one in ("partly", "not"))
        judged = faults + number.get("verdicts.meets.all", 0)
        yield (
            f"Uppföljningar med bedömning: {judged} av {number['verdicts.all.all']}. "
            f"Där kraven uppfylldes delvis eller inte alls: {faults}."
        )


def _levels(number: dict[str, Any]) -> Iterator[str]:
    months = sorted({one.split(".")[1] for one in number if one.startswith("bands.")})
    if months:
        red, yellow = (number[f"bands.{months[-1]}.{band}"] for band in ("red", "yellow"))
        yield f"Enheter som visades som röda vid utgången av {_in_words(months[-1])}: {red}. Gula: {yellow}."


def _in_words(month: str) -> str:
    names = "januari februari mars april maj juni juli augusti september oktober november december".split()  # noqa: SIM905
    return f"{names[int(month[5:]) - 1]} {month[:4]}"


def test_every_sentence_of_the_summary_states_what_is_counted(year: tuple[int, Internal, Counted]) -> None:
    _, made, counted = year
    told = [plain(item) for one in summary(made) if isinstance(one, Bullets) for item in one.items]
    assert told == list(sentences(counted))


def test_a_year_of_which_nothing_is_registered_says_so_and_no_other(
    year: tuple[int, Internal, Counted],
) -> None:
    _, made, counted = year
    said = SAY("year.nothing.year") in _paragraphs(summary(made))
    assert said is not any(value for value, _ in counted.values())


def test_a_table_is_denied_where_nothing_is_counted_for_it_and_nowhere_else(
    year: tuple[int, Internal, Counted],
) -> None:
    _, made, counted = year
    tables = {name.partition(".")[0] for of in YEARS for name in counted if of} & set(made.tables)
    for name in tables:
        nothing = made.words(f"year.nothing.{name}") in _paragraphs(made.grid(name))
        lines = [one for one in counted if one.startswith(f"{name}.") and not one.startswith(f"{name}.all.")]
        sums = [value for one, (value, _) in counted.items() if one.startswith(f"{name}.all.")]
        assert nothing is not bool(lines or any(sums)), name


@pytest.mark.parametrize("name", LISTED)
def test_a_list_is_denied_where_no_row_is_stored_for_it(
    demo: Database, year: tuple[int, Internal, Counted], name: str
) -> None:
    """Also where there are rows of a later year, which a report about an earlier one does not tell of."""
    number, made, _ = year
    rows = Rows(rows_of(demo)).all(LISTED[name], year=number)
    assert (made.words(f"year.nothing.{name}") in _paragraphs(made.grid(name))) is not bool(rows)


def test_what_is_denied_of_all_years_says_until_which_year(demo: Database) -> None:
    """The report about 2025 is made when there are alerts and closed follow-ups, all of them of 2026."""
    later = Rows(rows_of(demo)).all("select id from alert")
    made = material(demo, 2025)
    for name in ("alerts_by_year", "tested_bands", "tested_tracks"):
        [said] = [one for one in _paragraphs(made.grid(name)) if one == SAY(f"year.nothing.{name}")]
        assert "till och med rapportens år" in said
    assert later


def test_what_the_annex_says_is_what_is_counted_of_private_providers(
    year: tuple[int, Internal, Counted],
) -> None:
    _, made, counted = year
    told = " ".join(
        text for one in annex(made.public) if isinstance(one, NamedValues) for _, text in one.rows
    )
    sums = {
        name.removeprefix("private_providers.all."): one for name, one in counted.items() if _is_sum(name)
    }
    providers = {name.split(".")[1] for name in counted if name.startswith("private_providers.")} - {"all"}
    if not providers:
        assert SAY("year.annex.none") in told or SAY("year.withheld", few=5) in told
        return
    expected = {
        SAY("year.annex.providers", figure=len(providers)),
        SAY("year.annex.units", figure=sums["units"][0]),
        *(
            SAY(f"year.annex.{name}", figure=sums[name][0])
            for name in ("followed_up", "with_faults", "actions")
        ),
        SAY("year.annex.response", figure=share(sums["response"]).partition(" (")[0]),
    }
    assert [one for one in expected if plain(one) not in plain(told)] == []


def _is_sum(name: str) -> bool:
    return name.startswith("private_providers.all.")


def test_the_selection_covers_the_main_part_or_does_not(year: tuple[int, Internal, Counted]) -> None:
    _, made, counted = year
    told = " ".join(_paragraphs(selection(made)))
    if "selection.all.covered" not in counted:
        assert "Urvalet täcker" not in told
        return
    part, whole = counted["selection.all.covered"]
    said = "year.selection.enough" if 2 * part > whole else "year.selection.not_enough"
    assert plain(SAY(said, share=share((part, whole)))) in plain(told)


def test_what_a_plot_says_to_who_cannot_see_it_is_what_is_counted(
    year: tuple[int, Internal, Counted],
) -> None:
    _, made, counted = year
    told = [plain(one.alternative) for one in blocks_of(made) if isinstance(one, Picture)]
    assert sorted(told) == sorted(plain(one) for one in _seen(counted))


def _seen(counted: Counted) -> Iterator[str]:
    months = sorted({one.split(".")[1] for one in counted if one.startswith("response_months.2")})
    of_months = {one: counted[f"response_months.{one}.response"] for one in months}
    rates = {one: percent(part, whole or 0) for one, (part, whole) in of_months.items()}
    if rates:
        low, high = min(rates.values()), max(rates.values())
        month = _in_words(next(one for one in months if rates[one] == low))
        yield SAY("year.plot.responses.alt", month=month, lowest=low, highest=high)
    if counted["signals.all.number"][0]:
        number = [f"{said} {counted[f'signals.{kind}.number'][0]}" for kind, said in KINDS.items()]
        yield SAY("year.plot.signals.alt", told=", ".join(number))
    ends = sorted({one.split(".")[1] for one in counted if one.startswith("bands.")})
    if ends:
        last = {
            one: counted[f"bands.{ends[-1]}.{one}"][0] for one in ("red", "yellow", "green", "insufficient")
        }
        yield SAY("year.plot.bands.alt", n=len(ends), month=_in_words(ends[-1]), **last)
    if "selection.all.covered" in counted:
        yield SAY("year.plot.coverage.alt", share=share(counted["selection.all.covered"]))


def test_a_notice_denies_no_action_and_no_decision_that_is_stored(demo: Database) -> None:
    """By the pages' follow-ups, whose number each says; of a small unit only how many actions there are."""
    rows = Rows(rows_of(demo))
    told = _by_page(material(demo))
    assert len(told) == len(
        rows.all("select distinct follow_up_id from follow_up_version where verdict is not null")
    )
    for number, page in told.items():
        actions = rows.all("select id from action where follow_up_id = :id", id=number)
        decisions = rows.all("select id from board_decision where follow_up_id = :id", id=number)
        small = any(one == SAY("year.notice.small", n=len(actions)) for one in page)
        assert small or (SAY("year.notice.no_actions") in page) is not bool(actions)
        assert (SAY("year.notice.no_decisions") in page) is not bool(decisions)
        entered = rows.all("select number from diary_number where follow_up_id = :id order by id", id=number)
        assert (SAY("year.notice.no_diary_number") in page) is not bool(entered)
        assert all(one["number"] in page for one in entered[-1:])


def _by_page(made: Internal) -> dict[int, list[str]]:
    pages: dict[int, list[str]] = {}
    for one in notices(made):
        if isinstance(one, Paragraph) and one.text.startswith("Uppföljning UF-"):
            pages[int(one.text.split("-")[1].split(" ")[0])] = []
        if pages and isinstance(one, Paragraph):
            pages[max(pages, key=list(pages).index)].append(one.text)
        if pages and isinstance(one, NamedValues):
            pages[max(pages, key=list(pages).index)] += [text for _, text in one.rows]
    return pages


def _paragraphs(blocks: list[Any]) -> list[str]:
    return [one.text for one in blocks if isinstance(one, Paragraph)]
