"""Requests and grants in the administration pages: read-only, with one careful action."""

from typing import Any

import pytest

from access_requests.models import Grant
from accounts.models import User
from tests import cast
from tests.factories.access_requests import make_draft, make_grant, make_request
from tests.integration.access_requests.conftest import World

MODELS = ["accessrequest", "decision", "grant"]
GRANTS = "/admin/access_requests/grant/"


@pytest.fixture
def boss(world: World) -> User:
    return cast.superuser()


@pytest.mark.parametrize("model", MODELS)
def test_everything_can_be_read_and_nothing_written(world: World, boss: User, model: str) -> None:
    grant = make_grant(world.assister, world.end_user, world.harbor)
    row = {
        "grant": grant,
        "decision": grant.decision,
        "accessrequest": grant.decision.access_request,
    }[model]
    visitor = world.client(boss)
    assert visitor.get(f"/admin/access_requests/{model}/").status_code == 200
    page = visitor.get(f"/admin/access_requests/{model}/{row.pk}/change/")
    assert page.status_code == 200
    assert b'name="_save"' not in page.content
    for path in ("add/", f"{row.pk}/delete/"):
        assert visitor.get(f"/admin/access_requests/{model}/{path}").status_code in {403, 404}
    assert visitor.post(
        f"/admin/access_requests/{model}/{row.pk}/change/", {"status": "denied"}
    ).status_code in {403, 404}


@pytest.mark.parametrize("model", MODELS)
def test_for_other_people_the_pages_do_not_exist(world: World, model: str) -> None:
    assert world.client(world.assister).get(f"/admin/access_requests/{model}/").status_code == 404


def test_drafts_are_not_listed(world: World, boss: User) -> None:
    sent = make_request(world.assister, world.end_user, world.harbor)
    make_draft(world.stranger, world.end_user, world.harbor)
    page = world.client(boss).get("/admin/access_requests/accessrequest/")
    assert page.context["cl"].result_count == 1
    assert sent.tracking_number.encode() in page.content


def revoke(visitor: Any, *held: Any, **fields: Any) -> Any:
    data = {"action": "revoke", "_selected_action": [grant.pk for grant in held], **fields}
    return visitor.post(GRANTS, data, follow=True)


def test_revoking_asks_for_the_reason_first(world: World, boss: User) -> None:
    held = make_grant(world.assister, world.end_user, world.harbor)
    visitor = world.client(boss)
    assert b"These roles will be taken" in revoke(visitor, held).content
    assert b"Write the reason." in revoke(visitor, held, confirm="1", reason=" ").content
    assert Grant.objects.standing().filter(pk=held.pk).exists()
    page = revoke(visitor, held, confirm="1", reason="Left the organization.")
    assert b"1 role revoked." in page.content
    held.refresh_from_db()
    assert (held.end_reason, held.ended_by) == ("revoked", boss)


def test_the_own_role_is_left_alone(world: World, boss: User) -> None:
    mine = make_grant(boss, world.cms)
    page = revoke(world.client(boss), mine, confirm="1", reason="x")
    assert b"Nobody revokes their own access" in page.content
    assert Grant.objects.standing().filter(pk=mine.pk).exists()


def test_without_the_right_there_is_no_such_action(world: World) -> None:
    from django.contrib.auth.models import Permission

    reader = cast.stranger(is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_grant"))
    held = make_grant(world.assister, world.end_user, world.harbor)
    revoke(world.client(reader), held, confirm="1", reason="x")
    assert Grant.objects.standing().filter(pk=held.pk).exists()
