"""The year's documents as files: what they say, how they are built, and that nothing in them is secret or foreign."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from openpyxl import Workbook, load_workbook
from PIL import Image

from documents.imports.own_names import read_names
from documents.report.blocks import Bullets, FigureTable, Heading, Paragraph, Picture
from documents.report.material import Internal
from documents.report.packing import DOCX
from documents.report.printing import office, printed
from documents.report.selection import selection
from documents.report.summary import summary
from documents.report.workbooks import Rate, analysis, fill
from documents.report.year_documents import DOCUMENTS, drawn_document, write_all
from followup.access.targets import Targets
from followup.figures.figure import Column, Figure, table
from followup.figures.year import year_tables
from followup.selection.cycle import State
from followup.wording.wording import wording
from services.selection.year import DOCUMENTS as NAMES
from storage.engine.database import Database
from tests.conftest import Another
from tests.support.builders import at
from tests.support.demo_year import MADE_AT
from tests.support.public_reader import tables
from tests.support.year_stage import blocks_of, demo_municipality, material
from texts.catalogue import LANGUAGES

ENGLISH = re.compile(
    r"\b(the|and|of|with|is|are|was|were|by|from|has|have|this|that|than|which|not|unit|units|report|reports|"
    r"placement|placements|follow|children|share|rate|none|true|false|null)\b",
    re.IGNORECASE,
)
IDENTIFIER = re.compile(r"\b[a-z]+_[a-z_]+\b|\b(?:year|choice|report|selection|action)\.[a-z]|\{[a-z]+\}")
WORD_FILES = [name for name in NAMES if DOCUMENTS[name].content_type == DOCX]
SHEET_FILES = [name for name in NAMES if name not in WORD_FILES]
TAMPERED, NO_BEFORE = "selection.note.before_tampered", "selection.doc.no_before"
LIBREOFFICE = office()
HALF = 0.5
needs_libreoffice = pytest.mark.skipif(LIBREOFFICE is None, reason="LibreOffice (soffice) is not here")


@pytest.fixture(scope="module")
def played(another: Another, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with demo_municipality(another, tmp_path_factory.mktemp("demo"), played=True) as database:
        yield database


@pytest.fixture(scope="module")
def demo(played: Database) -> Internal:
    return material(played)


@pytest.fixture(scope="module")
def files(demo: Internal) -> dict[str, bytes]:
    """Every document of the demo year, made once."""
    return {name: drawn_document(demo, name).content for name in NAMES}


def word_file(content: bytes) -> Document:
    return docx.Document(BytesIO(content))


def workbook(content: bytes) -> Workbook:
    return load_workbook(BytesIO(content))


def read(name: str, content: bytes) -> list[str]:
    """Everything that can be read in the file."""
    return words_of(word_file(content)) if name in WORD_FILES else written_in(workbook(content))


def words_of(document: Document) -> list[str]:
    """Everything that can be read or is read out: text, tables, footers, alternative texts, properties."""
    body = document.element.iter(qn("w:p"))
    texts = ["".join(one.text or "" for one in paragraph.iter(qn("w:t"))) for paragraph in body]
    texts += [paragraph.text for section in document.sections for paragraph in section.footer.paragraphs]
    texts += alternatives(document)
    return [*texts, document.core_properties.title, document.core_properties.comments]


def alternatives(document: Document) -> list[str]:
    return [shape._inline.docPr.get("descr", "") for shape in document.inline_shapes]


def written_in(book: Workbook) -> list[str]:
    cells = [
        cell.value
        for sheet in book.worksheets
        for column in sheet.iter_cols()
        # What other systems know the figures by is no word that anybody reads.
        for cell in (column[:1] if column[0].value == "Id" else column)
    ]
    return [*book.sheetnames, *(value for value in cells if isinstance(value, str))]


def test_chat_and_files_know_the_same_documents() -> None:
    assert set(NAMES) == set(DOCUMENTS)


def test_all_files_are_written(demo: Internal, tmp_path: Path) -> None:
    written = write_all(demo, tmp_path / "ut", NAMES)
    judged = [one.follow_up for one in demo.facts.follow_ups if one.follow_up.verdict]
    matters = {path.name: path for path in written if path.name.startswith("anmalningsarende-")}
    assert set(matters) == {f"anmalningsarende-{one.number}.docx" for one in judged}
    for one in judged:
        texts = read("notices", matters[f"anmalningsarende-{one.number}.docx"].read_bytes())
        assert [text for text in texts if text.startswith("Anmälningsärende: ")] == [
            f"Anmälningsärende: uppföljning av {demo.facts.unit_of[one.unit_id].name}"
        ]
    written = [path for path in written if path.name not in matters]
    assert sorted(path.name for path in written) == [
        "analys-2026.xlsx",
        "anmalningsarenden-2026.docx",
        "bilaga-kommunstyrelsen-2026.docx",
        "rapport-2026.docx",
        "rapport-offentlig-2026.docx",
        "stratsys-2026.xlsx",
    ]
    assert all(path.stat().st_size > 5_000 for path in written)


def test_the_same_rows_give_the_same_bytes(played: Database, files: dict[str, bytes]) -> None:
    again = material(played)
    assert [name for name in NAMES if drawn_document(again, name).content != files[name]] == []


def test_the_demo_keeps_all_forms_both_regi_and_the_sizes_of_providers(files: dict[str, bytes]) -> None:
    """Read from the documents as they are made: nothing of it is lost to the exact check."""
    told = {rows[0][0]: rows for rows in tables(files["public"])}
    assert [(row[0], row[2]) for row in told["Boendeform"][1:-1]] == [
        ("Hem för vård eller boende (HVB)", "37"),
        ("Stödboende", "12"),
        ("Konsulentstött familjehem", "7"),
        ("Konsulentstött jourhem", "6"),
    ]
    [placements] = [row for row in told["Mått"] if row[0] == "Placeringar"]
    assert (told["Mått"][0][1:], placements[1:]) == (["Privat", "Egen regi", "Alla"], ["55", "7", "62"])
    [providers] = [rows for rows in tables(files["annex"]) if rows[0][0] == "Privat utförare"]
    assert {row[2] for row in providers[1:-1]} == {"1–9", "10–19"}


def test_the_report_has_its_sections_in_order_and_the_seven_areas(demo: Internal) -> None:
    headings = [one.text for one in blocks_of(demo) if isinstance(one, Heading)]
    chapters = [one.text for one in blocks_of(demo) if isinstance(one, Heading) and one.level == 1]
    assert chapters == [
        "Sammanfattning",
        "Så har uppföljningen gjorts",
        "Placeringar, utförare och avtal",
        "Urval",
        "Underlag och svarsfrekvens",
        "Resultat av uppföljningen",
        "Konsekvenser för barn",
        "Nivåer och larm",
        "Åtgärder och beslut",
        "Rekommendationer",
        "Bilaga: varifrån siffrorna kommer",
    ]
    areas = [
        "Värdegrundsarbete",
        "Utfall mot mål, aktiviteter, utbud och innehåll",
        "Krav i lag, politiska beslut och avtal",
        "Indikatorer och nyckeltal",
        "Avvikelser och klagomål",
        "Rapporter och beslut från Inspektionen för vård och omsorg (IVO)",
        "Förbättringsarbete",
    ]
    assert [heading for heading in headings if heading in areas] == areas


@pytest.mark.parametrize(("year", "is_public"), [(2026, False), (2026, True), (2019, False), (2019, True)])
def test_no_section_is_empty_also_in_a_year_without_data(
    played: Database, year: int, is_public: bool
) -> None:
    of = material(played, year)
    blocks = blocks_of(of.public if is_public else of)
    for place, block in enumerate(blocks):
        if isinstance(block, Heading):
            after = blocks[place + 1 :]
            until = next(
                (n for n, one in enumerate(after) if isinstance(one, Heading) and one.level <= block.level),
                len(after),
            )
            assert [one for one in after[:until] if not isinstance(one, Heading)], block.text


def test_a_year_without_data_says_so_and_draws_nothing(played: Database) -> None:
    blocks = blocks_of(material(played, 2019))
    said = [block.text for block in blocks if isinstance(block, Paragraph)]
    assert (
        "För perioden finns inga uppgifter registrerade. Rapporten visar därför vad som skulle ha redovisats."
        in said
    )
    assert not [block for block in blocks if isinstance(block, FigureTable | Picture)]


@pytest.mark.parametrize("name", WORD_FILES)
def test_a_document_of_a_year_without_data_opens(played: Database, name: str) -> None:
    assert word_file(drawn_document(material(played, 2019), name).content).paragraphs


def test_every_figure_in_a_table_stands_under_a_unit(demo: Internal) -> None:
    for block in blocks_of(demo):
        if isinstance(block, FigureTable):
            for column in block.table.columns:
                place = block.table.columns.index(column)
                figures = [
                    row.cells[place] for row in block.table.all_rows if isinstance(row.cells[place], Figure)
                ]
                assert not figures or demo.words.unit(block.table, column), (block.table.id, column.id)


def test_every_table_of_figures_says_its_source_and_the_response_rate(demo: Internal) -> None:
    for block in blocks_of(demo):
        if isinstance(block, FigureTable) and list(block.table.figures):
            notes = " ".join(block.notes)
            beside = {column.id for column in block.table.columns} & {"response", "reports"}
            assert "Källa: " in notes, block.table.id
            assert beside or "Svarsfrekvens i perioden: " in notes, block.table.id


@pytest.mark.parametrize("name", WORD_FILES)
def test_no_english_word_and_no_identifier_is_in_a_word_file(name: str, files: dict[str, bytes]) -> None:
    texts = [text.replace("Unga vuxna", "") for text in read(name, files[name])]
    assert [text for text in texts if ENGLISH.search(text) or IDENTIFIER.search(text)] == []


@pytest.mark.parametrize("name", SHEET_FILES)
def test_no_english_word_and_no_identifier_is_in_a_workbook(name: str, files: dict[str, bytes]) -> None:
    texts = read(name, files[name])
    assert [text for text in texts if ENGLISH.search(text) or IDENTIFIER.search(text)] == []


def test_the_check_for_english_words_finds_them() -> None:
    assert ENGLISH.search("Share of the reports")
    assert IDENTIFIER.search("year.column.units")
    assert IDENTIFIER.search("in_house")


@pytest.mark.parametrize("name", NAMES)
def test_no_child_is_named(demo: Internal, name: str, files: dict[str, bytes]) -> None:
    texts = read(name, files[name])
    cases = {stay.child for stay in demo.facts.stays}
    assert cases
    assert [text for text in texts if any(case in text for case in cases) or "AKT-" in text] == []


def test_both_languages_can_be_written(played: Database, files: dict[str, bytes]) -> None:
    in_english = material(played, language="en")
    assert {language for language in LANGUAGES if language != "en"} == {"sv"}
    for name in NAMES:
        assert files[name] != drawn_document(in_english, name).content


def test_the_report_is_built_of_styles_with_contents_captions_and_page_numbers(
    demo: Internal, files: dict[str, bytes]
) -> None:
    document = word_file(files["report"])
    styles = [paragraph.style.name for paragraph in document.paragraphs if paragraph.style]
    fields = [code.text.strip() for code in document.element.iter(qn("w:instrText")) if code.text]
    footer = [code.text for code in document.sections[0].footer._element.iter(qn("w:instrText"))]
    grids = sum(isinstance(block, FigureTable) for block in blocks_of(demo))
    pictures = sum(isinstance(block, Picture) for block in blocks_of(demo))
    assert {"Title", "Heading 1", "Heading 2", "Caption", "List Bullet"} <= set(styles)
    assert styles.count("Caption") == grids + pictures
    assert sum(field.startswith("TOC ") for field in fields) == 1
    assert sum(field.startswith("SEQ Tabell") for field in fields) == grids
    assert [text.strip() for text in footer if text] == ["PAGE", "NUMPAGES"]
    assert document.core_properties.language == "sv-SE"


def test_the_contents_list_every_heading_of_two_levels(demo: Internal, files: dict[str, bytes]) -> None:
    listed = [
        one.text
        for one in word_file(files["report"]).paragraphs
        if one.style and one.style.name == "Contents"
    ]
    headings = [one.text for one in blocks_of(demo) if isinstance(one, Heading) and one.level <= 2]
    assert [text.rstrip("\t") for text in listed] == headings


def test_every_picture_has_an_alternative_text_with_its_figures(files: dict[str, bytes]) -> None:
    texts = alternatives(word_file(files["report"]))
    assert len(texts) == 4
    assert all(re.search(r"\d", text) and len(text) > 40 for text in texts)


def test_every_tables_header_is_repeated_and_no_row_is_cut(demo: Internal, files: dict[str, bytes]) -> None:
    document = word_file(files["report"])
    rows = [row for one in document.tables for row in one.rows]
    assert all(row._tr.trPr is not None and row._tr.trPr.find(qn("w:cantSplit")) is not None for row in rows)
    repeated = [row for row in rows if row._tr.trPr.find(qn("w:tblHeader")) is not None]
    assert len(repeated) == sum(isinstance(block, FigureTable) for block in blocks_of(demo))


def test_a_child_in_several_rows_is_said_to_be_so(demo: Internal) -> None:
    """37 + 12 + 7 + 6 beside a sum of 60 looks like an error to whoever adds."""
    twice = demo.words("year.in_several_rows")
    notes = {one.table.id: one.notes for one in blocks_of(demo) if isinstance(one, FigureTable)}
    children = [
        demo.tables["forms"].figure(row.key, "children").value for row in demo.tables["forms"].all_rows
    ]
    assert sum(children[:-1]) > children[-1]
    assert twice in notes["forms"]
    assert twice not in notes["ages"]
    alone = table("forms", (Column("children", "children", "stays"),), [("a", "A", [3])], total=[3])
    [grid] = replace(demo, tables={**demo.tables, "forms": alone}).grid("forms")
    assert isinstance(grid, FigureTable)
    assert twice not in grid.notes


def test_on_what_an_area_rests_and_the_checklist_stand_in_the_boards_documents_and_in_no_public_one(
    demo: Internal, files: dict[str, bytes]
) -> None:
    found = "Två registerutdrag saknas."
    having = [name for name in NAMES if any(found in text for text in read(name, files[name]))]
    assert having == ["report", "notices", "stratsys"]
    told = [one for one in demo.facts.follow_ups if one.follow_up.marked.get("law_records_note")]
    assert told
    assert all(one.follow_up.by_risk for one in told)
    resting = [name for name in NAMES if any("Bygger på: Samtal" in text for text in read(name, files[name]))]
    assert resting == ["report", "stratsys"]


@pytest.mark.parametrize("part", ["internal", "public"])
def test_the_municipalitys_target_stands_beside_the_figure_that_it_is_of(demo: Internal, part: str) -> None:
    of = replace(demo if part == "internal" else demo.public, targets=Targets(80, 0, 95))
    tables = {"response_months": "80\u00a0%", "papers": "", "clocks": "95\u00a0%"}
    for table_id, said in tables.items():
        for grid in (one for one in of.grid(table_id) if isinstance(one, FigureTable)):
            targets = [note for note in grid.notes if note.startswith("Kommunens mål")]
            assert [said in one for one in targets] == ([True] if said else []), table_id


@pytest.mark.parametrize(("serious", "said"), [(1, "varav 1 allvarlig."), (2, "varav 2 allvarliga.")])
def test_one_serious_signal_is_said_in_the_singular(demo: Internal, serious: int, said: str) -> None:
    column = Column("number", "signals", "signals")
    parts = table("signal_parts", (column,), [("serious", "Allvarliga", [serious])])
    told = summary(replace(demo, tables={**demo.tables, "signal_parts": parts}))
    assert any(said in item for one in told if isinstance(one, Bullets) for item in one.items)


def test_units_of_whose_contract_nobody_has_said_anything_are_named(demo: Internal) -> None:
    contracted = {stay.unit_id for stay in demo.facts.stays if demo.facts.contract_form(stay) is not None}
    unit = next(one for one in demo.facts.units if one.id in contracted and one.ownership == "private")
    bare = replace(
        demo.facts,
        contracts=tuple(one for one in demo.facts.contracts if one.unit_id != unit.id),
        stays=tuple(
            replace(one, contract_form=None) if one.unit_id == unit.id else one for one in demo.facts.stays
        ),
    )
    before, after = (year_tables(one)["without_contract"].rows for one in (demo.facts, bare))
    assert {row.label for row in after} - {row.label for row in before} == {unit.name}


@pytest.mark.parametrize(
    ("state", "said"),
    [("locked", NO_BEFORE), ("locked", TAMPERED), ("frozen", None)],
)
def test_a_selection_of_the_year_before_is_denied_only_where_it_was_looked_for_and_is_not_there(
    demo: Internal, state: State, said: str | None
) -> None:
    why = wording(said, year=2025) if said else None
    drawn = [replace(one, changes=None, not_compared=why, state=state) for one in demo.facts.selections]
    told = selection(replace(demo, facts=replace(demo.facts, selections=tuple(drawn))))
    written = " ".join(one.text for one in told if isinstance(one, Paragraph))
    denied = {name: demo.words(name, year=2025) in written for name in (NO_BEFORE, TAMPERED)}
    assert denied == {name: name == said for name in denied}


def test_numbers_are_swedish(demo: Internal) -> None:
    column = Column("placements", "placements", "stays")
    one = table("forms", (column,), [("a", "A", [Decimal("1234.5")]), ("b", "B", [(41, 96)])])
    assert [demo.words.cell(row.cells[0]) for row in one.rows] == [
        "1\u00a0234,5",
        "43\u00a0%\u00a0(41\u00a0av\u00a096)",
    ]


def test_an_unannounced_visit_that_goes_on_is_not_told(demo: Internal, files: dict[str, bytes]) -> None:
    secret = [one.follow_up for one in demo.whole.follow_ups if one.follow_up.secret]
    assert [(one.method, one.areas["indicators"]) for one in secret] == [
        ("unannounced", "Förberett underlag.")
    ]
    for name in NAMES:
        texts = read(name, files[name])
        assert [text for text in texts if "Oanmält" in text or "Förberett underlag" in text] == []
    unit = demo.whole.unit_of[
        next(one.follow_up for one in demo.whole.follow_ups if one.follow_up.secret).unit_id
    ]
    for of in (demo, demo.public):
        [row] = [row for row in of.rows("follow_ups") if row.label == unit.name]
        told = {demo.words.cell(cell) for cell in row.cells} - {unit.provider_name, "Urval", "urval"}
        others = [
            one for one in of.rows("follow_ups") if demo.words.cell(one.cells[-1]) == "Ingen bedömning än"
        ]
        assert len(others) > 1
        assert told <= {
            "",
            "Ingen bedömning än",
            *(demo.words.cell(cell) for one in others for cell in one.cells),
        }


def test_the_public_version_has_no_free_text_and_says_how_it_is_made_coarse(
    demo: Internal, files: dict[str, bytes]
) -> None:
    texts = read("public", files["public"])
    written = [text for one in demo.facts.follow_ups for text in one.follow_up.areas.values()]
    assert written
    assert [text for text in texts if text in written] == []
    assert not any("Åtgärdsplan" in text or "Signaler och oro efter enhet" in text for text in texts)
    assert any("minst 5 barn" in text for text in texts)
    assert not any("fåtal" in text for text in texts)


def test_a_draft_says_so_on_its_front_and_on_every_page(files: dict[str, bytes]) -> None:
    for name in ("public", "annex"):
        document = word_file(files[name])
        footer = "".join(one.text for one in document.sections[0].footer.paragraphs)
        assert "UTKAST" in footer
        assert any("UTKAST" in one.text for one in document.paragraphs[:6])


def test_workbooks_have_typed_cells_filters_and_a_frozen_header(files: dict[str, bytes]) -> None:
    for name in SHEET_FILES:
        for sheet in workbook(files[name]).worksheets:
            assert sheet.freeze_panes == "B2", sheet.title
            assert sheet.auto_filter.ref, sheet.title
            assert sheet["A1"].font.bold
            assert all(cell.value for cell in sheet[1]), sheet.title


def test_every_table_has_its_sheet_with_every_figure_as_a_number(
    demo: Internal, files: dict[str, bytes]
) -> None:
    book = workbook(files["analysis"])
    for one in year_tables(demo.whole).values():
        sheet = book[demo.words(f"year.sheet.{one.id}")]
        rows = list(sheet.iter_rows(min_row=2, values_only=True))
        assert len(rows) == len(one.all_rows), one.id
        for row, values in zip(one.all_rows, rows, strict=True):
            numbers = [value for value in values[1:] if isinstance(value, int | float)]
            expected = sum((3 if figure.of else 2) if figure.of is not None else 1 for figure in row.figures)
            assert len(numbers) == expected, (one.id, row.key)


def test_cells_are_numbers_percent_days_and_text_and_never_formulas(files: dict[str, bytes]) -> None:
    for name in SHEET_FILES:
        for sheet in workbook(files[name]).worksheets:
            for row in sheet.iter_rows(min_row=2):
                for cell in row:
                    assert cell.data_type in ("n", "s", "d"), (sheet.title, cell.coordinate)
                    if isinstance(cell.value, datetime | date):
                        assert cell.number_format == "yyyy-mm-dd"
                    if isinstance(cell.value, str):
                        assert not re.fullmatch(r"[\d\s,.]+ ?%?", cell.value), cell.value


def test_what_begins_like_a_formula_stays_text(demo: Internal) -> None:
    review = next(one for one in demo.whole.follow_ups if one.actions)
    danger = replace(review, actions=(replace(review.actions[0], what="=HYPERLINK(1)"),))
    book = workbook(analysis(replace(demo, whole=replace(demo.whole, follow_ups=(danger,)))))
    cell = book["Åtgärdsplan"]["B2"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


def test_only_the_columns_of_shares_are_shown_in_percent(files: dict[str, bytes]) -> None:
    for name in SHEET_FILES:
        for sheet in workbook(files[name]).worksheets:
            for column in sheet.iter_cols():
                is_share = str(column[0].value).casefold().endswith("andel")
                formats = {cell.number_format for cell in column[1:] if isinstance(cell.value, float)}
                assert formats <= ({"0 %"} if is_share else {"0.0"}), (sheet.title, column[0].value)


def test_a_rate_below_one_is_a_number_and_no_share() -> None:
    sheet = Workbook().active
    assert sheet is not None
    fill(sheet, ["Namn", "Per 100 månader", "Andel"], [["a", Rate("0.6"), 0.6], ["b", Rate("1.6"), 1.0]])
    shown = [[(cell.value, cell.number_format) for cell in row[1:]] for row in sheet.iter_rows(min_row=2)]
    assert shown == [[(0.6, "0.0"), (0.6, "0 %")], [(1.6, "0.0"), (1.0, "0 %")]]


def test_stratsys_has_the_public_figures_and_of_units_no_number(
    demo: Internal, files: dict[str, bytes]
) -> None:
    """Others read it: with some units' numbers beside the sums the small ones could be worked out."""
    book = workbook(files["stratsys"])
    figures = sum(len(list(one.figures)) for one in demo.public.tables.values())
    assert book["Nyckeltal"].max_row == figures + 1
    assert all(row[8] for row in book["Nyckeltal"].iter_rows(min_row=2, values_only=True))
    units = list(book["Enheter"].iter_rows(min_row=2, values_only=True))
    assert len(units) == len({stay.unit_id for stay in demo.facts.stays})
    assert not [cell for row in units for cell in row if not isinstance(cell, str)]
    assert {(row[0], row[1]) for row in units} <= {(one.key, one.name) for one in demo.facts.units}
    assert {row[5] for row in units} <= {"tillräckligt", "otillräckligt"}


def test_stratsys_knows_each_figure_by_an_id_that_stays_and_by_the_municipalitys_own_name(
    demo: Internal, files: dict[str, bytes], tmp_path: Path
) -> None:
    rows = list(workbook(files["stratsys"])["Nyckeltal"].iter_rows(min_row=2, values_only=True))
    ids = [str(row[0]) for row in rows]
    assert len(set(ids)) == len(ids)
    assert "forms.hvb.placements" in ids
    assert not [row[1] for row in rows if row[1]]
    # The sheet itself, filled in, is the file that is read.
    book = workbook(files["stratsys"])
    sheet = book["Nyckeltal"]
    sheet.cell(2, 2).value = "KPI 7"
    book.save(tmp_path / "namn.xlsx")
    named = replace(demo, own_names=read_names(tmp_path / "namn.xlsx"))
    told = workbook(drawn_document(named, "stratsys").content)["Nyckeltal"]
    assert [(row[0], row[1]) for row in told.iter_rows(min_row=2, values_only=True) if row[1]] == [
        (ids[0], "KPI 7")
    ]


def test_of_small_units_stratsys_and_notices_tell_neither_texts_nor_days(
    demo: Internal, files: dict[str, bytes]
) -> None:
    small = {
        one.follow_up.number: one
        for one in demo.facts.follow_ups
        if one.follow_up.unit_id in demo.facts.small
    }
    judged = [one for one in small.values() if one.follow_up.verdict]
    assert len(judged) > 2
    told = workbook(files["stratsys"])["Uppföljningarnas text"]
    assert not {str(row[0]) for row in told.iter_rows(values_only=True)} & set(small)
    pages = "\n".join(read("notices", files["notices"])).split("Anmälningsärende: ")
    for one in judged:
        name = demo.facts.unit_of[one.follow_up.unit_id].name
        page = next(page for page in pages if page.startswith(f"uppföljning av {name}"))
        assert "oktober 2026" in page
        assert not re.search(r"\d+ oktober 2026", page)
        texts = [*one.follow_up.areas.values(), one.follow_up.strengths, one.follow_up.improvements]
        assert "Deltagare" not in page
        assert not [text for text in texts if text and text in page]


def test_the_workbook_for_analysis_says_that_it_is_secret_first_and_on_every_sheet(
    files: dict[str, bytes],
) -> None:
    book = workbook(files["analysis"])
    secret = "Sekretess, 26 kap. 1 § OSL"
    assert [cell.value for cell in book.worksheets[0][2]] == ["Sekretess", secret]
    assert {sheet.oddHeader.center.text for sheet in book.worksheets if sheet.oddHeader} == {secret}


@pytest.fixture(scope="module")
def pdfs(files: dict[str, bytes], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Those that are looked at, at one go as the command makes them: the program takes longest to start."""
    directory, names = tmp_path_factory.mktemp("pages"), ("annex", "notices", "report", "public")
    for name in names:
        (directory / f"{name}.docx").write_bytes(files[name])
    made = printed(LIBREOFFICE or "", [directory / f"{name}.docx" for name in names])
    return dict(zip(names, made, strict=True))


def pages_in(pdf: Path) -> int:
    return len(re.findall(rb"/Type\s*/Page[^s]", pdf.read_bytes()))


@needs_libreoffice
def test_the_annex_is_one_page(pdfs: dict[str, Path]) -> None:
    assert pages_in(pdfs["annex"]) == 1


@needs_libreoffice
def test_each_notice_is_one_page(demo: Internal, pdfs: dict[str, Path]) -> None:
    judged = sum(one.follow_up.verdict is not None for one in demo.facts.follow_ups)
    assert pages_in(pdfs["notices"]) == judged > 5


@needs_libreoffice
@pytest.mark.parametrize("name", ["report", "public"])
def test_the_report_becomes_pages(tmp_path: Path, name: str, pdfs: dict[str, Path]) -> None:
    pdf = pdfs[name]
    assert 10 < pages_in(pdf) < 30
    command = ["pdftoppm", "-r", "10", "-gray", str(pdf), str(tmp_path / "page")]
    subprocess.run(command, check=True, capture_output=True)
    *pages, last = [Image.open(one) for one in sorted(tmp_path.glob("page-*.pgm"))]
    assert [number for number, page in enumerate(pages, 1) if written_to(page) < HALF] == []
    assert written_to(last) > 0
    told = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True)
    [contents] = re.findall(
        r"^Innehåll\n(.*?)^Sammanfattning\n", told.stdout.decode().replace("\f", "\n"), re.M | re.S
    )
    numbers = [int(one) for one in re.findall(r"\.{4,} ?(\d+)$", contents, re.M)]
    assert len(numbers) == len(re.findall(r"\.{4,}", contents)) > 15
    assert numbers == sorted(numbers)


def written_to(page: Image.Image) -> float:
    """How far down something stands on the page, of all its height but the margin with the footer."""
    text = page.crop((0, 0, page.width, int(page.height * 0.93))).point(lambda grey: 255 if grey < 200 else 0)
    box = text.getbbox()
    return box[3] / page.height if box else 0


def test_a_report_made_earlier_knows_less(played: Database) -> None:
    before = material(played, now=at("2026-10-04 12:00"))
    assert before.facts.follow_ups == ()
    assert before.facts.selections[0].state == "drawn"
    assert before.facts.made_at < MADE_AT
