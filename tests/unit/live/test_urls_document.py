"""docs/urls.md names every address as it is."""

from tests.live import urls_document


def test_the_document_and_the_resolver_agree() -> None:
    written = {name: (row.path, row.who) for name, row in urls_document.documented().items()}
    assert written == urls_document.resolved()


def test_methods_are_written_down() -> None:
    for row in urls_document.documented().values():
        assert row.methods <= {"GET", "POST"}, row
        assert row.methods, row
