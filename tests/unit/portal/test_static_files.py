"""Of USWDS the pages get what they use, and nothing else."""

import re
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import find

from portal.static_files import UswdsFinder

USED = re.compile(r"\{% static ['\"]uswds/([^'\"]+)['\"]")
TOO_MANY = 100


def test_every_file_on_offer_exists() -> None:
    files = UswdsFinder().files

    assert 40 < len(files) < TOO_MANY
    assert [name for name in files if not (Path(settings.USWDS_ROOT) / name).is_file()] == []


def test_every_file_that_a_template_uses_is_on_offer() -> None:
    templates = Path(settings.ROOT) / "templates"
    used = {name for page in templates.rglob("*.html") for name in USED.findall(page.read_text())}

    assert used
    assert used <= UswdsFinder().files


def test_files_are_found_by_their_prefix_only() -> None:
    assert find("uswds/css/uswds.min.css") == str(Path(settings.USWDS_ROOT, "css/uswds.min.css"))
    assert find("uswds/scss/uswds.scss") is None
    assert find("other/css/uswds.min.css") is None
    assert find("uswds/../package.json") is None


def test_without_npm_nothing_is_on_offer(tmp_path: Path, settings: object) -> None:
    settings.USWDS_ROOT = tmp_path  # type: ignore[attr-defined]

    assert list(UswdsFinder().list(None)) == []
