// Takes the pictures of docs/pages.md anew.  Usage, over the samples as `make serve` serves them:
// node pictures.mjs CHROMIUM BASE ../../../docs/pages
import { mkdirSync } from "node:fs";
import { chromium } from "playwright-core";

const [executablePath, base, folder] = process.argv.slice(2);
const WIDE = { viewport: { width: 1280, height: 860 }, colorScheme: "light" };
const NARROW = { viewport: { width: 390, height: 860 }, colorScheme: "dark" };
const PICTURES = [
  ["landing", "", WIDE],
  ["search", "search?q=harbor", WIDE],
  ["document", "doc/document/sample1931v01/d1.html", WIDE],
  ["document-narrow", "doc/document/sample1931v01/d1.html#text", NARROW],
  ["why-narrow", "doc/document/sample1931v01/d1.html#why-1", NARROW],
  ["person", "doc/person/stimson-henry-lewis.html", WIDE],
  ["map", "search?view=map", WIDE],
  ["office-narrow", "resolve?office=Secretary+of+State&on=1931-03-02", NARROW],
];

mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"], timeout: 60000 });
try {
  for (const [name, path, look] of PICTURES) {
    const context = await browser.newContext(look);
    const page = await context.newPage();
    await page.goto(base + path);
    await page.screenshot({ path: `${folder}/${name}.png` });
    await context.close();
  }
} finally {
  await browser.close();
}
