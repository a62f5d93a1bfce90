// Visits pages of a network in Firefox, dark and as narrow as a telephone, and prints as JSON what it saw of each.
//
//   node visit.mjs ADDRESS FIREFOX

import puppeteer from "puppeteer-core";

const [address, executablePath] = process.argv.slice(2);
const NARROW = 320;
const TELEPHONE = { width: NARROW, height: 800 };
const DESK = { width: 1280, height: 900 };
const PATIENCE_MS = 120000;
const PICTURE = "#picture[data-centre] canvas";
// Firefox's word for what was still on its way, a favicon for example, when the page was left.
const LEFT_BEHIND = "NS_BINDING_ABORTED";

const browser = await puppeteer.launch({
  browser: "firefox",
  executablePath,
  headless: true,
  // WebDriver BiDi has no command for the scheme yet: 0 is dark.
  extraPrefsFirefox: { "layout.css.prefers-color-scheme.content-override": 0, "intl.accept_languages": "en" },
});

try {
  const page = await browser.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints = [];
  page.on("console", (message) => complaints.push(`${page.url()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
  page.on("requestfailed", (request) => {
    const reason = request.failure()?.errorText;
    if (reason !== LEFT_BEHIND) complaints.push(`${request.url()}: ${reason}`);
  });

  const look = async () => {
    await page.setViewport(TELEPHONE);
    const seen = await page.evaluate(() => ({
      title: document.querySelector("h1").innerText,
      language: document.documentElement.lang,
      direction: getComputedStyle(document.documentElement).direction,
      paper: getComputedStyle(document.documentElement).backgroundColor,
      width: document.documentElement.scrollWidth,
    }));
    return seen;
  };
  const follow = (selector) => Promise.all([page.waitForNavigation(), page.click(selector)]);
  const open = (path) => page.goto(address + path);
  const seen = {};

  await page.setViewport(TELEPHONE);
  await open("/");
  seen.first = await look();
  await page.type("#q", "hote");
  await page.waitForSelector("[role=option]", { visible: true });
  seen.suggested = await page.$$eval("[role=option]", (all) => all.map((one) => one.innerText));
  await page.keyboard.press("Escape");
  seen.suggestionsAreHidden = await page.$eval("#suggestions", (list) => list.hidden);
  await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
  seen.search = await look();
  seen.people = await page.$$eval(".person", (all) => all.length);
  await open("/people/grace-nakimuli");
  seen.person = await look();
  await page.setViewport(DESK);
  await open("/people/grace-nakimuli/neighbourhood");
  await page.waitForSelector(PICTURE);
  seen.centre = await page.$eval("#picture", (picture) => picture.dataset.centre);
  seen.drawn = await page.evaluate(() => document.getElementById("picture")._cyreg.cy.nodes().length);
  seen.neighbourhood = await look();
  await follow("a[hreflang=ar]");
  await page.waitForSelector(PICTURE);
  seen.arabic = await look();
  await open("/sign-in");
  seen.signIn = await look();

  console.log(JSON.stringify({ ...seen, complaints }));
} finally {
  await browser.close();
}
