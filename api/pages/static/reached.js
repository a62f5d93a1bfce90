// Says in words that the network cannot be reached, in the place that every page has for it, and offers to try again.
// What asks parts of a page tells it: htmx by its events, our own scripts by "unreached" (detail: what to do again) and
// "reached". A form that changes something leaves the page only when somebody answers, so that what was typed stays.
"use strict";

(() => {
  const LONGEST_MS = 10000;
  const ALIVE = "/healthz";
  const place = document.getElementById("lost");
  if (!place) return;
  let again = null;

  const reached = () => place.replaceChildren();
  const unreached = (next) => {
    again = next;
    if (place.hasChildNodes()) return;
    const words = document.createElement("p");
    words.textContent = place.dataset.words;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = place.dataset.again;
    button.addEventListener("click", () => again());
    place.append(words, button);
  };

  document.addEventListener("reached", reached);
  document.addEventListener("unreached", (event) => unreached(event.detail));

  const failed = ({ detail }) => {
    const status = detail.xhr?.status ?? 0;
    if (status > 0 && status < 500) return;
    const button = detail.requestConfig?.triggeringEvent?.submitter;
    if (detail.elt.matches("form[method=post]")) {
      unreached(() => detail.elt.requestSubmit(button));
      return;
    }
    unreached(() => {
      detail.elt.focus();
      detail.elt.dispatchEvent(new Event("again"));
    });
  };
  for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    document.addEventListener(name, failed);
  }
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) reached(); });

  const asked = new WeakSet();
  const answered = new WeakSet();
  const isAnswered = () =>
    fetch(ALIVE, { cache: "no-store", signal: AbortSignal.timeout(LONGEST_MS) })
      .then((answer) => answer.status < 500, () => false);

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.getAttribute("method") !== "post" || event.defaultPrevented || answered.delete(form)) return;
    event.preventDefault();
    if (asked.has(form)) return;
    asked.add(form);
    const is = await isAnswered();
    asked.delete(form);
    if (is) {
      reached();
      answered.add(form);
      form.requestSubmit(event.submitter);
    } else {
      unreached(() => form.requestSubmit(event.submitter));
    }
  });
})();
