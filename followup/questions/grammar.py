"""The intents, and which words together mean each: every word of a sentence must have its place in the rule."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, get_args

Intent = Literal[
    "provider",
    "evidence",
    "last_follow_up",
    "own_alerts",
    "late_alerts",
    "alerts",
    "follow_ups",
    "late_actions",
    "actions",
    "missed_visits",
    "unanswered",
    "response_rate",
    "remind_worker",
    "hand_over",
    "ownerless",
    "signal_count",
    "signals_by",
    "visit_count",
    "rate_by",
    "rate_by_team",
    "compared",
    "late_clocks",
    "clocks",
    "ending_contracts",
    "status",
    "red_units",
    "changes",
    "placement_count",
    "child_count",
    "missing_plans",
    "replacement_count",
    "no_ranking",
    "as_file",
    "my_desk",
    "my_tasks",
    "own_child",
    "own_answers",
    "correct",
    "snooze",
    "leave",
    "stand_ins",
    "signal_form",
    "signals",
    "show_signal",
    "selection",
    "threshold",
    "report",
    "explain",
    "last_day",
    "language",
    "settings",
    "help",
    "thanks",
    "greeting",
]
INTENTS: tuple[Intent, ...] = get_args(Intent)
DAYS = "days"
HOMES, PEOPLE, CHILDREN = frozenset({"provider", "unit"}), frozenset({"person"}), frozenset({"child"})
NAMES = HOMES | PEOPLE | CHILDREN
# `signals` are those of every kind.
KINDS = ("deviation", "complaint", "suggestion", "signals")
LANGUAGES = ("swedish", "english")
# Said beside any question without changing what is asked.
POLITE = frozenset({"thanks", "greeting"})
# Of these a list is shown, or those of it that are asked for.
LISTED: frozenset[Intent] = frozenset(
    {"own_alerts", "late_alerts", "alerts", "follow_ups", "late_actions", "actions"}
)
# Who says show asks for the things themselves and not for how many they are.
SHOW, COUNTING = "show", frozenset({"signal_count"})


@dataclass(frozen=True)
class Rule:
    """`needs` are all there, and nothing that is neither among them nor in `may`.

    `names` are the kinds of name that it must hold; what may be named is in `may`. `ahead` is asked of days to come.
    What `gives_way` is meant by those alone who can mean nothing else by as much.
    """

    intent: Intent
    needs: frozenset[str]
    may: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    ahead: bool = False
    gives_way: bool = False

    def fits(self, concepts: frozenset[str]) -> bool:
        named = not self.names or bool(self.names & concepts)
        beside = POLITE if self.intent in COUNTING else POLITE | {SHOW}
        return named and self.needs <= concepts <= self.needed | self.may | beside

    @cached_property
    def needed(self) -> frozenset[str]:
        return self.needs | self.names


_MEANT = {"home": HOMES, "child_name": CHILDREN}


def _rule(intent: Intent, needs: str = "", may: str = "", names: frozenset[str] = frozenset()) -> Rule:
    allowed = frozenset().union(*(_MEANT.get(word, frozenset({word})) for word in may.split()))
    return Rule(intent, frozenset(needs.split()), allowed, names, intent == "ending_contracts")


RULES: tuple[Rule, ...] = (
    _rule("provider", "", "how_is status new home_word good", HOMES),
    _rule("provider", "contract", "ends when", HOMES),
    _rule("evidence", "why", "band", HOMES),
    _rule("evidence", "evidence", "", HOMES),
    _rule("last_follow_up", "follow_up", "last when", HOMES),
    _rule("own_alerts", "alert own"),
    _rule("late_alerts", "alert late", "own home"),
    _rule("alerts", "alert", "open new home"),
    _rule("alerts", "alert not taken", "home"),
    _rule("alerts", "alert ownerless", "late home"),
    _rule("follow_ups", "follow_up", "open own late when next"),
    _rule("late_actions", "action late", "own"),
    _rule("actions", "action", "open own"),
    _rule("missed_visits", "visit missing", "children count who home_word"),
    _rule("missed_visits", "visit not", "children count who home_word"),
    _rule("missed_visits", "visit late", "children count"),
    _rule("unanswered", "answered not", "count who"),
    _rule("unanswered", "answer missing", "count who"),
    _rule("unanswered", "unanswered"),
    _rule("unanswered", "workers behind", "who count reports"),
    _rule("unanswered", "behind reports", "who count own_team"),
    _rule("unanswered", "reports missing", "who count own_team"),
    _rule("unanswered", "reports handed_in not", "who count own_team"),
    _rule("unanswered", "answered not own_team", "count who"),
    _rule("response_rate", "answered count", "days compared own_team"),
    _rule("response_rate", "rate", "days compared own_team"),
    _rule("response_rate", "share answered", "days compared own_team"),
    _rule("response_rate", "reports how_is", "days own_team"),
    _rule("response_rate", "reports handed_in", "days count share own_team"),
    _rule("response_rate", "reports came count", "days own_team"),
    _rule("remind_worker", "remind", "", PEOPLE),
    _rule("hand_over", "hand_over", "placement children", PEOPLE),
    _rule("hand_over", "ends", "who children", PEOPLE),
    _rule("ownerless", "ownerless", "placement children count"),
    *(_rule("signal_count", f"{kind} count", "days came compared home") for kind in KINDS),
    *(_rule("signal_count", f"{kind} days", "came compared home") for kind in KINDS if kind != "signals"),
    *(replace(_rule("signal_count", kind, "days came compared home"), gives_way=True) for kind in KINDS),
    *(_rule("signal_count", f"{kind} more days", "came home") for kind in KINDS),
    *(
        _rule("signals_by", f"{kind} {by}", "count days came compared")
        for kind in KINDS
        for by in ("by_provider", "by_unit")
    ),
    _rule("visit_count", "visit count", "days compared by_unit by_provider"),
    _rule("visit_count", "visit days", "count compared by_unit by_provider"),
    *(
        _rule("rate_by", f"{asked} {by}", "days compared")
        for asked in ("rate", "answered count")
        for by in ("by_provider", "by_unit")
    ),
    _rule("rate_by_team", "rate by_team", "days"),
    _rule("rate_by_team", "answered by_team", "count share not days"),
    _rule("rate_by_team", "unanswered by_team", "days"),
    _rule("rate_by_team", "reports by_team", "count missing handed_in not came days"),
    _rule("compared", "compared days"),
    _rule("late_clocks", "clock late", "own own_team"),
    _rule("clocks", "clock", "own"),
    _rule("ending_contracts", "contract ends", "days"),
    _rule("status", "status", "days"),
    _rule("status", "how_is", "days status"),
    _rule("status", "figures days"),
    _rule("red_units", "band unit_word", "count"),
    _rule("red_units", "band home_word", "count"),
    _rule("changes", "new"),
    _rule("changes", "changed", "last"),
    _rule("changes", "worse unit_word"),
    _rule("changes", "worse home_word"),
    _rule("placement_count", "count placement", "children days compared by_unit by_provider home"),
    *(_rule("child_count", f"count {limit} number", "children") for limit in ("under", "over")),
    _rule("missing_plans", "plan missing", "children placement count who"),
    *(
        _rule("replacement_count", f"replacement {asked}", "count because quality days compared came home")
        for asked in ("count", "days")
    ),
    _rule("no_ranking", "best", "home_word unit_word who"),
    _rule("no_ranking", "rank", "home_word unit_word"),
    *(
        _rule("no_ranking", f"most {of}", f"{' '.join(KINDS)} replacement alert days")
        for of in ("home_word", "unit_word")
    ),
    _rule("as_file", "file", "send figures"),
    _rule("my_desk", "to_do", "own first"),
    _rule("my_tasks", "to_do", "own left first"),
    _rule("my_tasks", "answered not", "count own children who"),
    _rule("my_tasks", "i_answered not", "count own children who"),
    _rule("my_tasks", "left", "count children own tasks"),
    _rule("my_tasks", "own"),
    _rule("my_tasks", "own children"),
    _rule("my_tasks", "tasks", "own"),
    _rule("own_child", "", "", CHILDREN),
    _rule("own_child", "answered", "own", CHILDREN),
    _rule("own_answers", "i_answered", "days child_name"),
    _rule("own_answers", "own answer", "days child_name"),
    _rule("correct", "wrote wrong", "child_name"),
    _rule("correct", "answered wrong", "child_name"),
    _rule("correct", "change wrote", "child_name yesterday own"),
    _rule("correct", "change answer", "child_name yesterday own"),
    _rule("correct", "correct", "answer own child_name"),
    _rule("snooze", "remind_me", "ahead"),
    _rule("snooze", "remind ahead"),
    _rule("snooze", "ahead"),
    _rule("leave", "leave", "ahead own"),
    _rule("leave", "ill"),
    _rule("leave", "work not", "ahead"),
    _rule("leave", "leave answer", "when own"),
    _rule("stand_ins", "leave answer who", "when own children placement"),
    _rule("stand_ins", "answer who", "leave when children placement", PEOPLE),
    *(
        _rule("stand_ins", needs, f"{whose}who when leave children placement", names)
        for needs in ("substitute", "stands_in who")
        for whose, names in (("own ", frozenset[str]()), ("", PEOPLE))
    ),
    *(_rule("signal_form", kind, "raise home") for kind in ("signal", *KINDS) if kind != "signals"),
    _rule("signal_form", "raise"),
    _rule("signal_form", "violence children", "home"),
    _rule("signal_form", "ran children", "home"),
    _rule("signals", "signals", "new home violence days own late"),
    *(
        _rule("signals", f"{kind} {asked}", "new show home days")
        for kind in KINDS
        for asked in ("show", "new")
    ),
    _rule("show_signal", "signal_number", "signal"),
    *(_rule("show_signal", f"{kind} number") for kind in ("signal", *KINDS) if kind != "signals"),
    _rule("selection", "selection", "when to_do days"),
    _rule("threshold", "threshold", "change band mean"),
    _rule("report", "report", "days"),
    _rule("explain", "mean statement"),
    _rule("last_day", "when answer", "last own"),
    _rule("last_day", "last_day", "answer when days"),
    *(_rule("language", named, "change language") for named in LANGUAGES),
    _rule("language", "language", "change"),
    _rule("settings", "settings", "own change"),
    _rule("settings", "messages off", "weekdays"),
    _rule("settings", "messages not", "weekdays"),
    _rule("help", "help", "own"),
    _rule("thanks", "thanks"),
    _rule("greeting", "greeting"),
)
CONCEPTS = frozenset().union({SHOW}, *(rule.needs | rule.may for rule in RULES)) - NAMES - {DAYS}
