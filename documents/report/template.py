"""The report's Word template, the municipality's own or the default, and the report drawn in it.

It is an ordinary Word file with tags: {{ title }} and other texts anywhere, and {{p summary }} and other parts, each in
a paragraph of its own. What else stands in it stays as it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile

import docx
from docx.document import Document
from docx.opc.exceptions import PackageNotFoundError
from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, meta
from jinja2.sandbox import SandboxedEnvironment
from lxml.etree import XMLSyntaxError

from documents.report.docx_drawing import Numbers
from documents.report.docx_styles import styled_document
from documents.report.template_parts import Blocks, TemplatePart
from documents.report.template_styles import complete_styles
from documents.report.words import Words

FRONT_PART, CONTENTS_PART = "front", "contents"
TEXTS = (
    "title",
    "subtitle",
    "municipality",
    "board",
    "year",
    "kind",
    "footer",
    "first",
    "last",
    "made_on",
    "is_public",
)
# Whoever has a page of it in hand is to see whether it is a draft, and for whom it is.
ON_EACH_PAGE = frozenset({"kind", "footer"})


class WrongTemplateError(Exception):
    """All that is wrong with the file, in words."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def read_template(path: Path, parts: Sequence[str]) -> bytes:
    """Raises WrongTemplateError; `parts` are those that a report has."""
    try:
        content = path.read_bytes()
        template = DocxTemplate(BytesIO(content))
        named, on_each_page = _named(template)
        problems = list(_problems(named, on_each_page, parts)) or list(_not_drawn(content, parts))
    except (OSError, PackageNotFoundError, BadZipFile, KeyError, ValueError, XMLSyntaxError) as wrong:
        raise WrongTemplateError([f"{path} går inte att läsa som en Word-fil (.docx): {wrong}"]) from None
    except TemplateError as wrong:
        raise WrongTemplateError([f"{path}: en tagg är inte rätt skriven: {wrong.message}"]) from None
    if problems:
        raise WrongTemplateError([f"{path}: {one}" for one in problems])
    return content


def left_out(content: bytes, parts: Sequence[str]) -> list[str]:
    """Which of the parts the template has no tag for: the municipality's choice, which is said."""
    named, _ = _named(DocxTemplate(BytesIO(content)))
    return [one for one in parts if one not in named]


def _problems(named: set[str], on_each_page: set[str], parts: Sequence[str]) -> Iterator[str]:
    known = {*TEXTS, *parts, FRONT_PART, CONTENTS_PART}
    for one in sorted(named - known):
        yield f"taggen {one} finns inte; de som finns är {', '.join(sorted(known))}"
    if FRONT_PART not in named:
        yield "{{p front }} saknas: den säger vad rapporten gäller och vem som har prövat sekretessen"
    if not named & set(parts):
        yield "inget avsnitt finns med; skriv minst ett, till exempel {{p summary }}"
    if not on_each_page & ON_EACH_PAGE:
        yield (
            "{{ kind }} eller {{ footer }} saknas i sidhuvud och sidfot: varje sida ska säga om den är ett utkast"
            " och för vem den är"
        )


def _not_drawn(content: bytes, parts: Sequence[str]) -> Iterator[str]:
    """Tried with nothing in its parts, so that no year is published on a template that then cannot be drawn."""
    nothing = dict.fromkeys((*TEXTS, *parts, FRONT_PART, CONTENTS_PART), "")
    try:
        DocxTemplate(BytesIO(content)).render(nothing, _environment(), autoescape=True)
    except (TemplateError, TypeError, ValueError, ArithmeticError) as wrong:
        yield f"mallen går inte att fylla i: {wrong}"


def _named(template: DocxTemplate) -> tuple[set[str], set[str]]:
    """The tags in all of it, and those that stand on each page."""
    template.init_docx()
    env = _environment()
    own = [template.get_part_xml(one) for one in _headers_and_footers(template)]
    on_each_page = {name for xml in own for name in _tags(template, env, xml)}
    return _tags(template, env, template.get_xml()) | on_each_page, on_each_page


def _headers_and_footers(template: DocxTemplate) -> Iterator[object]:
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        yield from (part for _, part in template.get_headers_footers(uri))


def _tags(template: DocxTemplate, env: SandboxedEnvironment, xml: str) -> set[str]:
    return set(meta.find_undeclared_variables(env.parse(template.patch_xml(xml))))


def _environment() -> SandboxedEnvironment:
    return SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


@cache
def default_template(language: str, parts: tuple[str, ...]) -> bytes:
    """A file to begin from: all the parts in the usual order, on plain styles."""
    document = styled_document(language, "{{ footer }}")
    document.add_paragraph("{{ title }}", "Title")
    document.add_paragraph("{{ subtitle }}", "Subtitle")
    for one in (FRONT_PART, CONTENTS_PART, *parts):
        document.add_paragraph(_tag(one))
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _tag(part: str) -> str:
    return f"{{{{p {part} }}}}"


def filled(
    content: bytes, texts: Mapping[str, object], parts: Mapping[str, Blocks], words: Words
) -> Document:
    """The template with its texts put in and its parts drawn, numbered in the order that they stand in."""
    template = DocxTemplate(BytesIO(content))
    template.init_docx()
    document: Document = template.get_docx()
    ids = complete_styles(document)
    numbers: Numbers = {}
    drawn = {name: TemplatePart(document, blocks, words, numbers, ids) for name, blocks in parts.items()}
    template.render({**texts, **drawn}, _environment(), autoescape=True)
    written = BytesIO()
    template.save(written)
    # What was put in by the template's library is plain XML, and is a document once it has been read again.
    return docx.Document(written)
