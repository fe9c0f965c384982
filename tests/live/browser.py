"""Finds a Chromium on this machine and says how to get one."""

import os
import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
# The popup under the address bar: a page of its own for each window, never looked at.
UNWANTED = ("WebUIOmniboxPopup", "WebUIOmniboxAimPopup")
# What Playwright switches off; its switch has no effect beside another of the same name.
UNWANTED_BY_PLAYWRIGHT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "TcpPortRandomizationWin",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
)
# Each page runs its scripts once: compiling them for speed costs more than it gains.
SPARING = (
    f"--disable-features={','.join((*UNWANTED_BY_PLAYWRIGHT, *UNWANTED))}",
    "--js-flags=--no-opt",
)
ABSENT = (
    "no Chromium on this machine: install one (Debian: apt-get install chromium, or "
    ".venv/bin/playwright install chromium), or name its program in the variable CHROMIUM"
)


def find() -> str | None:
    """Return the path of a Chromium, or None.

    CHROMIUM names one; otherwise the usual names in PATH, then what Playwright downloaded.
    """
    named = os.environ.get("CHROMIUM", "")
    if named:
        return named if Path(named).is_file() else None
    for name in NAMES:
        found = shutil.which(name)
        if found:
            return found
    return _downloaded()


def _downloaded() -> str | None:
    folder = Path(
        os.environ.get("PLAYWRIGHT_BROWSERS_PATH", "") or Path.home() / ".cache/ms-playwright"
    )
    patterns = ("chromium-*/chrome-linux*/chrome", "chromium_headless_shell-*/*/headless_shell")
    for pattern in patterns:
        programs = sorted(folder.glob(pattern))
        if programs:
            return str(programs[-1])
    return None
