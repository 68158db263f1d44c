"""A question, a signal kind, a form, a legal ground and a risk parameter, each added as one entry to a copy.

In a copy, since they are constants: the copy is another program, which tells what it lacks and then takes them all.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = (
    "bot",
    "dialogs",
    "documents",
    "followup",
    "scheduler",
    "services",
    "storage",
    "tests",
    "texts",
    "workspace",
)
ENTRIES = {
    "followup/month/report.py": (
        '    _contact("visit_on", "Besök"),\n',
        '    Question("sleeps", "choice", "areas", "yes_no", ("yes", "no"), in_file=InFile("Sover", _YES_NO),'
        ' ordinary="yes"),\n',
    ),
    "followup/terms.py": (
        '    Form("kommunens_familjehem"',
        '    Form("skyddat_boende", "skyddat boende", segment="hvb"),\n',
    ),
    "followup/risk/risk_config.py": (
        "    # Fewer children than these",
        '    points_tip: Decimal = Decimal("0.5")\n',
    ),
    "followup/risk/risk_parameters.py": (
        '        *_parameters("formula", "twice"',
        '        *_parameters("points", "points_tip", "0", "4"),\n',
    ),
}
MORE_TERMS = {
    "_SIGNAL_KINDS = (\n": (
        '    SignalKind("tip", "tips", letter="T", points="points_tip", public_rows=("tip", "others", "others")),\n'
    ),
    "_LEGAL_GROUNDS = (\n": '    Term("lvu_22", "LVU 22 §", valid_from=date(2027, 1, 1)),\n',
}
LAST_UPGRADE = (
    '        dropped=("missing_base", "points_missing", "silence_yellow", "silence_red"),\n    ),\n'
)
UPGRADE = (LAST_UPGRADE, '    Upgrade({"points_tip": "0.5"}),\n')
LACKING = """
import json
from tests.test_catalogue import FAMILIES, FORMS_ASKED, form_ids
from texts.catalogue import messages
ids = {family.format(value) for family, values in FAMILIES for value in values}
ids |= {id_ for form, questions in FORMS_ASKED for question in questions for id_ in form_ids(form, question)}
print(json.dumps(sorted(ids - set(messages("sv")))))
"""
TAKEN = """
import json
from datetime import date
from documents.imports.history_columns import BY_ID
from followup.figures.ladder import LADDERS
from followup.figures.signals import COUNTED
from followup.month.report import read_answers, with_ordinary
from followup.provider import Unit
from followup.risk.risk import Inputs, score
from followup.risk.risk_parameters import read_changes
from followup.risk.risk_config import FIRST_BASE_LEVELS, FIRST_CONFIG, RiskConfig
from followup.signals.signal import QUESTIONS as OF_SIGNALS
from followup.signals.signal import Signal, item_of, points
from followup.terms import LEGAL_GROUNDS, UNFOLLOWED_FORMS
from followup.times.month import Month
from texts.catalogue import Texts
day = date(2026, 11, 3)
def cell(file, column, word):
    [found] = [one for one in BY_ID[file].columns if one.name == column]
    return found.kind.read(word, day)
tip = Signal(17, 1, 1, None, "tip", day, None, "happened", "provider", "child")
before = {name: text for name, text in FIRST_CONFIG.stored().items() if name != "points_tip"}
unit = Unit(1, "E-01", "Hemmet", "skyddat_boende", None, "private", 1, "Utföraren")
scored = score(
    Inputs(
        *(unit.key, unit.segment, day, (item_of(tip, FIRST_CONFIG),), ()),
        *(FIRST_CONFIG, FIRST_BASE_LEVELS, Month(2026, 1)),
    )
)
def said(language):
    say = Texts(language)
    ground = LEGAL_GROUNDS["lvu_22"].said("legal_ground")
    wordings = (unit.care.said("form_of_care"), unit.care.said("year.form"), ground)
    return {*map(say.say, wordings), say("choice.signal_kind.tip"), say("risk.kind.tip"), say("report.sleeps")}
_, problems = read_answers({}, Month(2026, 10), day)
print(json.dumps({
    "column": cell("reports", "sleeps", "ja"),
    "needed": "sleeps" in {problem.field for problem in problems},
    "ordinary": with_ordinary({})["sleeps"],
    "kind": cell("signals", "kind", "tips"),
    "number": tip.number,
    "points": str(points(tip, FIRST_CONFIG)),
    "offered": any("tip" in question.choices for question in OF_SIGNALS if question.id == "kind"),
    "changed": {name: str(number) for name, number in read_changes(["points_tip", "0,75"], FIRST_CONFIG)[0].items()},
    "scored": (scored.o, [row.kind for row in scored.contributions]),
    "said": [sorted(said(language)) for language in ("sv", "en")],
    "counted": "tip" in dict(COUNTED),
    "public": [next(row for row, of in step.items() if "tip" in of) for step in LADDERS["signals"]],
    "form": cell("units", "form", "skyddat boende"),
    "followed": "skyddat_boende" not in UNFOLLOWED_FORMS,
    "ground": cell("placements", "legal_ground", "LVU 22 §"),
    "stored": str(RiskConfig.of("risk-1", day, "nämnden", {**before, "schema": "3"}).points_tip),
}))
"""
NAMED = {"report.sleeps", "choice.signal_kind.tip", "form_of_care.skyddat_boende", "legal_ground.lvu_22"}
# The forms, cards and files of the copy, by its own tests: none of them needs to hear of the new question.
ITS_TESTS = (
    "tests/test_forms.py",
    "tests/test_terms.py",
    "tests/test_import_templates.py::test_the_templates_import_as_they_are_and_are_never_written_over",
    "tests/test_dialog_report.py::test_what_is_handed_in_is_stored_with_who_and_when",
    "tests/test_dialog_report.py::test_the_form_starts_from_last_month",
)


def grown(directory: Path) -> Path:
    for package in PACKAGES:
        # With what is compiled: Python compiles anew what is newer than that, and nothing else.
        shutil.copytree(ROOT / package, directory / package)
    shutil.copy(ROOT / "pyproject.toml", directory)
    for name, (before, entry) in ENTRIES.items():
        put_before(directory / name, before, entry)
    for after, entry in MORE_TERMS.items():
        put_before(directory / "followup/terms.py", after, entry, after=True)
    last, upgrade = UPGRADE
    put_before(directory / "followup/risk/risk_config.py", last, upgrade, after=True)
    return directory


def put_before(path: Path, place: str, entry: str, *, after: bool = False) -> None:
    text = path.read_text("utf-8")
    assert text.count(place) == 1, place
    path.write_text(text.replace(place, place + entry if after else entry + place), "utf-8")


def run(directory: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, *words], cwd=directory, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.mark.long
def test_what_is_added_as_one_entry_is_taken_everywhere_and_a_missing_text_is_named(tmp_path: Path) -> None:
    copy = grown(tmp_path)
    lacking = json.loads(run(copy, "-c", LACKING))
    assert set(lacking) >= NAMED
    assert all(any(new in id_ for new in ("sleeps", "tip", "skyddat_boende", "lvu_22")) for id_ in lacking)
    for language in ("sv", "en"):
        texts = "".join(f'msgid "{id_}"\nmsgstr "ny text"\n\n' for id_ in lacking)
        with (copy / "texts/locale" / language / "month.po").open("a", encoding="utf-8") as opened:
            opened.write("\n" + texts)
    assert json.loads(run(copy, "-c", TAKEN)) == {
        "column": "yes",
        "needed": True,
        "ordinary": "yes",
        "kind": "tip",
        "number": "T-17",
        "points": "0.5",
        "offered": True,
        "changed": {"points_tip": "0.75"},
        "scored": [0.5, ["tip"]],
        "said": [["ny text"], ["ny text"]],
        "counted": True,
        "public": ["tip", "others", "others"],
        "form": "skyddat_boende",
        "followed": True,
        "ground": "lvu_22",
        "stored": "0.5",
    }
    run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", *ITS_TESTS)
