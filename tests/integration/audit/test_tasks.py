"""The worker chains the log and raises the alarm when it was changed."""

import pytest
from structlog.testing import capture_logs

from audit import anchor
from audit.tasks import seal, verify
from tests.factories.audit import make_entries

pytestmark = pytest.mark.django_db


def test_log_as_it_was_written_raises_no_alarm() -> None:
    make_entries(3)
    seal()
    with capture_logs() as lines:
        verify()
    assert lines == [{"event": "audit_intact", "entries": 3, "log_level": "info"}]


def test_changed_log_raises_the_alarm() -> None:
    make_entries(2)
    seal()
    anchor.write(anchor.Head(7, "0" * 64))
    with capture_logs() as lines:
        verify()
    (line,) = lines
    assert (line["event"], line["log_level"]) == ("audit_not_intact", "critical")
    assert line["found"] == {"tail": 1}
    assert line["first"] == ["tail: links 3 to 7 were cut off: the anchor knows them"]
