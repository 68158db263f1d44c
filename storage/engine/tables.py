"""The tables; only storage reads this module, and only migrations change what it describes."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

from storage.engine.columns import Instant, MonthText, Sealed
from storage.engine.imported import Imported

# A partial index says here in SQLite's words alone of which rows it is: PostgreSQL's would load its dialect in each
# start, and the migrations make it in both.
metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

register_import = Table(
    "register_import",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("state", String(10), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("marks", JSON, nullable=False),
    Column("valid_at", Instant),
    CheckConstraint("state in ('staging', 'valid')", name="state"),
    CheckConstraint("(state = 'valid') = (valid_at is not null)", name="valid_since_a_moment"),
    # One import at a time: what is hidden is what belongs to the one that is being staged.
    Index(
        "uq_register_import_staging",
        "state",
        unique=True,
        sqlite_where=text("state = 'staging'"),
    ),
)

import_unit = Table(
    "import_unit",
    metadata,
    Column("import_id", ForeignKey("register_import.id"), primary_key=True),
    Column("unit_id", ForeignKey("unit.id"), primary_key=True),
    Column("next_month", MonthText),
    Column("scored_at", Instant),
    Index("ix_import_unit_scored_at", "scored_at"),
)

person = Imported(
    "person",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(64), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("role", String(16), nullable=False),
    Column("team", String(100), index=True),
    Column("manager_id", ForeignKey("person.id")),
    Column("language", String(5), nullable=False, server_default="sv"),
    Column("active", Boolean, nullable=False),
    Column("teams_id", String(200), unique=True),
    Column("tenant", String(200), nullable=False, server_default=""),
    Column("import_id", ForeignKey("register_import.id")),
    CheckConstraint("role in ('worker', 'quality', 'manager', 'admin')", name="role"),
    Index("ix_person_role", "role", "active"),
)

provider = Imported(
    "provider",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("org_number", String(12), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("contact", String(200)),
    Column("import_id", ForeignKey("register_import.id")),
)

unit = Imported(
    "unit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(64), nullable=False, unique=True),
    Column("provider_id", ForeignKey("provider.id"), nullable=False),
    Column("name", String(200), nullable=False),
    Column("form", String(40), nullable=False),
    Column("subtype", String(40)),
    Column("ownership", String(20), nullable=False),
    Column("director", String(200)),
    Column("last_follow_up", Date),
    Column("last_verdict", String(40)),
    Column("import_id", ForeignKey("register_import.id")),
)

term = Imported(
    "term",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("code", String(40), nullable=False),
    Column("word", String(100), nullable=False),
    Column("english", String(100)),
    Column("valid_from", Date),
    Column("valid_to", Date),
    # Exactly as it was given, since base levels are never rounded.
    Column("level", String(20)),
    # The built-in one of its kind whose clocks stand in it too.
    Column("corresponds", String(40)),
    Column("import_id", ForeignKey("register_import.id")),
    UniqueConstraint("kind", "code"),
    CheckConstraint("kind in ('form', 'legal_ground', 'end_reason')", name="kind"),
    CheckConstraint(
        "valid_to is null or valid_from is null or valid_to >= valid_from", name="ends_after_start"
    ),
    CheckConstraint("level is null or kind = 'form'", name="only_forms_have_a_level"),
)

clock_term = Imported(
    "clock_term",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String(40), nullable=False, unique=True),
    Column("word", String(100), nullable=False),
    Column("english", String(100)),
    Column("valid_from", Date),
    Column("valid_to", Date),
    Column("starts", String(20)),
    Column("months", Integer),
    Column("then_months", Integer),
    Column("ground", String(40)),
    Column("form", String(40)),
    Column("meeting", Boolean),
    Column("import_id", ForeignKey("register_import.id")),
    CheckConstraint(
        "valid_to is null or valid_from is null or valid_to >= valid_from", name="ends_after_start"
    ),
)

contract = Imported(
    "contract",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(64), nullable=False, unique=True),
    Column("unit_id", ForeignKey("unit.id"), nullable=False, index=True),
    Column("form", String(30), nullable=False),
    Column("law", String(20), nullable=False),
    Column("starts", Date, nullable=False),
    Column("ends", Date),
    Column("owner_id", ForeignKey("person.id"), index=True),
    Column("import_id", ForeignKey("register_import.id")),
    CheckConstraint("ends is null or ends >= starts", name="ends_after_start"),
)

unit_event = Imported(
    "unit_event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("unit_id", ForeignKey("unit.id"), nullable=False),
    Column("kind", String(30), nullable=False),
    Column("happened_on", Date, nullable=False),
    Column("source", String(300), nullable=False),
    Column("link", String(500)),
    Column("checked_on", Date),
    Column("author_id", ForeignKey("person.id")),
    Column("known_at", Instant, nullable=False),
    Column("import_id", ForeignKey("register_import.id")),
    # The first columns find a unit's events by their days.
    UniqueConstraint("unit_id", "happened_on", "kind", "source"),
)

placement = Imported(
    "placement",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_reference", String(64), nullable=False),
    Column("unit_id", ForeignKey("unit.id"), nullable=False),
    Column("starts", Date, nullable=False),
    Column("ends", Date),
    Column("end_reason", String(40)),
    Column("legal_ground", String(40), nullable=False),
    Column("executed_on", Date),
    Column("born", Sealed),
    Column("alias", Sealed),
    Column("greater_needs_since", Date),
    Column("contract_form", String(30)),
    Column("deviation_documented", String(20)),
    Column("deviation_reason", Sealed),
    Column("call_off_contract", String(20)),
    Column("individual_contract", String(20)),
    Column("care_plan", String(20)),
    Column("care_plan_on", Date),
    Column("care_plan_review_on", Date),
    Column("treatment_plan", String(20)),
    Column("treatment_plan_on", Date),
    Column("treatment_plan_review_on", Date),
    Column("investigation_ended", Date),
    Column("special_reasons_on", Date),
    Column("home", String(64), index=True),
    Column("last_review_on", Date),
    Column("last_review_body", String(100)),
    Column("after_care", String(10)),
    Column("registered_at", Instant, nullable=False),
    Column("import_id", ForeignKey("register_import.id")),
    UniqueConstraint("case_reference", "unit_id", "starts"),
    # What each score asks of a unit's placements, which reads nothing but this.
    Index("ix_placement_unit_days", "unit_id", "ends", "starts", "import_id"),
    CheckConstraint("ends is null or ends >= starts", name="ends_after_start"),
    CheckConstraint("(ends is null) = (end_reason is null)", name="end_has_a_reason"),
)

ownership = Imported(
    "ownership",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("placement_id", ForeignKey("placement.id"), nullable=False),
    Column("owner_id", ForeignKey("person.id"), nullable=False, index=True),
    Column("substitute_id", ForeignKey("person.id"), index=True),
    Column("since", Date, nullable=False, index=True),
    Column("recorded_at", Instant, nullable=False),
    Column("import_id", ForeignKey("register_import.id")),
    UniqueConstraint("placement_id", "since", "owner_id", "substitute_id", "recorded_at"),
    Index("ix_ownership_placement_since_import", "placement_id", "since", "import_id"),
)

leave = Table(
    "leave",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("starts", Date, nullable=False),
    Column("ends", Date, nullable=False),
    Column("substitute_id", ForeignKey("person.id")),
    Column("recorded_at", Instant, nullable=False),
    Column("cancelled_at", Instant),
    Column("answer", String(3)),
    Column("answered_at", Instant),
    CheckConstraint("ends >= starts", name="ends_after_start"),
    CheckConstraint("substitute_id is null or substitute_id <> person_id", name="another_person"),
    Index("ix_leave_person_id", "person_id", "ends"),
    Index("ix_leave_substitute_id", "substitute_id", "ends"),
    Index("ix_leave_ends", "ends"),
)

round_ = Imported(
    "round",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("month", MonthText, nullable=False, unique=True),
    Column("opened_at", Instant, nullable=False),
    Column("deadline", Instant, nullable=False),
    Column("closes_at", Instant, nullable=False),
    Column("asks", Boolean, nullable=False),
    Column("escalated_at", Instant),
    Column("import_id", ForeignKey("register_import.id")),
)

report_task = Imported(
    "report_task",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("round_id", ForeignKey("round.id"), nullable=False),
    Column("placement_id", ForeignKey("placement.id"), nullable=False),
    Column("import_id", ForeignKey("register_import.id")),
    UniqueConstraint("round_id", "placement_id"),
    # Of each placement which rounds asked about it, which reads nothing but this.
    Index("ix_report_task_placement_round", "placement_id", "round_id", "import_id"),
)

asking = Table(
    "asking",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("task_id", ForeignKey("report_task.id"), nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False, index=True),
    Column("delivery_key", String(200), nullable=False),
    Column("asked_at", Instant, nullable=False),
    UniqueConstraint("task_id", "person_id"),
)

report = Imported(
    "report",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("task_id", ForeignKey("report_task.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("form_version", String(10), nullable=False),
    Column("answers", JSON, nullable=False),
    Column("free_text", Sealed),
    Column("by_statement", Boolean, nullable=False),
    Column("concern", Boolean, nullable=False),
    Column("tells", Boolean, nullable=False, server_default=false()),
    Column("provider_report_in", MonthText),
    Column("feels_safe", String(20)),
    Column("author_id", ForeignKey("person.id")),
    Column("imported", Boolean, nullable=False),
    Column("known_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("import_id", ForeignKey("register_import.id")),
    UniqueConstraint("task_id", "version"),
    # Each look for the newest version asks whether it is valid and was known, and reads nothing but this.
    Index("ix_report_task_version_known", "task_id", "version", "known_at", "import_id"),
    # What the weekly letter counts of a week, which reads nothing but this.
    Index("ix_report_recorded_at", "recorded_at", "version", "imported", "author_id", "import_id"),
)

# In versions, as reports are; `texts` are the answers in a person's own words.
closing_report = Imported(
    "closing_report",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("placement_id", ForeignKey("placement.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("ended_on", Date, nullable=False),
    Column("form_version", String(10), nullable=False),
    Column("answers", JSON, nullable=False),
    Column("texts", Sealed),
    Column("author_id", ForeignKey("person.id")),
    Column("imported", Boolean, nullable=False),
    Column("known_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("import_id", ForeignKey("register_import.id")),
    # The first column finds what was said of a placement.
    UniqueConstraint("placement_id", "version"),
)

signal = Imported(
    "signal",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("unit_id", ForeignKey("unit.id"), nullable=False, index=True),
    Column("placement_id", ForeignKey("placement.id"), index=True),
    Column("task_id", ForeignKey("report_task.id"), index=True),
    Column("import_key", String(100), unique=True),
    Column("import_id", ForeignKey("register_import.id")),
)

signal_version = Imported(
    "signal_version",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("signal_id", ForeignKey("signal.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("event_on", Date, nullable=False),
    Column("consequence", Integer),
    Column("occurred", String(20), nullable=False),
    Column("cause", String(20), nullable=False),
    Column("source", String(30), nullable=False),
    Column("marks", String(200), nullable=False),
    Column("praise", Boolean, nullable=False),
    Column("reasons", String(200), nullable=False),
    Column("situation", String(30)),
    Column("category", String(30)),
    Column("areas", String(100), nullable=False, server_default=""),
    Column("channel", String(20)),
    Column("event", String(100)),
    Column("dismissed", Boolean, nullable=False),
    Column("decided", Boolean, nullable=False),
    Column("text", Sealed),
    Column("action_taken", Sealed),
    Column("reason", Sealed),
    Column("author_id", ForeignKey("person.id")),
    Column("imported", Boolean, nullable=False),
    Column("known_at", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("import_id", ForeignKey("register_import.id")),
    UniqueConstraint("signal_id", "version"),
    CheckConstraint("consequence between 1 and 4", name="consequence"),
    Index("ix_signal_version_event_on", "event_on"),
    Index("ix_signal_version_recorded_at", "recorded_at"),
)

# At whose desk a signal is, who has it and how far it has come; history that a file told of has no row.
signal_progress = Table(
    "signal_progress",
    metadata,
    Column("signal_id", ForeignKey("signal.id"), primary_key=True),
    Column("desk", String(10), nullable=False),
    Column("state", String(15), nullable=False),
    Column("owner_id", ForeignKey("person.id")),
    Column("came_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("receiver", String(15)),
    CheckConstraint("desk in ('quality', 'managers')", name="desk"),
    CheckConstraint(
        "state in ('received', 'investigating', 'remedied', 'dismissed', 'handed_on')", name="state"
    ),
    CheckConstraint("(state in ('received', 'investigating')) = (ended_at is null)", name="ended_in_a_state"),
    CheckConstraint("receiver is null or state = 'handed_on'", name="received_when_handed_on"),
    Index("ix_signal_progress_undecided", "desk", "ended_at", "came_at"),
    Index("ix_signal_progress_owner", "owner_id", "ended_at"),
)

signal_step = Table(
    "signal_step",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("signal_id", ForeignKey("signal.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    # Nobody where it came to somebody by itself.
    Column("person_id", ForeignKey("person.id")),
    Column("desk", String(10), nullable=False),
    Column("state", String(15), nullable=False),
    Column("owner_id", ForeignKey("person.id")),
    Column("reason", Sealed),
    Column("receiver", String(15)),
    CheckConstraint("receiver is null or state = 'handed_on'", name="received_when_handed_on"),
)

# Who was given which signal last, by the number of the turn: the next is for the one whose number is lowest.
signal_turn = Table(
    "signal_turn",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("last", Integer, nullable=False),
)

# What people have decided about items of evidence that are no signals: rows of reports and of the register.
report_item = Table(
    "report_item",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("item", String(20), nullable=False),
    Column("unit_id", ForeignKey("unit.id"), nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("consequence", Integer),
    Column("event", String(100)),
    Column("dismissed", Boolean, nullable=False),
    Column("reason", Sealed, nullable=False),
    Column("author_id", ForeignKey("person.id"), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    UniqueConstraint("item", "version"),
    CheckConstraint("consequence between 1 and 4", name="consequence"),
)

# A unit that takes long to score, has been written of and is yet to be scored: how often since, and when last.
left_to_score = Table(
    "left_to_score",
    metadata,
    Column("unit_id", ForeignKey("unit.id"), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("at", Instant, nullable=False),
)

risk_config = Table(
    "risk_config",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("valid_from", Date, nullable=False),
    Column("decided_by", String(200), nullable=False),
    Column("parameters", JSON, nullable=False),
    Column("reason", Sealed),
    Column("recorded_at", Instant),
)

base_levels = Table(
    "base_levels",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("valid_from", Date, nullable=False),
    Column("levels", JSON, nullable=False),
    Column("per_report", String(20), nullable=False, server_default="0.05"),
    Column("decided_by", String(200), nullable=False, server_default="startvärden"),
    Column("reason", Sealed),
    Column("recorded_at", Instant),
)

score = Table(
    "score",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("unit_id", ForeignKey("unit.id"), nullable=False),
    Column("as_of", Date, nullable=False),
    Column("month_end", Boolean, nullable=False),
    Column("scored_at", Instant, nullable=False),
    Column("method", String(20), nullable=False, server_default="risk-1"),
    Column("config_id", ForeignKey("risk_config.id"), nullable=False),
    Column("base_levels_id", ForeignKey("base_levels.id"), nullable=False),
    Column("o", Float, nullable=False),
    Column("e", Float, nullable=False),
    Column("ot", Float, nullable=False),
    Column("et", Float, nullable=False),
    Column("r", Float, nullable=False),
    Column("p", Float, nullable=False),
    Column("pt", Float, nullable=False),
    Column("n", Integer, nullable=False),
    Column("index", Integer, nullable=False),
    Column("rate_band", String(10), nullable=False),
    Column("calm", Integer, nullable=False),
    Column("red_since", Date),
    Column("floor", String(10)),
    Column("shown", String(10), nullable=False),
    Column("enough", Boolean, nullable=False),
    Column("inputs", Text, nullable=False),
    Column("inputs_sha256", String(64), nullable=False),
    Index("ix_score_unit_as_of", "unit_id", "as_of", "id"),
)

alert = Table(
    "alert",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("unit_id", ForeignKey("unit.id"), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("episode", String(60), nullable=False),
    Column("score_id", ForeignKey("score.id"), nullable=False),
    Column("signal_id", ForeignKey("signal.id")),
    Column("task_id", ForeignKey("report_task.id")),
    # The import whose history gave rise to it, and with whose other alerts it is said; not where it is said by itself.
    Column("import_id", ForeignKey("register_import.id")),
    Column("band_before", String(10), nullable=False),
    Column("band_after", String(10), nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("owner_id", ForeignKey("person.id")),
    Column("taken_at", Instant),
    Column("closed_by", ForeignKey("person.id")),
    Column("closed_at", Instant, index=True),
    Column("close_reason", Sealed),
    UniqueConstraint("unit_id", "episode"),
    # Silence is no alert any more; those that there were are kept.
    CheckConstraint("kind in ('event', 'band', 'safety', 'silence')", name="kind"),
)

alert_note = Table(
    "alert_note",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("alert_id", ForeignKey("alert.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("handed_to_id", ForeignKey("person.id")),
    Column("text", Sealed),
)

# Who has given a reason to read what was written about a thing on which day; the reason stands in the access log.
opened_texts = Table(
    "opened_texts",
    metadata,
    Column("subject", String(200), primary_key=True),
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("day", Date, primary_key=True),
)

alert_decision = Table(
    "alert_decision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("alert_id", ForeignKey("alert.id"), nullable=False, unique=True),
    Column("notified", Boolean, nullable=False),
    Column("reason", Sealed, nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("decided_by", String(200), nullable=False),
    Column("recorded_by", ForeignKey("person.id"), nullable=False),
    Column("recorded_at", Instant, nullable=False),
)

personal_choice = Table(
    "personal_choice",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("language", String(5), nullable=False),
    # The numbers of the weekdays, 1 for Monday to 5 for Friday.
    Column("quiet_days", String(5), nullable=False),
    # Whether the pages' lists listen to single keys.
    Column("shortcuts", Boolean, nullable=False, server_default=true()),
    Column("recorded_at", Instant, nullable=False),
)

# The one thing that is remembered of a conversation (design.md, invariant 2): no text of hers.
shown_figure = Table(
    "shown_figure",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("figure", JSON, nullable=False),
    Column("shown_at", Instant, nullable=False),
)

digest_choice = Table(
    "digest_choice",
    metadata,
    Column("person_id", ForeignKey("person.id"), primary_key=True),
    Column("wanted", Boolean, nullable=False),
    Column("weekday", Integer, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    CheckConstraint("weekday between 1 and 5", name="weekday"),
)

link = Table(
    "link",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("secret_sha256", String(64), nullable=False, unique=True),
    Column("kind", String(30), nullable=False),
    Column("subject", JSON, nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("role", String(16), nullable=False, server_default=""),
    Column("made_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("once", Boolean, nullable=False),
    Column("used_at", Instant),
    Index("ix_link_expires_at", "expires_at"),
)

page_session = Table(
    "page_session",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("secret_sha256", String(64), nullable=False, unique=True),
    Column("way", String(8), nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False, index=True),
    # The role that it was begun with: with another it is over.
    Column("role", String(16), nullable=False),
    Column("theme", String(10), nullable=False),
    Column("followed", String(80), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("used_at", Instant, nullable=False, index=True),
    Column("ends_at", Instant, nullable=False, index=True),
    CheckConstraint("way in ('cookie', 'header')", name="way"),
)

report_draft = Table(
    "report_draft",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("task_id", ForeignKey("report_task.id"), nullable=False),
    Column("person_id", ForeignKey("person.id"), nullable=False, index=True),
    Column("typed", Sealed, nullable=False),
    Column("version", Integer, nullable=False),
    Column("saved_at", Instant, nullable=False, index=True),
    # The drawing of the form that it was last kept from.
    Column("drawing", String(40), nullable=False, server_default=""),
    UniqueConstraint("task_id", "person_id"),
)

NOT_ENDED = text("state <> 'sent' and state <> 'failed' and state <> 'cancelled' and kind <> 'update'")
WAS_SENT = text("state = 'sent'")
delivery = Table(
    "delivery",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("kind", String(30), nullable=False),
    Column("person_id", ForeignKey("person.id")),
    Column("channel", String(20)),
    Column("payload", JSON, nullable=False),
    Column("state", String(12), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("not_before", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("put_off", Boolean, nullable=False, server_default=false()),
    Column("urgent", Boolean, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("owner", String(64)),
    Column("leased_until", Instant),
    Column("started_at", Instant),
    Column("sent_at", Instant),
    Column("conversation_id", String(300)),
    Column("activity_id", String(300)),
    Column("reason", String(500)),
    Column("missed", Boolean, nullable=False, server_default=false()),
    Column("read_at", Instant),
    CheckConstraint("(person_id is null) <> (channel is null)", name="one_recipient"),
    CheckConstraint(
        "state in ('ready', 'sending', 'sent', 'uncertain', 'failed', 'cancelled')", name="state"
    ),
    Index("ix_delivery_state_not_before", "state", "not_before"),
    Index("ix_delivery_state_urgent_not_before", "state", "urgent", "not_before", "id"),
    Index("ix_delivery_person_started", "person_id", "started_at"),
    Index("ix_delivery_channel_started", "channel", "started_at"),
    Index("ix_delivery_missed_person", "missed", "person_id"),
    # What has ended is most of what was ever said to anybody: who looks at what waits walks past none of it.
    Index("ix_delivery_open_person", "person_id", "id", sqlite_where=NOT_ENDED),
    Index("ix_delivery_open_channel", "channel", "id", sqlite_where=NOT_ENDED),
    Index("ix_delivery_person_sent", "person_id", "sent_at", sqlite_where=WAS_SENT),
    Index(
        "ix_delivery_update_not_before",
        "not_before",
        sqlite_where=text("kind = 'update'"),
    ),
)

pace = Table(
    "pace",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("free_from", Instant, nullable=False),
    CheckConstraint("id = 1", name="single_row"),
)

conversation = Table(
    "conversation",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("person.id"), unique=True),
    Column("channel", String(20), unique=True),
    Column("conversation_id", String(300), nullable=False),
    Column("service_url", String(300), nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("refused_at", Instant),
    Column("refused_why", String(500)),
    CheckConstraint("(person_id is null) <> (channel is null)", name="one_owner"),
)

handled = Table(
    "handled",
    metadata,
    Column("key", String(500), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("reply", Sealed),
    # None also where the reply is no longer kept.
    Column("card", String(64), index=True),
    # What was stored before rows said so stays until then.
    Column("known_until", Instant, nullable=False, server_default="2028-01-01 00:00:00.000000"),
    Index(
        "ix_handled_kept_at",
        "at",
        sqlite_where=text("card is not null"),
    ),
    Index("ix_handled_known_until", "known_until"),
)

snooze = Table(
    "snooze",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("round_id", ForeignKey("round.id"), nullable=False, index=True),
    Column("until", Instant, nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("cancelled_at", Instant),
)

access_log = Table(
    "access_log",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("person_id", ForeignKey("person.id")),
    Column("stranger", String(200)),
    Column("act", String(40), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("detail", String(300)),
    Column("reason", Sealed),
    Column("records", Integer, nullable=False, server_default=text("1")),
    Column("hash", String(64), nullable=False),
    Column("chain", String(40), nullable=False, server_default="main"),
    Column("number", Integer, nullable=False, server_default=text("0")),
    Column("key_id", String(16)),
    Index("ix_access_log_at", "at"),
    Index("ix_access_log_chain_number", "chain", "number", unique=True),
    Index(
        "ix_access_log_reason",
        "id",
        sqlite_where=text("reason is not null"),
    ),
)

access_log_record = Table(
    "access_log_record",
    metadata,
    Column("entry_id", ForeignKey("access_log.id"), primary_key=True),
    Column("what", String(40), primary_key=True),
    Column("record_id", String(64), primary_key=True),
    sqlite_with_rowid=False,
)

# That the reason of an entry was deleted by a decision: the entry's own signature, which covers it, stays.
log_redaction = Table(
    "log_redaction",
    metadata,
    Column("entry_id", ForeignKey("access_log.id"), primary_key=True),
    # The number of the decision; no key, since a copy that was put back may not know of it.
    Column("purge", Integer, nullable=False),
    Column("redacted_at", Instant, nullable=False),
    Column("redacted_key", String(16), nullable=False),
    Column("redacted_as", String(64), nullable=False),
)

log_key = Table(
    "log_key",
    metadata,
    Column("id", String(16), primary_key=True),
    Column("sealed", Sealed, nullable=False),
    Column("since", Instant, nullable=False),
)

log_tip = Table(
    "log_tip",
    metadata,
    Column("chain", String(40), primary_key=True),
    Column("entries", Integer, nullable=False),
    Column("head", String(64), nullable=False),
    Column("key_id", String(16), nullable=False),
    Column("signature", String(64), nullable=False),
)

log_checkpoint = Table(
    "log_checkpoint",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("chain", String(40), nullable=False),
    Column("entries", Integer, nullable=False),
    Column("head", String(64), nullable=False),
    Column("at", Instant, nullable=False),
    Column("key_id", String(16), nullable=False),
    Column("signature", String(64), nullable=False),
)

log_review = Table(
    "log_review",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("quarter", String(7), nullable=False, index=True),
    Column("person_id", ForeignKey("person.id"), nullable=False),
    Column("recorded_at", Instant, nullable=False),
    Column("note", Sealed, nullable=False),
    Column("findings", Integer, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("head", String(64), nullable=False),
)

wake = Table(
    "wake",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("finished", Boolean, nullable=False, server_default=true()),
    Column("job", String(40)),
    CheckConstraint("id = 1", name="single_row"),
)

# Each until an operator has been told what had happened after that backup; `since` is storage.engine.comparing's.
restored = Table(
    "restored",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("taken_at", Instant, nullable=False),
    Column("before", Text),
    Column("since", Sealed),
    Column("in_doubt", Integer, nullable=False),
)

last_look = Table(
    "last_look",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    CheckConstraint("id = 1", name="single_row"),
)

# How often what the clock's jobs look at has changed, by topic; triggers count, whoever it is that changes it.
change_count = Table(
    "change_count",
    metadata,
    Column("topic", String(20), primary_key=True),
    Column("number", BigInteger, nullable=False),
)

# What is yet to be added to that: on PostgreSQL each transaction counts on a row of its own, and waits for no other.
uncounted_change = Table(
    "uncounted_change",
    metadata,
    Column("topic", String(20), primary_key=True),
    Column("part", BigInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, nullable=False),
)

# What each job had looked through, as counted when it began; before `until` time alone gives it nothing to do.
job_look = Table(
    "job_look",
    metadata,
    Column("job", String(40), primary_key=True),
    Column("changes", BigInteger, nullable=False),
    Column("until", Instant),
    Column("place", JSON),
)
