"""A follow-up on one page: its current step is written, kept as a draft, saved, and met by what another has saved."""

from collections.abc import Mapping
from http import HTTPStatus

from dialogs.turn import Stored
from followup import FollowUpId
from followup.follow_ups.follow_up import FollowUp, before
from followup.follow_ups.meeting import CHOICES
from followup.follow_ups.prefill import UnitEvidence
from followup.people import Conversation
from followup.wording.wording import Problem
from services.acting import Refused, Why
from services.drafts import Draft, Elsewhere, KeptDraft, TooLong
from services.follow_ups import drafts, steps
from services.follow_ups.drafts import MetAnother
from services.views import follow_ups as views
from services.views.follow_up_versions import versions_of
from workspace.follow_ups.steps import WrittenOver, answers_said, values_of, with_evidence
from workspace.frame import drafting
from workspace.frame.answer import DeedDone, NoSuchPage, PageAnswer, Shown, ShownAgain, refused
from workspace.frame.entry import DeedOf, PageOf
from workspace.frame.visit import Visit

PATH = "/uppfoljning/{follow_up}"
TEMPLATE = "follow_up.html"
# What the form carries beside its answers.
CARRIED = drafting.CARRIED | {"val"}
# What was done, by the button that did it.
DONE: Mapping[str, str] = {
    "spara": "follow_up.saved",
    "vidare": "follow_up.gone_on",
    "tillbaka": "follow_up.gone_back",
    # Without anything to save, from where what she has written has no place any more.
    "backa": "follow_up.gone_back",
    "avsluta": "follow_up.closed",
    "underlag": "page.follow_up.evidence_fetched",
}
# What is known of the unit now is put in the fields, and nothing is saved.
FETCHES = "underlag"
# Those by which what stands in the fields is saved.
WRITES = ("spara", "vidare", "tillbaka")


def _id(visit: Visit) -> FollowUpId:
    return visit.asked.number("follow_up", FollowUpId) or FollowUpId(0)


def follow_up(visit: Visit) -> PageAnswer:
    """With her draft, where she has one; over another's version both are shown and nothing is chosen for her."""
    found = steps.held(visit.acting, _id(visit))
    if isinstance(found, Refused):
        return refused(found)
    draft = drafts.draft_of(visit.acting, found)
    if draft is None:
        return _drawn(visit, found, WrittenOver())
    met = drafts.met_another(visit.acting, found, draft.typed, draft.version)
    if met is not None and met.meeting.changes_anything:
        return _met(visit, found, met, draft.typed, draft.version, HTTPStatus.OK, draft)
    return _drawn(visit, found, WrittenOver(None if met or found.closed else draft.typed, draft))


def _shown(
    found: FollowUp,
    written: WrittenOver,
    problems: tuple[Problem, ...] = (),
    status: HTTPStatus = HTTPStatus.OK,
    met: str = "",
) -> ShownAgain:
    """All that is known of its unit may stand in its fields, so it is read beside whoever writes."""
    return ShownAgain(lambda visit: _drawn(visit, found, written, problems, status, met))


def _drawn(
    visit: Visit,
    found: FollowUp,
    written: WrittenOver,
    problems: tuple[Problem, ...] = (),
    status: HTTPStatus = HTTPStatus.OK,
    met: str = "",
) -> Shown:
    view = views.view_of(visit.acting, found)
    versions = versions_of(visit.acting, found)
    values = values_of(visit, view, written, problems, versions)
    said = [visit.say(DONE[one.numbers["done"]]) for one in visit.stored("follow_up")]
    heading = visit.say("page.follow_up", number=found.number)
    return Shown(TEMPLATE, heading, {**values, "said": said, "met": met}, status)


def _met(
    visit: Visit,
    found: FollowUp,
    met: MetAnother,
    typed: Mapping[str, str],
    version: int,
    status: HTTPStatus,
    draft: Draft | None = None,
) -> Shown:
    """Both texts side by side where both have written, with her three ways on."""
    view = views.view_of(visit.acting, found)
    fields = {name: value for name, value in typed.items() if name not in CARRIED}
    clashing = {one.field for one in met.meeting.clashes}
    values = {
        "view": view,
        "met": met,
        "version": version,
        "newest": found.version,
        "rest": {name: value for name, value in fields.items() if name not in clashing},
        "same_step": met.step == found.step,
        **drafting.known_then(visit, draft),
        "said_of": answers_said(
            visit, [*fields.items(), *((one.field, one.saved) for one in met.meeting.clashes)]
        ),
    }
    return Shown("met.html", visit.say("page.follow_up", number=found.number), values, status)


def send(visit: Visit) -> PageAnswer:
    """Which of the form's buttons was pressed; without any of them it is saved."""
    pressed = visit.asked.sent("gor")
    if pressed == FETCHES:
        return _with_evidence(visit)
    return _send(visit, pressed if pressed in DONE else "spara")


def _send(visit: Visit, pressed: str) -> PageAnswer:
    version, typed = visit.asked.count("version"), _typed(visit)
    other = drafts.kept_elsewhere(visit.acting, _id(visit), typed, version, drafting.drawing_of(visit))
    found = steps.stored_follow_up(visit.acting, _id(visit))
    if other is not None and found is not None and pressed in WRITES:
        return _shown(found, WrittenOver(typed, other=other), status=HTTPStatus.CONFLICT)
    done = _do(visit, pressed, version, typed)
    if not isinstance(done, Refused):
        if pressed != "backa" and other is None:
            drafts.drop(visit.acting, done.id)
        return DeedDone(Stored("follow_up", {"follow_up": done.id, "done": pressed}))
    if found is None or done.why not in (Why.CHANGED, Why.WRONG, Why.DONE):
        return refused(done)
    if done.why == Why.CHANGED:
        return _changed(visit, found, typed, version)
    if done.why == Why.WRONG:
        return _shown(found, WrittenOver(typed), done.problems, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _kept(visit)


def read_evidence(visit: Visit) -> UnitEvidence | None:
    """What her button fetches, for `_with_evidence`."""
    found = steps.stored_follow_up(visit.acting, _id(visit)) if visit.asked.sent("gor") == FETCHES else None
    return None if found is None else views.evidence_now(visit.acting, found)


def _with_evidence(visit: Visit) -> PageAnswer:
    """Kept as her draft, over which she goes on writing."""
    version, typed = visit.asked.count("version"), _typed(visit)
    found = steps.unchanged(visit.acting, _id(visit), version)
    if isinstance(found, Refused):
        now = steps.stored_follow_up(visit.acting, _id(visit))
        return refused(found) if now is None else _changed(visit, now, typed, version)
    known = visit.read_before if isinstance(visit.read_before, UnitEvidence) else None
    filled = with_evidence(found, known, typed)
    kept = drafts.keep(visit.acting, found.id, filled, version, drafting.drawing_of(visit))
    if isinstance(kept, Elsewhere):
        return _shown(found, WrittenOver(filled, other=kept), status=HTTPStatus.CONFLICT)
    if not isinstance(kept, KeptDraft) or kept.left_out:
        # What is kept nowhere stands in the form all the same.
        return _shown(found, WrittenOver(filled))
    return DeedDone(Stored("follow_up", {"follow_up": found.id, "done": FETCHES}))


def _do(visit: Visit, pressed: str, version: int, typed: Mapping[str, str]) -> FollowUp | Refused:
    """Back goes what is written along with her: it is saved before."""
    acting, number = visit.acting, _id(visit)
    if pressed == "avsluta":
        return steps.close(acting, number, version)
    found = steps.stored_follow_up(acting, number)
    if pressed == "backa" or (pressed == "tillbaka" and found and found.step == "act"):
        return steps.step_back(acting, number, version)
    if pressed == "tillbaka" and found is not None and before(found.step) is None:
        return Refused(Why.DONE)
    if pressed == "tillbaka":
        saved = steps.write_step(acting, number, version, typed, whole=False)
        return saved if isinstance(saved, Refused) else steps.step_back(acting, number, saved.version)
    return steps.write_step(acting, number, version, typed, whole=pressed == "vidare")


def _changed(visit: Visit, found: FollowUp, typed: Mapping[str, str], version: int) -> PageAnswer:
    """What she typed is kept as her draft, and stands beside what another has saved."""
    met = drafts.met_another(visit.acting, found, typed, version)
    if met is None:
        return _kept(visit)
    if not met.meeting.changes_anything:
        said = visit.say("page.follow_up.saved_meanwhile", name=met.by, at=visit.say.time_of_day(met.at))
        return _shown(found, WrittenOver(), status=HTTPStatus.CONFLICT, met=said)
    drafts.keep(visit.acting, found.id, typed, version, drafting.drawing_of(visit))
    return _met(visit, found, met, typed, version, HTTPStatus.CONFLICT)


def _kept(visit: Visit) -> Shown:
    """It is closed by now, or was drawn over what there is not: what was typed stands there to be copied."""
    typed = [value for value in _typed(visit).values() if len(value) > len("2026-11-28")]
    values = {"said": visit.say("page.follow_up.gone"), "typed": typed}
    return Shown("kept.html", visit.say("page.kept"), values, HTTPStatus.CONFLICT)


def _typed(visit: Visit) -> dict[str, str]:
    return {name: value for name, value in visit.typed.items() if name not in CARRIED}


def keep_draft(visit: Visit) -> PageAnswer:
    """While it is being written: a line that says whether it was kept, and that another has saved meanwhile."""
    version, say = visit.asked.count("version"), visit.say
    kept = drafts.keep(visit.acting, _id(visit), _typed(visit), version, drafting.drawing_of(visit))
    if isinstance(kept, TooLong):
        return _line(say("page.draft.too_long"), HTTPStatus.UNPROCESSABLE_ENTITY)
    if isinstance(kept, Elsewhere):
        return _line(drafting.line_of(visit, kept), HTTPStatus.CONFLICT)
    found = steps.stored_follow_up(visit.acting, _id(visit))
    if found is None:
        return NoSuchPage()
    if isinstance(kept, Refused):
        return _line(say("page.follow_up.gone"), HTTPStatus.CONFLICT)
    at = say.time_of_day(visit.now)
    if found.version != version:
        by = views.author_of(visit.acting, found)
        text = say("page.follow_up.saved_meanwhile", name=by, at=say.time_of_day(found.recorded_at))
        return _line(text, HTTPStatus.CONFLICT)
    left_out = bool(kept.left_out)
    return _line(say("page.draft.left_out" if left_out else "page.draft.kept", at=at), HTTPStatus.OK)


def _line(text: str, status: HTTPStatus) -> Shown:
    return Shown("draft.html", "", {"text": text, "good": status == HTTPStatus.OK}, status)


def settle(visit: Visit) -> PageAnswer:
    """By her choice what she typed becomes a draft over what stands now; nothing is saved before she saves."""
    choice = next((one for one in CHOICES if one == visit.asked.sent("val")), None)
    found = steps.held(visit.acting, _id(visit))
    if isinstance(found, Refused):
        return refused(found)
    typed, version = _typed(visit), visit.asked.count("version")
    drawing = drafting.drawing_of(visit)
    if choice == "saved":
        draft = drafts.draft_of(visit.acting, found)
        if draft is not None and drawing.knows(draft):
            drafts.drop(visit.acting, found.id)
        return DeedDone()
    met = drafts.met_another(visit.acting, found, typed, version)
    seen_newest = visit.asked.count("sedd") == found.version
    if met is None or choice is None or met.step != found.step or not seen_newest:
        return _changed(visit, found, typed, version)
    settled = met.meeting.settled(choice)
    kept = drafts.keep(visit.acting, found.id, settled, found.version, drawing)
    if not isinstance(kept, KeptDraft) or kept.left_out:
        # What is kept nowhere stands in the form all the same.
        return _shown(found, WrittenOver(settled))
    return DeedDone()


OFFERED = (
    PageOf(PATH, Conversation.FOLLOW_UPS, follow_up, reads_much=True),
    DeedOf(PATH, Conversation.FOLLOW_UPS, send, PATH, before=read_evidence),
    DeedOf(f"{PATH}/utkast", Conversation.FOLLOW_UPS, keep_draft, PATH),
    DeedOf(f"{PATH}/krock", Conversation.FOLLOW_UPS, settle, PATH),
)
