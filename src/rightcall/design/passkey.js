"use strict";
// A form with `data-passkey` is sent once the reader's device has answered: we say what to ask it (at that address), the browser
// asks, and the answer goes along in the form. Nothing else of the device is looked at.
const toBytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (each) => each.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function asked(told) {
  const credential = (each) => ({ ...each, id: toBytes(each.id) });
  const publicKey = { ...told, challenge: toBytes(told.challenge) };
  if (told.user) publicKey.user = { ...told.user, id: toBytes(told.user.id) };
  if (told.excludeCredentials) publicKey.excludeCredentials = told.excludeCredentials.map(credential);
  if (told.allowCredentials) publicKey.allowCredentials = told.allowCredentials.map(credential);
  return { publicKey };
}

function answered(credential) {
  const response = { clientDataJSON: toText(credential.response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  }
  return JSON.stringify({ id: credential.id, rawId: toText(credential.rawId), type: credential.type, response });
}

async function answer(form) {
  const answer = await fetch(form.dataset.passkey, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  if (!answer.ok) return form.dataset.refused;
  const { name, options } = await answer.json();
  const ask = asked(JSON.parse(options));
  try {
    const adds = Boolean(ask.publicKey.user);
    const credential = adds ? await navigator.credentials.create(ask) : await navigator.credentials.get(ask);
    form.elements.name.value = name;
    form.elements.answer.value = answered(credential);
  } catch {
    return form.dataset.broken;
  }
  form.submit();
  return "";
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    form.querySelector("[data-said]").textContent = "";
    form.querySelector("[data-said]").textContent = await answer(form);
    button.disabled = false;
  });
}
