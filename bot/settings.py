"""The one place where configuration is read: environment variables named UPPFOLJAREN_…, checked all at once."""

import os
from collections.abc import Mapping
from datetime import date
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from followup.access.municipality import Municipality
from followup.access.targets import Targets
from followup.month.rounds import RoundDays
from followup.times.contact_days import CONTACTS, USUAL_DAYS, ContactDays
from followup.times.deadlines import YearDates
from followup.wording.form import clean_text
from storage.engine.copies import file_of, is_embedded
from storage.engine.database import is_url
from storage.engine.vault import is_key, new_key

if TYPE_CHECKING:
    from bot.listening import Bounds
    from scheduler.jobs import Times

PREFIX = "UPPFOLJAREN_"
KEYS = "https://login.botframework.com/v1/.well-known/keys"
ISSUER = "https://api.botframework.com"
LOGIN = "https://login.microsoftonline.com"
LOOPBACK = "127.0.0.1"
PORT = 3978
LOCAL_CHANNEL = "19:kvalitet@thread.tacv2"
LOCAL_TENANT = "lokalt"
DATABASES = ("sqlite:///", "postgresql+psycopg://")


class WrongSettingsError(Exception):
    """Everything that is missing or wrong, one sentence each, in `problems`."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def _listed(value: object) -> object:
    """`3,7`, and `[3, 7]` as JSON has it."""
    if not isinstance(value, str):
        return value
    return [part.strip(' "') for part in value.strip("[] ").split(",") if part.strip()]


Texts = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]
Numbers = Annotated[tuple[int, ...], NoDecode, BeforeValidator(_listed)]
MonthAndDay = Annotated[tuple[int, int], NoDecode, BeforeValidator(_listed)]


class Settings(BaseSettings):
    """Local mode has no app id, binds to loopback only, and makes its own key under `var`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    local: bool = False
    var: Path = Path("var")
    database_url: str = ""
    keys: str = Field(default="", description="Encryption keys, comma-separated; the first one seals.")
    host: str = LOOPBACK
    proxies: Texts = Field(
        default=(), description="Addresses and networks of the proxies that the bot stands behind."
    )
    port: int = Field(default=PORT, ge=0, le=65535)
    metrics_port: int = Field(default=9464, ge=0, le=65535)
    app_id: str = ""
    app_password: str = ""
    tenant_id: str = ""
    app_type: Literal["SingleTenant", "ManagedIdentity"] = "SingleTenant"
    more_tenants: Texts = ()
    keys_url: str = KEYS
    token_issuer: str = ISSUER
    login_url: str = LOGIN
    public_address: str = Field(
        default="", description="Where people's clients reach the bot, for pictures and files: https://…"
    )
    teams_app_id: str = Field(
        default="", description="The app's id in the organisation's catalogue, where that is not the bot's."
    )
    service_url: str = "https://smba.trafficmanager.net/emea/"
    quality_channel: str = Field(default="", description="The id of the quality team's channel in Teams.")
    municipality: Annotated[str, AfterValidator(clean_text)] = "Vikåsa kommun"
    board: Annotated[str, AfterValidator(clean_text)] = Field(
        default="", description="The board that the documents are written for, as it is called."
    )
    report_template: Path | None = Field(
        default=None, description="The municipality's own Word template for the year's report."
    )
    stratsys_names: Path | None = Field(
        default=None, description="The file with what the figures are called in Stratsys."
    )
    divisions: Path | None = Field(
        default=None,
        description="The file that says which verksamhetsområde each unit is of; each has a report of its own.",
    )
    bbic_names: Path | None = Field(
        default=None, description="The file with what the questions are called in the personal file."
    )
    website: str = Field(
        default="", description="Where the municipality tells of the bot; for the app in Teams."
    )
    privacy_page: str = Field(default="", description="Where it tells of personal data; else the website.")
    terms_page: str = Field(default="", description="Where it tells who may use the bot; else the website.")
    free_text: bool | Literal["page"] = Field(
        default=True,
        description="Whether cards take free text about a child; with page only the workspace does.",
    )
    contact_days: Numbers = Field(
        default=USUAL_DAYS,
        description="Most days between visits, private talks, talks with the home and with the guardian.",
    )
    target_in_time: int = Field(
        default=90, ge=0, le=100, description="How many percent of the reports are to be answered in time."
    )
    target_plans: int = Field(
        default=100, ge=0, le=100, description="How many percent of the plans are to be on file."
    )
    target_clocks: int = Field(
        default=100, ge=0, le=100, description="How many percent of the clocks are to be done in time."
    )
    sends_per_second: float = Field(default=45.0, gt=0, le=50)
    in_flight: int = Field(default=10, ge=1, le=100)
    opening_day: int = Field(default=1, ge=1, le=5)
    reminder_days: Numbers = (3, 7)
    deadline_day: int = Field(default=10, ge=2, le=20)
    selection_proposal: MonthAndDay = (3, 1)
    selection_follow_ups_done: MonthAndDay = (8, 31)
    selection_draft: MonthAndDay = (9, 15)
    selection_board: MonthAndDay = (10, 15)
    selection_cycle: Literal["year", "half-year"] = "year"
    selection_second_proposal: MonthAndDay = (9, 1)
    selection_second_follow_ups_done: MonthAndDay = (12, 15)

    backup_dir: Path | None = Field(
        default=None, description="Where a backup is taken each night; none without it."
    )
    backups_kept: int = Field(default=14, ge=1, le=1000)
    retention_plan: Path | None = Field(
        default=None, description="The file that says by which plan what is deleted; nothing is without it."
    )
    retention_journal: Path | None = Field(
        default=None, description="Where each deletion is written outside the database."
    )
    clock_reminders: bool = Field(
        default=True, description="Whether people are reminded of the law's clocks and the municipality's."
    )
    ask_own_homes: bool = Field(
        default=False,
        description="Whether the municipality's own foster homes are asked about each month; never scored.",
    )
    official: str = Field(default="", description="The key of the person who answers for the yearly plan.")

    @model_validator(mode="after")
    def _complete(self) -> "Settings":
        problems = [*self._missing(), *self._unsafe(), *self._impossible()]
        if problems:
            raise WrongSettingsError(problems)
        return self

    def _missing(self) -> list[str]:
        if self.local:
            return []
        needed = ["app_id", "tenant_id", "keys", "database_url"]
        if self.app_type == "SingleTenant":
            needed.insert(1, "app_password")
        return [f"UPPFOLJAREN_{name.upper()} saknas" for name in needed if not getattr(self, name)]

    def _unsafe(self) -> list[str]:
        problems = []
        if self.local and self.host != LOOPBACK:
            problems.append(f"UPPFOLJAREN_HOST måste vara {LOOPBACK} i lokalt läge")
        if self.local and self.app_id:
            problems.append("UPPFOLJAREN_APP_ID får inte anges i lokalt läge")
        problems += [
            f"UPPFOLJAREN_{name.upper()} måste börja med https://"
            for name in ("public_address", "website", "privacy_page", "terms_page")
            if getattr(self, name) and not getattr(self, name).startswith("https://")
        ]
        return problems

    def _impossible(self) -> list[str]:
        problems = []
        if not all(self.opening_day < day < self.deadline_day for day in self.reminder_days):
            problems.append("UPPFOLJAREN_REMINDER_DAYS måste ligga mellan öppningsdagen och sista svarsdagen")
        if len(self.contact_days) != len(CONTACTS) or min(self.contact_days) < 1:
            problems.append(
                "UPPFOLJAREN_CONTACT_DAYS ska vara fyra antal dagar: besök, enskilda samtal, samtal med boendet,"
                " samtal med vårdnadshavare"
            )
        if self.keys and not all(is_key(key.strip()) for key in self.keys.split(",")):
            problems.append("UPPFOLJAREN_KEYS innehåller något som inte är en nyckel")
        if not self.url.startswith(DATABASES):
            problems.append(f"UPPFOLJAREN_DATABASE_URL måste börja med {' eller '.join(DATABASES)}")
        elif not is_url(self.url):
            problems.append("UPPFOLJAREN_DATABASE_URL går inte att läsa som en adress till en databas")
        problems += [
            f"UPPFOLJAREN_PROXIES: {one} är varken en adress eller ett nät (10.0.0.5 eller 10.0.0.0/24)"
            for one in self.proxies
            if not _is_network(one)
        ]
        for name in type(self).model_fields:
            if (
                name.startswith("selection_")
                and name != "selection_cycle"
                and not _is_day_of_every_year(getattr(self, name))
            ):
                problems.append(f"UPPFOLJAREN_{name.upper()} är ingen dag (skriv månad,dag)")
        halves = (self.selection_proposal, self.selection_second_proposal)
        ends = (self.selection_follow_ups_done, self.selection_second_follow_ups_done)
        if self.selection_cycle == "half-year" and not (
            halves[0] < ends[0] <= ends[1] and halves[0] < halves[1] < ends[1]
        ):
            problems.append(
                "UPPFOLJAREN_SELECTION_…: halvårens dagar ska komma i ordning under året, först förslaget och sedan"
                " uppföljningarna klara, det första halvåret före det andra"
            )
        return problems

    @property
    def tenants(self) -> frozenset[str]:
        """Whose people may talk to the bot."""
        return frozenset({self.tenant_id, *self.more_tenants})

    @property
    def bounds(self) -> "Bounds":
        """How many may be connected, those that the proxies bring counted by whom they come from."""
        # A web server is much for a command that serves nothing.
        from bot.listening import Bounds

        return Bounds(proxies=tuple(ip_network(one) for one in self.proxies))

    @property
    def channel(self) -> str:
        """The quality team's channel, empty where there is none."""
        return self.quality_channel or (LOCAL_CHANNEL if self.local else "")

    @property
    def address(self) -> str:
        """Where links to pictures and files lead, empty where the bot cannot be reached from outside."""
        return f"http://{LOOPBACK}:{self.port}" if self.local else self.public_address.rstrip("/")

    @property
    def tab_app_id(self) -> str:
        """By what a link to the tab names the app."""
        return self.teams_app_id or self.app_id

    @property
    def url(self) -> str:
        return self.database_url or f"sqlite:///{self.var / 'uppfoljaren.db'}"

    @property
    def file(self) -> Path | None:
        """The file that an embedded database is kept in; None where it is PostgreSQL that keeps it."""
        return file_of(self.url) if is_embedded(self.url) else None

    @property
    def journal(self) -> Path:
        """Where each deletion is written, so that a restored older copy can be told by it."""
        return self.retention_journal or self.var / "gallringar.jsonl"

    @property
    def place(self) -> str:
        """Where the database is, without the password that its URL may have."""
        shown = self.url if self.url.startswith("sqlite") else self.url.partition("?")[0]
        return f"…@{shown.rpartition('@')[2]}" if "@" in shown else shown

    @property
    def sealing_keys(self) -> list[str]:
        """The keys given, or in local mode the one kept beside the database."""
        if self.keys:
            return [key.strip() for key in self.keys.split(",")]
        return [_local_key(self.var / "nyckel")]

    @property
    def as_municipality(self) -> Municipality:
        contact_days = ContactDays(dict(zip(CONTACTS, self.contact_days, strict=True)))
        return Municipality(
            free_text=self.free_text is True,
            texts_on_page=self.free_text == "page",
            year=self._year,
            contact_days=contact_days,
            official=self.official,
            fixed_channel=bool(self.channel),
            targets=self.targets,
        )

    @property
    def targets(self) -> Targets:
        return Targets(self.target_in_time, self.target_plans, self.target_clocks)

    @property
    def times(self) -> "Times":
        # All that the clock starts, which most commands need nothing of.
        from scheduler.jobs import Times

        days = RoundDays(self.opening_day, self.reminder_days, self.deadline_day)
        return Times(days, self._year, self.official, self.clock_reminders, self.ask_own_homes)

    @property
    def _year(self) -> YearDates:
        return YearDates(
            self.selection_proposal,
            self.selection_follow_ups_done,
            self.selection_draft,
            self.selection_board,
            self.selection_cycle == "half-year",
            self.selection_second_proposal,
            self.selection_second_follow_ups_done,
        )


def read_settings(**given: Any) -> Settings:
    """The configuration; raises WrongSettingsError with all that is missing or wrong."""
    unknown = _unknown_names()
    try:
        settings = Settings(**given)
    except WrongSettingsError as wrong:
        raise WrongSettingsError(unknown + wrong.problems) from None
    except ValidationError as wrong:
        raise WrongSettingsError(unknown + _wrong_values(wrong) + _other_problems(wrong, given)) from None
    if unknown:
        raise WrongSettingsError(unknown)
    return settings


def _unknown_names() -> list[str]:
    """A name that is misspelt would otherwise be one that is not set."""
    ours = sorted(name for name in os.environ if name.upper().startswith(PREFIX))
    return [_unknown(name) for name in ours if _field(name) not in Settings.model_fields]


def _field(name: str) -> str:
    return name[len(PREFIX) :].lower()


def _unknown(name: str) -> str:
    near = get_close_matches(_field(name), Settings.model_fields, n=1)
    return f"{name} finns inte. Menade du {_variable(tuple(near))}?" if near else f"{name} finns inte"


def _wrong_values(wrong: ValidationError) -> list[str]:
    return [f"{_variable(error['loc'])} har fel värde: {error['msg']}" for error in wrong.errors()]


def _variable(where: tuple[int | str, ...]) -> str:
    return f"{PREFIX}{str(where[0]).upper()}"


def _other_problems(wrong: ValidationError, given: Mapping[str, Any]) -> list[str]:
    """What would be said if the wrong values were right, since they are said first and alone."""
    fields = {str(error["loc"][0]) for error in wrong.errors()}
    repaired = {name: field.default for name, field in Settings.model_fields.items() if name in fields}
    try:
        Settings(**{**given, **repaired})
    except WrongSettingsError as missing:
        return missing.problems
    return []


def _is_network(text: str) -> bool:
    try:
        ip_network(text)
    except ValueError:
        return False
    return True


def _is_day_of_every_year(month_and_day: tuple[int, int]) -> bool:
    try:
        date(2027, *month_and_day)
    except ValueError:
        return False
    return True


def _local_key(path: Path) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(new_key(), encoding="ascii")
    return path.read_text(encoding="ascii")
