"""Who gets into the administration pages, and what is not served there at all."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib import admin as django_admin
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, reverse

import clock
from accounts.assurance import Strength
from accounts.models import User
from catalog.models import Role
from tests import cast
from tests.factories import accounts
from tests.factories import catalog as make

PAGES = [
    "/admin/",
    "/admin/catalog/",
    "/admin/catalog/system/",
    "/admin/catalog/system/add/",
    "/admin/catalog/role/",
    "/admin/catalog/category/",
    "/admin/organizations/organization/",
    "/admin/jsi18n/",
]


@pytest.mark.django_db
@pytest.mark.parametrize("address", [*PAGES, "/admin/nowhere/", "/admin/login/"])
def test_somebody_not_signed_in_is_led_to_the_sign_in_of_the_portal(address: str) -> None:
    response = Client().get(address)
    assert response.status_code == 302
    assert response["Location"] == f"{reverse('accounts:login')}?next={address}"


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("person", ["stranger", "auditor", "business_owner", "system_help_desk"])
def test_people_who_are_not_staff_find_nothing(
    zone: dict[str, Role], person: str, address: str
) -> None:
    client = cast.client_of(getattr(cast, person)())
    response = client.get(address)
    assert response.status_code == 404


def test_a_post_of_somebody_without_the_right_changes_nothing(zone: dict[str, Role]) -> None:
    client = cast.client_of(cast.stranger())
    system = zone["end-user"].system
    assert (
        client.post(f"/admin/catalog/system/{system.pk}/delete/", {"post": "yes"}).status_code
        == 404
    )
    assert type(system).objects.filter(pk=system.pk).exists()


@pytest.mark.parametrize("address", PAGES[2:7])
def test_staff_without_a_right_find_nothing_but_the_door(db: None, address: str) -> None:
    client = cast.client_of(accounts.strong(cast.stranger(is_staff=True)))
    assert client.get("/admin/").status_code == 200
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("address", PAGES)
def test_the_administrator_gets_in(admin: Client, zone: dict[str, Role], address: str) -> None:
    assert admin.get(address).status_code == 200


def test_a_deactivated_administrator_is_out(administrator: User) -> None:
    client = cast.client_of(administrator)
    administrator.is_active = False
    administrator.save()
    assert client.get("/admin/").status_code in {302, 404}


@pytest.mark.parametrize("name", ["login", "logout", "password_change", "password_change_done"])
def test_the_sign_in_of_django_is_not_served(admin: Client, name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(f"admin:{name}")
    assert admin.get(f"/admin/{name.replace('_', '/')}/").status_code == 404
    assert admin.get("/admin/doc/").status_code == 404


def test_groups_and_rights_are_not_changed_here(admin: Client) -> None:
    assert admin.get("/admin/auth/group/").status_code == 404
    assert admin.get("/admin/auth/permission/").status_code == 404


def test_every_address_carries_the_marker() -> None:
    def patterns(urls: list[URLPattern | URLResolver]) -> list[URLPattern]:
        found: list[URLPattern] = []
        for url in urls:
            found += patterns(url.url_patterns) if isinstance(url, URLResolver) else [url]
        return found

    every = patterns(django_admin.site.get_urls())
    assert len(every) > 20
    assert {getattr(pattern.callback, "access", None) for pattern in every} == {"allowed_by:admin"}


@pytest.mark.parametrize(
    "address", [*PAGES[:7], "/admin/catalog/role/add/", "/admin/organizations/organization/add/"]
)
def test_no_page_needs_anything_that_the_content_rules_forbid(
    admin: Client, zone: dict[str, Role], address: str
) -> None:
    response = admin.get(address)
    html = response.content.decode()
    assert "unsafe" not in response["Content-Security-Policy"]
    assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>\s*[^\s<]", html)
    assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", html)
    assert "<style" not in html


def test_the_pages_lead_back_to_the_portal_and_out(admin: Client) -> None:
    html = admin.get("/admin/").content.decode()
    assert "Back to the portal" in html
    assert f'action="{reverse("accounts:logout")}"' in html
    assert "Log Out" in html


def test_nothing_of_it_is_kept_by_a_cache(admin: Client) -> None:
    assert "no-store" in admin.get("/admin/")["Cache-Control"]


def test_view_on_site_leads_to_the_page_of_the_system(admin: Client, zone: dict[str, Role]) -> None:
    system = make.make_system("HBR", slug="harbor")
    html = admin.get(f"/admin/catalog/system/{system.pk}/change/").content.decode()
    link = re.search(r'href="([^"]+)"[^>]*class="viewsitelink"', html)
    assert link is not None
    assert admin.get(link[1])["Location"].endswith("/catalog/harbor/")


@pytest.mark.parametrize("address", PAGES)
@pytest.mark.parametrize("strength", [Strength.NONE, Strength.WEAK])
def test_staff_without_a_strong_session_are_never_let_in(
    db: None, address: str, strength: Strength
) -> None:
    weak = cast.administrator(has_strong_factor=False, has_mfa=strength > Strength.NONE)
    response = cast.client_of(weak, strength).get(address)
    assert response.status_code == 302
    assert response["Location"] == reverse("accounts:mfa_devices")


def test_staff_who_signed_in_weakly_but_could_strongly_are_asked_to(db: None) -> None:
    response = cast.client_of(cast.administrator(), Strength.WEAK).get("/admin/catalog/role/?q=1")
    assert response.status_code == 302
    assert response["Location"] == "/login/again/?next=/admin/catalog/role/%3Fq%3D1"


def test_staff_are_asked_again_after_fifteen_minutes(db: None) -> None:
    admin = cast.administrator()
    with time_machine.travel(clock.now(), tick=False) as traveller:
        client = cast.client_of(admin)
        traveller.shift(timedelta(minutes=15))
        assert client.get("/admin/").status_code == 200
        traveller.shift(timedelta(seconds=1))
        late = client.get("/admin/")
        post = client.post("/admin/accounts/user/", {"action": "deactivate"})
    assert late["Location"] == "/login/again/?next=/admin/"
    assert post["Location"] == "/login/again/?next=/admin/accounts/user/"
