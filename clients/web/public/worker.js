// Stands behind the form to sign up: what is sent is kept on the device until
// it is answered. It caches nothing.

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "POST" && request.mode === "navigate") event.respondWith(send(request));
});

// The browser has a connection again, perhaps without a page.
self.addEventListener("sync", (event) => event.waitUntil(sendUnseen()));

async function send(request) {
  const kept = await keep(request.clone());
  const response = await fetch(request).catch(() => undefined);
  if (response && isAnswer(response)) {
    if (kept) await store("delete", kept);
    return response;
  }
  const pages = await self.clients.matchAll();
  pages.forEach((page) => page.postMessage(kept ? "waiting" : "unsent"));
  // Some browsers have no Background Sync, and some forbid it.
  const { sync } = self.registration;
  if (kept && sync) await sync.register("sign-up").catch(() => {});
  // The page stays as it is, with all that was typed.
  return new Response(null, { status: 204 });
}

// Browsers try again later what fails.
async function sendUnseen() {
  await sendKept();
  const forms = await keptForms();
  if (forms.some(({ state }) => state === "waiting")) throw new Error("not sent yet");
}

// Keeps a form, and says under which id; undefined where it is not to be kept,
// or cannot be.
async function keep(request) {
  const body = await request.text();
  const fields = new URLSearchParams(body);
  // Somebody is being added, and nothing signed up yet.
  if (fields.has("size")) return undefined;
  const id = fields.get("request_id");
  const { pathname: path } = new URL(request.url);
  try {
    await store("put", { id, at: Date.now(), path, body, state: "waiting" });
    return id;
  } catch {
    return undefined; // In a private window, say.
  }
}
