"""What is being typed into a request is kept in the background, right or wrong."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

import clock
from access_requests.models import AccessRequest
from access_requests.models.requests import Status
from access_requests.reasons import Reason
from access_requests.services import drafts
from accounts.models import PortalSession
from audit.models import AuditEntry
from notifications.models import OutboxMessage
from organizations.models import Organization
from tests import cast
from tests.factories.access_requests import make_draft, make_request
from tests.factories.organizations import make_organization
from tests.integration.access_requests.conftest import World

URL = "/catalog/zone/request/"
KEEP = f"{URL}draft/"
DISCARD = f"{URL}discard/"
TYPED = {
    "role": "end-user",
    "shown_role": "end-user",
    "organization": "Harbor Comm",
    "attribute_navigator_or_cac_id": "NAV",
    "reason": "I help con",
    "revision": "",
    "window": "window-of-test-1",
    "writer": "assister.avery",
}
DONE = {
    **TYPED,
    "organization": "Harbor Community Health",
    "attribute_navigator_or_cac_id": "NAV-12345",
    "reason": "I help consumers.",
}


@pytest.fixture
def visitor(world: World) -> Any:
    world.everybody()
    attribute = world.end_user.attributes.get(code="navigator-or-cac-id")
    attribute.pattern, attribute.pattern_hint = r"NAV-\d+", "Such as NAV-12345."
    attribute.save()
    return world.client(world.assister)


def draft() -> Any:
    return AccessRequest.objects.get(status=Status.DRAFT)


def rename(organization: Organization, name: str) -> None:
    organization.name = name
    organization.clean()
    organization.save()


def test_what_was_typed_is_there_again_without_a_complaint(visitor: Any) -> None:
    answer = visitor.post(KEEP, TYPED)

    assert answer.json() == {"revision": draft().revision}
    page = visitor.get(URL)
    for words in ("Harbor Comm", 'value="NAV"', "I help con"):
        assert words in page.content.decode()
    assert "Such as NAV-12345." not in page.context["details"].errors.as_text()
    assert not page.context["details"].errors


def test_it_is_complained_about_when_the_person_goes_on_and_kept_all_the_same(
    visitor: Any,
) -> None:
    visitor.post(KEEP, TYPED)

    page = visitor.post(URL, {**DONE, "attribute_navigator_or_cac_id": "NAV"})

    assert page.context["details"].errors.keys() == {"attribute_navigator_or_cac_id"}
    assert draft().answers == {"navigator-or-cac-id": ""}
    assert 'value="NAV"' in visitor.get(URL).content.decode()


def test_nothing_of_it_is_written_to_the_log_or_mailed(visitor: Any) -> None:
    before = AuditEntry.objects.count(), OutboxMessage.objects.count()

    visitor.post(KEEP, TYPED)
    visitor.post(KEEP, {**TYPED, "reason": "I help consumers"})

    assert (AuditEntry.objects.count(), OutboxMessage.objects.count()) == before


def test_answers_are_not_touched_before_the_person_goes_on(visitor: Any) -> None:
    visitor.post(URL, DONE)

    visitor.post(KEEP, {**TYPED, "revision": draft().revision})

    assert (draft().reason, draft().answers) == (
        "I help consumers.",
        {"navigator-or-cac-id": "NAV-12345"},
    )
    visitor.post(URL, {**DONE, "reason": "I help people."})
    assert (draft().reason, draft().typed) == ("I help people.", None)


def test_nothing_half_typed_can_be_submitted(visitor: Any) -> None:
    visitor.post(URL, DONE)
    visitor.post(KEEP, {**TYPED, "revision": draft().revision})

    back = visitor.get(f"{URL}review/")
    assert back["Location"] == URL
    assert "Your last answers are not confirmed yet" in visitor.get(URL).content.decode()
    page = visitor.post(f"{URL}review/", {"draft": draft().pk, "revision": draft().revision})

    assert page.status_code == 409
    assert str(Reason.UNCONFIRMED.label) in page.content.decode()
    assert draft().status == Status.DRAFT


def test_a_submitted_request_keeps_nothing_that_was_only_typed(visitor: Any, world: World) -> None:
    visitor.post(KEEP, TYPED)
    visitor.post(URL, DONE)
    visitor.post(f"{URL}review/", {"draft": draft().pk, "revision": draft().revision})

    sent = AccessRequest.objects.get(requester=world.assister)
    assert (sent.status, sent.typed) == (Status.PENDING, None)


def test_typing_back_what_the_draft_says_leaves_nothing_to_confirm(visitor: Any) -> None:
    visitor.post(URL, DONE)
    visitor.post(KEEP, {**TYPED, "revision": draft().revision})

    visitor.post(KEEP, {**DONE, "revision": draft().revision})

    assert draft().typed is None
    assert visitor.get(f"{URL}review/").status_code == 200


@pytest.mark.parametrize("name", ["harbor community health", "HARBOR  Community Health"])
def test_a_known_organization_in_another_spelling_leaves_nothing_to_confirm(
    visitor: Any, world: World, name: str
) -> None:
    assert visitor.post(URL, {**DONE, "organization": name})["Location"] == f"{URL}review/"

    assert (draft().organization, draft().typed) == (world.harbor, None)
    visitor.post(KEEP, {**DONE, "organization": name, "revision": draft().revision})
    assert visitor.get(f"{URL}review/").status_code == 200
    sent = visitor.post(f"{URL}review/", {"draft": draft().pk, "revision": draft().revision})
    assert "/acknowledgement/" in sent["Location"]


def test_an_unknown_organization_is_kept_as_it_was_typed_last(visitor: Any) -> None:
    visitor.post(URL, {**DONE, "organization": "new helpers"})

    visitor.post(KEEP, {**DONE, "organization": "New Helpers", "revision": draft().revision})

    assert draft().typed["organization_name"] == "New Helpers"


def test_a_renamed_organization_does_not_stand_in_the_way(visitor: Any, world: World) -> None:
    visitor.post(URL, {**DONE, "organization": "harbor community health"})
    known = {"draft": draft().pk, "revision": draft().revision}
    rename(world.harbor, "Harbor Health")

    assert visitor.get(f"{URL}review/").status_code == 200
    assert "/acknowledgement/" in visitor.post(f"{URL}review/", known)["Location"]


def test_a_merged_organization_has_to_be_named_anew(visitor: Any, world: World) -> None:
    visitor.post(URL, {**DONE, "organization": "harbor community health"})
    world.harbor.is_active = False
    world.harbor.save()
    merged = make_organization("Bay Health")

    visitor.post(URL, {**DONE, "organization": "bay health"})

    assert (draft().organization, draft().typed) == (merged, None)
    assert visitor.get(f"{URL}review/").status_code == 200


# --- Windows beside each other ---


def test_a_second_window_overwrites_nothing(visitor: Any) -> None:
    visitor.post(KEEP, TYPED)
    stale = draft().revision - 1

    for revision in ("", stale, "nonsense", "9" * 30):
        other = {**TYPED, "window": "window-of-test-2", "revision": revision, "reason": "Other"}
        answer = visitor.post(KEEP, other)
        assert answer.status_code == 409
        assert answer.json() == {"reason": "changed_meanwhile"}
    assert draft().typed["reason"] == "I help con"


def test_a_window_that_knows_the_draft_goes_on_and_the_first_one_is_stale_then(
    visitor: Any,
) -> None:
    first = visitor.post(KEEP, TYPED).json()
    second = {**TYPED, "window": "window-of-test-2", "reason": "Other", **first}

    assert visitor.post(KEEP, second).status_code == 200
    assert visitor.post(KEEP, {**TYPED, **first, "reason": "Mine"}).status_code == 409
    assert draft().typed["reason"] == "Other"


def test_a_window_goes_on_after_an_answer_that_was_lost(visitor: Any) -> None:
    visitor.post(KEEP, TYPED)

    answer = visitor.post(KEEP, {**TYPED, "reason": "I help consumers"})

    assert answer.status_code == 200
    assert draft().typed["reason"] == "I help consumers"


def test_a_save_that_comes_late_does_not_undo_going_on(visitor: Any) -> None:
    known = visitor.post(KEEP, TYPED).json()
    visitor.post(URL, DONE)

    assert visitor.post(KEEP, {**TYPED, **known}).status_code == 409
    assert draft().typed is None


def test_a_window_left_open_after_submitting_begins_no_new_draft(visitor: Any) -> None:
    visitor.post(URL, DONE)
    known = draft().revision
    visitor.post(f"{URL}review/", {"draft": draft().pk, "revision": known})

    assert visitor.post(KEEP, {**TYPED, "revision": known}).status_code == 409
    assert not AccessRequest.objects.filter(status=Status.DRAFT).exists()


# --- Whose, how much, how often ---


def test_everybody_writes_into_their_own_draft_only(visitor: Any, world: World) -> None:
    foreign = make_draft(world.stranger, world.end_user, world.harbor)

    visitor.post(KEEP, {**TYPED, "revision": foreign.revision, "draft": foreign.pk})

    foreign.refresh_from_db()
    assert foreign.typed is None


def test_a_page_of_somebody_else_writes_nothing(visitor: Any) -> None:
    answer = visitor.post(KEEP, {**TYPED, "writer": "stranger.sam"})

    assert answer.status_code == 409
    assert not AccessRequest.objects.filter(status=Status.DRAFT).exists()


def test_who_is_signed_out_is_led_to_the_sign_in_and_nothing_is_written(world: World) -> None:
    client = world.client(world.assister)
    PortalSession.objects.update(ended_at=clock.now(), end_reason=PortalSession.End.SIGNED_OUT)

    answer = client.post(KEEP, TYPED)

    assert answer.status_code == 302
    assert not AccessRequest.objects.filter(status=Status.DRAFT).exists()


def test_the_token_of_the_page_is_asked_for(world: World) -> None:
    client = Client(enforce_csrf_checks=True)
    cast.sign_in(client, world.assister)

    assert client.post(KEEP, TYPED).status_code == 403


@pytest.mark.parametrize("role", ["", "nothing", "x" * 200])
def test_a_role_that_is_not_offered_is_absent(visitor: Any, role: str) -> None:
    assert visitor.post(KEEP, {**TYPED, "shown_role": role}).status_code == 404


def test_texts_are_bounded_and_cleaned(visitor: Any) -> None:
    visitor.post(KEEP, {**TYPED, "reason": "x" * 100_000, "organization": "Har\u200bbor  " * 1000})

    assert len(draft().typed["reason"]) == 4000
    assert draft().typed["organization_name"].startswith("Harbor Harbor")
    assert len(draft().typed["organization_name"]) <= 400


def test_only_so_many_saves_fit_into_a_minute(visitor: Any) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        codes = [
            visitor.post(KEEP, {**TYPED, "reason": f"I help {number}"}).status_code
            for number in range(drafts.TYPED_A_MINUTE + 1)
        ]
        assert codes == [200] * drafts.TYPED_A_MINUTE + [429]
        traveller.shift(timedelta(minutes=1))
        assert visitor.post(KEEP, TYPED).status_code == 200


def test_typing_counts_as_activity_and_trying_again_does_not(world: World) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        client = world.client(world.assister)
        for headers, status in (({}, 200), ({"X-Portal-Poll": "draft"}, 200), ({}, 302)):
            traveller.shift(timedelta(minutes=16))
            assert client.post(KEEP, TYPED, headers=headers).status_code == status


# --- Discarding ---


def test_discarding_asks_first_and_then_deletes_the_draft(visitor: Any) -> None:
    visitor.post(URL, DONE)
    for page in (URL, "/access/"):
        assert f'href="{DISCARD}"' in visitor.get(page).content.decode()

    assert "with everything you entered" in visitor.get(DISCARD).content.decode()
    assert draft().reason == "I help consumers."
    page = visitor.post(DISCARD, follow=True)

    assert "The draft was discarded." in page.content.decode()
    assert not AccessRequest.objects.filter(status=Status.DRAFT).exists()
    assert [visitor.get(DISCARD)["Location"], visitor.post(DISCARD)["Location"]] == ["/access/"] * 2


def test_only_the_own_draft_is_discarded_and_nothing_submitted(visitor: Any, world: World) -> None:
    make_draft(world.stranger, world.end_user, world.harbor)
    make_request(world.assister, world.end_user, world.harbor)
    before = AccessRequest.objects.count()

    visitor.post(DISCARD)

    assert AccessRequest.objects.count() == before


def test_a_window_left_open_after_discarding_brings_nothing_back(visitor: Any) -> None:
    visitor.post(URL, DONE)
    known = draft().revision
    visitor.post(DISCARD)

    assert visitor.post(KEEP, {**TYPED, "revision": known}).status_code == 409
    assert not AccessRequest.objects.filter(status=Status.DRAFT).exists()
