"""Offers from USWDS only the files that pages use: 2,700 files would slow every first start."""

import re
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

PREFIX = "uswds"
STYLE = "css/uswds.min.css"
FILES = (
    STYLE,
    "css/uswds.min.css.map",
    "js/uswds.min.js",
    "js/uswds.min.js.map",
    "js/uswds-init.min.js",
    "js/uswds-init.min.js.map",
    "img/sprite.svg",
)
REFERENCE = re.compile(r"url\(\.\./([^)?#]+)")


class UswdsFinder(BaseFinder):
    """Finds the files of USWDS under the prefix `uswds/`, and what its stylesheet refers to."""

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        """Look in the folder that `npm ci` fills."""
        self.root = Path(settings.USWDS_ROOT)
        self.storage = FileSystemStorage(location=self.root)
        vars(self.storage)["prefix"] = PREFIX  # collectstatic looks for it

    @cached_property
    def files(self) -> frozenset[str]:
        """Names of the files on offer, relative to the folder; none while it is empty."""
        style = self.root / STYLE
        if not style.is_file():
            return frozenset()
        return frozenset({*FILES, *REFERENCE.findall(style.read_text())})

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Return the place of a file, or a list of places; an empty list when there is none."""
        folder, _, name = path.partition("/")
        if folder != PREFIX or name not in self.files:
            return []
        place = str(self.root / name)
        return [place] if find_all else place

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterable[tuple[str, Storage]]:
        """Return every file with the storage it is read from."""
        return [(name, self.storage) for name in sorted(self.files)]
