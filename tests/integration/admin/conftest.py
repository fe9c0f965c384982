"""The people of the administration pages."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from guardian.shortcuts import assign_perm

from accounts.models import User
from catalog.models import Role
from portal import groups
from tests import cast
from tests.factories import catalog as make


@pytest.fixture
def administrator(db: None) -> User:
    """Holds the rights of the portal's administrators."""
    groups.set_up()
    return cast.administrator()


@pytest.fixture
def admin(administrator: User) -> Client:
    """The browser of the administrator."""
    return cast.client_of(administrator)


@pytest.fixture
def zone(db: None) -> dict[str, Role]:
    """The roles of zONE, by code."""
    return make.make_zone()


@pytest.fixture
def owner(zone: dict[str, Role]) -> Client:
    """The browser of the owner of zONE, who is staff and holds nothing else."""
    person = cast.business_owner(is_staff=True)
    assign_perm("catalog.own_system", person, zone["end-user"].system)
    return cast.client_of(person)


def form_of(client: Client, address: str) -> dict[str, Any]:
    """Return what the form of a page would send as it stands."""
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    context = response.context
    data: dict[str, Any] = {}
    forms = [context["adminform"].form]
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for field in form:
            value = field.value()
            if value is None or value is False:
                continue
            if isinstance(value, list) and not hasattr(field.field, "choices"):
                value = ",".join(map(str, value))
            data[field.html_name] = value
    return data


def text_of(response: Any) -> str:
    """Return the words of a page."""
    html = re.sub(r"<(style|script)\b.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
