// Makes searching quicker and findings walkable by keys. Every page works without it.
"use strict";

const box = document.getElementById("q");
const results = document.getElementById("results");
const page = document.getElementById("main");

// Search as one types: the server sends the results as a piece of a page.
if (box && results && page) {
  let waiting = 0;
  let asked = 0;
  const look = async () => {
    const words = box.value.trim();
    const mine = ++asked;
    if (words.length < 2) {
      results.replaceChildren();
      page.hidden = false;
      return;
    }
    const address = new URL(box.form.action);
    address.searchParams.set("q", words);
    address.searchParams.set("part", "1");
    try {
      const answer = await fetch(address);
      const text = await answer.text();
      // Answers may come in another order than the questions were asked in.
      if (mine !== asked || !answer.ok) return;
      const piece = new DOMParser().parseFromString(text, "text/html");
      results.replaceChildren(...piece.body.childNodes);
      page.hidden = true;
    } catch {
      // The server has ended; the page stays as it is.
    }
  };
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 120);
  });
}

// While findings are still being worked out, the page is asked for again.
if (document.querySelector("[data-waiting]")) {
  setTimeout(() => {
    if (!document.activeElement || document.activeElement === document.body) location.reload();
  }, 2000);
}

const findings = [...document.querySelectorAll("article.finding")];
let at = -1;

const go = (step) => {
  if (findings.length === 0) return;
  at = Math.min(Math.max(at + step, 0), findings.length - 1);
  findings.forEach((finding, n) => finding.classList.toggle("current", n === at));
  findings[at].setAttribute("tabindex", "-1");
  findings[at].focus({ preventScroll: true });
  findings[at].scrollIntoView({ block: "center" });
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const writing = event.target.closest("input, textarea, select");
  if (event.key === "Escape" && writing === box) {
    box.value = "";
    box.dispatchEvent(new Event("input"));
    box.blur();
    return;
  }
  if (writing) return;
  switch (event.key) {
    case "/":
      if (!box) return;
      box.focus();
      box.select();
      break;
    case "j":
      go(1);
      break;
    case "k":
      go(-1);
      break;
    default:
      return;
  }
  event.preventDefault();
});
