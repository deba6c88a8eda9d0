// Looks at the pages in headless Chromium: `node check.mjs BINARY FOLDER`. Says what is wrong and exits with 1.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const here = dirname(fileURLToPath(import.meta.url));
const binary = resolve(process.argv[2] ?? join(here, "../../target/release/onrecord"));
const folder = resolve(process.argv[3] ?? "pages");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const wrong = [];
const seen = [];
const check = (holds, words) => (holds ? seen : wrong).push(words);

mkdirSync(folder, { recursive: true });
const home = mkdtempSync(join(tmpdir(), "onrecord-page-"));
const record = join(home, "record");
const onrecord = (...args) => execFileSync(binary, [...args, "--db", record], { encoding: "utf8", maxBuffer: 1 << 28 });
onrecord("add", join(here, "../../fixtures/articles"), "-q");
const report = join(home, "report.html");
writeFileSync(report, onrecord("report", "--format", "html", "-q"));
const one = join(home, "one.html");
writeFileSync(one, onrecord("report", "Helena Tarvas", "--format", "html", "-q"));

const server = spawn(binary, ["serve", "--db", record], { stdio: ["ignore", "pipe", "inherit"] });
const base = await new Promise((found) => createInterface({ input: server.stdout }).once("line", found));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});

const looks = {
  desktop: { viewport: { width: 1280, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: "dark" },
};

// One tab that notes what it asks for and what it complains about.
const open = async (look, javaScriptEnabled = true) => {
  const context = await browser.newContext({ ...looks[look], javaScriptEnabled });
  const page = await context.newPage();
  page.on("console", (message) => message.type() === "error" && wrong.push(`${page.url()}: ${message.text()}`));
  page.on("pageerror", (error) => wrong.push(`${page.url()}: ${error}`));
  page.on("request", (request) => {
    const address = request.url();
    if (!address.startsWith(base) && !address.startsWith("file:") && !address.startsWith("data:")) {
      wrong.push(`${page.url()} asks for ${address}`);
    }
  });
  return page;
};

const settled = async (page) => {
  for (let n = 0; n < 60 && (await page.locator("[data-waiting]").count()) > 0; n++) {
    await page.waitForTimeout(1000);
    await page.reload();
  }
};

const looked = async (page, name) => {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  check(wide <= 0, `${name}: fits the screen (${wide} too wide)`);
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  await page.evaluate(axe);
  const result = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  for (const { id, help, nodes } of result.violations) {
    wrong.push(`${name}: axe ${id}: ${help}: ${nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(" | ")} (${nodes.length})`);
  }
};

try {
  const tab = await open("desktop");
  await tab.goto(base);
  await settled(tab);
  const link = async (from, pattern) => {
    await tab.goto(from);
    return new URL(await tab.locator(`main a[href*="${pattern}"]`).first().getAttribute("href"), base).href;
  };
  const speaker = await link(`${base}speakers`, "/speakers/s");
  const article = await link(`${base}articles`, "/articles/a");
  const claim = await link(`${base}findings?kind=contradiction`, "/claims/c");
  const finding = await link(`${base}findings?kind=contradiction`, "/findings/f");
  const pages = {
    start: base,
    findings: `${base}findings?kind=contradiction`,
    repeats: `${base}findings?kind=repeat`,
    finding,
    speakers: `${base}speakers`,
    speaker,
    claim,
    articles: `${base}articles`,
    article,
    search: `${base}search?q=rationing this summer`,
    missing: `${base}nowhere`,
    report: pathToFileURL(report).href,
    "report-one": pathToFileURL(one).href,
  };
  for (const look of Object.keys(looks)) {
    const tab = await open(look);
    for (const [name, address] of Object.entries(pages)) {
      if (name === "missing") continue;
      await tab.goto(address);
      await settled(tab);
      await looked(tab, `${name}-${look}`);
    }
    await tab.context().close();
  }
  for (const name of ["report", "report-one", "findings"]) {
    await tab.goto(pages[name]);
    await tab.pdf({ path: join(folder, `${name}.pdf`), format: "A4" });
  }

  // Search as one types.
  await tab.goto(base);
  await tab.keyboard.press("/");
  await tab.keyboard.type("rationed");
  const hit = tab.locator("#results .said").first();
  await hit.waitFor({ timeout: 5000 });
  check(/ration/.test(await hit.innerText()), "search as one types finds the word");
  check((await tab.locator("#results mark").count()) > 0, "what was searched for is marked");
  check(!(await tab.locator("#main").isVisible()), "the page makes room for the results");
  await tab.screenshot({ path: join(folder, "typing-desktop.png") });
  await tab.keyboard.press("Escape");
  await tab.waitForTimeout(300);
  check(await tab.locator("#main").isVisible(), "Escape brings the page back");

  // Keys walk through findings.
  await tab.goto(pages.findings);
  await tab.keyboard.press("j");
  await tab.keyboard.press("j");
  check((await tab.locator(".finding.current").count()) === 1, "j walks through findings");

  // Keys judge the finding that they walked to, and take it back.
  const state = () => tab.locator("article.finding.current p.state").last().innerText();
  const until = async (words) => {
    for (let n = 0; n < 50 && !(await state()).includes(words); n++) await tab.waitForTimeout(100);
    check((await state()).includes(words), `the finding says “${words}”`);
  };
  await tab.goto(pages.findings);
  await tab.keyboard.press("j");
  await tab.keyboard.press("a");
  await until("accepted");
  await tab.keyboard.press("r");
  await until("rejected");
  await tab.keyboard.press("n");
  await tab.keyboard.type("misread <b>quotation</b>");
  await tab.keyboard.press("Enter");
  await until("rejected – misread <b>quotation</b>");
  await looked(tab, "reviewed-desktop");
  await tab.reload();
  check((await tab.locator("article.finding", { hasText: "rejected – misread" }).count()) === 1, "the verdict is kept");
  await tab.goto(`${pages.findings}&review=open`);
  check((await tab.locator("article.finding", { hasText: "misread" }).count()) === 0, "what is reviewed is not open");
  await tab.goto(pages.findings);
  await tab.locator("article.finding", { hasText: "misread" }).getByRole("button", { name: "Undo" }).click();
  await tab.waitForTimeout(500);
  await tab.reload();
  check((await tab.locator("article.finding", { hasText: "misread" }).count()) === 0, "the note is taken back");

  // A link into an article leads to the passage.
  await tab.goto(pages.claim);
  await tab.locator("main .place cite a").first().click();
  check(/\/articles\/a.*#c\d+$/.test(tab.url()), "a claim leads to its place in the article");
  check(await tab.locator(".anchor:target + mark").isVisible(), "the passage is marked there");

  // Without JavaScript.
  const plain = await open("desktop", false);
  await plain.goto(base);
  await plain.fill("#q", "rationed");
  await plain.press("#q", "Enter");
  check((await plain.locator("main .said").count()) > 0, "search works without JavaScript");
  await plain.goto(pages.speaker);
  check((await plain.locator("article.finding").count()) > 0, "findings show without JavaScript");
  await plain.goto(pages.finding);
  await plain.getByRole("button", { name: "Accept" }).click();
  check(/accepted/.test(await plain.locator("article.finding").innerText()), "review works without JavaScript");

  // The page with the token refused.
  const answer = await fetch(new URL("/", base));
  check(answer.status === 403, "no token, no page");
} catch (error) {
  wrong.push(String(error.stack ?? error));
} finally {
  await browser.close();
  server.kill("SIGINT");
  rmSync(home, { recursive: true, force: true });
}
for (const words of wrong) console.error(`wrong: ${words}`);
console.log(`${seen.length} passed, ${wrong.length} failed`);
process.exitCode = wrong.length === 0 ? 0 : 1;
