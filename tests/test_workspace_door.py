"""Who comes in to the workspace, how long she stays, and that no other page can act as her: through the endpoint."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from http import HTTPStatus

import pytest
from sqlalchemy import func, select, update

from bot.workspace.answering import Answering
from bot.workspace.entra import STS
from bot.workspace.files import PageFiles
from bot.workspace.guard import COOKIE, TEAMS
from followup.people import Role
from storage.engine.database import Database
from storage.engine.tables import access_log, page_session, person, report
from storage.register import sessions
from tests.support.builders import aad
from tests.support.edge import NOVEMBER, Edge, at_the_edge, unlogged
from tests.support.key_server import APP_ID, FIRST, TAB_KEY
from tests.support.tab import ADDRESS, HOST, OWN, V1, Tab, entered, first_version, signed, tab_claims
from workspace.frame.drawing import TEMPLATES
from workspace.frame.entry import DeedOf, PageOf
from workspace.frame.pressed import PressedButton
from workspace.frame.visit import PageRequest
from workspace.registered import ENTRIES

OTHER = "33333333-3333-4444-5555-666666666666"
LOADING = "Loggar in …"


@pytest.fixture
async def edge(municipality: Database) -> AsyncIterator[Edge]:
    async with at_the_edge(municipality, NOVEMBER, sends=False, public_address=ADDRESS) as opened:
        await opened.bot.wake()
        yield opened


async def test_each_right_token_opens_the_tab_and_each_wrong_one_does_not(edge: Edge) -> None:
    now = edge.clock()
    second = int(now.timestamp())
    v1 = first_version()
    tokens = {
        "the second version": (200, tab_claims(now)),
        "the first version": (200, tab_claims(now, **v1)),
        "the first version for the client id": (200, tab_claims(now, **{**v1, "aud": APP_ID})),
        "among other scopes": (200, tab_claims(now, scp="openid access_as_user")),
        "Teams in a browser": (200, tab_claims(now, azp="5e3ce6c0-2b1f-4285-8d4b-75ee78787346")),
        "within the leeway": (200, tab_claims(now, exp=second - 59)),
        "of another issuer": (401, tab_claims(now, iss="https://login.microsoftonline.com/common/v2.0")),
        "of the first version's issuer, called the second": (401, tab_claims(now, iss=V1.name)),
        "called the first version": (401, tab_claims(now, ver="1.0")),
        "of another tenant's issuer": (401, tab_claims(now, **{**v1, "iss": f"{STS}/{OTHER}/"})),
        "with another tenant than its issuer's": (401, tab_claims(now, tid=OTHER)),
        "without a tenant": (401, tab_claims(now, tid=None)),
        "for another app": (401, tab_claims(now, aud=OTHER)),
        "for another host": (401, tab_claims(now, **{**v1, "aud": f"api://annan.se/botid-{APP_ID}"})),
        "of the second version for the identifier": (401, tab_claims(now, aud=v1["aud"])),
        "asked for by another client": (403, tab_claims(now, azp=OTHER)),
        "asked for by a client of the other version's claim": (
            403,
            tab_claims(now, azp=None, appid=v1["appid"]),
        ),
        "without the scope": (403, tab_claims(now, scp=None)),
        "with another scope": (403, tab_claims(now, scp="access_as_user_admin")),
        "of an app": (403, tab_claims(now, idtyp="app")),
        "of nobody": (403, tab_claims(now, oid="")),
        "without an oid": (403, tab_claims(now, oid=None, sub=aad("anna"))),
        "of one whom the register does not know": (403, tab_claims(now, "eva")),
        "ended": (401, tab_claims(now, exp=second - 61)),
        "not begun": (401, tab_claims(now, nbf=second + 61)),
        "issued later": (401, tab_claims(now, iat=second + 61)),
        "without an end": (401, tab_claims(now, exp=None)),
        "without a beginning": (401, tab_claims(now, nbf=None)),
        "without an issue": (401, tab_claims(now, iat=None)),
    }
    answered = {
        name: (await Tab(edge).enter(token=signed(claims))).status for name, (_, claims) in tokens.items()
    }
    assert answered == {name: status for name, (status, _) in tokens.items()}


async def test_a_token_that_is_not_signed_by_the_tenants_own_key_opens_nothing(edge: Edge) -> None:
    claims = tab_claims(edge.clock())
    wrong = {
        "none": "",
        "garbage": "a.b.c",
        "half a sign": "\u00e5.b.c",
        "the channel's": edge.server.token(),
        "signed with the channel's key": signed(claims, key=FIRST),
        "signed with the channel's key, called the tenant's": signed(claims, key=FIRST, kid=TAB_KEY),
        "with a key that nobody knows": signed(claims, kid="annan"),
    }
    for token in wrong.values():
        seen = await Tab(edge).post("/session", {}, headers={**OWN, "Authorization": f"Bearer {token}"})
        assert (seen.status, "Set-Cookie" in seen.headers) == (401, False)
    answer = await edge.post(edge.text(), token=signed(claims))
    assert (answer.status, edge.server.sent) == (401, [])
    with edge.database.transaction() as tx:
        assert tx.connection.scalar(select(func.count()).select_from(page_session)) == 0


async def test_the_cookie_is_the_browsers_alone_and_the_database_does_not_know_it(edge: Edge) -> None:
    tab = Tab(edge, cookie="chosen-by-somebody-else")
    seen = await tab.enter()
    said = seen.headers["Set-Cookie"]
    assert said == f"{COOKIE}={tab.cookie}; Path=/; Secure; HttpOnly; SameSite=None; Partitioned"
    assert len(tab.cookie) > 40
    with edge.database.transaction() as tx:
        [row] = tx.connection.execute(select(page_session)).all()
        assert tab.cookie not in str(row)
    first = tab.cookie
    await tab.enter()
    assert (await Tab(edge, cookie=first).get("/session")).status == 401


def named(path: str, number: str) -> str:
    """With the number in the place of each name."""
    return re.sub(r"\{\w+\}", number, path)


async def test_whoever_has_no_session_is_shown_an_empty_page_and_can_do_nothing(edge: Edge) -> None:
    forged = (Tab(edge), Tab(edge, cookie="forged"), Tab(edge, secret="forged"), Tab(edge, cookie="å" * 50))
    for tab in forged:
        for entry in ENTRIES:
            path = named(entry.path, "1")
            if isinstance(entry, PageOf):
                seen = await tab.get(path)
                assert (seen.status, LOADING in seen.words) == (200, True)
                partly = await tab.get(path, headers={"HX-Request": "true"})
                assert partly.status == 401
            else:
                seen = await tab.post(path, {"free_text": "Det som jag hade skrivit."})
                assert (seen.status, "Det som jag hade skrivit." in seen.text) == (401, True)
            assert not any(one in seen.text for one in ("AKT-", "Norrgården", "Anna Test"))


STAYS = (
    ("cookie", True, [29, 29, 29]),
    ("cookie", False, [31]),
    ("cookie", False, [25] * 20),
    ("header", True, [14]),
    ("header", False, [16]),
)


async def test_a_session_ends_when_nobody_is_there_and_when_its_time_is_over(edge: Edge) -> None:
    for way, stays, after in STAYS:
        tab, statuses = Tab(edge), []
        await tab.enter(way=way)
        for minutes in after:
            edge.clock.move_to(edge.clock() + timedelta(minutes=minutes))
            statuses.append((await tab.get("/session")).status)
        assert (way, after, statuses[-1]) == (way, after, 200 if stays else 401)
    with edge.database.transaction() as tx:
        sessions.forget_ended(tx, edge.clock() + sessions.IDLE, 9)
        assert tx.connection.scalar(select(func.count()).select_from(page_session)) == 0


async def test_a_secret_of_the_one_way_opens_nothing_by_the_other(edge: Edge) -> None:
    by_cookie, by_header = Tab(edge), Tab(edge)
    await by_cookie.enter()
    given = await by_header.enter(way="header")
    assert ("Set-Cookie" in given.headers, by_header.cookie) == (False, "")
    assert "AKT-1" in (await by_header.get("/mina")).text
    assert (await Tab(edge, secret=by_cookie.cookie).get("/session")).status == 401
    assert (await Tab(edge, cookie=by_header.secret).get("/session")).status == 401


async def test_one_who_has_left_or_got_another_role_is_out_at_once(edge: Edge) -> None:
    for who, change in (("anna", {"active": False}), ("bilal", {"role": Role.MANAGER})):
        async with entered(edge, who) as tab:
            assert "AKT-" in (await tab.get()).text
            with edge.database.transaction() as tx:
                tx.connection.execute(update(person).where(person.c.key == who).values(**change))
            assert "AKT-" not in (await tab.get()).text
            assert (await tab.get("/session")).status == 401


async def test_one_who_has_logged_out_is_out_and_no_other_page_can_log_her_out(edge: Edge) -> None:
    async with entered(edge, "anna") as tab:
        token = (await tab.get()).hidden["token"]
        assert (await tab.post("/logga-ut", {"token": "another"})).status == 403
        assert (
            await tab.post("/logga-ut", {"token": token}, headers={"Origin": "https://e.se"})
        ).status == 403
        left = await tab.post("/logga-ut", {"token": token})
        assert (left.status, "Max-Age=0" in left.headers["Set-Cookie"]) == (303, True)
        assert LOADING in (await tab.get("/mina")).words


FOREIGN = {
    "another site": {**OWN, "Origin": "https://annan.se"},
    "another app's tab in the same window": {**OWN, "Sec-Fetch-Site": "cross-site"},
    "a page of another name of ours": {**OWN, "Sec-Fetch-Site": "same-site"},
    "nobody says from where": {"Sec-Fetch-Site": "same-origin"},
    "a page without an origin": {**OWN, "Origin": "null"},
    "our name with another port": {**OWN, "Origin": f"https://{HOST}:444"},
    "our name without a lock": {**OWN, "Origin": f"http://{HOST}"},
}


async def test_no_other_page_and_no_other_sessions_form_does_anything(edge: Edge) -> None:
    """And what was typed is still to be seen, but in no form that sends it."""
    async with entered(edge, "anna") as tab, entered(edge, "anna") as other:
        page, elsewhere = await tab.get("/mina"), await other.get("/mina")
        form = {**page.hidden, "normal": page.ticks[0], "free_text": "Det som jag hade skrivit."}
        refused = {
            name: await tab.post("/mina/lamna", form, headers=given) for name, given in FOREIGN.items()
        }
        refused["another session's token"] = await tab.post(
            "/mina/lamna", {**form, "token": elsewhere.hidden["token"]}
        )
        refused["no token"] = await tab.post("/mina/lamna", {**form, "token": ""})
        assert {one.status for one in refused.values()} == {403}
        assert all("Det som jag hade skrivit." in one.text for one in refused.values())
        assert all("<form" not in one.text.partition("<main")[2] for one in refused.values())
        assert _answered_in_october(edge) == 0
        done = await tab.post("/mina/lamna", form)
        assert (done.status, _answered_in_october(edge)) == (303, 1)


def _answered_in_october(edge: Edge) -> int:
    with edge.database.transaction() as tx:
        in_november = report.c.known_at >= edge.clock()
        count: int = tx.connection.execute(
            select(func.count()).select_from(report).where(in_november)
        ).scalar_one()
        return count


async def test_every_answer_is_for_teams_alone_and_kept_by_nobody(edge: Edge) -> None:
    async with entered(edge, "anna") as tab:
        seen = [await tab.get(path) for path in ("", "/mina", "/finns-inte", "/session", "/rapport/999")]
        seen += [await Tab(edge).get(), await tab.post("/mina/lamna", {})]
        for one in seen:
            policy = one.headers["Content-Security-Policy"]
            assert policy.endswith(f"frame-ancestors {TEAMS}")
            assert "unsafe" not in policy
            assert one.headers["Cache-Control"] == "no-store"
            assert one.headers["Referrer-Policy"] == "same-origin"
            assert "X-Frame-Options" not in one.headers


async def test_only_files_are_kept_and_under_a_name_that_changes_with_them(edge: Edge) -> None:
    page = await Tab(edge).get()
    address = page.text.partition('rel="stylesheet" href="/arbete')[2].partition('"')[0]
    seen = await Tab(edge).get(address)
    assert (seen.status, "immutable" in seen.headers["Cache-Control"]) == (200, True)
    assert (await Tab(edge).get("/static/workspace.0000.css")).status == 404


async def test_without_an_address_there_is_no_workspace(municipality: Database) -> None:
    async with at_the_edge(municipality, NOVEMBER, sends=False) as opened:
        assert (await opened.get("/arbete")).status == 404


ROLES = {"anna": Role.WORKER, "karin": Role.QUALITY, "maria": Role.MANAGER, "alva": Role.ADMIN}


async def test_every_page_and_deed_is_for_those_whom_the_table_gives_it_and_missing_to_all_others(
    edge: Edge,
) -> None:
    """A refusal is logged as that, and the page says the same as of what there is not."""
    for who, role in ROLES.items():
        if who == "alva":
            _make_admin(edge)
        async with entered(edge, who) as tab:
            nowhere = (await tab.get("/finns-inte")).words
            token = (await tab.get("/session")).text.partition('"token":"')[2].partition('"')[0]
            for entry in ENTRIES:
                before, allowed = (
                    _refusals(edge),
                    entry.conversation in edge.bot.municipality.access.conversations[role],
                )
                path = named(entry.path, "999999")
                seen = await (
                    tab.post(path, {"token": token}) if isinstance(entry, DeedOf) else tab.get(path)
                )
                if not allowed:
                    assert (entry.path, seen.status, seen.words) == (entry.path, 404, nowhere)
                    assert _refusals(edge) > before
                elif "{" in entry.path:
                    assert seen.status in (404, 409), (entry.path, who)
                    assert _refusals(edge) > before, (entry.path, who)


async def test_at_no_deed_of_any_role_is_a_form_taken_from_another_page_nor_without_its_token(
    edge: Edge,
) -> None:
    """And at no page or deed is anybody let in whose session is over or who has got another role since."""
    foreign = (FOREIGN["another site"], FOREIGN["nobody says from where"])
    deeds = [named(one.path, "1") for one in ENTRIES if isinstance(one, DeedOf)]
    for who in ROLES:
        if who == "alva":
            _make_admin(edge)
        async with entered(edge, who) as tab:
            token = (await tab.get("/session")).text.partition('"token":"')[2].partition('"')[0]
            before = edge.rows()
            for path in deeds:
                sent = [await tab.post(path, {"token": token}, headers=one) for one in foreign]
                sent.append(await tab.post(path, {"token": "another"}))
                assert (path, {one.status for one in sent}) == (path, {403})
            assert unlogged(edge.rows()) == unlogged(before)
            _change_role(edge, who)
            for entry in ENTRIES:
                path = named(entry.path, "1")
                seen = await (
                    tab.post(path, {"token": token}) if isinstance(entry, DeedOf) else tab.get(path)
                )
                assert (path, seen.status) == (path, 401 if isinstance(entry, DeedOf) else 200)
                assert isinstance(entry, DeedOf) or LOADING in seen.words


def _change_role(edge: Edge, who: str) -> None:
    other = Role.WORKER if ROLES[who] != Role.WORKER else Role.MANAGER
    with edge.database.transaction() as tx:
        tx.connection.execute(update(person).where(person.c.key == who).values(role=other))


def _make_admin(edge: Edge) -> None:
    with edge.database.transaction() as tx:
        bilal = person.c.key == "bilal"
        tx.connection.execute(
            update(person).where(bilal).values(key="alva", role=Role.ADMIN, teams_id=aad("alva"))
        )


def _refusals(edge: Edge) -> int:
    with edge.database.transaction() as tx:
        counted = select(func.count()).select_from(access_log).where(access_log.c.act == "refused")
        found: int = tx.connection.execute(counted).scalar_one()
        return found


FORM = re.compile(r'<form method="post" action="\{\{ (root|here) \}\}([^"]*)"(.*?)</form>', re.DOTALL)
HERE = re.compile(r"\{% set here = root ~ (.*?) %\}")
MACRO = re.compile(r"\{% macro (\w+)\(.*?\) %\}(.*?)\{% endmacro %\}", re.DOTALL)
HIDDEN = "parts.hidden(around)"
# Kept while it is being written, by the script alone: its own form has a button that keeps it.
QUIET = ("/rapport/{}/utkast", "/uppfoljning/{}/utkast")
# Asked by the script alone while a day is typed: the form itself reads the day and says which.
READS_A_DAY = "/dag"


def test_every_deed_is_a_form_of_a_page_with_its_token_and_its_nonce_and_a_button() -> None:
    """So that it can be done with script off; what it answers with is shown by each subject's own tests."""
    forms = [one for file in TEMPLATES.glob("*.html") for one in _forms(file.read_text("utf-8"))]
    guarded = {action for action, inside in forms if HIDDEN in inside and 'type="submit"' in inside}
    deeds = {re.sub(r"\{[a-z_]+\}", "{}", one.path) for one in ENTRIES if isinstance(one, DeedOf)}
    assert deeds - guarded == {*QUIET, READS_A_DAY}
    assert {one.removesuffix("/utkast") for one in QUIET} <= guarded
    # In and out have a token of their own, or none yet.
    assert {action for action, _ in forms} - guarded - deeds == {"/logga-ut", "/session"}


def _forms(template: str) -> list[tuple[str, str]]:
    """The address of each form, with {} for what is filled in, and what is in it, its macros written out."""
    found = HERE.search(template)
    here = "".join(one.strip('"') if '"' in one else "{}" for one in found[1].split(" ~ ")) if found else ""
    macros = dict(MACRO.findall(template))
    return [
        (
            (here if base == "here" else "") + re.sub(r"\{\{[^}]*\}\}", "{}", action),
            inside + "".join(body for name, body in macros.items() if f"{name}(" in inside),
        )
        for base, action, inside in FORM.findall(template)
    ]


def test_a_form_that_was_not_let_in_is_kept_as_it_was_typed_without_what_its_button_carries() -> None:
    press = PressedButton("change_signal", {"signal": 33, "act": "dismiss"}, takes_inputs=True).sent()
    form = {
        "token": ("t" * 32,),
        "nonce": ("n" * 16,),
        "press": (press,),
        "reason": ("Samma händelse som A-3.",),
    }
    answering = Answering(PageFiles({"workspace.css": ""}, {}), local=False)
    kept = answering.kept(HTTPStatus.UNAUTHORIZED, "page.kept.ended", PageRequest(form=form))
    assert kept.text
    assert ("Samma händelse som A-3." in kept.text, "change_signal" in kept.text) == (True, False)
