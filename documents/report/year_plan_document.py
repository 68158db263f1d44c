"""The municipality's plan of a year as a Word document: the steps by day, the rounds of the months, what goes on."""

from collections.abc import Sequence
from datetime import datetime

from documents.report.blocks import Block, Bullets, Heading, Listing, Paragraph
from documents.report.docx_drawing import Drawing
from documents.report.docx_styles import new_document
from documents.report.packing import saved
from documents.report.words import Words
from followup.times.calendar import municipal_day
from followup.wording.law import paragraph
from services.views.year_plan import PlannedStep, YearPlan

_ALWAYS = ("alerts", "clocks", "follow_ups")


def year_plan_document(
    plan: YearPlan, municipality: str, board: str, official: str, words: Words, made_at: datetime
) -> bytes:
    """`board` is empty where it has no name here, and `official` where nobody is named."""
    words, year = words.of_board(board), str(plan.year)
    title = words("plan.title", year=year)
    house = f"{board}, {municipality}" if board else municipality
    footer = words("plan.footer", house=house, year=year)
    document = new_document(title, words("year.language"), footer, made_at)
    blocks = plan_blocks(plan, house, official, words, made_at)
    Drawing(document, words).add(blocks)
    return saved(document, made_at)


def plan_blocks(
    plan: YearPlan, house: str, official: str, words: Words, made_at: datetime
) -> Sequence[Block]:
    named = words("plan.official", name=official) if official else words("plan.no_official")
    return [
        Heading(1, words("plan.title", year=str(plan.year))),
        Paragraph(words("plan.about", house=house, day=municipal_day(made_at))),
        Paragraph(named),
        Heading(2, words("plan.steps")),
        Listing(
            [words(f"plan.head.{name}") for name in ("day", "step", "who")],
            [
                (words("year.day", day=one.day), _said(one, plan, words), words(f"plan.who.{one.who}"))
                for one in plan.steps
            ],
        ),
        Heading(2, words("plan.months")),
        Paragraph(words("plan.months.about")),
        Listing(
            [words(f"plan.head.{name}") for name in ("month", "opens", "reminders", "deadline", "listed")],
            [
                (
                    words("year.month", month=one.month),
                    words("year.day", day=one.opens),
                    ", ".join(words("year.day", day=day) for day in one.reminders),
                    words("year.day", day=one.deadline),
                    words("year.day", day=one.listed),
                )
                for one in plan.months
            ],
        ),
        Heading(2, words("plan.always")),
        Bullets([words(f"plan.always.{name}") for name in _ALWAYS]),
    ]


def _said(one: PlannedStep, plan: YearPlan, words: Words) -> str:
    """What is to be done, of which half-year, and by which paragraph where the law says it."""
    cited = paragraph("foster_home_list_to_ivo", one.day) or ""
    said = words(one.text, cited=cited)
    if not one.part:
        return said
    return words("plan.of_half", step=said, half=words(f"selection.period.{one.part}", year=plan.year))
