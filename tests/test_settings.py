"""The configuration: everything that is missing or wrong is said at once, and local mode stays on this machine."""

from pathlib import Path

import pytest

from bot.settings import Settings, WrongSettingsError, read_settings
from storage.engine.vault import new_key

# The reminders are between the two days, whichever of them was set wrong.
NAMED = {"DEADLINE_DAY": "UPPFOLJAREN_REMINDER_DAYS"}
NEEDED = ("APP_ID", "APP_PASSWORD", "TENANT_ID", "KEYS", "DATABASE_URL")


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"UPPFOLJAREN_{name.upper()}", raising=False)


@pytest.fixture
def set_all(monkeypatch: pytest.MonkeyPatch) -> None:
    values = ("app", "secret", "tenant", new_key(), "sqlite:///x.db")
    for name, value in zip(NEEDED, values, strict=True):
        monkeypatch.setenv(f"UPPFOLJAREN_{name}", value)


def problems(**given: object) -> list[str]:
    with pytest.raises(WrongSettingsError) as wrong:
        read_settings(**given)
    return wrong.value.problems


def test_everything_that_is_missing_is_named_at_once() -> None:
    assert problems() == [f"UPPFOLJAREN_{name} saknas" for name in NEEDED]


def test_what_is_wrong_is_named_beside_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = {"PORT": "många", "REMINDER_DAYS": "3,sju", "SELECTION_DRAFT": "13,1", "KEYS": "inte en nyckel"}
    for name, value in wrong.items():
        monkeypatch.setenv(f"UPPFOLJAREN_{name}", value)
    named = " ".join(problems())
    for name in (*wrong, "APP_ID", "APP_PASSWORD", "TENANT_ID", "DATABASE_URL"):
        assert f"UPPFOLJAREN_{name} " in named


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("UPPFOLJAREN_FRETEXT", "UPPFOLJAREN_FRETEXT finns inte. Menade du UPPFOLJAREN_FREE_TEXT?"),
        (
            "UPPFOLJAREN_DEADLINEDAY",
            "UPPFOLJAREN_DEADLINEDAY finns inte. Menade du UPPFOLJAREN_DEADLINE_DAY?",
        ),
        ("uppfoljaren_officiel", "uppfoljaren_officiel finns inte. Menade du UPPFOLJAREN_OFFICIAL?"),
        ("UPPFOLJAREN_KAFFE", "UPPFOLJAREN_KAFFE finns inte"),
    ],
)
@pytest.mark.usefixtures("set_all")
def test_a_misspelt_name_is_refused_with_the_nearest_one(
    name: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "hemligt")
    assert problems() == [said]


def test_a_misspelt_name_is_named_beside_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UPPFOLJAREN_APPID", "app")
    assert problems() == [
        "UPPFOLJAREN_APPID finns inte. Menade du UPPFOLJAREN_APP_ID?",
        *(f"UPPFOLJAREN_{name} saknas" for name in NEEDED),
    ]


def test_no_secret_is_said_with_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KEYS", "APP_PASSWORD", "DATABASE_URL"):
        monkeypatch.setenv(f"UPPFOLJAREN_{name}", "hemligt")
    assert "hemligt" not in " ".join(problems())


@pytest.mark.usefixtures("set_all")
def test_all_that_is_needed_is_enough() -> None:
    settings = read_settings()
    assert (settings.local, settings.app_id, settings.url) == (False, "app", "sqlite:///x.db")
    assert settings.reminder_days == (3, 7)


@pytest.mark.usefixtures("set_all")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("REMINDER_DAYS", "1"),
        ("REMINDER_DAYS", "3,10"),
        ("DEADLINE_DAY", "7"),
        ("OPENING_DAY", "9"),
        ("SELECTION_BOARD", "2,29"),
        ("SELECTION_BOARD", "oktober"),
        ("DATABASE_URL", "mysql://x"),
        ("METRICS_PORT", "99999"),
        ("APP_TYPE", "MultiTenant"),
    ],
)
def test_what_cannot_work_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"UPPFOLJAREN_{name}", value)
    assert {problem.split()[0] for problem in problems()} == {NAMED.get(name, f"UPPFOLJAREN_{name}")}


@pytest.mark.usefixtures("set_all")
@pytest.mark.parametrize("days", ["4,8", "[4, 8]", " 4 , 8 "])
def test_lists_are_written_with_commas(monkeypatch: pytest.MonkeyPatch, days: str) -> None:
    monkeypatch.setenv("UPPFOLJAREN_REMINDER_DAYS", days)
    monkeypatch.setenv("UPPFOLJAREN_SELECTION_PROPOSAL", "2,15")
    monkeypatch.setenv("UPPFOLJAREN_MORE_TENANTS", "a, b")
    monkeypatch.setenv("UPPFOLJAREN_OFFICIAL", "karin")
    settings = read_settings()
    assert (settings.times.official, settings.times.year.proposal) == ("karin", (2, 15))
    assert (settings.reminder_days, settings.selection_proposal) == ((4, 8), (2, 15))
    assert settings.tenants == {"tenant", "a", "b"}


def test_local_mode_needs_nothing(tmp_path: Path) -> None:
    settings = read_settings(local=True, var=tmp_path)
    assert (settings.host, settings.port) == ("127.0.0.1", 3978)
    assert settings.url == f"sqlite:///{tmp_path}/uppfoljaren.db"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.org"])
def test_local_mode_listens_on_this_machine_only(host: str) -> None:
    assert problems(local=True, host=host) == ["UPPFOLJAREN_HOST måste vara 127.0.0.1 i lokalt läge"]


@pytest.mark.usefixtures("set_all")
def test_local_mode_takes_no_app_id() -> None:
    assert problems(local=True) == ["UPPFOLJAREN_APP_ID får inte anges i lokalt läge"]


def test_local_mode_makes_its_own_key_once_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    [key] = read_settings(local=True, var=tmp_path / "var").sealing_keys
    assert read_settings(local=True, var=tmp_path / "var").sealing_keys == [key]
    assert (tmp_path / "var" / "nyckel").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "url",
    [
        "mysql://bot:hemligt@db/uppf",
        "postgresql://bot:hemligt@db/uppf",
        "postgresql+psycopg://bot:hemligt@db:x/u",
    ],
)
def test_another_database_than_the_two_is_refused_without_showing_its_password(url: str) -> None:
    with pytest.raises(WrongSettingsError) as refused:
        read_settings(local=True, database_url=url)
    assert "DATABASE_URL" in str(refused.value)
    assert "hemligt" not in str(refused.value)


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("postgresql+psycopg://bot:hemligt@db:5432/uppf", "…@db:5432/uppf"),
        ("postgresql+psycopg://db/uppf?user=bot&password=hemligt", "postgresql+psycopg://db/uppf"),
        ("postgresql+psycopg://bot:he@mligt@db/uppf?host=/run/hemligt", "…@db/uppf"),
        ("sqlite:////var/lib/bot.db", "sqlite:////var/lib/bot.db"),
    ],
)
def test_where_the_database_is_can_be_said_without_its_password(url: str, place: str) -> None:
    assert read_settings(local=True, database_url=url).place == place


@pytest.mark.usefixtures("set_all")
def test_links_lead_to_the_public_address_which_is_https(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings().address == ""
    monkeypatch.setenv("UPPFOLJAREN_PUBLIC_ADDRESS", "https://bot.example/")
    assert read_settings().address == "https://bot.example"
    monkeypatch.setenv("UPPFOLJAREN_PUBLIC_ADDRESS", "http://bot.example")
    assert problems() == ["UPPFOLJAREN_PUBLIC_ADDRESS måste börja med https://"]


def test_in_local_mode_links_lead_to_the_loopback_address(tmp_path: Path) -> None:
    assert Settings(local=True, var=tmp_path, port=4000).address == "http://127.0.0.1:4000"


@pytest.mark.parametrize("wrong", ["proxyn", "10.0.0.5/24", "10.0.0.0/33", "*"])
def test_a_proxy_that_is_neither_an_address_nor_a_network_is_named(wrong: str) -> None:
    [problem] = problems(local=True, proxies=("10.0.0.5", wrong))
    assert problem.startswith(f"UPPFOLJAREN_PROXIES: {wrong} är varken en adress eller ett nät")
