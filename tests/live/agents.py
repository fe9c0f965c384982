"""Makes help desk agents out of people with an account, and gives their callers something to do."""

from typing import Any

from django.contrib.auth.models import Group
from django.db import transaction

from accounts.models import User
from accounts.services import acknowledgements, devices
from catalog.models import Role
from tests.factories.access_requests import make_grant
from tests.live import apps


@transaction.atomic
def _place(given: dict[str, Any]) -> None:
    """Give roles of zONE and a seat at the portal's help desk, as ``given`` says."""
    roles = {role.code: role for role in Role.objects.filter(system__slug="zone")}
    approver = User.objects.get_by_natural_key("approver.cms")
    for code, user_ids in given["roles"].items():
        for user_id in user_ids:
            person = User.objects.get_by_natural_key(user_id)
            make_grant(person, roles[code], approver=approver)
            devices.refresh(person)
    for user_id in given["portal"]:
        group = Group.objects.get(name="Portal help desk")
        User.objects.get_by_natural_key(user_id).groups.add(group)


def main(given: dict[str, Any]) -> dict[str, str]:
    """Place people, then give those under ``apps`` an authenticator app; returns their seeds.

    Agents have accepted the rules for people with elevated rights.
    """
    _place(given)
    seeds = {user_id: apps.main(user_id) for user_id in given["apps"]}
    for user_id in given["apps"]:
        acknowledgements.accept_for_demo(user=User.objects.get_by_natural_key(user_id))
    return seeds
