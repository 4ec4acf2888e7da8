// What goes on is shown as it is now: the part of the page that says so is fetched anew, and nothing else of it. Without this the
// page is loaded again by hand. It ends after ten minutes, so that a screen that nobody looks at is signed out like any other.
"use strict";

const EVERY = 3000;
const UNTIL = Date.now() + 10 * 60 * 1000;

async function look(part) {
  const answer = await fetch(location.href);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = page.getElementById(part.id);
  if (now && !part.contains(document.activeElement)) part.replaceWith(document.adoptNode(now));
}

const watch = setInterval(() => {
  const parts = document.querySelectorAll("[data-goes-on]");
  if (!parts.length || Date.now() > UNTIL) clearInterval(watch);
  else if (!document.hidden) parts.forEach((part) => look(part).catch(() => {}));
}, EVERY);
