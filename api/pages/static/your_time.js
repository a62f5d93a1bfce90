// English is written as in Britain, as the pages write it.
const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;

// Says when an event is by the clock of whoever reads, where that shows another time than the clocks where it is held.
for (const line of document.querySelectorAll(".your-time")) {
  const told = [line.dataset.begins, line.dataset.ends].filter(Boolean);
  const moments = told.map((each) => new Date(each));
  // The hour and minute as the server told them, and as this clock shows them.
  const differs = moments.some((at, number) => {
    const here = new Date(at.getTime() - at.getTimezoneOffset() * 60000).toISOString();
    return here.slice(0, 16) !== told[number].slice(0, 16);
  });
  if (!differs) continue;
  const written = new Intl.DateTimeFormat(language, {
    weekday: "long", day: "numeric", month: "long", year: "numeric",
    hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short",
  });
  line.querySelector("dd").textContent =
    moments.length === 2 ? written.formatRange(moments[0], moments[1]) : written.format(moments[0]);
  line.hidden = false;
}
