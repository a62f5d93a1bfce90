(() => {
  for (const button of document.querySelectorAll("button[data-copies]")) {
    const secret = button.closest("section").querySelector(".secret");
    const words = button.textContent;
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(secret.textContent.trim());
      button.textContent = button.dataset.said;
      setTimeout(() => { button.textContent = words; }, 3000);
    });
  }
})();
