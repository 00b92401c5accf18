// Sign-ups that were sent and not answered yet, kept on this device: for the
// pages (keep.js) and for the worker behind them (worker.js).
"use strict";

const LONGEST = 3 * 24 * 3600 * 1000;

// Calls a method of the store, and waits until what it did is kept.
async function store(method, ...values) {
  const opened = indexedDB.open("lagnet", 1);
  opened.onupgradeneeded = () => opened.result.createObjectStore("forms", { keyPath: "id" });
  const database = await new Promise((resolve, reject) => {
    opened.onsuccess = () => resolve(opened.result);
    opened.onerror = () => reject(opened.error);
  });
  const transaction = database.transaction("forms", "readwrite");
  const asked = transaction.objectStore("forms")[method](...values);
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(asked.result);
    transaction.onabort = () => reject(transaction.error);
  }).finally(() => database.close());
}

// All that is kept: nothing where there is no store, as in some private windows.
// What is too old is deleted instead.
async function keptForms() {
  const forms = await store("getAll").catch(() => []);
  const isOld = ({ at }) => Date.now() - at > LONGEST;
  for (const { id } of forms.filter(isOld)) await store("delete", id);
  return forms.filter((form) => !isOld(form));
}

// Whether the site itself has answered, and not a proxy in front of it or for
// want of its server.
function isAnswer({ status }) {
  return status < 500 && status !== 429;
}

// Sends what waits. Of what was taken only the address of the answer is kept,
// until somebody has seen it; what was refused waits to be corrected.
async function sendKept() {
  for (const form of await keptForms()) {
    if (form.state !== "waiting") continue;
    const response = await fetch(form.path, {
      method: "POST", body: new URLSearchParams(form.body),
    }).catch(() => undefined);
    if (!response || !isAnswer(response)) continue;
    // It may have been deleted, or answered elsewhere, in between.
    if (!(await store("get", form.id))) continue;
    const { id, at } = form;
    await store("put", response.redirected
      ? { id, at, state: "taken", answer: response.url }
      : { ...form, state: "refused" });
  }
}
