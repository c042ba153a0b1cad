// Opens Chromium and does what a reader does; prints what it saw, as JSON.
// Usage: node visit.mjs CHROMIUM BASE OTHER FOLDER, where OTHER is a page of another origin.
import { chromium } from "playwright-core";

const [executablePath, base, other, folder] = process.argv.slice(2);
const TITLES = "SELECT ?s ?title { ?s <http://purl.org/dc/terms/title> ?title } ORDER BY ?s";
const QUIET = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

const context = await chromium.launchPersistentContext(`${folder}/profile`, {
  executablePath, headless: true, args: QUIET, timeout: 60000,
});
context.setDefaultTimeout(30000);
const page = await context.newPage();
const seen = { complaints: [] };
// What the console says of scripts, styles and policies, and requests that failed.
page.on("console", (message) => message.type() === "error" && seen.complaints.push(message.text()));
page.on("pageerror", (error) => seen.complaints.push(String(error)));
page.on("requestfailed", (request) => {
  // A download ends the navigation that began it.
  if (!request.url().includes("/download/")) seen.complaints.push(`${request.url()} ${request.failure().errorText}`);
});

try {
  await read();
  await ask();
  await edit();
  await download();
  await fromElsewhere();
} finally {
  await context.close();
}
console.log(JSON.stringify(seen, null, 1));

// From the first page to a volume, to a document, to what the document links to.
async function read() {
  await page.goto(base);
  seen.landing = await page.title();
  await page.click('a[href*="/id/volume/"]');
  seen.volume = { url: page.url(), title: await page.title() };
  await page.click('main a[href*="/document/sample1931v01/d1"]');
  seen.document = { url: page.url(), title: await page.title(), text: await page.innerText("main") };
  seen.styled = await page.evaluate(() => getComputedStyle(document.body).fontFamily);
  const answer = await page.goto(`${base}id/document/sample1931v01/d999`);
  seen.missing = { status: answer.status(), type: answer.headers()["content-type"] };
}

// The form without scripts: a question with an answer, then one that is no SPARQL.
async function ask() {
  const browser = await chromium.launch({ executablePath, headless: true, args: QUIET, timeout: 60000 });
  try {
    const plain = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
    await plain.goto(`${base}sparql`);
    await plain.fill("textarea", TITLES);
    await plain.click("button[type=submit]");
    seen.rows = await rows(plain);
    await plain.goto(`${base}sparql`);
    await plain.fill("textarea", "SELECT nonsense");
    await plain.click("button[type=submit]");
    seen.malformed = await plain.innerText("[role=alert]");
    seen.kept = await plain.inputValue("textarea");
  } finally {
    await browser.close();
  }
}

// The editor, where one was built: the same question, asked by the keyboard.
async function edit() {
  await page.goto(`${base}sparql`);
  seen.editor = (await page.locator("script[src$='editor.js']").count()) > 0;
  if (!seen.editor) return;
  await page.click(".editor .CodeMirror");
  await page.keyboard.press("ControlOrMeta+a");
  // The component's own: text that the browser itself puts in place of many lines can meet its drawing of them.
  await page.keyboard.press("Delete");
  await page.keyboard.insertText(TITLES);
  // What is typed is read by and by.
  await page.waitForFunction((text) => document.querySelector(".CodeMirror").CodeMirror.getValue() === text, TITLES);
  await page.keyboard.press("Control+Enter");
  await page.getByText("Answered in").waitFor();
  seen.edited = await rows(page);
}

function rows(of) {
  return of.$$eval("main table tbody tr", (found) =>
    found.map((row) => [...row.cells].map((cell) => cell.innerText.trim())));
}

async function download() {
  await page.goto(`${base}download/`);
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.click('a[href$="/download/dragoman.ttl"]'),
  ]);
  seen.download = `${folder}/${file.suggestedFilename()}`;
  await file.saveAs(seen.download);
}

// A program on a page of another origin: simple requests, and those that the browser asks leave for first.
async function fromElsewhere() {
  await page.goto(other);
  seen.cors = await page.evaluate(async (base) => {
    const query = "SELECT ?s ?title { ?s <http://purl.org/dc/terms/title> ?title }";
    const type = { Accept: "application/sparql-results+json" };
    const told = async (promise) => {
      const answer = await promise;
      return { status: answer.status, url: answer.url, redirected: answer.redirected,
        headers: Object.fromEntries(answer.headers), text: await answer.text() };
    };
    const thing = `${base}id/document/sample1931v01/d1`;
    const document = await told(fetch(thing, { headers: { Accept: "text/turtle" } }));
    return {
      get: await told(fetch(`${base}sparql?query=${encodeURIComponent(query)}`, { headers: type })),
      form: await told(fetch(`${base}sparql`, { method: "POST", headers: type, body: new URLSearchParams({ query }) })),
      direct: await told(fetch(`${base}sparql`, {
        method: "POST", headers: { ...type, "Content-Type": "application/sparql-query" }, body: query,
      })),
      malformed: await told(fetch(`${base}sparql?query=nonsense`)),
      document,
      again: await told(fetch(document.url, {
        cache: "no-store", headers: { Accept: "text/turtle", "If-None-Match": document.headers.etag },
      })),
      part: await told(fetch(`${base}download/dragoman.nq`, { headers: { Range: "bytes=0-99" } })),
      missing: await told(fetch(`${base}id/document/sample1931v01/d999`)),
    };
  }, base);
}
