// Says on every page what is kept on this device, and sends it again. Without it
// a form is sent as any other.
(function () {
  const box = document.getElementById("kept");
  const form = document.querySelector("[data-keep]");
  if (!navigator.serviceWorker || !window.indexedDB) return;
  let timer;

  if (form) {
    const scope = form.getAttribute("action");
    navigator.serviceWorker.register(form.dataset.keep, { scope }).catch(() => {});
  }

  async function show(isUnsent) {
    const forms = await keptForms();
    const states = forms.map(({ state }) => state);
    if (isUnsent) states.push("unsent");
    box.querySelectorAll("[data-kept]").forEach((part) => {
      part.hidden = !part.dataset.kept.split(" ").some((state) => states.includes(state));
    });
    const taken = forms.find(({ state }) => state === "taken");
    if (taken) box.querySelector("a").href = taken.answer;
    box.hidden = states.length === 0;
    clearTimeout(timer);
    if (states.includes("waiting")) timer = setTimeout(again, 30_000);
    return forms;
  }

  async function again() {
    for (const { id, answer } of await keptForms()) {
      if (answer === location.href) await store("delete", id); // It was seen.
    }
    await show();
    await sendKept();
    const forms = await show();
    // Whoever still has the form before them sees its answer in its place.
    const own = form && forms.find(({ id }) => id === form.elements["request_id"].value);
    if (own && own.state === "taken") location.replace(own.answer);
    if (own && own.state === "refused") submit(own);
  }

  // As the form itself would be, so that the answer is a page to go on with.
  function submit({ path, body }) {
    const copy = document.createElement("form");
    copy.method = "post";
    copy.action = path;
    for (const [name, value] of new URLSearchParams(body)) {
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = name;
      field.value = value;
      copy.append(field);
    }
    document.body.append(copy);
    copy.submit();
  }

  const actions = {
    send: again,
    correct: async () => submit((await keptForms()).find(({ state }) => state === "refused")),
    delete: async () => {
      await store("clear");
      if (form) form.reset();
      await show();
    },
  };
  box.addEventListener("click", ({ target }) => {
    const action = actions[target.dataset.do];
    if (action) action();
  });
  navigator.serviceWorker.addEventListener("message", async ({ data }) => {
    await show(data === "unsent");
    box.focus();
  });
  window.addEventListener("online", again);
  window.addEventListener("pageshow", again);
})();
