"use strict";
const rows = [...document.querySelectorAll(".row")];
const narrow = matchMedia("(max-width: 760px)");

const first = rows.find(r => !r.classList.contains("quiet")) || rows[0];

// show opens the notification that the address names; on a wide screen one is always
// open, and at first one that was sent.
function show() {
  const [hash, place] = location.hash.split("-"); // #n1-0.1 is a sink of #n1
  const wanted = rows.find(r => r.hash === hash) || (narrow.matches ? null : first);
  document.body.classList.toggle("reading", Boolean(wanted));
  for (const row of rows) {
    const open = row === wanted;
    row.classList.toggle("open", open);
    row.toggleAttribute("aria-current", open);
    document.querySelector(row.hash).classList.toggle("open", open);
  }
  if (!wanted) return;
  wanted.scrollIntoView({ block: "nearest" });
  document.querySelector(".pane").scrollTop = 0;
  if (narrow.matches) scrollTo(0, 0);
  document.querySelectorAll(".open iframe").forEach(fit);
  if (place) document.getElementById(location.hash.slice(1))?.scrollIntoView();
}

// fit makes the frame as high as the mail in it. Scripts of a mail cannot run.
function fit(frame) {
  const mail = frame.contentDocument;
  if (!mail || !mail.body) return;
  frame.style.height = "0";
  frame.style.height = Math.max(200, mail.documentElement.scrollHeight) + "px";
}

for (const frame of document.querySelectorAll("iframe")) {
  frame.addEventListener("load", () => {
    for (const a of frame.contentDocument.links) { a.target = "_blank"; a.rel = "noopener"; }
    fit(frame);
  });
}
for (const button of document.querySelectorAll(".views button")) {
  button.addEventListener("click", () => {
    for (const b of button.parentNode.children) b.setAttribute("aria-pressed", b === button);
    const stage = button.closest(".mail").querySelector(".stage");
    stage.dataset.view = button.dataset.view;
    stage.querySelectorAll("iframe").forEach(fit);
  });
}
// Every term must be in the row, in the event's name or in the article's path.
document.querySelector(".filter").addEventListener("input", e => {
  const terms = e.target.value.toLowerCase().split(/\s+/);
  for (const row of rows) {
    const path = document.querySelector(row.hash + " .path").textContent;
    const text = (row.textContent + " " + row.parentNode.querySelector("h2").title + " " + path).toLowerCase();
    row.hidden = !terms.every(w => text.includes(w));
  }
});
addEventListener("hashchange", show);
addEventListener("resize", show);
addEventListener("keydown", e => {
  const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[e.key];
  const shown = rows.filter(r => !r.hidden || r.classList.contains("open"));
  const at = shown.findIndex(r => r.classList.contains("open"));
  if (!step || at < 0 || e.ctrlKey || e.metaKey || e.altKey || e.target.closest("button, summary, pre, input")) return;
  const next = shown[at + step];
  if (next) { e.preventDefault(); location.hash = next.hash; }
});
show();
