"""Four forms that are filled in rightly, with fields nobody asked for; and what came of it."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.models import Group
from django.db import models, transaction
from django.test import Client

from access_requests.models import AccessRequest, Decision, Grant
from accounts.models import MFADevice, PortalSession, Registration, User
from portal.middleware import POWERS
from tests import cast
from tests.factories.access_requests import make_request
from tests.integration.access_requests.conftest import World, make_world
from tests.integration.accounts import profiles
from tests.integration.accounts.conftest import CREDENTIALS, INFORMATION, link_of, newest_mail

Extra = dict[str, str]
Fill = Callable[[Extra], None]
TABLES: tuple[type[models.Model], ...] = (
    User,
    Registration,
    PortalSession,
    MFADevice,
    AccessRequest,
    Decision,
    Grant,
)
# Drawn anew each time, so nothing can be read off them.
DRAWN = {"id", "uid"}


def value_of(name: str) -> str:
    """What somebody would send to get a field set who knows how the tables look."""
    people = {"user", "person", "requester", "approver", "decided_by", "certifier", "recipient"}
    if name in people:
        return str(User.objects.get(user_id="stranger.sam").pk)
    if name in {"group", "groups"}:
        return str(Group.objects.get(name="Portal help desk").pk)
    if name == "role":
        return "business-owner"
    if name.endswith("_at") or name in {"certify_by", "certified_until"}:
        return "2099-12-31 00:00:00"
    plain = {"status": "approved", "court": "help_desk", "end_reason": "revoked"}
    return plain.get(name, "on" if name.startswith(("is_", "has_")) else "3")


def state() -> dict[str, list[list[str]]]:
    """Every field with power of every row of these tables, people by their User IDs."""
    found = {}
    for table in TABLES:
        names = [f.name for f in table._meta.concrete_fields if f.name in POWERS - DRAWN]
        rows = table._default_manager.order_by("pk")
        found[table.__name__] = [[f"{n}={getattr(row, n)}" for n in names] for row in rows]
    for link in (User.groups, User.user_permissions):
        found[link.through.__name__] = [[str(link.through._default_manager.count())]]
    return found


@contextmanager
def undone() -> Iterator[None]:
    """Take back what the block writes."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _followed(answer: Any) -> Any:
    assert answer.status_code == 302, answer.status_code
    return answer


def registration() -> Fill:
    """Somebody registers and opens the account by the link."""
    make_world()
    cast.portal_help_desk()
    cast.stranger()

    def fill(extra: Extra) -> None:
        client = Client()
        _followed(client.post("/register/terms/", {"agree": "on", **extra}))
        _followed(client.post("/register/information/", {**INFORMATION, **extra}))
        end = _followed(client.post("/register/credentials/", {**CREDENTIALS, **extra}))
        assert client.get(end["Location"]).status_code == 200
        other = Client()
        other.get(link_of(newest_mail("account_activation")), follow=True)
        _followed(other.post("/register/activate/", {"password": CREDENTIALS["password"], **extra}))
        assert User.objects.filter(user_id_key="rowan.ashford").exists()

    return fill


def profile() -> Fill:
    """Somebody changes the own phone number."""
    cast.portal_help_desk()
    cast.stranger()
    person = profiles.somebody()
    client = profiles.answered(person)

    def fill(extra: Extra) -> None:
        form = {"email": person.email, "confirm_email": person.email, "phone": "410 555 0177"}
        _followed(client.post(profiles.CHANGE, {**form, **extra}))
        assert User.objects.get(pk=person.pk).phone == "+14105550177"

    return fill


def request() -> Fill:
    """Somebody asks for a role."""
    world = _world()
    client = world.client(world.assister)
    address = "/catalog/zone/request/"
    details = {
        "role": "end-user",
        "shown_role": "end-user",
        "organization": "Harbor Community Health",
        "attribute_navigator_or_cac_id": "NAV-12345",
        "reason": "I help consumers in Baltimore.",
    }

    def fill(extra: Extra) -> None:
        # The role is what this form asks for; more of them come with the review.
        more = {name: value for name, value in extra.items() if name != "role"}
        _followed(client.post(address, {**details, **more}))
        draft: Any = AccessRequest.objects.get(requester=world.assister)
        sent = {"draft": str(draft.pk), "revision": str(draft.revision)}
        _followed(client.post(f"{address}review/", {**sent, **extra}))
        assert AccessRequest.objects.filter(pk=draft.pk, status="pending").exists()

    return fill


def decision() -> Fill:
    """Somebody approves a request."""
    world = _world()
    asked = make_request(world.assister, world.end_user, world.harbor)
    client = world.client(world.external_approver)
    address = f"/approvals/{asked.tracking_number}/"
    page = client.get(address).content.decode()
    hidden = dict(re.findall(r'name="(revision|form_key)" value="([^"]+)"', page))

    def fill(extra: Extra) -> None:
        _followed(client.post(f"{address}approve/", {**hidden, "comment": "", **extra}))
        assert Grant.objects.filter(person=world.assister, role=world.end_user).exists()

    return fill


def _world() -> World:
    world = make_world().everybody()
    assert world.stranger
    return world
