"use strict";
// The agent desk, live: whenever the call changes, its part of the page is asked for anew and put in its place. Where nothing is heard
// for some seconds, or what was heard cannot be shown, each light says that nobody is sure. One key does what its button does. Without this the page loads itself anew.
const now = document.getElementById("now");
const waits = document.querySelector("[data-calls]");
const said = document.getElementById("said");
const wrong = document.getElementById("wrong");
const SILENT = 6000;
const LATE = 3000;
let heard = Date.now();
// Since when something else is so than what is shown; 0 while it is the same.
let behind = 0;
let events;
// The newest call: as it was heard, and as it is shown. Listened for where the call on the page is over. Somebody may be put through
// to an older one, so that is asked now and then.
let newest = "";
let shown = "";
let asked = Date.now();
const ASKED = 10000;
let asking = false;
let again = false;

function typing(target) {
  return target instanceof HTMLElement && target.closest("select, textarea, input:not([type=checkbox])");
}

function mark() {
  return now.querySelector("[data-mark]")?.dataset.mark;
}

function isOver() {
  return now?.querySelector("[data-over]") != null;
}

// Whether going on to the next call would lose something: what somebody wrote or chose, or what is shown this once.
function holdsOn() {
  const written = [...document.querySelectorAll("main :is(input, textarea, select):not(#keys)")].some((each) => !now.contains(each) && (
    each.type === "checkbox" ? each.checked !== each.defaultChecked
      : each.options ? [...each.options].some((one, nth) => one.selected !== (one.defaultSelected || (nth === 0 && !each.querySelector("[selected]"))))
        : each.value !== each.defaultValue));
  return written || document.querySelector("[data-keep]") != null;
}

function next(hadNext) {
  const title = now.querySelector("[data-title]")?.dataset.title;
  if (title) document.title = `${title} · Rightcall`;
  const on = now.querySelector("[data-next]");
  if (on && !hadNext && !holdsOn()) location.assign(on.href);
}

function put(html) {
  if (wrong.textContent === now.dataset.lost) wrong.textContent = wrong.className = "";
  const focused = document.activeElement?.id;
  const before = now.querySelector("[data-said]")?.textContent;
  const [wasOver, hadNext] = [isOver(), now.querySelector("[data-next]") != null];
  now.innerHTML = html;
  behind = 0;
  shown = newest;
  if (focused && !document.activeElement?.id) (document.getElementById(focused) ?? document.getElementById("main")).focus();
  const after = now.querySelector("[data-said]")?.textContent;
  if (after !== before) said.textContent = after ?? "";
  next(hadNext);
  if (isOver() && !wasOver) {
    events?.close();
    listen();
  }
}

async function look() {
  if (asking) return void (again = true);
  asking = true;
  try {
    const answer = await fetch(now.dataset.now, { signal: AbortSignal.timeout(5000) });
    if (answer.redirected || answer.status === 401) return location.reload();
    if (answer.ok) put(await answer.text());
  } catch {
    // What the lights say is old soon, and then they say so.
  } finally {
    asking = false;
    if (again) { again = false; look(); }
  }
}

async function putThrough() {
  const answer = await fetch("/desk", { redirect: "manual" }).catch(() => null);
  if (answer?.type === "opaqueredirect") location.reload();
}

function unsure() {
  if (!now || document.hidden) return;
  if (Date.now() - heard < SILENT && (!behind || Date.now() - behind < LATE)) return;
  const board = now.querySelector("[data-mark]");
  if (!board || board.dataset.mark === "lost") return;
  board.dataset.mark = "lost";
  for (const lamp of now.querySelectorAll("[data-lamp]")) {
    lamp.className = "lamp unsure";
    lamp.textContent = "?";
  }
  // What stands beside a light told what was so while it was heard of.
  for (const told of now.querySelectorAll("[data-sure]")) told.classList.add("unheard");
  now.querySelector("[data-said]").textContent = wrong.textContent = said.textContent = now.dataset.lost;
  wrong.className = "note bad";
}

function listen() {
  const place = isOver() ? "/desk/stream" : now?.dataset.stream ?? waits?.dataset.stream;
  if (!place) return;
  events = new EventSource(place);
  events.addEventListener("gate", (event) => {
    heard = Date.now();
    behind = mark() === JSON.parse(event.data) ? 0 : behind || heard;
    if (behind) look();
  });
  events.addEventListener("calls", (event) => {
    heard = Date.now();
    newest = JSON.parse(event.data);
    const isDue = heard - asked > ASKED;
    if (isDue) asked = heard;
    if (now) return newest === shown && mark() !== "lost" && !isDue ? undefined : look();
    if (waits.dataset.calls && waits.dataset.calls !== newest) location.reload();
    else if (isDue && !location.search) putThrough();
    waits.dataset.calls = newest;
  });
  events.addEventListener("error", () => {
    // What was refused is not asked again by itself.
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 1000);
  });
}

// Its words, each in its language still.
function copied(told) {
  const copy = document.createElement("span");
  copy.lang = told.closest("[lang]").lang;
  copy.append(...document.importNode(told, true).childNodes);
  return copy;
}

async function send(form) {
  for (const button of form.querySelectorAll("button")) button.disabled = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual" });
    if (answer.type === "opaqueredirect") {
      wrong.textContent = wrong.className = "";
    } else {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const told = [...page.querySelectorAll("main h1, main .lead, main .note p")].map(copied);
      wrong.replaceChildren(...told.flatMap((each, nth) => (nth ? [" · ", each] : [each])));
      wrong.className = "note bad";
    }
  } catch {
    wrong.textContent = now.dataset.lost;
    wrong.className = "note bad";
  }
  await look();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || !now?.contains(form)) return;
  event.preventDefault();
  send(form);
});

const keys = document.getElementById("keys");
if (keys) {
  keys.checked = localStorage.getItem("rightcall-desk-keys") !== "off";
  keys.addEventListener("change", () => localStorage.setItem("rightcall-desk-keys", keys.checked ? "on" : "off"));
}
let chord = "";
document.addEventListener("keydown", (event) => {
  if (!keys?.checked || event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target)) return;
  const key = event.key.toUpperCase();
  const named = CSS.escape(chord + key);
  const button = document.querySelector(`:is([data-key="${named}"], [data-too="${named}"]):not(details:not([open]) *)`);
  const isSecond = chord !== "";
  chord = "";
  if (button) {
    event.preventDefault();
    button.click();
  } else if (now.querySelector(`[data-key^="${CSS.escape(key)} "]`)) {
    // Several: the next key says which.
    chord = `${key} `;
    now.querySelector(`[data-key^="${CSS.escape(key)} "]`).focus();
  } else if (!isSecond && mark() !== "lost") {
    // A key that does nothing as things stand says so.
    const why = now.querySelector(`[data-not-now~="${CSS.escape(key)}"]`)?.textContent;
    if (why) [wrong.textContent, wrong.className] = [why, "note wait"];
  }
});
// A browser keeps few connections to one place: a tab that nobody sees leaves them to those that somebody does.
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return events?.close();
  heard = Date.now() - SILENT + 1500;
  listen();
});
listen();
if (now) setInterval(unsure, 500);
