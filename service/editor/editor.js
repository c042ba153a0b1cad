// The SPARQL page with script: an editor in place of the text area, answers without leaving the page, cancel.
//
// The page works without it.  Everything shown is made by the server: a query is sent as the form would send it, and
// the parts of the page that comes back replace those of this one.  Completion knows the terms of /sparql/terms; the
// component's own completers would ask other hosts and are not used.

import Yasqe from "@zazuko/yasqe";
import "@zazuko/yasqe/build/yasqe.min.css";
import "./editor.css";
import { completers } from "./completion.js";

const PARTS = ["problem", "answer", "code"];
const CODE_DELAY = 600;
const LONGEST_URL = 8000;

const form = document.getElementById("ask");
const area = document.getElementById("query");
const status = document.getElementById("status");
const format = document.getElementById("format");
const ask = form.querySelector("button[type=submit]");
const endpoint = form.getAttribute("action");

let running = null;

function makeCancel() {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = "Cancel";
  button.hidden = true;
  button.addEventListener("click", () => running?.abort());
  ask.after(button);
  return button;
}

const cancel = makeCancel();

// The seconds run for the eye alone; the status is read out.
const clock = document.createElement("span");
clock.setAttribute("aria-hidden", "true");
status.after(clock);

function makeEditor(terms) {
  Yasqe.Autocompleters = {};
  for (const completer of completers(terms)) Yasqe.registerAutocompleter(completer);
  const host = document.createElement("div");
  host.className = "editor";
  area.after(host);
  const editor = new Yasqe(host, {
    value: area.value.trimEnd(),
    persistenceId: null,
    createShareableLink: null,
    consumeShareLink: null,
    showQueryButton: false,
    resizeable: false,
    editorHeight: "auto",
    viewportMargin: Infinity,
    inputStyle: "contenteditable",
    screenReaderLabel: "Query",
    autocompleters: Object.keys(Yasqe.Autocompleters),
  });
  // Tab moves on, as everywhere else on the page: nobody is caught in the editor (WCAG 2.1.2).
  const keys = { "Ctrl-Enter": run, "Cmd-Enter": run, "Ctrl-S": false, Tab: false, "Shift-Tab": false };
  editor.setOption("extraKeys", { ...editor.getOption("extraKeys"), ...keys });
  const input = editor.getInputField();
  input.setAttribute("role", "textbox");
  input.setAttribute("aria-multiline", "true");
  input.setAttribute("aria-label", "Query");
  input.setAttribute("aria-describedby", "keys");
  area.hidden = true;
  area.required = false;
  document.getElementById("keys").hidden = false;
  document.querySelector("label[for=query]").addEventListener("click", () => editor.focus());
  return editor;
}

function permalink(query) {
  return `${endpoint}?query=${encodeURIComponent(query)}`;
}

async function run() {
  const query = editor.getValue();
  if (format.value !== "html") {
    area.value = query;
    form.submit();
    return;
  }
  running?.abort();
  const started = performance.now();
  const mine = (running = new AbortController());
  const seconds = () => ((performance.now() - started) / 1000).toFixed(1);
  const ticking = setInterval(() => (clock.textContent = `${seconds()} s`), 100);
  status.textContent = "Asking …";
  cancel.hidden = false;
  try {
    const response = await fetch(endpoint, {
      method: "POST",
      headers: { Accept: "text/html", "Content-Type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ query, format: "html" }),
      signal: mine.signal,
    });
    replaceParts(await response.text());
    status.textContent = response.ok ? `Answered in ${seconds()} s.` : `Not answered (${seconds()} s).`;
    const link = permalink(query);
    if (link.length < LONGEST_URL) history.pushState({ query }, "", link);
  } catch (error) {
    const cancelled = error.name === "AbortError";
    status.textContent = cancelled ? `Cancelled after ${seconds()} s.` : "The service cannot be reached.";
  } finally {
    clearInterval(ticking);
    clock.textContent = "";
    if (running === mine) {
      running = null;
      cancel.hidden = true;
    }
  }
}

function replaceParts(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const id of PARTS) {
    const old = document.getElementById(id);
    const fresh = page.getElementById(id);
    if (!old || !fresh) continue;
    if (id === "code") fresh.querySelectorAll("details").forEach((part, n) => (part.open = isOpen(old, n)));
    old.replaceWith(document.adoptNode(fresh));
  }
  addCopyButtons();
}

function isOpen(section, number) {
  return section.querySelectorAll("details")[number]?.open ?? false;
}

// Code for the query as it stands in the editor, asked or not.
async function refreshCode() {
  const link = `${endpoint}/code?query=${encodeURIComponent(editor.getValue())}`;
  if (link.length > LONGEST_URL) return;
  const response = await fetch(link, { headers: { Accept: "application/json" } });
  if (!response.ok) return;
  for (const [language, text] of Object.entries(await response.json())) {
    const block = document.querySelector(`#code pre[data-language="${language}"]`);
    if (block) block.textContent = text;
  }
}

function addCopyButtons() {
  for (const block of document.querySelectorAll("#code pre")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "quiet copy";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(block.textContent);
      button.textContent = "Copied";
      setTimeout(() => (button.textContent = "Copy"), 2000);
    });
    block.after(button);
  }
}

let editor;

async function start() {
  const response = await fetch(`${endpoint}/terms`, { headers: { Accept: "application/json" } });
  if (!response.ok) return;
  editor = makeEditor(await response.json());
  let waiting;
  editor.on("change", () => {
    area.value = editor.getValue();
    clearTimeout(waiting);
    waiting = setTimeout(refreshCode, CODE_DELAY);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run();
  });
  window.addEventListener("popstate", () => location.reload());
  if (navigator.clipboard) addCopyButtons();
}

start();
