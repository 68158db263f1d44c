// Lets in by Teams' token, follows its theme, and says when what was typed has not reached us. Everything else is plain
// links and forms, which do without this file once a session stands.
"use strict";
(() => {
  const root = document.body.dataset.root;
  const local = "local" in document.body.dataset;
  const teams = local ? null : window.microsoftTeams;
  const MOBILE = ["android", "ios", "ipados"];
  // Where cookies are refused the secret lives here alone, and goes with every request of ours.
  let secret = "";
  let context = null;

  const themeOf = (name) => (name === "glass" ? "dark" : ["dark", "contrast"].includes(name) ? name : "default");
  const wear = (name) => { document.documentElement.dataset.theme = themeOf(name); };
  const mine = () => (secret ? { "X-Arbete": secret } : {});

  function within(seconds, promise) {
    const late = new Promise((_, no) => setTimeout(() => no(new Error("timeout")), seconds * 1000));
    return Promise.race([promise, late]);
  }

  async function arrive() {
    if (!teams) throw new Error("no teams");
    await within(15, teams.app.initialize());
    context = await within(15, teams.app.getContext());
    wear(context.app.theme);
    teams.app.registerOnThemeChangeHandler(wear);
    teams.app.notifySuccess();
  }

  function token(silent) {
    const patience = MOBILE.includes(context?.app?.host?.clientType) ? 30 : 10;
    return within(silent ? patience : 120, teams.authentication.getAuthToken({ silent }));
  }

  async function post(way, bearer) {
    const body = new URLSearchParams({ way, theme: document.documentElement.dataset.theme || "" });
    const answer = await fetch(`${root}/session`, { method: "POST", headers: { Authorization: `Bearer ${bearer}` }, body });
    if (!answer.ok) throw Object.assign(new Error(`status ${answer.status}`), { status: answer.status });
    return answer.json();
  }

  // Gives the token that the forms of the new session carry.
  async function enter(silent) {
    const bearer = await token(silent);
    if (!secret) {
      const begun = await post("cookie", bearer);
      if ((await fetch(`${root}/session`)).ok) return begun.token;
    }
    const begun = await post("header", bearer);
    secret = begun.secret;
    return begun.token;
  }

  const entering = () => document.getElementById("entering");
  function show(when, code) {
    for (const one of entering().querySelectorAll("[data-when]")) one.hidden = one.dataset.when !== when;
    if (code) entering().querySelector("[data-code]").textContent = code;
  }

  async function letIn(silent) {
    const place = entering();
    const sub = place.dataset.sub || context?.page?.subPageId || "";
    const to = `${root}?${new URLSearchParams({ sub })}`;
    show("waiting");
    try {
      await enter(silent);
    } catch (error) {
      const code = String(error?.errorCode || error?.message || error).slice(0, 80);
      console.warn("log-in:", code);
      if (error?.status === 403) return show("refused");
      const needsPress = silent && !error?.status && code !== "timeout";
      return needsPress ? show("press") : show("failed", code);
    }
    if (!secret) return location.replace(to);
    return window.htmx.ajax("GET", to, { target: "#page", select: "#page", swap: "outerHTML", source: "#page" });
  }

  async function begin() {
    try {
      await arrive();
    } catch (error) {
      if (entering() && !local) show("outside");
      return;
    }
    if (entering()) return letIn(true);
  }

  // Nothing is put on the page between the beginning of a press and its end, which would else come beside it.
  const LONGEST_PRESS = 2000;
  let press = Promise.resolve();
  let letGo = () => {};
  document.addEventListener("pointerdown", () => {
    press = new Promise((done) => { letGo = done; setTimeout(done, LONGEST_PRESS); });
  }, true);
  // A finger's click comes a moment after it is lifted.
  for (const [end, after] of [["click", 0], ["pointerup", 50], ["pointercancel", 0]]) {
    document.addEventListener(end, () => setTimeout(letGo, after), true);
  }

  async function sent(address, request) {
    const answer = await sentAtOnce(address, request);
    await press;
    return answer;
  }

  // A session that has ended in the middle of a form: in again behind the scenes, and the same is sent once more.
  async function sentAtOnce(address, request) {
    const first = await fetch(address, { ...request, headers: { ...request.headers, ...mine() } });
    if (first.status !== 401 || !context) return first;
    const formToken = await enter(true);
    if (request.body?.has?.("token")) request.body.set("token", formToken);
    for (const field of document.querySelectorAll("input[name=token]")) field.value = formToken;
    return fetch(address, { ...request, headers: { ...request.headers, ...mine() } });
  }

  function lost(text) {
    const place = document.getElementById("lost");
    place.textContent = text;
    place.hidden = !text;
    const saved = document.getElementById("saved");
    if (saved && text) saved.textContent = "";
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest?.("[data-enter]")) letIn(false);
  });
  // What keeps a form while it is written: where something is typed that it has not sent, and where it could not.
  // A field that asks how its day was read keeps nothing, and nothing is lost where it gets no answer.
  const asks = (source) => Boolean(source?.hasAttribute?.("data-asks"));
  const quiet = (source) => Boolean(source?.hasAttribute?.("data-quiet"));
  const SOON = 5000;
  let typed = null;
  let unkept = null;
  let soon = 0;
  // A form that is on its way is kept no more: what came after it would be a draft of what is saved.
  let sending = null;
  const keepNow = (place) => { if (place?.isConnected) place.dispatchEvent(new CustomEvent("again")); };
  function keptOrLater(source, kept) {
    if (!quiet(source) && !kept) { sending = null; keepNow(source?.querySelector?.("[data-quiet]")); }
    if (!quiet(source) || !source.closest("form")) return;
    clearTimeout(soon);
    unkept = kept ? null : source;
    // A server that is away for a moment tells no browser that it is back.
    if (!kept) soon = setTimeout(() => keepNow(unkept), SOON);
  }
  window.addEventListener("online", () => keepNow(unkept));
  window.addEventListener("beforeunload", (event) => { if (unkept?.isConnected) event.preventDefault(); });
  document.addEventListener("input", (event) => { typed = event.target.form?.querySelector("[data-quiet]") || null; });

  document.addEventListener("htmx:config:request", (event) => {
    const { ctx } = event.detail;
    ctx.fetch = sent;
    if (asks(ctx.sourceElement)) return;
    if (quiet(ctx.sourceElement) && sending?.contains(ctx.sourceElement)) return event.preventDefault();
    if (ctx.request.method === "POST" && !quiet(ctx.sourceElement)) sending = ctx.sourceElement;
    if (quiet(ctx.sourceElement)) typed = null;
    // One who leaves the page takes along what she has typed in the last second.
    else if (ctx.request.method === "GET") keepNow(typed);
  });
  document.addEventListener("htmx:before:response", (event) => {
    // What is told to the script alone is never drawn inside a page, nor a whole page where one line is kept.
    const { response, sourceElement } = event.detail.ctx;
    if (asks(sourceElement)) { if (response.status !== 200) event.preventDefault(); return; }
    const html = (response.headers.get("Content-Type") || "").startsWith("text/html");
    const drawn = html && !(quiet(sourceElement) && [403, 404].includes(response.status));
    const taken = drawn && response.status !== 401 && response.status < 500;
    lost(taken ? "" : document.body.dataset.unsaved);
    keptOrLater(sourceElement, taken);
    if (!drawn) event.preventDefault();
  });
  document.addEventListener("htmx:error", (event) => {
    if (asks(event.detail.ctx?.sourceElement)) return;
    lost(document.body.dataset.unsaved);
    keptOrLater(event.detail.ctx?.sourceElement, false);
  });
  document.addEventListener("htmx:finally:request", (event) => {
    if (event.detail.ctx.sourceElement === sending) sending = null;
  });
  // Where two things are pressed before either is answered, the page shows the last one, whichever comes first; but what
  // was not done before all else, since what she typed stands in it.
  const asked = new WeakSet();
  let newest = null;
  document.addEventListener("htmx:before:request", (event) => {
    const { ctx } = event.detail;
    if (quiet(ctx.sourceElement) || asks(ctx.sourceElement) || !ctx.sourceElement.isConnected) return;
    asked.add(ctx);
    newest = ctx;
  });
  document.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail;
    if (asked.has(ctx) && ctx.request.method === "POST" && ctx.response.status >= 400) newest = ctx;
    if (ctx === newest && !ctx.target.isConnected) ctx.target = document.getElementById(ctx.target.id);
  });
  let held = false;
  document.addEventListener("htmx:before:swap", () => { held = document.activeElement !== document.body; });
  document.addEventListener("htmx:after:swap", (event) => {
    if (asks(event.detail.ctx.sourceElement)) return;
    const place = document.querySelector("[data-focus]") || document.querySelector("main h1");
    if (quiet(event.detail.ctx.sourceElement)) {
      if (held && document.activeElement === document.body) place?.focus({ preventScroll: true });
      return;
    }
    // A row that was added is heard, and stays where it came; a page begins at its top.
    place?.focus();
    if (place?.matches("h1")) window.scrollTo(0, 0);
    else place?.scrollIntoView({ block: "start" });
  });
  // A list by single keys: off in a field, with a modifier, and where she has turned them off.
  const typesIn = (place) => place.closest?.("input:not([type=checkbox]), select, textarea, [contenteditable]");
  function step(list, by) {
    const rows = [...list.querySelectorAll("tbody tr")];
    const here = rows.indexOf(document.activeElement.closest?.("tr"));
    const next = rows[Math.min(Math.max(here + by, 0), rows.length - 1)];
    // The link before the box, since Enter opens what it is at.
    (next?.querySelector("th a") || next?.querySelector("input[type=checkbox]"))?.focus();
  }
  const KEYS = {
    j: (list) => step(list, 1),
    k: (list) => step(list, -1),
    x: (list) => document.activeElement.closest("[data-keys] tbody tr")?.querySelector("input[type=checkbox]")?.click(),
    a: () => document.querySelector("[data-key=give]")?.focus(),
    "/": () => document.querySelector("[data-key=search]")?.focus(),
    "?": () => {
      const shown = document.getElementById("keys");
      shown.open = !shown.open;
      if (shown.open) shown.querySelector("summary").focus();
    },
  };
  document.addEventListener("keydown", (event) => {
    const list = document.querySelector("[data-keys]");
    if (!list || event.ctrlKey || event.metaKey || event.altKey || typesIn(event.target)) return;
    if (!Object.hasOwn(KEYS, event.key)) return;
    event.preventDefault();
    KEYS[event.key](list);
  });
  document.addEventListener("click", (event) => {
    const name = event.target.closest?.("[data-all]")?.dataset.all;
    if (!name) return;
    const boxes = [...event.target.form.querySelectorAll(`input[name="${name}"]`)];
    const on = boxes.some((one) => !one.checked);
    for (const one of boxes) one.checked = on;
  });
  // A day that is chosen in the calendar stands in the field, as if it had been typed.
  document.addEventListener("input", (event) => {
    if (!event.target.matches?.("input.picker") || !event.target.value) return;
    const field = event.target.previousElementSibling;
    field.value = event.target.value;
    for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));
  });
  // A slider says the word that it stands at, and not its number.
  const worded = (slider) => slider.setAttribute("aria-valuetext", slider.list.options[slider.value].label);
  document.addEventListener("input", (event) => { if (event.target.matches?.("input.steps")) worded(event.target); });
  const offer = () => {
    for (const one of document.querySelectorAll("[data-all], input.picker")) one.hidden = false;
    document.querySelectorAll("input.steps").forEach(worded);
  };
  document.addEventListener("htmx:after:swap", offer);
  offer();
  const focused = document.querySelector("[data-focus]");
  if (focused) focused.focus();
  begin();
})();
