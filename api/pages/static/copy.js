(() => {
  for (const button of document.querySelectorAll("button[data-copies]")) {
    const words = button.textContent;
    button.hidden = !navigator.clipboard;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copies).textContent);
      button.textContent = button.dataset.said;
      setTimeout(() => { button.textContent = words; }, 3000);
    });
  }
})();
