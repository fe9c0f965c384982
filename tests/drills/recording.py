"""A pytest plugin that writes down each test's outcome and figures, a line of JSON for each.

`RECORD` in the environment names the file; `tests.drills` loads the plugin and reads the file.
"""

import json
import os
from pathlib import Path

import pytest


class Recorder:
    """Writes what the process that collects all reports hears, not each worker again."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.seconds: dict[str, float] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add up setup, test and teardown; write at the end, or where it failed."""
        spent = self.seconds.pop(report.nodeid, 0.0) + report.duration
        self.seconds[report.nodeid] = spent
        over = report.when == "call" or (report.when == "setup" and not report.passed)
        if not over and not report.failed:
            return
        line = {
            "test": report.nodeid,
            "outcome": report.outcome if report.when == "call" or not report.failed else "error",
            "seconds": round(spent, 1),
            "figures": {str(name): value for name, value in report.user_properties},
            "reason": "" if report.passed else report.longreprtext[-1500:],
        }
        with self.path.open("a") as file:
            file.write(json.dumps(line, default=str) + "\n")


def pytest_configure(config: pytest.Config) -> None:
    """Record in the main process only."""
    path = os.environ.get("RECORD", "")
    if path and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(Path(path)), "drill-recorder")
