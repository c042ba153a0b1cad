// Opens pages in Chromium, light and dark, wide and narrow, and prints what axe-core finds wrong with each, as JSON.
// Usage: node axe.mjs CHROMIUM BASE PATH..., the paths being relative to BASE.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const [executablePath, base, ...paths] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"];
const LOOKS = [{ width: 1280, colorScheme: "light" }, { width: 390, colorScheme: "dark" }];

const browser = await chromium.launch({ executablePath, args: QUIET, timeout: 60000 });
const seen = {};
try {
  for (const { width, colorScheme } of LOOKS) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
    for (const path of paths) {
      const page = await context.newPage();
      const told = { complaints: [], elsewhere: [] };
      page.on("console", (message) => message.type() === "error" && told.complaints.push(message.text()));
      page.on("pageerror", (error) => told.complaints.push(String(error)));
      page.on("request", (asked) => asked.url().startsWith(base) || told.elsewhere.push(asked.url()));
      await page.goto(base + path);
      Object.assign(told, await page.evaluate(looked), { violations: await violations(page) });
      seen[`${path} ${width} ${colorScheme}`] = told;
      await page.close();
    }
    await context.close();
  }
} finally {
  await browser.close();
}
console.log(JSON.stringify(seen, null, 1));

// Ids that stand twice, links within the page that lead nowhere, how far the page is wider than the window.
function looked() {
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  const targets = [...document.querySelectorAll('a[href^="#"]')].map((link) => link.getAttribute("href").slice(1));
  return {
    twice: ids.filter((id, place) => ids.indexOf(id) !== place),
    nowhere: targets.filter((target) => !ids.includes(decodeURIComponent(target))),
    wider: document.documentElement.scrollWidth - window.innerWidth,
  };
}

// The page's policy allows no script, so axe-core comes by the debugger's door.
async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run({
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  }));
  return found.violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).join(" ")}`.slice(0, 600));
}
