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
// When something was last sent that did not get through, and how long that stands there at least.
let undone = 0;
const READ = 4000;
let asking = false;
let again = false;

function typing(target) {
  return target instanceof HTMLElement && target.closest("select, textarea, input:not([type=checkbox])");
}

// Whoever is writing sends it all the same, and has it again once they signed in.
function writes() {
  return [...document.querySelectorAll("textarea")].some((each) => each.value.trim());
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

// `sort` empty: nothing is told any more. `back`: it goes as soon as we are heard of again.
function tell(told, sort, back = false) {
  wrong.replaceChildren(...told);
  wrong.className = sort && `note ${sort}`;
  wrong.toggleAttribute("data-back", back);
}

function isBack() {
  if (!wrong.hasAttribute("data-back")) return;
  const left = undone + READ - Date.now();
  if (left > 0) setTimeout(() => mark() !== "lost" && isBack(), left);
  else tell([], "");
}

// What stands of each purpose, by its card.
function standing() {
  return new Map([...now.querySelectorAll("[data-heard]")].map((each) => [each.dataset.heard, each.textContent]));
}

function put(html) {
  const focused = document.activeElement;
  const places = now.contains(focused) ? [focused.id, focused.closest("#now [id][tabindex]")?.id, "main"] : [];
  const [stood, opened] = [standing(), [...now.querySelectorAll("details[open]")].map((each) => each.id)];
  const before = now.querySelector("[data-said]")?.textContent;
  const [wasOver, hadNext] = [isOver(), now.querySelector("[data-next]") != null];
  now.innerHTML = html;
  behind = 0;
  shown = newest;
  isBack();
  // Never onto another button: who presses twice would do what is written there.
  for (const each of opened) document.getElementById(each)?.setAttribute("open", "");
  places.map((each) => document.getElementById(each)).find((each) => each)?.focus();
  const light = now.querySelector("[data-said]");
  const changed = [...now.querySelectorAll("[data-heard]")].filter((each) => stood.has(each.dataset.heard) && stood.get(each.dataset.heard) !== each.textContent);
  const news = [...(light?.textContent === before ? [] : [light]), ...changed].filter((each) => each);
  if (news.length) said.replaceChildren(...news.flatMap((each) => [copied(each), " "]));
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
    if (answer.redirected || answer.status === 401) return writes() ? undefined : location.reload();
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

// Nothing on the page is sure any more.
function lose(told) {
  const board = now.querySelector("[data-mark]");
  board.dataset.mark = "lost";
  for (const lamp of now.querySelectorAll("[data-lamp]")) {
    lamp.className = "lamp unsure";
    lamp.textContent = "?";
  }
  // What stands beside a light told what was so while it was heard of.
  for (const each of now.querySelectorAll("[data-sure]")) each.classList.add("unheard");
  now.querySelector("[data-said]").textContent = said.textContent = now.dataset.lost;
  tell([told], "bad", true);
}

function unsure() {
  if (!now || document.hidden) return;
  if (Date.now() - heard < SILENT && (!behind || Date.now() - behind < LATE)) return;
  if (mark() !== "lost") lose(now.dataset.lost);
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
  copy.className = "told";
  copy.lang = told.closest("[lang]").lang;
  copy.append(...document.importNode(told, true).childNodes);
  return copy;
}

// The words on a button, without its keys.
function worded(button) {
  const copy = copied(button);
  for (const each of copy.querySelectorAll("kbd, .hidden")) each.remove();
  return copy;
}

async function send(form) {
  if (form.dataset.sent) return;
  form.dataset.sent = "true";
  const did = form.querySelector("[data-did]");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), redirect: "manual", signal: AbortSignal.timeout(10000) });
    if (answer.type === "opaqueredirect") {
      tell(did ? [copied(did)] : [], did ? "wait" : "");
    } else {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const told = [...page.querySelectorAll("main h1, main .lead, main .note p")].map(copied);
      tell(told.flatMap((each, nth) => (nth ? [" · ", each] : [each])), "bad");
    }
  } catch {
    undone = Date.now();
    delete form.dataset.sent;
    return lose(now.dataset.undone.replace("{}", worded(form.querySelector("button")).textContent.trim()));
  }
  await look();
  delete form.dataset.sent;
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
    const several = [...now.querySelectorAll(`[data-key^="${CSS.escape(key)} "]`)];
    several[0].focus();
    tell([now.dataset.which, ...several.flatMap((each) => [" · ", `${each.dataset.key}: `, worded(each.closest(".card")?.querySelector("strong") ?? each)])], "wait");
  } else if (!isSecond && mark() !== "lost") {
    // A key that does nothing as things stand says so.
    const why = now.querySelector(`[data-not-now~="${CSS.escape(key)}"]`)?.textContent;
    if (why) tell([why], "wait");
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
