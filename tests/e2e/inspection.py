"""Looks at one page the way a reviewer does: accessibility, width, rules of the content."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

PHONE = {"width": 390, "height": 844}
# Everything axe knows of WCAG 2.2 at levels A and AA, and its best practices.
_RULES = {
    "resultTypes": ["violations"],
    # Not the style sheets: no rule above asks for them, and what they import breaks the CSP.
    "preload": {"assets": ["media"]},
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
}
# Only what is said of a violation comes back, not the hundreds of places without one.
_RUN = """async (rules) => (await axe.run(rules)).violations.map(
  (found) => [found.id, found.help, String(found.nodes[0].target), found.nodes.length]
)"""
_TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth;
  const inScroller = (at) => {
    for (let up = at.parentElement; up; up = up.parentElement) {
      if (/auto|scroll|hidden/.test(getComputedStyle(up).overflowX)) return true;
    }
    return false;
  };
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.body.querySelectorAll("*")]
    .filter((at) => at.getBoundingClientRect().right > width + 1 && !inScroller(at))
    .map((at) => at.tagName + "." + at.className).slice(0, 5).concat(["the page scrolls sideways"]);
}"""


def violations(page: Page) -> list[str]:
    """Return what axe finds, a line for each violation with the first place."""
    if not page.evaluate("typeof axe === 'object'"):  # once a page, not once a look
        page.evaluate(AXE_SCRIPT)
    found: list[tuple[str, str, str, int]] = page.evaluate(_RUN, _RULES)
    return [f"{rule}: {text}: {target} x{count}" for rule, text, target, count in found]


def too_wide(page: Page) -> list[str]:
    """Return what makes the page scroll sideways."""
    found: list[str] = page.evaluate(_TOO_WIDE)
    return found


def look(page: Page, *, at_phone_width: bool = True) -> list[str]:
    """Look at the open page in the wide window and in a phone's; return every complaint."""
    # A page that is still coming in has neither its landmarks nor its main heading.
    page.wait_for_load_state("load")
    wide = page.viewport_size
    where = page.url.split("/", 3)[-1]
    complaints = [f"/{where}: {line}" for line in violations(page)]
    if at_phone_width:
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        complaints += [f"/{where} at 390: {line}" for line in (*violations(page), *too_wide(page))]
        if wide:
            page.set_viewport_size(wide)
    if not page.title().strip():
        complaints.append(f"/{where}: no title")
    if page.get_by_role("heading", level=1).count() != 1:
        complaints.append(f"/{where}: not exactly one main heading")
    return complaints
