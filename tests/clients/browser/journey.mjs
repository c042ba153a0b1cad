// A reader's journey through the pages in Chromium, with JavaScript and again without; prints what was seen, as JSON.
// Usage: node journey.mjs CHROMIUM BASE FOLDER, where FOLDER takes what is downloaded.
import { chromium } from "playwright-core";

const [executablePath, base, folder] = process.argv.slice(2);
const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"];

const browser = await chromium.launch({ executablePath, args: QUIET, timeout: 60000 });
const seen = {};
try {
  for (const javaScriptEnabled of [true, false]) {
    const reader = await arrives({ javaScriptEnabled });
    await searches(reader, "harbor dues treaty");
    await opensTheFirstFound(reader);
    await asksWhy(reader);
    await meetsAPerson(reader);
    await looksAtTheMap(reader);
    await readsTheQueryBehindIt(reader);
    await takesADocumentHome(reader);
    if (javaScriptEnabled) await runsAnExampleInTheEditor(reader);
    seen[javaScriptEnabled ? "scripted" : "plain"] = reader.told;
    await reader.context.close();
  }
} finally {
  await browser.close();
}
console.log(JSON.stringify(seen, null, 1));

async function arrives(settings) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...settings });
  context.setDefaultTimeout(30000);
  const told = { pages: [], asked: [], complaints: [] };
  const page = await context.newPage();
  page.on("request", (request) => told.asked.push(request.url()));
  page.on("console", (message) => message.type() === "error" && told.complaints.push(message.text()));
  page.on("pageerror", (error) => told.complaints.push(String(error)));
  page.on("framenavigated", (frame) => told.pages.push(frame.url().replace(base, "/")));
  await page.goto(base);
  return { context, page, told };
}

async function searches({ page, told }, words) {
  await page.getByRole("searchbox").fill(words);
  await page.getByRole("button", { name: "Search" }).click();
  told.count = await page.getByRole("status").innerText();
}

async function opensTheFirstFound({ page, told }) {
  const first = page.locator(".hits a").first();
  told.found = await first.innerText();
  await first.click();
  told.heading = await page.getByRole("heading", { level: 1 }).innerText();
}

// "Why?" beside the sender opens its reason, which leads to the words that it rests on.
async function asksWhy({ page, told }) {
  await page.locator('dd:has(a[href*="/id/person/"]) a.why').first().click();
  const reason = page.locator(".reason:target");
  told.why = await reason.innerText();
  await reason.locator('a[href^="#at-"]').first().click();
  told.words = await page.locator(":target").innerText();
}

async function meetsAPerson({ page, told }) {
  const person = page.locator('.facts a[href*="/id/person/"]').first();
  told.sender = await person.innerText();
  await person.click();
  told.person = await page.getByRole("heading", { level: 1 }).innerText();
}

async function looksAtTheMap({ page, told }) {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Search" }).click();
  await page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: "Map" }).click();
  told.map = await page.locator("svg.map circle").count();
  told.places = await rows(page, ".results table");
}

async function readsTheQueryBehindIt({ page, told }) {
  await page.getByRole("link", { name: "the query behind this view" }).click();
  told.query = await page.locator("textarea#query").inputValue();
  told.rows = (await rows(page, "#answer table")).length;
}

async function takesADocumentHome({ page, told }) {
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Search" }).click();
  await page.locator(".hits a").first().click();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("link", { name: "Download as .ttl" }).click(),
  ]);
  told.file = `${folder}/${told.asked.length}-${file.suggestedFilename()}`;
  await file.saveAs(told.file);
}

async function runsAnExampleInTheEditor({ page, told }) {
  await page.goto(`${base}sparql`);
  told.editor = (await page.locator("script[src$='editor.js']").count()) > 0;
  if (!told.editor) return;
  await page.getByRole("link", { name: "Documents by year" }).click();
  await page.locator(".editor .CodeMirror").click();
  await page.keyboard.press("Control+Enter");
  await page.getByText("Answered in").waitFor();
  told.example = await rows(page, "#answer table");
}

function rows(page, table) {
  return page.locator(`${table} tbody tr`).evaluateAll((found) =>
    found.map((row) => [...row.cells].map((cell) => cell.innerText.trim())));
}
