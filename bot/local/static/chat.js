// The chat page: one person's chat at a time, read again every second.

import { canDraw, drawCard, prepare } from "./cards.js";

const EVERY = 1000;
const byId = (id) => document.getElementById(id);
const chats = new Map();
let me = null;
let people = [];

async function call(path, body) {
  const sent = body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(path, sent || {}).catch(() => null);
  if (!answer) throw new Error("Servern svarar inte. Kör make run igen.");
  if (!answer.ok) throw new Error(`Det gick inte (${answer.status}): ${(await answer.text()).slice(0, 200)}`);
  return answer.json();
}

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

const show = (problem) => showStatus(problem.message, true);

function showStatus(words, isError = false) {
  byId("status").textContent = words;
  byId("status").classList.toggle("error", isError);
}

// People, and how much each has not read: what the bot has sent less what was there when last looked at.

const seen = (person) => Math.min(Number(localStorage.getItem(`seen-${person.key}`) ?? 0), person.received);

function drawPeople() {
  const badge = (unread) =>
    make("span", { className: "badge" }, `${unread}`, make("span", { className: "unseen" }, " olästa"));
  for (const person of people) {
    const button = document.querySelector(`[data-person="${CSS.escape(person.key)}"]`) ?? addPerson(person);
    const unread = person.received - seen(person);
    button.setAttribute("aria-current", person.key === me);
    button.querySelector(".badge")?.remove();
    if (unread > 0) button.append(badge(unread));
  }
}

function addPerson(person) {
  const initials = person.channel ? "#" : person.name.split(" ").map((part) => part[0]).slice(0, 2).join("");
  const button = make(
    "button",
    { type: "button" },
    make("span", { className: "face", ariaHidden: "true" }, initials),
    make("span", { className: "person" }, make("b", {}, person.name), make("span", {}, person.role)),
  );
  button.dataset.person = person.key;
  button.addEventListener("click", () => choose(person.key).catch(show));
  byId("people").append(make("li", {}, button));
  return button;
}

async function choose(key) {
  me = key;
  localStorage.setItem("me", key);
  const person = people.find((one) => one.key === key);
  byId("who-name").textContent = person.name;
  byId("who-role").textContent = person.role;
  if (!chats.has(key)) chats.set(key, addChat(person));
  for (const [other, chat] of chats) chat.section.hidden = other !== key;
  showStatus("");
  await refresh();
  const { section } = chats.get(key);
  section.scrollTop = section.scrollHeight;
  if (section.lastElementChild) bringIntoView(section, section.lastElementChild);
}

// Each person keeps a section of her own, so that a half-typed form is there when one comes back.
function addChat(person) {
  const section = make("section", { className: "chat", tabIndex: 0, ariaLabel: `Chatt: ${person.name}` });
  section.dataset.chat = person.key;
  byId("chats").append(section);
  return { section, since: 0, isRead: false };
}

// Reading

async function refresh() {
  const key = me;
  const chat = chats.get(key);
  const read = await call(`/local/chat/${encodeURIComponent(key)}?since=${chat.since}`);
  if (read.revision < chat.since) return startOver(chat);
  const isFirst = !chat.isRead;
  const changed = read.messages.filter((message) => place(chat, key, message, isFirst));
  chat.since = Math.max(chat.since, read.revision);
  chat.isRead = true;
  if (!isFirst) announce(changed);
  people = await call("/local/people");
  if (key === me) localStorage.setItem(`seen-${key}`, people.find((one) => one.key === key).received);
  drawPeople();
}

function startOver(chat) {
  chat.section.replaceChildren();
  chat.since = 0;
  chat.isRead = false;
}

// Only what has a new revision is drawn again; the rest keeps what is typed into it.
function place(chat, key, message, isFirst) {
  const old = chat.section.querySelector(`[data-id="${CSS.escape(message.id)}"]`);
  if (old && Number(old.dataset.revision) >= message.revision) return false;
  const fresh = drawMessage(key, message);
  const isLow = chat.section.scrollHeight - chat.section.scrollTop - chat.section.clientHeight < 120;
  if (old) old.replaceWith(fresh);
  else chat.section.append(fresh);
  const isAnswer = old?.classList.contains("sending");
  if (isAnswer) lead(fresh);
  if (!isFirst && (isAnswer || (!old && (isLow || message.author !== "bot")))) bringIntoView(chat.section, fresh);
  return message.author === "bot";
}

// To what is wrong in the answer, which is read out at once; else to the answer itself.
function lead(article) {
  const wrong = article.querySelector('[aria-invalid="true"]');
  const words = [...new Set([...article.querySelectorAll(".problem")].map((one) => one.textContent))];
  byId("wrong").textContent = wrong ? `Det här behöver rättas: ${words.join(" ")}` : "";
  (wrong ?? article).focus({ preventScroll: true });
}

function bringIntoView(section, message) {
  const isTall = message.offsetHeight > section.clientHeight;
  message.scrollIntoView({ block: isTall ? "start" : "nearest" });
}

function announce(messages) {
  const words = messages.map((message) => message.summary || message.text || "ett kort");
  if (words.length) byId("announce").textContent = `Från Uppföljaren: ${words.join(". ")}`;
}

function drawMessage(key, message) {
  const isBot = message.author === "bot";
  const sender = isBot ? "Uppföljaren" : people.find((one) => one.key === message.author)?.name ?? message.author;
  const time = make("time", { dateTime: message.at }, message.at_text);
  const article = make("article", { className: isBot ? "message bot" : "message own", tabIndex: -1 });
  article.append(make("p", { className: "sender" }, make("b", {}, sender), " ", time));
  article.dataset.id = message.id;
  article.dataset.revision = message.revision;
  if (message.text) article.append(make("p", { className: "bubble" }, message.text));
  if (message.card) article.append(drawn(key, message, article));
  return article;
}

function drawn(key, message, article) {
  if (!canDraw()) return make("p", { className: "bubble" }, message.summary || "Ett kort");
  return drawCard(message.card, (action) => press(key, message.id, action, article));
}

// Writing

async function press(key, id, action, article) {
  const enable = disable(article);
  const notice = await call(`/local/chat/${encodeURIComponent(key)}/press`, { message: id, action })
    .then((answer) => answer.notice, (problem) => ({ text: problem.message, error: true }));
  if (key === me) await refresh().catch(show);
  enable();
  if (notice) addNotice(key, id, notice);
}

// The card cannot be pressed again while its answer is on the way; what is typed in it stays.
function disable(article) {
  const body = article.querySelector(".card");
  const focused = document.activeElement;
  const waiting = make("p", { className: "waiting", role: "status" }, "Skickar …");
  article.querySelector(".notice")?.remove();
  article.classList.add("sending");
  article.append(waiting);
  body.inert = true;
  return () => {
    waiting.remove();
    body.inert = false;
    article.classList.remove("sending");
    if (body.contains(focused)) focused.focus({ preventScroll: true });
  };
}

function addNotice(key, id, notice) {
  const article = chats.get(key).section.querySelector(`[data-id="${CSS.escape(id)}"]`);
  const words = make("p", { className: notice.error ? "notice error" : "notice" }, notice.text);
  words.setAttribute("role", notice.error ? "alert" : "status");
  article?.append(words);
  words.scrollIntoView({ block: "nearest" });
}

async function say(words) {
  const text = words.trim();
  if (!text) return;
  showStatus("Uppföljaren skriver …");
  const key = me;
  const answer = call(`/local/chat/${encodeURIComponent(key)}/say`, { text });
  setTimeout(() => refresh().catch(show), 100);
  const { notice } = await answer;
  await refresh();
  showStatus(notice?.text ?? "", notice?.error);
}

// The clock

async function readClock() {
  byId("clock").textContent = (await call("/local/clock")).text;
}

async function moveClock(to) {
  const buttons = document.querySelectorAll("[data-move]");
  buttons.forEach((button) => (button.disabled = true));
  showStatus("Klockan flyttas …");
  try {
    byId("clock").textContent = (await call("/local/clock", { to })).text;
    await refresh();
    showStatus("");
  } finally {
    buttons.forEach((button) => (button.disabled = false));
  }
}

// Start

function listen() {
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    say(byId("say").value).catch(show);
    byId("say").value = "";
  });
  for (const button of document.querySelectorAll("[data-suggest]"))
    button.addEventListener("click", () => say(button.dataset.suggest).catch(show));
  for (const button of document.querySelectorAll("[data-move]"))
    button.addEventListener("click", () => moveClock(button.dataset.move).catch(show));
}

async function tick(wasDown) {
  try {
    await Promise.all([refresh(), readClock()]);
    if (wasDown) showStatus("");
    setTimeout(tick, EVERY, false);
  } catch (problem) {
    show(problem);
    setTimeout(tick, EVERY, true);
  }
}

async function start() {
  if (canDraw()) prepare();
  byId("no-renderer").hidden = canDraw();
  listen();
  people = await call("/local/people");
  drawPeople();
  const before = localStorage.getItem("me");
  await choose(people.some((person) => person.key === before) ? before : people[0].key);
  tick(false);
}

start().catch(show);
