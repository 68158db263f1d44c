"""What the command line says of figures and of what it has not done, held against plain SQL before and after.

Which texts: `cli.import.`, `cli.wake.done`, `cli.log.`, `cli.backup.`, `cli.selection.drawn`, `cli.risk.` and
`import.complete.`, which refuses to end more than was meant, `cli.restore.` and `restore.`, `cli.key.`,
`check.old_key` and `cli.check.drift`.
"""

import json
import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from storage.engine.vault import new_key
from tests.support.builders import at
from tests.support.builders_register import example, write_csv
from tests.support.turns import SAY
from tests.test_commands import Shell, filled, shell
from tests.test_log_review import kept
from tests.test_selection_commands import DRAW, FREEZE, town

__all__ = ["filled", "kept", "shell", "town"]
# By the word for a kind of file the table that holds its rows, and what tells a row from another.
TABLES = {
    "personer": ("person", "key"),
    "utförare": ("provider", "org_number"),
    "enheter": ("unit", "key"),
    "avtal": ("contract", "key"),
    "placeringar": ("placement", "id"),
    "signaler": ("signal", "id"),
    "rapporter": ("report", "id"),
}
Stored = dict[str, dict[object, tuple[object, ...]]]


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def stored(shell: Shell) -> Stored:
    """Each kind's rows as they stand, by what tells them apart."""
    return {
        word: {one[0]: one for one in rows(shell.database, f"select {key}, * from {table}")}
        for word, (table, key) in TABLES.items()
    }


def tables_of(path: Path) -> list[str]:
    return [str(name) for (name,) in rows(path, "select name from sqlite_master where type = 'table'")]


def everything(shell: Shell) -> dict[str, list[tuple[object, ...]]]:
    """All but what a command leaves behind itself: who ran it and when."""
    ours = [
        name for name in tables_of(shell.database) if not name.startswith(("access_log", "log_", "sqlite_"))
    ]
    return {name: rows(shell.database, f"select * from {name}") for name in ours if name != "conversation"}


def told_counts(printed: str) -> dict[str, tuple[int, ...]]:
    pattern = r"^(\w+(?: \w+)*): (\d+) nya, (\d+) ändrade, (\d+) oförändrade, (\d+) avslutade$"
    found = re.findall(pattern, printed, re.MULTILINE)
    return {word: tuple(map(int, numbers)) for word, *numbers in found if word in TABLES}


def test_an_import_tells_of_each_kind_what_is_new_and_what_has_changed(shell: Shell) -> None:
    before = stored(shell)
    for changed in ({}, {"enheter": {"Enhet": "Ett nytt namn"}, "personer": {"Namn": "Ny Person"}}, {}):
        printed = shell.run("import", shell.write_register(**changed)).stdout
        after = stored(shell)
        for word, (new, other, _same, ended) in told_counts(printed).items():
            assert new == len(after[word].keys() - before[word].keys()), word
            both = after[word].keys() & before[word].keys()
            assert other == sum(after[word][one] != before[word][one] for one in both), word
            assert ended == 0
        assert set(told_counts(printed)) == set(TABLES)
        before = after


def test_what_is_not_in_the_file_is_counted_and_is_still_open(filled: Shell) -> None:
    directory = filled.write_register(placeringar={"Aktreferens": "BU-1"})
    for history in ("rapporter.csv", "signaler.csv"):
        (directory / history).unlink()
    before = rows(filled.database, "select case_reference from placement where ends is null")
    printed = filled.run("import", directory).stdout
    assert SAY("cli.import.missing", n=len(before)) in printed
    still = rows(filled.database, "select case_reference from placement where ends is null")
    assert set(before) <= set(still)
    left_out = [example("placeringar", {"Från": "i våras"}), example("placeringar", {"Aktreferens": "BU-1"})]
    write_csv(directory / "placeringar.csv", left_out)
    printed = filled.run("import", directory, "--skip-bad").stdout
    # The row is in the file, so that is not denied.
    assert "En öppen placering finns inte bland raderna som lästes in. Den är kvar." in printed
    write_csv(directory / "placeringar.csv", left_out[1:])
    again = filled.run("import", directory, "--complete")
    assert SAY(
        "import.complete.single", placements="BU-2025-014 vid E-01 från 2025-02-01"
    ) in again.output or (again.exit_code == 1)
    assert set(rows(filled.database, "select case_reference from placement where ends is null")) == set(still)


@pytest.mark.parametrize(
    "wrong",
    [
        {"placeringar": {"Från": "i våras"}},
        {"enheter": {"Form": "slott"}, "signaler": {"Konsekvens": "nio"}},
    ],
)
def test_a_refused_import_has_read_nothing_and_says_how_much_is_wrong(
    filled: Shell, wrong: dict[str, dict[str, str]]
) -> None:
    before = everything(filled)
    refused = filled.run("import", filled.write_register(**wrong))
    problems = json.loads(filled.run("import", filled.write_register(**wrong), "--json").stdout)["problems"]
    assert SAY("cli.import.refused", n=len(problems)) in refused.stderr
    assert refused.stderr.count(".csv, rad ") == len(problems)
    assert everything(filled) == before


def test_the_rows_that_are_left_out_are_those_that_are_in_no_table(shell: Shell) -> None:
    directory = shell.write_register()
    people = [
        example("personer", {"Signatur": f"p{number}", "Namn": f"Person {number}"}) for number in range(6)
    ]
    people[2]["Roll"] = people[4]["Roll"] = "kung"
    write_csv(directory / "personer.csv", [example("personer"), *people])
    printed = shell.run("import", directory, "--skip-bad").stdout
    there = len(rows(shell.database, "select id from person where key like 'p_'"))
    assert SAY("cli.import.left_out", n=len(people) - there) in printed
    assert told_counts(printed)["personer"][0] == len(rows(shell.database, "select id from person"))


def test_as_many_column_names_are_said_to_be_kept_as_are_and_none_where_nothing_was_imported(
    filled: Shell,
) -> None:
    directory, kept = filled.directory / "eget", "select name from own_column order by name"
    directory.mkdir()
    case = {"Ärendenr": "BU-1", **{k: v for k, v in example("placeringar").items() if k != "Aktreferens"}}
    write_csv(directory / "placeringar.csv", [case | {"Från": "i våras"}])
    assert filled.run("import", "--map-template", "kolumner.csv").exit_code == 0
    template = (filled.directory / "kolumner.csv").read_text("utf-8-sig")
    empty = next(line for line in template.splitlines() if line.startswith("placements.case_reference;"))
    (filled.directory / "namn.csv").write_text(template.replace(empty, f"{empty}Ärendenr"), "utf-8")
    refused = filled.run("import", directory, "--map", "namn.csv")
    assert (refused.exit_code, rows(filled.database, kept)) == (1, [])
    assert SAY("cli.import.map_not_kept") in refused.stdout
    write_csv(directory / "placeringar.csv", [case])
    done = filled.run("import", directory, "--map", "namn.csv")
    assert (done.exit_code, rows(filled.database, kept)) == (0, [("Ärendenr",)])
    assert SAY("cli.import.map_kept", n=1) in done.stdout
    assert filled.run("import", directory).exit_code == 0
    assert filled.run("import", "--map-template", "nu.csv").exit_code == 0
    assert f"{empty}Ärendenr\n" in (filled.directory / "nu.csv").read_text("utf-8-sig")
    (filled.directory / "fel.csv").write_text("Id;Namn hos er\nplacements.sko;Sko\n", "utf-8")
    wrong = filled.run("import", directory, "--map", "fel.csv")
    assert (wrong.exit_code, "placements.sko finns inte" in wrong.stderr) == (2, True)
    none = filled.run("import", "--map", "kolumner.csv")
    assert SAY("cli.import.map_none") in none.stdout
    assert rows(filled.database, kept) == []


def test_a_wake_tells_how_many_messages_it_queued(filled: Shell) -> None:
    filled.run("wake")
    for now in ("2026-12-01 08:30", "2026-12-01 08:40", "2026-12-08 09:00"):
        filled.now = at(now)
        before = len(rows(filled.database, "select id from delivery"))
        printed = filled.run("wake").stdout
        queued = len(rows(filled.database, "select id from delivery")) - before
        [told] = re.findall(r"^Vaknade .+[.] (Ett|[0-9]+) meddelanden? köades[.]$", printed, re.MULTILINE)
        assert int("1" if told == "Ett" else told) == queued


def test_a_checkpoint_is_of_as_many_entries_as_the_log_has(kept: Shell) -> None:
    printed = kept.run("log", "checkpoint", "--out", "punkt.txt").output
    number = rows(kept.database, "select count(*) from access_log")[0][0]
    assert re.search(rf"Kontrollpunkten efter {number} post(er)? är skriven", printed), printed


def test_a_quarter_is_said_not_to_be_reviewed_until_it_is(kept: Shell) -> None:
    to_do = "Kvartalet är inte granskat än."
    assert SAY("cli.log.to_do", quarter="2026-Q3").startswith(to_do)
    for done in (False, True):
        printed = " ".join(kept.run("log", "review", "--quarter", "2026-Q3").stdout.split())
        assert bool(rows(kept.database, "select * from log_review")) is done
        assert (to_do in printed) is not done
        kept.run("log", "reviewed", "--by", "adam", "--quarter", "2026-Q3", "--note", "Anna arbetade över.")


def test_a_backup_tells_how_many_rows_and_entries_it_has(filled: Shell) -> None:
    printed = " ".join(filled.run("backup", "--to", "kopior").stdout.split())
    found = re.search(r"Den har (\d+) rader, och åtkomstloggen (\d+) poster", printed)
    assert found
    [copy] = [one for one in Path("kopior").iterdir() if one.suffix == ".db"]
    entries = rows(copy, "select count(*) from access_log")[0][0]
    whole = sum(len(rows(copy, f"select 1 from {name}")) for name in tables_of(copy))
    assert tuple(map(int, found.groups())) == (whole, entries)


def test_a_draw_tells_whom_it_drew_and_among_how_many(town: Shell) -> None:
    assert town.run(*FREEZE).exit_code == 0
    printed = town.run(*DRAW).output
    [(frame,)] = rows(town.database, "select frame from selection_cycle")
    chosen = {one["unit"]: set(one["reasons"]) for one in town.shows("selection", "show")["selected"]}
    told = re.findall(r"^(.+): dragna (.*?); reserver (.*?); bland (\d+) enhet", printed, re.MULTILINE)
    assert len(told) == 2
    for (_, drawn, _, _), reason in zip(told, ("spot_general", "spot_risk"), strict=True):
        names = {one.partition(" (")[0] for one in drawn.split(", ")}
        assert names == ({unit for unit, why in chosen.items() if reason in why} or {SAY("selection.nobody")})
    before = {unit for unit, why in chosen.items() if why != {"spot_risk"}}
    assert int(told[1][3]) == len(json.loads(str(frame))["rows"]) - len(before)


def test_a_day_to_come_and_a_unit_that_is_not_there_are_denied_as_they_are(filled: Shell) -> None:
    keys = [str(one) for (one,) in rows(filled.database, "select key from unit")]
    refused = filled.run("risk", "E-FINNS-INTE").stderr
    assert SAY("cli.risk.unknown", key="E-FINNS-INTE", known=", ".join(keys)) in " ".join(refused.split())
    assert "2026-11-24" not in keys
    later = filled.run("risk", keys[0], "--as-of", "2026-11-24")
    assert (later.exit_code, "har inte varit än" in later.stderr) == (1, True)


def test_ending_more_than_was_meant_is_refused_with_how_many_of_how_many(filled: Shell) -> None:
    directory = filled.write_register(placeringar={"Aktreferens": "BU-1"}, rapporter={"Status": "saknas"})
    for history in ("rapporter.csv", "signaler.csv"):
        (directory / history).unlink()
    open_ones = len(rows(filled.database, "select id from placement where ends is null"))
    refused = " ".join(filled.run("import", directory, "--complete", "--end", "2").output.split())
    number = {"number": open_ones, "of": open_ones}
    assert SAY("import.complete.other_number", end=2, **number) in refused
    assert len(rows(filled.database, "select id from placement where ends is null")) == open_ones
    assert SAY("import.complete.many", **number) in " ".join(
        filled.run("import", directory, "--complete").output.split()
    )


def test_check_counts_what_was_changed_beside_the_program(shell: Shell) -> None:
    shell.run("migrate")
    for changed, statement in enumerate(("alter table wake add column extra text", "drop table snooze"), 1):
        shell.tamper(statement)
        found = json.loads(shell.run("check", "--json").stdout)
        assert len(found["drift"]) >= changed
        assert found["problem"] == SAY("cli.check.drift", n=len(found["drift"]))


def test_a_restore_tells_what_came_and_went_since_the_copy(filled: Shell) -> None:
    copy = Path(filled.shows("backup", "--to", "kopior")["path"])
    filled.tamper("delete from alert")
    filled.tamper("delete from signal_version")
    filled.tamper(
        "insert into person (key, name, role, language, active) values ('ny', 'Ny', 'worker', 'sv', 1)"
    )
    then, now = (
        {name: len(rows(file, f"select 1 from {name}")) for name in tables_of(file)}
        for file in (copy, filled.database)
    )
    printed = filled.run("restore", copy).stdout
    gone = {name: then[name] - now[name] for name in ("signal_version",) if then[name] > now[name]}
    for name, number in gone.items():
        assert SAY("cli.restore.removed", table=name, n=number) in " ".join(printed.split())
    assert gone
    assert SAY("cli.restore.handed_in.none") in printed
    assert SAY("cli.restore.told.none") in printed
    waiting = rows(filled.database, "select id from delivery where state = 'uncertain'")
    assert SAY("cli.restore.in_doubt", n=len(waiting)) in " ".join(printed.split())
    [added] = re.findall(r"(En rad|[0-9]+ rader) som tillkom efter kopian", " ".join(printed.split()))
    new = sum(max(0, now[name] - then[name]) for name in then if not name.startswith(("access_log", "log_")))
    assert new <= (1 if added == "En rad" else int(added.split()[0])) <= new + 3


def test_what_is_sealed_anew_is_counted_by_table(filled: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = (filled.directory / "var" / "nyckel").read_text(), new_key()
    monkeypatch.setenv("UPPFOLJAREN_KEYS", f"{new},{old}")
    whole = filled.shows("check")["rows_under_an_old_key"]
    printed = filled.run("key", "rotate").stdout
    told = {
        name: int(number)
        for name, number in re.findall(r"^(\w+): (\d+) omkrypterade$", printed, re.MULTILINE)
    }
    assert sum(told.values()) == whole > 0
    for name, number in told.items():
        assert number <= len(rows(filled.database, f"select 1 from {name}"))
    again = re.findall(r": (\d+) omkrypterade$", filled.run("key", "rotate").stdout, re.MULTILINE)
    assert sum(map(int, again)) == 0
