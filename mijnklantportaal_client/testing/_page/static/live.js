// Keeps the page up to date and opens records beside it. Everything on it works without this too.

const status = document.getElementById("link");
const parts = ["clock", "limit", "portal", "requests", "deliveries"];

const kept = ["open", "data-new"];

// Makes `now` like `next`, and leaves alone what is the same: focus, selection and what is open stay.
function morph(now, next) {
  for (const { name, value } of next.attributes) {
    if (!kept.includes(name) && now.getAttribute(name) !== value) now.setAttribute(name, value);
  }
  for (const { name } of [...now.attributes]) {
    if (!kept.includes(name) && !next.hasAttribute(name)) now.removeAttribute(name);
  }
  if (!next.firstElementChild || !now.firstElementChild) {
    if (now.innerHTML !== next.innerHTML) now.replaceChildren(...next.childNodes);
    return;
  }
  const known = new Map([...now.children].filter((child) => child.dataset.key).map((child) => [child.dataset.key, child]));
  let place = now.firstChild;
  for (const child of [...next.childNodes]) {
    const key = child.dataset?.key;
    const same = key ? known.get(key) : !place?.dataset?.key && place?.nodeName === child.nodeName ? place : null;
    if (!same) {
      if (key) child.dataset.new = "";
      now.insertBefore(child, place);
    } else {
      if (same === place) place = place.nextSibling;
      else now.insertBefore(same, place);
      if (child.nodeType !== Node.ELEMENT_NODE) same.nodeValue = child.nodeValue;
      else if (!same.isEqualNode(child)) morph(same, child);
    }
  }
  while (place) {
    const gone = place;
    place = place.nextSibling;
    gone.remove();
  }
}

function show(part, html) {
  const now = document.getElementById(part);
  const next = now.cloneNode(false);
  next.innerHTML = html;
  morph(now, next);
}

function tell(text, tone) {
  status.textContent = text;
  status.className = `state ${tone}`;
}

// A browser allows few connections to one host, so a tab that nobody sees has none.
let source = null;
function listen() {
  source?.close();
  source = null;
  if (document.hidden) return;
  source = new EventSource("/_sandbox/events");
  source.onopen = () => tell("live", "good");
  source.onerror = () => tell("the sandbox does not answer", "bad");
  for (const part of parts) source.addEventListener(part, (event) => show(part, JSON.parse(event.data)));
}

if (status) {
  document.addEventListener("visibilitychange", listen);
  window.addEventListener("pagehide", () => source?.close());
  window.addEventListener("pageshow", listen);
}

// Records, requests and deliveries open beside the page.
const sheet = document.createElement("dialog");
sheet.className = "sheet";
sheet.setAttribute("aria-label", "Details");
const close = document.createElement("button");
close.className = "close";
close.setAttribute("aria-label", "Close");
close.textContent = "✕";
const content = document.createElement("div");
sheet.append(close, content);
document.body.append(sheet);
close.addEventListener("click", () => sheet.close());
sheet.addEventListener("click", (event) => event.target === sheet && sheet.close());

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-open]");
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  try {
    const answer = await fetch(link.href);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    content.replaceChildren(...page.querySelector("main").childNodes);
    if (!sheet.open) sheet.showModal();
    sheet.scrollTop = 0;
  } catch {
    location.assign(link.href);
  }
});

for (const button of document.querySelectorAll("button[data-copy]")) {
  const source = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(source.textContent);
      button.textContent = "Copied";
    } catch {
      // Allowed on this machine and over HTTPS only: the text is selected for Ctrl-C.
      getSelection().selectAllChildren(source);
      button.textContent = "Selected";
    }
    setTimeout(() => (button.textContent = "Copy"), 1500);
  });
}
