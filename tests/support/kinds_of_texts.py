"""Texts that deny or count, by what can be asked of them: a claim that is checked, or a kind that says why not.

A kind is a rule over the text or its id, with its reason. What no rule knows is named with the test that shows it.
"""

import re
from collections.abc import Iterator, Mapping

from tests.support.heard import forms

DENIES = re.compile(
    r"\b(inga|ingen|inget|ingenting|inte|saknas|saknar|aldrig|första|alla|redan|ännu|varken|ej)\b",
    re.IGNORECASE,
)
PLACE = re.compile(r"\{(\w+)\}")
_SENTENCE = re.compile(r"(?<=[.!?:])\s+|\n")
_ADVICE = frozenset(
    """
    Skriv Visa Välj Fyll Ta Ange Lägg Se Kryssa Öppna Avbryt Spara Läs Svara Be Kör Rätta
    Kontrollera Ändra Använd Försök Gå Ge Utse Skicka Dra Frys Återställ Lämna Dela Kontakta Gör
    Vänta Flytta Överväg Verifiera
    """.split()  # noqa: SIM905 - a text of words is read sooner than a list of them.
)
_DENIES_FIRST = re.compile(r"(inga|ingen|inget|alla har)\b", re.IGNORECASE)

# By the beginning of the id, or all of it: why nothing that is stored can make it false.
KINDS: Mapping[str, tuple[str, ...]] = {
    "refuses what was typed, asked for or read in, which each has its own tests": (
        *(
            "form.",
            "selection.refused",
            "selection.add.",
            "selection.frame.",
            "selection.verify.",
            "leave.ends_first",
            "named_day.no_such_week",
            "leave.which",
        ),
        *(
            "threshold.no_value",
            "threshold.not_a_number",
            "threshold.order",
            "threshold.same",
            "threshold.unknown",
        ),
        *(
            "signal.kind_not_valid",
            "signals.same_grade",
            "list.nothing_ticked",
            "report.signal_empty",
            "report.signal_there",
            "stranger.",
        ),
        *(
            "follow_up.satisfaction_line",
            "follow_up.received_too_early",
            "refused.",
            "link.",
            "press.unknown",
        ),
        *(
            "publish.not_over",
            "publish.too_long",
            "order.no_address",
            "selection.file.no_address",
            "report_row.refused",
            "page.kept.",
            "page.entering.",
            "page.later",
            "page.too_large",
            "page.not_sent",
        ),
        *(
            "threshold.range",
            "threshold.whole_range",
            "threshold.too_",
            "threshold.twice",
            "follow_up.not_a_link",
        ),
        *(
            "signal.unit_differs",
            "restore.",
            "move.",
            "clock.body_too_long",
            "clock.changed",
            "clock.day_not_counted",
            "clock.unknown",
            "selection.unknown",
            "import.",
            "cli.",
            "board_decision.",
            "diary_number.",
            "recommendations.changed",
            "recommendations.names_a_child",
            "press.taken",
            "signal.placement_gone",
            "signals.ended_meanwhile",
            "closing.goes_on",
            "closing.gone",
        ),
    ),
    "says what a thing is for, what a deed will do or how one is to write, whatever is stored": (
        "list.explained.",
        *(
            "order.",
            "recommendations.about",
            "recommendations.nothing",
            "year.recommendations.by",
            "package.",
            "log_review.",
            "report.most_signals",
            "report.talk_day_needed",
            "threshold.later",
            "desk.close_needs",
        ),
        *(
            "command.",
            "minimal.",
            "on_page.",
            "help.",
            "question.words.",
            "no_ranking.",
            "signal.not_lex_sarah",
            "signals.no_text",
            "unanswered.more",
        ),
        *(
            "clock.only_committee",
            "clocks.never_decides",
            "clocks.yearly.",
            "alert.do.",
            "alert.method_changed",
            "desk.close_means",
            "selection.lock.final",
            "selection.doc.draw.",
        ),
        *(
            "selection.largest.",
            "selection.was",
            "selection.rest",
            "selection.ages.unknown",
            "led_to.",
            "demo.",
            "page.who.",
            "list.statement",
            "token_refused.",
        ),
        *("year.method.", "year.source", "year.front.", "year.intro", "year.levels.", "year.summary.intro"),
        *(
            "year.summary.judgement",
            "year.kept",
            "year.area.not_public",
            "year.care.",
            "year.tested.",
            "year.withheld",
        ),
        *("year.notice.small", "year.sources.intro", "year.selection.intro", "year.annex.how"),
        *("year.caption", "year.sheet", "year.answers.intro"),
    ),
    "says how a score is made, which the tests of the method prove in figures": (
        *(
            "risk.row.",
            "risk.floor.",
            "risk.reports_alone",
            "risk.then.",
            "risk.last",
            "risk.zero.",
            "follow_up.pre.floor.",
        ),
        *(
            "provider.counts_differ",
            "provider.gaps",
            "risk.",
            "evidence.index_of",
            "provider.raises",
            "provider.limit",
        ),
        *("provider.expected_words", "provider.trend_words", "reasons.counted", "raised."),
    ),
    "is an answer that somebody gave, or a state, said as it is stored": (
        *("choice.", "verdict.", "year.verdict.", "desk.decided.", "year.notified.", "digest.not_notified"),
        *(
            "differs.nothing",
            "report_row.nothing",
            "alert.nobody_short",
            "selection.nobody",
            "reading.nothing",
        ),
        *(
            "risk.kinds.",
            "risk.report.",
            "year.public.",
            "unreachable.",
            "selection.left.",
            "year.left.",
            "check.",
        ),
        *(
            "desk.took",
            "desk.closed",
            "desk.handed",
            "desk.noted",
            "desk.recorded",
            "desk.decided_by_whom",
            "desk.duty",
        ),
        *(
            "signals.version",
            "signals.change",
            "signals.because",
            "report_row.",
            "selection.adjusted.",
            "differs.both",
        ),
        *(
            "selection.doc.step",
            "supplementary.",
            "threshold.adopted",
            "threshold.in_force",
            "threshold.change",
        ),
        *(
            "threshold.other_adopted",
            "alert.event",
            "publish.",
            "leave.written",
            "action.verified_who",
            "digest.saved_on",
        ),
        *(
            "digest.unit",
            "digest.decided",
            "digest.dismissed",
            "digest.notified",
            "follow_up.row",
            "follow_up.step_of",
        ),
        *(
            "signals.done",
            "term.",
            "year.day",
            "year.month",
            "year.number",
            "year.percent",
            "year.share",
            "year.noun.",
        ),
        *(
            "trouble.",
            "in_doubt.",
            "selection.period.",
            "clock.assumed",
            "closing.in_report",
            "clock.contract_end",
            "clock.law",
            "clock.not_seen",
            "clock.recorded_body",
            "clock.saved",
            "clock.where",
            "clock.withdrawn",
            "clocks.recorded",
            "plan_check.",
            "year.footer",
            "year.subtitle",
            "year.kind.",
            "year.target.",
            "year.clocks.known",
            "year.title.",
            "year.doing.decisions",
            "year.alerts_in",
            "year.secrecy",
            "unit_event.",
            "reading.title_of",
        ),
        *(
            "selection.outcome.",
            "alert.title.",
            "year.talk.",
            "signals.alone",
            "year.improvements",
            "year.strengths",
        ),
    ),
}
# A command's text with one of these states a figure, and is shown by a test and not placed by its beginning.
_FIGURES = frozenset({"n", "of", "rows", "created", "changed", "unchanged", "ended", "log", "tables", "said"})
_OF_COMMANDS = ("cli.", "check.", "import.complete.", "restore.", "move.")
_RULES = re.compile(r"\.(about|means|hint|how|intro|do|does|explain|why)(\.|$)|_(means|about)$")
# Shown by a test that says the text's id, or every id of its kind: where it is true, and where it is not said.
SHOWN_BY: Mapping[str, tuple[str, ...]] = {
    "tests/test_sentences_of_the_report.py": (
        *("year.nothing.", "year.selection.", "year.annex.", "year.nothing_to_count", "year.summary."),
        *("year.notice.", "year.area.nothing", "year.response_note", "year.plot."),
    ),
    "tests/test_settings.py": ("settings.",),
    "tests/test_dialog_help.py": ("help.now",),
    "tests/test_typed_sentences.py": ("question.example.",),
    "tests/test_dialog_questions.py": ("narrowed.", "hand_over.none_ownerless"),
    "tests/test_asked_figures.py": (
        "figure.",
        "status.then",
        "contracts.",
        "responses.months",
        "responses.not_",
    ),
    "tests/test_dialog_unanswered.py": ("unanswered.remind_wh",),
    "tests/test_selection_recounted.py": (
        *(
            "selection.ages.mix",
            "selection.covers",
            "selection.doc.",
            "selection.draws.more",
            "selection.outside",
        ),
        *("selection.row", "selection.ticket"),
    ),
    "tests/test_action_reminders.py": ("selection.in_days",),
    "tests/test_selected_units.py": ("selection.locked.", "selection.owners.", "follow_up_given.title"),
    "tests/test_selecting.py": ("selection.note.before_tampered", "selection.note.coverage"),
    "tests/test_selection.py": ("selection.note.",),
    "tests/test_base_levels.py": ("base_levels.",),
    "tests/test_threshold_effects.py": ("threshold.effect.", "threshold.reached", "threshold.counts_"),
    "tests/test_dialog_threshold.py": ("threshold.between", "threshold.collected", "threshold.none_past"),
    "tests/test_targets.py": ("target.",),
    "tests/test_dialog_alerts.py": ("alerts.again",),
    "tests/test_follow_up.py": ("follow_up.action_needed", "follow_up.not_all_fulfilled"),
    "tests/test_dialog_follow_ups.py": ("follow_up.checked",),
    "tests/test_same_card.py": ("receipt.elsewhere",),
    "tests/test_case_export.py": ("case_file.", "cli.case."),
    "tests/test_outcomes.py": ("outcome.",),
    "tests/test_retention.py": ("retention.", "purge.", "cli.retention."),
    "tests/test_registerutdrag.py": ("extract.", "cli.extract."),
    "tests/test_prefill.py": ("follow_up.pre.",),
    # What a clock is at, by the law's days: the subject's own tests, which name the kinds and count by hand.
    "tests/test_dialog_clocks.py": ("clocks.", "clock."),
    "tests/test_workspace_month.py": ("page.draft.", "page.child.", "page.report", "page.day."),
    "tests/test_workspace_import.py": ("page.import.",),
    "tests/test_workspace_follow_up.py": ("page.follow_up.", "page.actions."),
    "tests/test_workspace_selection.py": ("page.selection.", "page.file."),
    "tests/test_workspace_unit.py": ("page.unit.", "page.method.", "page.threshold.", "page.report_year."),
    "tests/test_workspace_admin.py": (
        *("page.admin.", "page.sending.", "page.people.", "page.log.", "page.terms.", "page.proposing."),
    ),
    "tests/test_workspace_lists.py": (
        "page.of",
        *("page.desk.", "page.give.", "page.keys."),
        "page.status.",
        "page.unanswered.",
        *("page.contracts.", "contract_asked.title"),
    ),
    "tests/test_signal_progress.py": (
        *(
            "signals.state.",
            "signals.handed_to.",
            "signals.with",
            "signals.decide_by",
            "signals.overdue",
            "signals.handled_meanwhile",
        ),
        "signals.close_alert_first",
    ),
    "tests/test_duties.py": ("decision_due.", "duty_to_report."),
    "tests/test_signal_situations.py": ("signals.next.", "signal.manager_has"),
    "tests/test_signal_list.py": ("signals.list.", "signals.day."),
    "tests/test_worker_list.py": ("list.for",),
    "tests/test_report_form.py": (
        *("report.as_usual", "report.spoken_alone", "report.provider_report", "report.signals"),
    ),
    "tests/test_desk.py": ("to_do.", "signal_given.", "desk.handed_", "action_given."),
    "tests/test_own_answers.py": ("answers.", "snooze.standing", "snooze.last_day"),
    "tests/test_standing_in.py": (
        *("stand_in.", "stand_ins.", "leave.said_", "leave.not_answered", "greeting.back"),
    ),
    "tests/support/claims_units.py": ("provider.no_signals",),
    # Commands, which no walk types: what they print is held against the database before and after.
    "tests/test_sentences_of_commands.py": (
        *("cli.import.", "cli.wake.done", "cli.log.", "cli.backup.", "cli.selection.drawn", "cli.risk."),
        *("cli.restore.", "restore.", "import.complete.", "cli.key.", "check.old_key", "cli.check.drift"),
    ),
    "tests/test_tampered_log.py": ("check.log.", "check.since."),
    "tests/test_commands.py": ("cli.outbox.read",),
    "tests/test_key_rotation.py": ("cli.check.faults", "check.unreadable"),
    "tests/test_method_change.py": ("check.earlier_method",),
    "tests/test_move.py": ("cli.move.",),
    "tests/test_year_plan.py": ("plan.",),
}


# Checked like the others, but too seldom said in a small town: heard where the demo's year is looked through.
TOURED = frozenset(
    """
    action.late action.row alert.closed alert.owned
    alert.raised_by alert.title.band alert.title.event correct.none
    desk.no_decision follow_up.late.actions follow_up.late.planned
    follow_up.late.year overdue.guardian_talk_on overdue.reviews provider.contract_ends
    provider.framework_own provider.framework_share provider.missing.care_plan provider.missing.treatment_plan
    provider.none_missing supplementary.contract_ended unit_follow_ups.action unit_follow_ups.no_verdict
    """.split()  # noqa: SIM905 - a text of words is read sooner than a list of them.
)
# No town and no year of the demo brings these about as people type and press: tests/test_seldom_sentences.py does.
SELDOM: Mapping[str, tuple[str, ...]] = {
    "somebody else must have been first in the same moment, or the same day": (
        *("desk.decided_meanwhile", "signals.done_meanwhile", "leave.before", "snooze.before"),
    ),
    "what it is of does not happen in so small a town": (
        *("alert.nobody_to_ask", "alerts.red_since", "change.down", "digest.closed", "hand_over.nothing"),
        *("supplementary.more", "status.rate", "threshold.past_unit", "trouble.in_doubt.about"),
        *("risk.insufficient.silent", "signals.state.open"),
    ),
    "only some towns come to a follow-up's last step, or open one that nobody has written in": (
        *("follow_up.no_actions", "follow_up.nothing_written"),
    ),
}
# What these hold is a name, a number of a thing, or something that was typed: no figure, and no day or month.
NAMES_A_THING = frozenset(
    """
    number unit name case who by owner to typed path kind state step steps version meaning value
    selection key year paragraph quarter reference reason what word outcomes kinds called cases
    band beside insufficient manager
    """.split()  # noqa: SIM905 - a text of words is read sooner than a list of them.
)


def counts(id_: str) -> bool:
    """Whether the text has a place for a figure, a day or a month."""
    return any({*PLACE.findall(text)} - NAMES_A_THING for text in forms()[id_])


def denying(id_: str) -> Iterator[str]:
    """The sentences of the text that deny something, or speak of all or of the first."""
    for text in forms()[id_]:
        for sentence in _SENTENCE.split(text):
            if DENIES.search(sentence) and not is_advice(sentence) and not is_name(id_, text):
                yield sentence


def is_advice(sentence: str) -> bool:
    return sentence.split(maxsplit=1)[0].strip("”") in _ADVICE


def is_name(id_: str, text: str) -> bool:
    """Of a heading, a button, a field or a choice: no sentence, and it does not begin with what it denies."""
    return text[-1] not in ".!?" and not _DENIES_FIRST.match(text) and not PLACE.search(text)


def kind_of(id_: str) -> str | None:
    """Why no claim about what is stored is checked; None where there is no reason."""
    if _RULES.search(id_):
        return "says what a thing is for"
    if id_.startswith(_OF_COMMANDS) and any({*PLACE.findall(text)} & _FIGURES for text in forms()[id_]):
        return None
    for reason, beginnings in KINDS.items():
        if any(id_.startswith(one) for one in beginnings):
            return reason
    return None


def shown_by(id_: str) -> str | None:
    return next((file for file, ids in SHOWN_BY.items() if any(map(id_.startswith, ids))), None)
