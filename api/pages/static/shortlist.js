// A shortlist is changed without leaving the page: htmx sends its forms and puts the new list in place, with whoever was
// looked for where somebody was added. What somebody typed or opened elsewhere stays, and so does the focus; an answer
// that is no shortlist is told in words.
"use strict";
(() => {
  let kept = { opened: new Set(), typed: new Map(), card: null };
  const list = () => document.getElementById("shortlist");
  const isList = (element) => ["shortlist", "line"].includes(element?.id);
  const page = document.querySelector("[data-page]").dataset.page;
  if (location.pathname !== page) history.replaceState(null, "", page + location.hash); // what answers a form is shown again
  const fields = () => list().querySelectorAll(":is(input:not([type=hidden]), textarea)[id]");

  document.addEventListener("htmx:configRequest", ({ detail }) => {
    detail.headers.Accept = "text/html"; // a page, also of what is refused
  });

  document.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (!isList(detail.target)) return;
    if (detail.shouldSwap && !new URL(detail.xhr.responseURL).pathname.startsWith("/organise/")) {
      detail.shouldSwap = false; // to sign in
      location.assign(detail.xhr.responseURL);
      return;
    }
    const sent = detail.requestConfig.elt;
    const touched = [...fields()].filter((one) => one.value !== one.defaultValue && !sent.contains(one));
    kept = {
      opened: new Set([...list().querySelectorAll("details[open]")].filter((one) => !one.contains(sent)).map((one) => one.id)),
      typed: new Map(touched.map((one) => [one.id, { was: one.defaultValue, is: one.value, version: one.form.version?.value }])),
      card: sent.closest(".candidate")?.id,
    };
  });

  document.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (!isList(detail.elt)) return;
    for (const one of list().querySelectorAll("details")) if (kept.opened.has(one.id)) one.open = true;
    for (const one of fields()) {
      const typed = kept.typed.get(one.id);
      if (!typed) continue;
      one.value = typed.is;
      if (one.form.version && one.defaultValue !== typed.was) one.form.version.value = typed.version; // refused, and both shown
    }
    if (document.activeElement && document.activeElement !== document.body) return;
    const name = kept.card && document.querySelector(`#line > ol > #${CSS.escape(kept.card)} h3`); // not if they are out
    if (name) name.focus();
    else document.getElementById("told").focus({ preventScroll: true }); // it is in the window wherever the page stands
  });

  document.addEventListener("htmx:responseError", ({ detail }) => {
    if (!isList(detail.target) || detail.xhr.status >= 500) return;
    const page = new DOMParser().parseFromString(detail.xhr.responseText, "text/html");
    const words = page.querySelector("main [role=alert]") ?? page.querySelector("main h1");
    const refusal = document.createElement("p");
    refusal.className = "refusal";
    refusal.role = "alert";
    refusal.textContent = words?.textContent.trim() ?? "";
    document.getElementById("refused").replaceChildren(refusal);
  });
})();
