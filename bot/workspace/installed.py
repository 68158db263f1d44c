"""How the bot was set up, as an administrator may see it: each setting by its name, and of a secret that it is set."""

from collections.abc import Iterator
from typing import Final

from bot.retention_plan import WrongPlanError, read_plan
from bot.settings import PREFIX, Settings
from followup.clocks.retention import RetentionPlan
from texts.catalogue import Texts
from workspace.frame.visit import Installed

# What opens something, or may have what opens something in it; the database's place is told without its password.
SECRET: Final = frozenset({"keys", "app_password", "database_url"})
# A setting that stands in neither list is not shown: whoever adds one says which it is.
SHOWN: Final = frozenset(
    {
        *("local", "var", "host", "proxies", "port", "metrics_port", "app_id", "tenant_id", "app_type"),
        *("more_tenants", "keys_url", "token_issuer", "login_url", "public_address", "teams_app_id"),
        *("service_url", "quality_channel", "municipality", "website", "privacy_page", "terms_page"),
        *("free_text", "contact_days", "sends_per_second", "in_flight", "opening_day", "reminder_days"),
        *("deadline_day", "selection_proposal", "selection_follow_ups_done", "selection_draft"),
        *("selection_board", "selection_cycle", "selection_second_proposal"),
        *("selection_second_follow_ups_done", "backup_dir", "backups_kept", "retention_plan"),
        *("retention_journal", "clock_reminders", "ask_own_homes", "official"),
        *("board", "report_template", "stratsys_names", "bbic_names"),
        *("target_in_time", "target_plans", "target_clocks", "divisions"),
    }
)


def installed(settings: Settings) -> Installed:
    divided = settings.divisions is not None
    return Installed(tuple(_told(settings)), _plan(settings), settings.journal, divided)


def _told(settings: Settings) -> Iterator[tuple[str, str]]:
    say = Texts("sv")
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if name in SHOWN:
            yield PREFIX + name.upper(), _written(value, say)
        elif name in SECRET:
            yield PREFIX + name.upper(), say("page.settings.set" if value else "page.settings.not_set")
    yield say("page.settings.database"), settings.place


def _written(value: object, say: Texts) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or say("page.settings.not_set")
    return str(value) if value not in (None, "") else say("page.settings.not_set")


def _plan(settings: Settings) -> RetentionPlan | None:
    """None where there is none, or one that cannot be read, which the commands tell about."""
    try:
        return read_plan(settings.retention_plan)
    except WrongPlanError:
        return None
