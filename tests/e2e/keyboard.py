"""Hands that have a keyboard and no mouse, and eyes that look where the focus is."""

import re
import time

from playwright.sync_api import Locator, Page, expect

from tests.e2e.people import control, field

# What a sighted person needs: the focus is drawn, and it is within the window.
IS_SEEN = """() => {
  const at = document.activeElement;
  if (!at || at === document.body) return "nothing has the focus";
  const look = getComputedStyle(at);
  const drawn = (look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0)
    || look.boxShadow !== "none";
  const box = at.getBoundingClientRect();
  const inside = box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const name = at.tagName + " " + (at.name || at.textContent || "").trim().slice(0, 40);
  if (!drawn) return name + ": the focus is not drawn";
  if (!inside) return name + ": the focus is outside the window";
  return "";
}"""
IS_FOCUSED = "element => element === document.activeElement"


class Keyboard:
    """Moves through a page with Tab, and types."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def reach(self, target: Locator, *, most: int = 120) -> None:
        """Press Tab until a control has the focus; every stop on the way has to be visible."""
        expect(target).to_be_visible()
        element = target.element_handle()  # found once: looking for a name again takes its time
        for _ in range(most):
            if element.evaluate(IS_FOCUSED):
                return
            self.page.keyboard.press("Tab")
            self._see_focus()
        raise AssertionError(f"{target} cannot be reached with Tab on {self.page.url}")

    def _see_focus(self) -> None:
        """Look at the focus; a moving element gets a moment to arrive."""
        until = time.monotonic() + 2
        while (fault := self.page.evaluate(IS_SEEN)) and time.monotonic() < until:
            pass
        assert fault == "", f"{self.page.url}: {fault}"

    def press(self, name: str) -> None:
        """Reach a button or link of the page's own part, and press Enter."""
        target = control(self.page.get_by_role("main"), name)
        self.reach(target)
        self.page.keyboard.press("Enter")

    def fill(self, label: str, text: str) -> None:
        """Reach a field and type over what is in it."""
        self.reach(field(self.page, label))
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def check(self, label: str) -> None:
        """Reach a check box and press the space bar."""
        self.reach(field(self.page, label))
        self.page.keyboard.press("Space")
        expect(field(self.page, label)).to_be_checked()

    def choose(self, label: str, option: str) -> None:
        """Reach a drop-down and type the beginning of a choice."""
        target = field(self.page, label)
        self.reach(target)
        self.page.keyboard.type(option)
        expect(target.locator("option:checked")).to_have_text(re.compile(re.escape(option)))

    def move(self, label: str, *, downs: int) -> None:
        """Reach a drop-down and go down by arrow."""
        self.reach(field(self.page, label))
        for _ in range(downs):
            self.page.keyboard.press("ArrowDown")
