"""Tables of what the children say and how they are: consequences for children (R123)."""

from collections import Counter
from collections.abc import Sequence

from followup.figures.counting import grouped
from followup.figures.figure import Column, Counted, Line, Table, table
from followup.figures.year_facts import Asked, YearFacts
from followup.month.report import AREAS, QUESTIONS
from followup.wording.wording import wording

_CHOICES = {question.id: question for question in QUESTIONS}


def answers(facts: YearFacts, question: str) -> Table:
    """Each answer's share of the reports, and of the children by their newest report with an answer."""
    asked = _CHOICES[question]
    given = [one for one in facts.due if one.came and question in one.answers]
    latest = [newest(of_child) for of_child in grouped(given, lambda one: one.child).values()]
    reports = Counter(one.answers[question] for one in given)
    children = Counter(one.answers[question] for one in latest)
    lines: list[Line] = [
        (
            choice,
            wording(f"choice.{asked.choice_set}.{choice}"),
            [(reports[choice], len(given)), (children[choice], len(latest))],
        )
        for choice in asked.choices
        if given
    ]
    columns = (
        Column("reports", "reports", "answers"),
        Column("children", "children", "newest_answers"),
    )
    total: list[Counted] = [len(given), len(latest)]
    return table(question, columns, lines, total=total)


def newest(of_child: Sequence[Asked]) -> Asked:
    """Of two in the month of a move, the one from where the child moved to."""
    return sorted(of_child, key=lambda one: one.month)[-1]


def talks(facts: YearFacts) -> Table:
    """Children who were asked about at all, and whom somebody has talked to alone at least once in the period."""
    by_child = grouped([one for one in facts.due if one.came], lambda one: one.child).values()
    lines: list[Line] = []
    if by_child:
        talked = sum(any(one.answers.get("spoken_alone") == "yes" for one in child) for child in by_child)
        unsafe = sum(any(one.answers.get("feels_safe") == "no" for one in child) for child in by_child)
        lines = [
            ("talked", wording("year.talk.talked"), [(talked, len(by_child))]),
            ("unsafe", wording("year.talk.unsafe"), [(unsafe, len(by_child))]),
        ]
    return table("talks", (Column("children", "children", "any_answer"),), lines)


def areas(facts: YearFacts) -> Table:
    """The law's five areas: how often each was watched or a concern (R39)."""
    came = [one for one in facts.due if one.came]
    lines: list[Line] = []
    for area in AREAS:
        given = [one.answers[area] for one in came if area in one.answers]
        if given:
            shares: list[Counted] = [(given.count(state), len(given)) for state in ("ok", "watch", "concern")]
            lines.append((area, wording(f"report.{area}"), shares))
    columns = tuple(Column(state, "reports", "answers") for state in ("ok", "watch", "concern"))
    return table("areas", columns, lines)
