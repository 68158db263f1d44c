"""The catalogue against the code: every text that is asked for exists, in both languages, and no other does."""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import chain
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest

from bot.app_package.command_menu import FIRST
from bot.app_package.manifest import NAMES
from dialogs.alerts import reading_reason
from dialogs.clocks.team_clocks import YEARLY
from dialogs.commands.help import NO_QUESTIONS
from dialogs.commands.questions import ANSWERED_BY, NOT_ANSWERED, typed_words
from dialogs.commands.registered import COMMANDS, OFFERED, VERBS
from dialogs.forms.verbs import Command
from dialogs.overview.retention import WHY as WHY_REFUSED
from dialogs.selection.selection_card import GROUPS as SELECTION_GROUPS
from dialogs.selection.selection_files import FILES as SELECTION_FILES
from dialogs.signals.signal_list import FILLER
from documents.case_file.case_document import PAPERS as FILED
from documents.case_file.case_document import REGISTERED
from documents.case_file.extract_document import OF_PERSON
from documents.imports.history_columns import FILES
from documents.report import annex
from followup.access.targets import MEASURES
from followup.alerts import closing
from followup.clocks.retention import Exemption, Hold
from followup.clocks.retention_classes import RetentionClass
from followup.clocks.rows import CLOCKS
from followup.figures import placements, recommendations, signals
from followup.figures.counting import OWNERSHIPS
from followup.figures.ladder import LADDERS
from followup.figures.period import period_of
from followup.figures.public_year import public_year
from followup.figures.year import year_tables
from followup.figures.year_facts import YearFacts
from followup.follow_ups import action, board_decision, diary_number, follow_up, unit_events
from followup.follow_ups.hit_share import TRACKS
from followup.log.subject import Act, What
from followup.messages.alerts import OUTCOMES
from followup.messages.every import KINDS
from followup.messages.message import LinkKind
from followup.month import closing_report, report
from followup.month.plans import PLANS
from followup.overview.digest import WEEKDAYS
from followup.people import Role
from followup.risk import counting, inputs
from followup.risk.bands import BANDS
from followup.risk.risk_parameters import GROUPS, PARAMETERS
from followup.selection.adjustment import ACTS as ADJUSTMENTS
from followup.selection.draw import DRAWS
from followup.selection.selection import REASONS as SELECTED_FOR
from followup.signals import signal
from followup.signals.progress import RECEIVERS, STATES
from followup.signals.signal_changes import BY_FILE
from followup.signals.situations import SITUATIONS
from followup.terms import FORMS, LEGAL_GROUNDS, SIGNAL_KINDS
from followup.times.deadlines import OCCASIONS
from followup.wording.form import Question
from services.alerts.ownership import MESSAGE, NOTE
from services.clocks.recording import BY_ENDING, CHECKLISTS
from services.giving import WhyNot
from services.publishing import REVIEW
from services.retention.carrying_out import GONE
from services.risk import base_levels, threshold
from services.risk.report_rows import ROW_ACTS
from services.selection import selection_steps
from services.selection.year import DIVISIONS, DOCUMENTS
from services.selection.year import PLANS as YEAR_PLANS
from services.signals.judging import GRADE, SIGNAL_CHANGES, WHY
from services.signals.progress import END_QUESTIONS
from services.views.unanswered import REASONS
from services.views.unit_timeline import Happening
from services.views.units import SHOWN_BANDS
from storage.engine.year_tables import metadata
from storage.messages.delivery import DeliveryState
from storage.retention.people import OWN, naming
from storage.retention.purges import SEATS
from tests.support.builders import at
from tests.support.said_in_templates import said_in
from texts.catalogue import LANGUAGES, catalogue_files, messages
from workspace.follow_ups.actions import WHICH_WORDS
from workspace.frame.drawing import TEMPLATES
from workspace.overview.desk import WHOSE_WORDS
from workspace.overview.desk_lines import COLUMNS, NAMED
from workspace.selection.rows import STEPS as STEPS_OF_SELECTION

# Each that names an employee, whose extract tells of it in words.
TOLD_OF = [table for table in metadata.sorted_tables if naming(table) and table.name != "access_log"]

ROOT = Path(__file__).parents[1]
FOLDERS = ("bot", "dialogs", "documents", "followup", "scheduler", "services", "texts", "workspace")
FORMS_ASKED: Sequence[tuple[str, Sequence[Question]]] = (
    ("report", report.QUESTIONS),
    ("closing", closing_report.QUESTIONS),
    ("signal", signal.QUESTIONS),
    ("follow_up", follow_up.QUESTIONS),
    ("action", action.QUESTIONS),
    ("board_decision", board_decision.QUESTIONS),
    ("diary_number", diary_number.QUESTIONS),
    ("recommendations", recommendations.QUESTIONS),
    ("unit_event", unit_events.QUESTIONS),
    ("selection", selection_steps.FREEZE),
    (
        "desk",
        (
            *closing.DECISION,
            closing.REASON,
            closing.DONE,
            MESSAGE,
            NOTE,
            GRADE,
            WHY,
            *END_QUESTIONS,
            *reading_reason.QUESTIONS,
        ),
    ),
    ("publish", REVIEW),
    ("retention", (WHY_REFUSED,)),
    *(("clock", questions) for questions in BY_ENDING.values()),
    *((f"plan_check.{plan}", questions) for plan, questions in CHECKLISTS.items()),
    ("threshold", (threshold.VALID_FROM, threshold.WHY)),
    ("base_levels", (base_levels.WHY,)),
)
NO_YEAR = YearFacts(period_of(2026, date(2026, 9, 15), date(2026, 10, 1)), at("2026-10-01"), *((),) * 7)
REPORT_TABLES = {**public_year(NO_YEAR, 5).tables, **year_tables(NO_YEAR)}
PUBLIC_COLUMNS = ("there", "missing", "size", "answered_reports")
PUBLIC_AREAS = {f"areas_{row}" for step in LADDERS["areas"] for row in step}
PUBLIC_ROWS = [
    f"{table}.{row}"
    for table, ladder in LADDERS.items()
    if table != "areas"
    for step in ladder
    for row in step
]
OF_REGI = {f"of_{one}" for one in OWNERSHIPS}
SAYERS = {"say", "wording", "Wording"}
ITEM_KINDS = (*signal.KINDS, inputs.REGISTERED)
REPORT_KINDS = sorted(inputs.OF_REPORTS)
SIGNAL_FACTS = (
    *SIGNAL_CHANGES,
    *("provider", "kind", "tone", "reasons", "event_on", "came_in", "consequence", "occurred"),
    *("cause", "source", "marks", "same_event", "state", "situation", "category", "areas", "channel"),
)
ALERT_KINDS = ("band", "event", "safety", "silence")
SELECTION_WORDS = (
    *("frozen", "drawn", "locked", "frozen_at", "drawn_at", "locked_at", "entered", "left"),
    *("frame_hash", "public_value_name", "public_value", "seed", "size", "parameters", "dormant", "own"),
)
# What the code puts into a text's id when it runs: each value must have its text.
# Listed by help, or proposed where a sentence was not understood.
_NEAR = {name for names in ANSWERED_BY.values() for name in names} - NO_QUESTIONS
COMMANDS_OFFERED = sorted({one.name for one in COMMANDS if one.listed or one.name in {FIRST, *_NEAR}})
FAMILIES: Sequence[tuple[str, Iterable[object]]] = (
    ("action.now.{}", action.STATES),
    ("action.state.{}", action.STATES),
    ("action.to.{}", action.STATES),
    ("action.to_about.{}", action.STATES),
    ("alert.title.{}", ALERT_KINDS),
    ("alert.do.{}", ALERT_KINDS),
    ("band.mark.{}", SHOWN_BANDS),
    ("case_file.paper.{}", FILED),
    ("case_file.placement.{}", REGISTERED),
    ("extract.column.{}", ("what", "as", "number", "when", "state", "who", "why")),
    ("extract.person.{}", OF_PERSON),
    ("extract.state.{}", get_args(DeliveryState)),
    ("extract.link.{}", get_args(LinkKind)),
    ("extract.language.{}", LANGUAGES),
    ("extract.{}", ("yes", "no")),
    ("log.what.{}", [one.name.lower() for one in What]),
    ("log.act.{}", get_args(Act)),
    ("message.kind.{}", KINDS),
    ("extract.table.{}", [table.name for table in TOLD_OF]),
    ("extract.part.{}", {column.name for table in TOLD_OF for column in naming(table)}),
    ("extract.field.{}", {column.name for table in TOLD_OF if table.name in OWN for column in table.columns}),
    ("purge.by.{}", SEATS),
    ("purge.column.{}", ("case", "last", "why", "rows", "because", "table", "class", "plan", "before")),
    ("retention.class.{}", RetentionClass),
    ("cli.retention.{}", ("class", "count", "before", "plan")),
    ("retention.decided.{}", SEATS),
    ("retention.exempt.{}", (*Exemption, "none")),
    ("retention.hold.{}", (*Hold, GONE)),
    ("cli.retention.{}", ("case", "last", "exempt", "from", "why_not", "named")),
    ("check.step.{}", ("freeze", "draw", "adjust", "lock")),
    ("cli.import.kind.{}", [file.id for file in FILES]),
    ("clock.{}", CLOCKS),
    ("clocks.yearly.{}", [name for name, _ in YEARLY]),
    ("command.{}", COMMANDS_OFFERED),
    ("command.{}.does", COMMANDS_OFFERED),
    ("package.{}", NAMES),
    ("page.desk.{}", ("allt", "allas", *NAMED.values(), *WHOSE_WORDS)),
    ("page.desk.column.{}", COLUMNS),
    ("page.desk.by.{}", (*COLUMNS, *(f"falling.{one}" for one in COLUMNS))),
    ("page.give.{}", get_args(WhyNot)),
    ("page.follow_up.{}", ("done", "current", "to_come")),
    ("page.actions.{}", WHICH_WORDS),
    ("page.unit.what.{}", get_args(Happening)[:-1]),
    (
        "page.unit.column.{}",
        (
            *("number", "day", "kind", "consequence", "points"),
            *("raises", "why", "linked_to", "version", "deeds"),
        ),
    ),
    ("page.selection.step.{}", STEPS_OF_SELECTION),
    ("page.selection.{}", ("draw", "add", "remove", "lock")),
    ("page.selection.lot.{}", DRAWS),
    (
        "page.selection.column.{}",
        (
            *("place", "unit", "ticket", "chance", "outcome", "reasons"),
            *("placements", "lot", "before", "last", "change"),
        ),
    ),
    ("page.method.column.{}", ("month", "placements", "reports", "points", "kappa", "weighed")),
    ("page.keys.{}", ("j", "k", "x", "enter", "a", "slash", "question")),
    ("follow_up.about.{}", follow_up.STEPS),
    ("follow_up.late.{}", ("planned", "year", "actions")),
    ("follow_up.pre.floor.{}", ("event", "safety")),
    ("follow_up.pre.index_{}", ("up", "down", "same")),
    ("follow_up.step.{}", follow_up.STEPS),
    ("desk.close_means.{}", ALERT_KINDS),
    ("desk.decided.{}", ("yes", "no")),
    ("digest.wanted.{}", ("on", "off")),
    ("digest.weekday.{}", WEEKDAYS),
    ("form_of_care.{}", FORMS),
    ("greeting.{}", ("prompt", "reminder", "snoozed", "nudge", "late")),
    ("help.role.{}", Role),
    ("led_to.{}", OUTCOMES),
    ("legal_ground.{}", LEGAL_GROUNDS),
    ("list.form_needed.{}", ("ended", "first", "gap", "concern", "in_a_row")),
    ("provider.missing.{}", PLANS),
    ("risk.band.{}", BANDS),
    ("risk.consequence.{}", signal.CONSEQUENCES),
    ("risk.kind.{}", ITEM_KINDS),
    ("risk.kinds.{}", (*ITEM_KINDS, *REPORT_KINDS)),
    ("risk.counted.{}", (*ITEM_KINDS, *REPORT_KINDS)),
    ("risk.uncounted.{}", counting.WHY_NOT),
    ("risk.report.{}", (*REPORT_KINDS, "beside")),
    ("risk.floor.{}", ("event", "safety")),
    ("risk.zero.{}", counting.WHY_NOT),
    ("role.{}", Role),
    ("selection.{}", OCCASIONS),
    ("selection.{}.do", OCCASIONS),
    ("selection.act.{}", ADJUSTMENTS),
    ("selection.adjusted.{}", ADJUSTMENTS),
    ("selection.doc.{}", SELECTION_WORDS),
    ("selection.draw.{}", DRAWS),
    ("selection.file.{}", SELECTION_FILES),
    ("selection.file.{}.about", SELECTION_FILES),
    ("selection.group.{}", SELECTION_GROUPS),
    ("selection.left.{}", ("removed", "not_in_frame", "no_reason")),
    ("selection.outcome.{}", ("drawn", "reserve", "not")),
    ("selection.reason.{}", SELECTED_FOR),
    ("signal.{}", ("placement", "unit", "manager_has", "quality_told", "quality_has")),
    ("signals.{}", SIGNAL_FACTS),
    ("signals.{}.title", SIGNAL_CHANGES),
    ("signals.{}.means", SIGNAL_CHANGES),
    ("signals.{}.send", SIGNAL_CHANGES),
    ("report_row.{}.means", ROW_ACTS),
    ("report_row.{}.title", ROW_ACTS),
    ("report_row.{}.send", ROW_ACTS),
    ("report_row.refused.{}", ("unknown", "not_hers", "channel", "changed")),
    ("signals.next.{}", [one.code for one in SITUATIONS.values() if one.rule]),
    ("choice.mark.{}", signal.MARKS),
    ("choice.category.{}", signal.CATEGORIES),
    ("choice.area.{}", signal.AREAS),
    ("choice.situation.{}", SITUATIONS),
    ("question.words.{}", typed_words()),
    ("help.asked.{}", NOT_ANSWERED),
    ("signals.filter.{}", (*STATES, FILLER, "overdue", "mine", "ended", "every")),
    ("signals.list.{}", ("hers", "others")),
    ("signals.state.{}", (*STATES, "history", "decided")),
    ("signals.handed_to.{}", RECEIVERS),
    ("signals.change.{}", BY_FILE),
    ("signal.{}.hint", ("unit",)),
    ("signal.{}_needed", [kind.needs for kind in SIGNAL_KINDS.values() if kind.needs]),
    ("status.response.{}", ("up", "down", "same")),
    ("threshold.group.{}", GROUPS),
    ("threshold.parameter.{}", PARAMETERS),
    ("unreachable.{}", ("title", "in_doubt", "in_doubt_title", "other", *REASONS)),
    ("order.{}", (*DOCUMENTS, *YEAR_PLANS, DIVISIONS)),
    ("order.{}.about", (*DOCUMENTS, *YEAR_PLANS, DIVISIONS)),
    ("year.age.{}", placements.AGES),
    ("year.alert.{}", ALERT_KINDS),
    ("year.annex.{}", (*annex.TOLD, *(one for told in annex.TOLD.values() for one in told), "providers")),
    ("year.annex.{}.said", annex.BEGIN),
    ("year.area.{}", (*follow_up.AREAS, "not_public", "nothing")),
    ("year.caption_of.{}", (*REPORT_TABLES, "years")),
    (
        "year.column.{}",
        {column.id for one in REPORT_TABLES.values() for column in one.columns}
        | OF_REGI
        | PUBLIC_AREAS
        | {*PUBLIC_COLUMNS}
        # Where the year has more than one selection.
        | {"selection"},
    ),
    ("year.contract.{}", placements.CONTRACT_FORMS),
    ("year.form.{}", [code for code, form in FORMS.items() if form.followed]),
    ("year.left.{}", ("removed", "not_in_frame", "no_reason")),
    ("year.nothing.{}", (*REPORT_TABLES, "year", "notices")),
    ("year.ownership.{}", OWNERSHIPS),
    ("year.public.{}", PUBLIC_ROWS),
    ("year.paper.{}", placements.PAPERS),
    ("year.row.{}", (*REPORT_TABLES, "years")),
    ("year.signal.{}", [key for key, _ in (*signals.COUNTED, *signals.PARTS, *signals.BESIDE)]),
    ("year.track.{}", TRACKS),
    ("year.target.{}", MEASURES),
    ("target.{}", MEASURES),
    ("verdict.{}", ("uppfyller", "uppfyller_delvis", "uppfyller_inte")),
)


@dataclass
class Read:
    """What the code says of texts: calls by their file, whatever is written in it, and what it puts together."""

    calls: list[tuple[str, ast.Call]] = field(default_factory=list)
    written: set[str] = field(default_factory=set)
    patterns: set[tuple[str, str]] = field(default_factory=set)


@cache
def code() -> Read:
    read = Read()
    for path, node in nodes():
        match node:
            case ast.Call():
                read.calls.append((path, node))
            case ast.Constant(value=str()):
                read.written.add(str(node.value))
            case ast.JoinedStr() if found := pattern(node):
                read.patterns.add((path, found))
    return read


def nodes() -> Iterator[tuple[str, ast.AST]]:
    """Every node of the code, with its file; and what the pages' templates ask for, as Python would."""
    in_code = (
        (path.relative_to(ROOT).as_posix(), node)
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
    )
    in_templates = (
        (path.relative_to(ROOT).as_posix(), node)
        for path in sorted(TEMPLATES.glob("*.html"))
        for call in said_in(path.read_text("utf-8"))
        for node in ast.walk(call)
    )
    return chain(in_code, in_templates)


def is_text_call(node: ast.Call) -> bool:
    """`say(…)`, `turn.say(…)`, `wording(…)` or `Texts(…)(…)`."""
    if not node.args:
        return False
    called = node.func
    if isinstance(called, ast.Call):
        return isinstance(called.func, ast.Name) and called.func.id == "Texts"
    name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
    return name in SAYERS


def literals(node: ast.AST) -> Iterator[str]:
    """The text itself, or both of `one if … else another`."""
    if isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def pattern(node: ast.JoinedStr) -> str | None:
    """An f-string as a pattern of ids; None for one that does not begin with letters and a full stop."""
    whole = "".join(
        re.escape(str(part.value)) if isinstance(part, ast.Constant) else r"\w+" for part in node.values
    )
    return whole if re.match(r"[a-z_]+\\\.", whole) else None


def asked_for() -> Iterator[tuple[str, ast.Call]]:
    yield from ((path, call) for path, call in code().calls if is_text_call(call))


def form_ids(form: str, question: Question) -> set[str]:
    choices = {f"choice.{question.choice_set}.{choice}" for choice in question.choices}
    return {f"{form}.{question.id}"} | choices


def family_ids() -> set[str]:
    return {family.format(value) for family, values in FAMILIES for value in values}


def places(forms: tuple[str, ...]) -> set[str]:
    return {name for form in forms for _, name, _, _ in Formatter().parse(form) if name}


def test_both_languages_have_the_same_texts() -> None:
    assert set(messages("sv")) ^ set(messages("en")) == set()


def test_both_languages_have_the_same_files() -> None:
    names = [[path.name for path in catalogue_files(language)] for language in LANGUAGES]
    assert names[0] == names[1]


def test_both_languages_are_filled_with_the_same_values() -> None:
    swedish, english = messages("sv"), messages("en")
    differing = {id_ for id_ in swedish if places(swedish[id_]) != places(english.get(id_, ()))}
    assert differing == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_is_empty_and_no_id_is_given_twice(language: str) -> None:
    assert [id_ for id_, forms in messages(language).items() if not all("\n".join(forms).split("\n"))] == []
    given = [
        line
        for path in catalogue_files(language)
        for line in path.read_text("utf-8").splitlines()
        if line.startswith("msgid ") and line != 'msgid ""'
    ]
    assert len(given) == len(set(given))


def test_every_text_that_the_code_asks_for_exists() -> None:
    known = set(messages("sv"))
    missing = {
        (path, id_) for path, call in asked_for() for id_ in literals(call.args[0]) if id_ not in known
    }
    assert missing == set()


def test_every_id_that_the_code_puts_together_matches_some_text() -> None:
    known = list(messages("sv"))
    first = ((path, call.args[0]) for path, call in asked_for())
    made = {
        (path, found) for path, one in first if isinstance(one, ast.JoinedStr) and (found := pattern(one))
    }
    assert len(made) > 20
    assert {one for one in made if not any(re.fullmatch(one[1], id_) for id_ in known)} == set()


@pytest.mark.parametrize(("family", "values"), FAMILIES)
def test_every_value_that_an_id_is_put_together_with_has_its_text(
    family: str, values: Iterable[object]
) -> None:
    assert {family.format(value) for value in values} - set(messages("sv")) == set()


@pytest.mark.parametrize(("form", "questions"), FORMS_ASKED)
def test_every_question_and_choice_of_a_form_has_its_text(form: str, questions: Sequence[Question]) -> None:
    needed = {id_ for question in questions for id_ in form_ids(form, question)}
    assert needed - set(messages("sv")) == set()


def test_every_section_of_a_form_that_has_several_has_its_heading() -> None:
    marked = [one for one in follow_up.QUESTIONS if one.section not in follow_up.STEPS]
    asked = (*report.QUESTIONS, *closing_report.QUESTIONS, *marked)
    needed = {f"section.{question.section}" for question in asked}
    assert needed == {id_ for id_ in messages("sv") if id_.startswith("section.")}


def test_the_code_fills_every_place_of_the_texts_it_asks_for() -> None:
    texts, unfilled = messages("sv"), set()
    for path, call in asked_for():
        given = {keyword.arg for keyword in call.keywords}
        if None not in given:
            unfilled |= {
                (path, id_) for id_ in literals(call.args[0]) if not places(texts.get(id_, ())) <= given
            }
    assert unfilled == set()


def test_every_text_is_used() -> None:
    """The import's texts have a test of their own, which counts them exactly."""
    counted = {family.format(r"\w+").replace(".", r"\.") for family in (*dict(FAMILIES), "section.{}")}
    counted.add(r"choice\.\w+\.\w+")
    patterns = {found for _, found in code().patterns} - counted
    asked = {
        id_
        for form, questions in FORMS_ASKED
        for question in questions
        for id_ in (
            *form_ids(form, question),
            f"{form}.{question.id}.hint",
            f"{form}.{question.id}.in_month",
            f"section.{question.section}",
        )
    }
    used = code().written | asked | family_ids()
    unused = {
        id_
        for id_ in messages("sv")
        if id_ not in used
        and not id_.startswith("import.")
        and not any(re.fullmatch(one, id_) for one in patterns)
    }
    assert unused == set()


def buttons() -> Iterator[tuple[str, ast.expr]]:
    """Every verb that a button of a card is given, also the one that turns a list's page."""
    places = {"Button": 1, "page_of": 2}
    for path, node in code().calls:
        if isinstance(node.func, ast.Name) and node.func.id in places:
            named = [keyword.value for keyword in node.keywords if keyword.arg == "verb"]
            yield path, [*node.args[places[node.func.id] :][:1], *named][0]


def test_every_button_has_a_verb_that_is_answered() -> None:
    verbs = {(path, verb) for path, node in buttons() for verb in literals(node)}
    assert len(verbs) > 15
    assert {one for one in verbs if one[1] not in VERBS} == set()


def test_only_help_and_a_lists_next_page_name_a_button_by_what_they_were_given() -> None:
    given = {path for path, node in buttons() if not isinstance(node, ast.Constant)}
    assert given == {"dialogs/commands/help.py", "dialogs/forms/lists.py"}


def test_each_verb_and_each_command_is_offered_by_one_module() -> None:
    offered = [(type(one), one.name) for one in OFFERED]
    assert len(offered) == len(set(offered))


@pytest.mark.parametrize("command", [one for one in COMMANDS if not one.takes_words and one.name != "thanks"])
def test_the_help_cards_button_does_for_the_same_people_what_the_word_does(command: Command) -> None:
    verb = VERBS[command.name]
    assert (verb.conversation, verb.dialog) == (command.conversation, command.dialog)
