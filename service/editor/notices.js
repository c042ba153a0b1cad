// Writes the licences of what is bundled beside the bundle, since each asks that its notice goes with the code.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";

const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
const parts = ["The query editor is made of these packages of npm.\n"];
for (const [folder, { version, license, dev }] of Object.entries(packages)) {
  if (!folder || dev) continue;
  const { author, repository } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const where = repository?.url ?? repository ?? "";
  const names = readdirSync(folder).filter((name) => /^(licen[cs]e|notice)/i.test(name));
  const texts = names.sort().map((name) => readFileSync(`${folder}/${name}`, "utf8").trim());
  if (!texts.length) texts.push(`By ${author?.name ?? author ?? "its authors"}. The package has the name of its licence alone.`);
  parts.push(`${folder.replace(/^.*node_modules\//, "")} ${version}: ${license} ${where}\n\n${texts.join("\n\n")}\n`);
}
writeFileSync("../static/editor.txt", parts.join(`\n${"-".repeat(80)}\n\n`));
