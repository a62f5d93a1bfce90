// A judgement is shown at once and sent from the page. What is refused, or reaches nobody, goes back to what it was, and
// the page says why: beside the buttons, or in the place of reached.js.
"use strict";
(() => {
  const answered = async (form, mark) => {
    const body = new URLSearchParams(new FormData(form));
    body.set("mark", mark);
    const headers = { Accept: "text/html", Prefer: "return=minimal" };
    const keepalive = String(body).length < 60000; // browsers refuse to keep more alive
    const signal = AbortSignal.timeout(10000);
    const answer = await fetch(form.action, { method: "POST", body, headers, keepalive, signal });
    if (answer.redirected) location.assign(answer.url); // to sign in
    if (answer.ok || answer.status >= 500) return { isKept: answer.status === 204 };
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return { refusal: page.querySelector("main [role=alert]") };
  };
  for (const form of document.querySelectorAll(".judgement")) {
    const buttons = [...form.querySelectorAll("button")];
    const said = form.querySelector("[role=status]");
    let kept = buttons.find((one) => one.value === "none")?.dataset.mark ?? "none";
    let [shown, pressed, isSending] = [kept, null, false];
    const show = (mark) => {
      shown = mark;
      for (const one of buttons) {
        one.setAttribute("aria-pressed", String(one.dataset.mark === mark));
        one.value = one.dataset.mark === mark ? "none" : one.dataset.mark;
      }
    };
    const say = (style, ...words) => { said.className = style; said.replaceChildren(...words); };
    const press = async (button, wanted) => {
      pressed = button;
      show(wanted);
      say("");
      if (isSending) return;
      isSending = true;
      do { // what was pressed meanwhile is sent next
        const mark = shown;
        const { isKept, refusal } = await answered(form, mark).catch(() => ({}));
        const [last, lost] = [pressed, shown];
        const detail = () => { last.focus(); press(last, lost); };
        document.dispatchEvent(isKept || refusal ? new Event("reached") : new CustomEvent("unreached", { detail }));
        if (isKept) kept = mark; else show(kept);
        if (isKept) say("", mark === "none" ? said.dataset.takenBack : said.dataset.kept);
        else if (refusal) say("refusal", ...refusal.childNodes);
      } while (shown !== kept);
      isSending = false;
    };
    form.addEventListener("submit", (event) => { event.preventDefault(); press(event.submitter, event.submitter.value); });
  }
})();
