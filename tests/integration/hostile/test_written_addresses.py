"""What docs/urls.md says of methods and form fields is so."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from portal.middleware import ASKED_FOR, POWERS
from tests.integration.hostile.conftest import SignIn
from tests.live import forms, pages, urls_document


def test_forms_have_the_fields_that_are_written_down(
    sign_in: SignIn, world: dict[str, str]
) -> None:
    written = urls_document.documented()
    wrong = []
    for who in sorted({page.who for page in pages.PAGES}):
        client = sign_in(who)
        for page in (page for page in pages.PAGES if page.who == who):
            html = client.get(page.path.format(**world)).content.decode()
            shown = {name for form in forms.read(html) for name in form.names}
            unwritten = {
                name
                for name in shown - written[page.name].fields
                if not name.startswith("attribute_")
            }
            if unwritten and page.name != "access_requests:answer":
                wrong.append((page.name, unwritten))
    assert wrong == []


def test_only_the_written_methods_work(sign_in: SignIn, world: dict[str, str]) -> None:
    written = urls_document.documented()
    wrong = []
    for who in sorted({page.who for page in pages.PAGES}):
        client = sign_in(who)
        for page in (page for page in pages.PAGES if page.who == who):
            path = page.path.format(**world)
            # The audit log says that it is read only: 403.
            refused = 403 if page.name.startswith("support:audit_") else 405
            takes_posts = "POST" in written[page.name].methods
            if not takes_posts and client.post(path).status_code != refused:
                wrong.append(path)
    own = sign_in(pages.APPROVER)
    takes_forms = [
        f"/approvals/{world['waiting']}/{name}/" for name in ("approve", "deny", "return")
    ]
    takes_forms.append("/logout/")
    wrong += [path for path in takes_forms if own.get(path).status_code != 405]
    assert wrong == []


@pytest.mark.parametrize(
    "who",
    [pages.ANYBODY, pages.REQUESTER, pages.APPROVER, pages.AGENT],
    ids=lambda who: who or "anybody",
)
def test_no_form_has_a_field_that_the_log_warns_of(
    who: str,
    sign_in: SignIn,
    all_forms: Callable[[str, Client], list[tuple[str, forms.Form]]],
) -> None:
    """Hidden ones neither; `portal.middleware.ASKED_FOR` names the forms that do."""
    wrong, seen = [], 0
    for target, form in all_forms(who, sign_in(who)):
        if form.method != "post":
            continue
        seen += 1
        name = _name_of(target.partition("?")[0])
        names = {control.name for control in form.controls} & POWERS
        wrong += [(name, field) for field in names if name not in ASKED_FOR.get(field, ())]
    assert seen
    assert wrong == []


def _name_of(path: str) -> str:
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""
