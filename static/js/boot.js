// Runs before the first paint: a remembered theme is set at once, so nothing flashes.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch { /* storage may be closed; the system's choice stays */ }

// What is typed before the modules are there they are told of once they are, or a draft would not be stored.
{
  const typed = new Set();
  const note = (event) => typed.add(event.target);
  addEventListener("input", note, true);
  addEventListener("DOMContentLoaded", () => {
    removeEventListener("input", note, true);
    for (const control of typed) control.dispatchEvent(new Event("input", { bubbles: true }));
  });
}
