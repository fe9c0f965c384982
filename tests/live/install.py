"""Sees to it that there is a Chromium for the browser tests, as far as this machine allows."""

import os
import shutil
import subprocess
import sys

from tests.live import browser

SECONDS_FOR_DOWNLOAD = 180


def starts(program: str | None) -> bool:
    """Tell whether a browser is there and has every library it needs."""
    if program is None:
        return False
    try:
        done = subprocess.run([program, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _run(*command: str) -> None:
    """Run a command that may fail; what it says matters only when it takes long."""
    print(f"  {' '.join(command)}", flush=True)
    try:
        subprocess.run(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            stdin=subprocess.DEVNULL,
            timeout=SECONDS_FOR_DOWNLOAD,
            check=False,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"  {error}")


def main() -> None:
    """Find or get a Chromium; without one the browser tests are skipped and say so."""
    if starts(browser.find()):
        return
    print("No Chromium found; getting one ...", flush=True)
    _run(sys.executable, "-m", "playwright", "install", "chromium")
    if not starts(browser.find()) and os.geteuid() == 0 and shutil.which("apt-get"):
        _run("apt-get", "update")
        _run("apt-get", "install", "--yes", "--no-install-recommends", "chromium")
    if not starts(browser.find()):
        print(f"The browser tests will be skipped: {browser.ABSENT}", file=sys.stderr)


if __name__ == "__main__":
    main()
