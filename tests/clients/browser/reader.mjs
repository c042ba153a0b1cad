// Reads a document in Chromium without JavaScript: from a conclusion to its reason, to the passage, to the next
// document.  Prints the addresses that it came by, as JSON.  Usage: node reader.mjs CHROMIUM BASE DOCUMENT
import { chromium } from "playwright-core";

const [executablePath, base, path] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"], timeout: 60000 });
try {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  page.setDefaultTimeout(30000);
  const came = [];
  const follow = async (selector) => {
    await page.locator(selector).first().click();
    came.push(page.url().replace(base, ""));
  };
  await page.goto(base + path);
  await follow('dd:has(a[href*="/id/person/"]) a.why');
  await follow('.reason:target a[href^="#at-"]');
  await follow('a[href="#fn1"]');
  await follow('a[href="#fn1-mark"]');
  await follow(".neighbours a[rel=next]");
  await page.waitForURL("**/d2.html");
  came.push(page.url().replace(base, ""));
  console.log(JSON.stringify(came));
} finally {
  await browser.close();
}
