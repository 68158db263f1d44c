"""The report on a template: another municipality's looks, order and sections, and the very same figures."""

import re
import shutil
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn

from documents.report.blocks import Heading
from documents.report.material import Internal
from documents.report.october import PARTS, SECTIONS, october_report
from documents.report.printing import NotPrintedError, printed
from documents.report.template import WrongTemplateError, default_template, left_out, read_template
from tests.support.other_template import FONT, ORDER, OWN_HEADINGS, SWEDISH, logotype, other_template
from tests.support.public_reader import tables
from tests.support.public_towns import Home, town
from tests.support.year_stage import drafted

BOARD = "Barn- & ungdomsnämnden"


TYPED = "Hem {{ title }} & {% x %} <b>"


@pytest.fixture(scope="module")
def demo() -> Internal:
    """A town with what a person typed in a unit's name and in the board's: no template, and no markup."""
    facts = town(Home(6), Home(7, "stodboende"), Home(6, ownership="in_house", provider="Kommunen"))
    first, *others = facts.units
    return drafted(replace(facts, units=(replace(first, name=TYPED), *others)), board=BOARD)


@pytest.fixture(scope="module")
def usual(demo: Internal) -> bytes:
    return october_report(demo)


@pytest.fixture(scope="module")
def other(demo: Internal) -> bytes:
    return october_report(replace(demo, template=other_template()))


def opened(content: bytes) -> Document:
    return docx.Document(BytesIO(content))


def headings(document: Document, level: str = "Heading 1") -> list[str]:
    return [one.text for one in document.paragraphs if one.style is not None and one.style.name == level]


def test_the_template_says_the_order_and_its_own_sections_stand_among_ours(
    demo: Internal, other: bytes
) -> None:
    ours = [
        block.text
        for name in ORDER
        for block in SECTIONS[name](demo)
        if isinstance(block, Heading) and block.level == 1
    ]
    document = opened(other)
    assert headings(document) == [OWN_HEADINGS[0], *ours, OWN_HEADINGS[1]]
    listed = [
        one.text.rstrip("\t") for one in document.paragraphs if one.style and one.style.name == "Contents"
    ]
    assert [one for one in listed if one in headings(document)] == headings(document)
    public = opened(october_report(replace(demo.public, template=other_template())))
    assert OWN_HEADINGS[0] in headings(public)
    assert OWN_HEADINGS[1] not in headings(public)


def test_the_same_figures_stand_in_it_wherever_they_stand(usual: bytes, other: bytes) -> None:
    one, another = (sorted(map(str, tables(content))) for content in (usual, other))
    assert another == one
    assert len(one) > 5
    said = [paragraph.text for paragraph in opened(other).paragraphs]
    assert sum(text.startswith("Tabell 1. ") for text in said) == 1


def test_tables_and_figures_are_numbered_as_they_come(other: bytes) -> None:
    captions = [one.text for one in opened(other).paragraphs if one.style and one.style.name == "Caption"]
    for word in ("Tabell", "Figur"):
        numbers = [int(one.split(".")[0].split()[1]) for one in captions if one.startswith(word)]
        assert numbers == list(range(1, len(numbers) + 1))


def test_fonts_styles_and_logotype_are_the_municipalitys(other: bytes) -> None:
    document = opened(other)
    used = {style.get(qn("w:val")) for style in document.element.body.iter(qn("w:pStyle"))}
    there = {style.style_id for style in document.styles}
    assert used <= there
    assert {"Rubrik1", "Rubrik2"} <= used
    assert not used & {"Heading1", "Heading2"}
    fonts = {
        value for style in document.styles.element.iter(qn("w:rFonts")) for value in style.attrib.values()
    }
    assert FONT in fonts
    assert "Arial" not in fonts
    header = document.sections[0].header
    assert [part.blob for part in header.part.related_parts.values()] == [logotype()]
    assert header.paragraphs[0].text.strip() == "Ekdala kommun"


def test_what_no_list_was_there_for_is_a_list_with_bullets(other: bytes) -> None:
    document = opened(other)
    bullets = [one for one in document.paragraphs if one.style and one.style.name == "List Bullet"]
    assert bullets
    number = bullets[0].style.element.find(f".//{qn('w:numId')}").get(qn("w:val"))  # type: ignore[union-attr]
    lists = document.part.numbering_part.element
    [shape] = [one.abstractNumId.val for one in lists.num_lst if str(one.numId) == number]
    assert str(shape) in [one.get(qn("w:abstractNumId")) for one in lists.findall(qn("w:abstractNum"))]


def test_every_page_says_what_it_is_and_the_front_names_the_board(
    demo: Internal, usual: bytes, other: bytes
) -> None:
    kind = demo.words("year.kind.internal")
    for content in (usual, other):
        document = opened(content)
        assert any(kind in one.text for one in document.sections[0].footer.paragraphs)
        front = [one.text for one in document.paragraphs[:8]]
        assert kind in front
        assert any(BOARD in one for one in front)


def test_the_board_is_called_by_its_name_wherever_the_report_speaks_of_it(
    demo: Internal, usual: bytes, other: bytes
) -> None:
    """In the title, on each page and in the text; without a name it is the board, and never both."""
    public = october_report(demo.public)
    for content in (usual, public):
        document = opened(content)
        title = demo.words("year.title.board")
        assert (BOARD in title, document.paragraphs[0].text, document.core_properties.title) == (
            True,
            title,
            title,
        )
        assert any(BOARD in one.text for one in document.sections[0].footer.paragraphs)
    assert f"sekretessbilaga för {BOARD}" in " ".join(one.text for one in opened(usual).paragraphs)
    named = [" ".join(one.text for one in opened(content).paragraphs) for content in (usual, public)]
    unnamed = " ".join(one.text for one in opened(october_report(drafted(demo.facts))).paragraphs)
    assert [bool(re.search(r"\b[Nn]ämnden", said)) for said in (*named, unnamed)] == [False, False, True]
    assert not any("{" in said.replace(TYPED, "") for said in (*named, unnamed))


def test_what_a_person_wrote_is_put_in_as_it_is(other: bytes, usual: bytes) -> None:
    for content in (usual, other):
        cells = [cell for rows in tables(content) for row in rows for cell in row]
        assert TYPED in cells


def saved(*paragraphs: str, footer: str = "{{ kind }}") -> bytes:
    document = docx.Document()
    for one in paragraphs:
        document.add_paragraph(one)
    document.sections[0].footer.paragraphs[0].text = footer
    written = BytesIO()
    document.save(written)
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no Word file", ["går inte att läsa som en Word-fil"]),
        (saved("{{p front }}", "{{ kvartal }}"), ["taggen kvartal finns inte", "inget avsnitt finns med"]),
        (saved("{{p summary }}", footer=""), ["{{p front }} saknas", "{{ kind }} eller {{ footer }} saknas"]),
        (saved("{{p front }}", "{{p summary }}", "{% if %}"), ["en tagg är inte rätt skriven"]),
        (
            saved("{{p front }}", "{{p summary }}", "{{ title.__class__.__mro__ }}"),
            ["mallen går inte att fylla i"],
        ),
    ],
    ids=["no Word file", "an unknown tag", "no front and no kind", "half a tag", "what no template may do"],
)
def test_all_that_is_wrong_with_a_template_is_said_at_once(
    tmp_path: Path, content: bytes, said: list[str]
) -> None:
    file = tmp_path / "mall.docx"
    file.write_bytes(content)
    with pytest.raises(WrongTemplateError) as wrong:
        read_template(file, PARTS)
    assert len(wrong.value.problems) == len(said)
    for problem, begins in zip(wrong.value.problems, said, strict=True):
        assert begins in problem
        assert str(file) in problem


def test_a_template_may_leave_parts_out_and_which_are_known(tmp_path: Path) -> None:
    file = tmp_path / "mall.docx"
    file.write_bytes(other_template())
    assert left_out(read_template(file, PARTS), PARTS) == [one for one in PARTS if one not in ORDER]
    usual = default_template("sv-SE", PARTS)
    file.write_bytes(usual)
    assert left_out(read_template(file, PARTS), PARTS) == []
    assert set(SWEDISH.values()) - {style.style_id for style in opened(usual).styles}


def test_a_pdf_that_is_not_made_is_told_of(tmp_path: Path) -> None:
    file = tmp_path / "rapport.docx"
    file.write_bytes(saved("Rapport"))
    with pytest.raises(NotPrintedError):
        printed(str(tmp_path / "no-such-program"), [file])
    with pytest.raises(NotPrintedError, match="rapport"):
        printed(shutil.which("true") or "true", [file])
    assert list(tmp_path.iterdir()) == [file]
