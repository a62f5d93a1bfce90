"""Whoever goes through pages by the Tab key sees where they are; whoever asks for little motion sees none."""

from typing import Any, Final

import pytest
from playwright.async_api import Browser, Page

from api.network import OpenNetwork
from graph.viewer import Role
from tests.door import MakeAccount
from tests.e2e.visiting import PATIENCE_MS, sign_in

PAGES: Final = ("/?q=places+of+worship", "/people/yakubu-danjibrin", "/organise", "/me")
MOST_STEPS: Final = 40

# How everything looks that has no focus.
UNFOCUSED: Final = """() => {
  const look = window.look = one => {
    const {outlineStyle, outlineWidth, outlineColor, boxShadow} = getComputedStyle(one);
    return {outline: outlineStyle === "none" ? "none" : `${outlineStyle} ${outlineWidth} ${outlineColor}`, boxShadow};
  };
  window.unfocused = new Map([...document.body.querySelectorAll("*")].map(one => [one, look(one)]));
}"""
# What has the focus, and what is wrong with how that is seen; null once one is through.
FOCUSED: Final = """() => {
  const one = document.activeElement;
  if (one === document.body) return null;
  const now = look(one), before = unfocused.get(one);
  const box = (one.labels?.[0] && one.getBoundingClientRect().width < 2 ? one.labels[0] : one).getBoundingClientRect();
  const is = (now.outline !== "none" && now.outline !== before.outline) || now.boxShadow !== before.boxShadow;
  const within = box.left >= -1 && box.right <= innerWidth + 1 && box.top >= -1 && box.bottom <= innerHeight + 1;
  const first = one.getClientRects()[0] ?? box;
  const [x, y] = [first.left + Math.min(first.width / 2, 40), first.top + Math.min(first.height / 2, 20)];
  const above = document.elementFromPoint(x, y);
  const faults = [];
  if (!is) faults.push("does not show that it has the focus");
  if (!within) faults.push(`stands outside the window at ${Math.round(box.left)}, ${Math.round(box.top)}`);
  else if (!above || !(one.contains(above) || above.contains(one)))
    faults.push(`is under ${above?.outerHTML.slice(0, 80)}`);
  return {what: one.outerHTML.slice(0, 120), faults};
}"""
# What still moves by itself, or takes its time to change.
MOVING: Final = """() => {
  const takes = said => Math.max(...said.split(",").map(parseFloat)) > .001;
  const found = new Set();
  for (const one of document.querySelectorAll("*")) for (const part of ["", "::before", "::after"]) {
    const style = getComputedStyle(one, part || null), name = one.tagName + part;
    if (style.transitionProperty !== "none" && takes(style.transitionDuration)) found.add(`${name} changes`);
    if (style.animationName !== "none" && takes(style.animationDuration)) found.add(`${name} moves`);
    if (style.scrollBehavior !== "auto") found.add(`${name} scrolls`);
  }
  return [...found];
}"""


@pytest.mark.parametrize("width", [320, 1280])
async def test_where_the_tab_key_leads_is_seen_and_nothing_moves(
    browser: Browser, address: str, sample: OpenNetwork, sample_account: MakeAccount, width: int
) -> None:
    context = await browser.new_context(viewport={"width": width, "height": 800}, reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    account = await sample_account("focus@example.org", role=Role.ORGANISER, expert="grace-nakimuli")
    await sign_in(context, sample, account, address)
    page = await context.new_page()
    wrong: list[str] = []

    for at in PAGES:
        await page.goto(address + at)
        wrong += [f"{at}: {one}" for one in await page.evaluate(MOVING)]
        steps = await tabbed(page)
        assert len(steps) > 15, (at, steps)
        wrong += [f"{at}: {step['what']} {fault}" for step in steps for fault in step["faults"]]

    await context.close()
    assert not wrong, "\n".join(wrong)


async def tabbed(page: Page) -> list[Any]:
    """What has the focus after each press of the Tab key, and its faults."""
    await page.evaluate(UNFOCUSED)
    steps: list[Any] = []
    while len(steps) < MOST_STEPS:
        await page.keyboard.press("Tab")
        if (step := await page.evaluate(FOCUSED)) is None:
            break
        steps.append(step)
    return steps
