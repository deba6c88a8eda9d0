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

for (const keys of document.querySelectorAll("[data-keys]")) keys.hidden = false;

let current = null;
const findings = () => [...document.querySelectorAll("article.finding")];

const choose = (finding) => {
  for (const other of findings()) other.classList.toggle("current", other === finding);
  current = finding;
};

const go = (step) => {
  const all = findings();
  if (all.length === 0) return;
  const at = current ? all.indexOf(current) : -1;
  const next = all[Math.min(Math.max(at + step, 0), all.length - 1)];
  choose(next);
  next.setAttribute("tabindex", "-1");
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "center" });
};

// The finding that a key is about: the one walked to, else the only one on the page.
const meant = () => {
  const focused = document.activeElement?.closest("article.finding");
  const all = findings();
  return focused ?? current ?? (all.length === 1 ? all[0] : null);
};

// A verdict is sent in the background, and the finding comes back as it now is.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  const finding = form.closest("article.finding");
  if (!form.matches("form.review") || !finding) return;
  event.preventDefault();
  const fields = new URLSearchParams(new FormData(form, event.submitter));
  fields.set("part", "1");
  try {
    const answer = await fetch(form.action, { method: "POST", body: fields });
    const piece = new DOMParser().parseFromString(await answer.text(), "text/html");
    const made = answer.ok ? piece.querySelector("article.finding") : null;
    if (made) {
      finding.replaceWith(made);
      choose(made);
      made.setAttribute("tabindex", "-1");
      made.focus({ preventScroll: true });
      say(made.querySelector(".state:last-of-type")?.textContent ?? "");
    } else {
      say(piece.querySelector("main p")?.textContent ?? "That could not be kept.", finding);
    }
  } catch {
    say("The server has ended; the verdict was not kept.", finding);
  }
});

// Tells a screen reader, and where something failed also the eye.
const say = (words, finding) => {
  const place = document.getElementById("said");
  if (place) place.textContent = words;
  if (!finding) return;
  const line = document.createElement("p");
  line.className = "failed";
  line.textContent = words;
  finding.append(line);
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const writing = event.target.closest("input, textarea, select");
  if (event.key === "Escape" && writing) {
    if (writing === box) {
      box.value = "";
      box.dispatchEvent(new Event("input"));
    }
    writing.blur();
    return;
  }
  if (writing) return;
  const finding = meant();
  switch (event.key) {
    case "/":
      box?.focus();
      box?.select();
      break;
    case "j":
      go(1);
      break;
    case "k":
      go(-1);
      break;
    case "n":
      finding?.querySelector("form.review input")?.focus();
      break;
    case "a":
    case "r":
    case "u":
      finding?.querySelector(`form.review button[data-key="${event.key}"]`)?.click();
      break;
    default:
      return;
  }
  event.preventDefault();
});
