"""The public tables of what the children say and how they are."""

from collections.abc import Mapping, Sequence

from followup.figures.children import newest
from followup.figures.counting import grouped
from followup.figures.figure import Column, Counted, Line, Table, table
from followup.figures.ladder import LADDERS, Behind, everyone, first_step, rows_at, rows_of, stands
from followup.figures.placement_steps import YearCounts
from followup.figures.public_care import row_words, share
from followup.figures.published import Limits, count, part, whole_percent
from followup.figures.year_facts import Asked
from followup.month.report import AREAS
from followup.wording.wording import wording


def answers(counted: YearCounts, limits: Limits, question: str) -> Table | None:
    """Each answer's share of the reports, and of the children by their newest one; either where it may be told."""
    given = [one for one in counted.due if one.came and question in one.answers]
    latest = [newest(of_child) for of_child in grouped(given, lambda one: one.child).values()]
    by_report, by_child = (_behind(found, question) for found in (given, latest))
    if len(latest) < limits.few:
        return None
    ladder, least = LADDERS[question], limits.step(question)
    step = first_step(ladder, [by_report, by_child], limits.few, least)
    if step == len(ladder):
        step = first_step(ladder, [by_report], limits.few, least)
    told = step < len(ladder) and stands(ladder[step], by_child, limits.few)
    lines: list[Line] = [
        (
            row,
            row_words(question, row),
            [
                whole_percent(_number(given, question, own), len(given), everyone(by_report, own)),
                _of_children(own, by_child, len(latest)) if told else None,
            ],
        )
        for row, own in rows_at(ladder, step, by_report).items()
    ]
    columns = (Column("reports", "reports", "answers"), Column("children", "children", "newest_answers"))
    behind = {one.child for one in latest}
    total = [count(len(given), behind), count(len(latest), behind)]
    return table(question, columns, lines, total=total, step=step)


def _of_children(own: Sequence[str], by_child: Behind, whole: int) -> Counted:
    children = everyone(by_child, [one for one in own if one in by_child])
    return part(len(children), whole, children)


def _behind(found: Sequence[Asked], question: str) -> Behind:
    return {
        answer: frozenset(one.child for one in of_answer)
        for answer, of_answer in grouped(found, lambda one: one.answers[question]).items()
    }


def _number(given: Sequence[Asked], question: str, own: Sequence[str]) -> int:
    return sum(one.answers[question] in own for one in given)


def talks(counted: YearCounts, limits: Limits) -> Table | None:
    """Of the children who were asked about: a row where those of whom it is true, and the others, may be told."""
    by_child = grouped([one for one in counted.due if one.came], lambda one: one.child)
    asked: Mapping[str, tuple[str, str]] = {"talked": ("spoken_alone", "yes"), "unsafe": ("feels_safe", "no")}
    lines: list[Line] = []
    for row, (question, answer) in asked.items():
        of = [
            (child, any(one.answers.get(question) == answer for one in reports))
            for child, reports in by_child.items()
        ]
        found = share(of, limits.few)
        if found is not None:
            lines.append((row, wording(f"year.talk.{row}"), [found]))
    return table("talks", (Column("children", "children", "any_answer"),), lines) if lines else None


def areas(counted: YearCounts, limits: Limits) -> Table | None:
    """The law's five areas in the same columns: as many states as may be told of each of them."""
    given = {area: [one for one in counted.due if one.came and area in one.answers] for area in AREAS}
    given = {area: found for area, found in given.items() if found}
    if not given or any(len({one.child for one in found}) < limits.few for found in given.values()):
        return None
    ladder = LADDERS["areas"]
    behind = {area: _behind(found, area) for area, found in given.items()}
    step = first_step(ladder, list(behind.values()), limits.few, limits.step("areas"))
    groups = ladder[step] if step < len(ladder) else {}
    if any(len(rows_of(groups, of_area)) < len(groups) for of_area in behind.values()):
        step, groups = len(ladder), {}
    lines: list[Line] = []
    for area, found in given.items():
        shares: list[Counted] = [
            whole_percent(_number(found, area, own), len(found), everyone(behind[area], own_there))
            for own in groups.values()
            if (own_there := [one for one in own if one in behind[area]])
        ]
        number = count(len(found), {one.child for one in found})
        lines.append((area, wording(f"report.{area}"), [number, *shares]))
    columns = [Column("answered_reports", "reports", "answers")]
    columns += [Column(f"areas_{group}", "reports", "answers") for group in groups]
    return table("areas", columns, lines, step=step)
