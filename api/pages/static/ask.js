// What the field of the first page does more with scripts: suggestions as an editable combobox with a list (WAI-ARIA
// Authoring Practices), which htmx fetches; an address without what was left empty; and a button that copies it.
"use strict";

(() => {
  const LONGEST = 100;
  const field = document.getElementById("q");
  const list = document.getElementById("suggestions");
  const said = document.getElementById("suggestions-said");
  if (!field || !list || !said) return;
  const options = () => [...list.querySelectorAll("[role=option]")];
  const active = () => list.querySelector("[aria-selected=true]");

  field.setAttribute("role", "combobox");
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", list.id);
  field.setAttribute("aria-expanded", "false");
  field.setAttribute("aria-haspopup", "listbox");

  const choose = (option) => {
    active()?.setAttribute("aria-selected", "false");
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) field.setAttribute("aria-activedescendant", option.id);
    else field.removeAttribute("aria-activedescendant");
  };
  const show = (isShown) => {
    choose(null);
    list.hidden = !isShown;
    field.setAttribute("aria-expanded", String(isShown));
    if (!isShown) said.textContent = "";
  };
  // What is still being composed, as Chinese is, is no text yet. An answer to what stood there before comes too late.
  const typed = () => {
    show(false);
    htmx.trigger(field, "htmx:abort");
    const text = field.value.trim();
    if (text && text.length <= LONGEST) field.dispatchEvent(new Event("typed"));
  };

  field.addEventListener("input", (event) => { if (!event.isComposing) typed(); });
  field.addEventListener("compositionend", typed);
  field.addEventListener("blur", () => show(false));
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("htmx:afterSwap", () => {
    const found = options().length;
    show(found > 0 && document.activeElement === field && field.value.trim() !== "");
    if (!list.hidden) said.textContent = said.dataset.words.replace("{}", found);
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || list.hidden) return;
    const all = options();
    const at = all.indexOf(active());
    if (event.key === "ArrowDown") choose(all[at + 1] ?? null);
    else if (event.key === "ArrowUp") choose(at === -1 ? all.at(-1) : all[at - 1] ?? null);
    else if (event.key === "Escape") show(false);
    else if (event.key === "Enter" && at !== -1) all[at].click();
    else return;
    event.preventDefault();
  });
})();

document.getElementById("q")?.form.addEventListener("formdata", ({ formData }) => {
  for (const [name, value] of [...formData]) if (!value) formData.delete(name);
  // That nothing was asked is said to whoever sends that.
  if ([...formData].length === 0) formData.set("q", "");
});

(() => {
  const button = document.getElementById("copy");
  if (!button) return;
  button.hidden = !navigator.clipboard;
  const words = button.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(new URL(button.dataset.address, location.href).href);
    button.textContent = button.dataset.said;
    const said = document.getElementById("suggestions-said");
    if (said) said.textContent = button.dataset.said;
    setTimeout(() => { button.textContent = words; }, 3000);
  });
})();
