"""The pages of a request: role, details, review, acknowledgement, status, cancel, answer."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from access_requests.models import AccessRequest, Grant
from access_requests.models.requests import Status
from access_requests.services import decisions, grants, requests
from tests import cast
from tests.factories.access_requests import make_draft, make_grant, make_request
from tests.factories.catalog import make_role, make_system
from tests.factories.organizations import make_organization
from tests.integration.access_requests.conftest import World
from tests.integration.access_requests.helpers import statements

URL = "/catalog/zone/request/"
MFA_OFFER = f"/profile/mfa/offer/?next={quote(f'{URL}?role=end-user', safe='')}"
VERIFICATION = f"/proofing/?next={quote(f'{URL}?role=end-user', safe='')}"
DETAILS = {
    "role": "end-user",
    "shown_role": "end-user",
    "organization": "Harbor Community Health",
    "attribute_navigator_or_cac_id": "NAV-12345",
    "reason": "I help consumers in Baltimore.",
}


@pytest.fixture
def visitor(world: World) -> Any:
    world.everybody()
    return world.client(world.assister)


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_first_page_asks_for_the_role(visitor: Any) -> None:
    page = visitor.get(URL)
    text = text_of(page)
    assert page.status_code == 200
    assert "Request New System Access" in text
    assert "System Description" in text
    assert "View and Manage My Access" in text
    assert text.index("Select the Role") < text.index("zONE End User")
    assert "Reason for request" not in text


def test_opening_the_page_writes_nothing(visitor: Any) -> None:
    before = AccessRequest.objects.count()
    visitor.get(URL)
    visitor.get(f"{URL}?role=end-user")
    assert AccessRequest.objects.count() == before


def test_next_without_a_role_says_what_is_missing(visitor: Any) -> None:
    page = visitor.post(URL, {"role": ""})
    assert "Select a role." in text_of(page)
    assert page.status_code == 200


def test_a_role_of_another_system_is_no_choice(visitor: Any) -> None:
    other = make_role(make_system(), "foreign")
    page = visitor.post(URL, {"role": other.code})
    assert "Select one of the roles in the list." in text_of(page)


def test_choosing_the_role_shows_its_questions(visitor: Any) -> None:
    page = visitor.post(URL, {"role": "end-user"}, follow=True)
    text = text_of(page)
    assert "Navigator or CAC ID" in text
    assert "Organization" in text
    assert "Reason for request" in text
    assert not page.context["details"].errors


def test_a_role_can_be_named_in_the_address(visitor: Any) -> None:
    assert "Navigator or CAC ID" in text_of(visitor.get(f"{URL}?role=end-user"))


def test_the_whole_way_to_the_acknowledgement(visitor: Any, world: World) -> None:
    visitor.post(URL, {"role": "end-user"})
    response = visitor.post(URL, DETAILS)
    assert response.url == f"{URL}review/"
    review = visitor.get(response.url)
    text = text_of(review)
    for word in ("Review", "NAV-12345", "Harbor Community Health", "Edit", "Submit"):
        assert word in text
    assert "zONE External Approver of the same organization" in text
    draft: Any = AccessRequest.objects.get(requester=world.assister)
    response = visitor.post(
        f"{URL}review/", {"draft": draft.pk, "revision": draft.revision}, follow=True
    )
    draft.refresh_from_db()
    text = text_of(response)
    assert draft.status == Status.PENDING
    assert "Acknowledgement" in text
    assert draft.tracking_number in text
    assert f"A mail with the tracking number was sent to {world.assister.email}." in text
    assert {step["state"] for step in response.context["steps"]} == {"complete"}
    assert draft.answers == {"navigator-or-cac-id": "NAV-12345"}


def test_submitting_by_the_page_costs_eight_statements(visitor: Any, world: World) -> None:
    draft = make_draft(world.assister, world.end_user, world.harbor)
    with statements() as seen:
        response = visitor.post(f"{URL}review/", {"draft": draft.pk, "revision": draft.revision})
    assert response.status_code == 302
    assert "/acknowledgement/" in response.url
    assert len(seen) == 8, "\n".join(seen)


def test_submitting_twice_shows_the_same_acknowledgement(visitor: Any, world: World) -> None:
    draft = make_draft(world.assister, world.end_user, world.harbor)
    form = {"draft": draft.pk, "revision": draft.revision}
    assert visitor.post(f"{URL}review/", form).url == visitor.post(f"{URL}review/", form).url


def test_a_wrong_field_keeps_the_form_filled_and_the_draft(visitor: Any, world: World) -> None:
    page = visitor.post(URL, {**DETAILS, "attribute_navigator_or_cac_id": ""})
    text = page.content.decode()
    assert "Please correct the following" in text
    assert "I help consumers in Baltimore." in text
    draft = AccessRequest.objects.get(requester=world.assister)
    assert draft.reason == "I help consumers in Baltimore."
    assert "Harbor Community Health" in visitor.get(URL).content.decode()


def test_an_invalid_answer_cannot_be_sent_past_the_form(visitor: Any, world: World) -> None:
    attribute = world.end_user.attributes.get(code="navigator-or-cac-id")
    attribute.pattern, attribute.pattern_hint = r"NAV-\d+", "Such as NAV-12345."
    attribute.save()
    page = visitor.post(URL, {**DETAILS, "attribute_navigator_or_cac_id": "nothing"})
    assert "Such as NAV-12345." in text_of(page)
    draft = AccessRequest.objects.get(requester=world.assister)
    page = visitor.post(f"{URL}review/", {"draft": draft.pk, "revision": draft.revision})
    assert page.status_code == 409
    assert "Some answers are missing" in text_of(page)


def test_extra_fields_are_ignored(visitor: Any, world: World) -> None:
    visitor.post(
        URL,
        {**DETAILS, "status": "approved", "requester": world.stranger.pk, "court": "help_desk"},
    )
    draft = AccessRequest.objects.get(requester=world.assister)
    assert (draft.status, draft.requester, draft.court) == (Status.DRAFT, world.assister, "")


def test_changing_the_role_keeps_the_reason(visitor: Any) -> None:
    visitor.post(URL, DETAILS)
    page = visitor.post(URL, {**DETAILS, "role": "cms-approver"}, follow=True)
    text = page.content.decode()
    assert page.context["role"].code == "cms-approver"
    assert "I help consumers in Baltimore." in text
    assert "Navigator or CAC ID" not in text


def test_a_refused_request_shows_the_reason_and_the_way_out(visitor: Any, world: World) -> None:
    other = make_request(world.assister, world.end_user, world.harbor)
    draft = make_draft(world.assister, world.end_user, world.harbor)
    review = visitor.get(f"{URL}review/")
    assert "There is an open request for this role already" in text_of(review)
    assert other.get_absolute_url() in review.content.decode()
    page = visitor.post(f"{URL}review/", {"draft": draft.pk, "revision": draft.revision})
    assert page.status_code == 409


def test_an_open_request_cannot_be_begun_a_second_time(visitor: Any, world: World) -> None:
    asked = make_request(world.assister, world.end_user, world.harbor)
    page = visitor.post(URL, {**DETAILS, "organization": "harbor community health"})
    html = page.content.decode()
    assert page.status_code == 200
    assert "There is an open request for this role already" in html
    assert f'href="{asked.get_absolute_url()}"' in html
    assert "I help consumers in Baltimore." in html
    assert html.index("open request for this role") < html.index("System Description")
    assert AccessRequest.objects.get(status=Status.DRAFT).reason == DETAILS["reason"]


def test_a_held_role_is_refused_when_it_is_chosen(visitor: Any, world: World) -> None:
    make_grant(world.assister, world.cms, is_strong=False)
    page = visitor.post(URL, {"role": "cms-approver"})
    html = page.content.decode()
    assert page.status_code == 200
    assert "This role is held already" in html
    assert html.index("This role is held already") < html.index("System Description")
    assert "Say why you need the role." not in html
    assert "Reason for request" not in html
    assert not AccessRequest.objects.filter(status=Status.DRAFT).exists()


def test_a_role_held_elsewhere_can_be_asked_for(visitor: Any, world: World) -> None:
    make_grant(world.assister, world.end_user, make_organization())
    make_request(world.assister, world.end_user, organization_name="Unknown Helpers")
    assert visitor.post(URL, {"role": "end-user"})["Location"] == URL
    assert visitor.post(URL, DETAILS)["Location"] == f"{URL}review/"


def test_the_gates_say_what_is_missing(visitor: Any, world: World) -> None:
    world.end_user.required_ial = 2
    world.end_user.save()
    page = visitor.get(f"{URL}?role=end-user")
    assert "Before you submit" in text_of(page)
    assert "only for people with a proven identity" in text_of(page)
    assert f'href="{VERIFICATION}"' in page.content.decode()


def test_gates_that_stand_open_are_not_shown(visitor: Any, world: World) -> None:
    assert "Before you submit" not in text_of(visitor.get(f"{URL}?role=end-user"))
    make_grant(world.assister, world.cms, is_strong=False)
    text = text_of(visitor.get(f"{URL}?role=cms-approver"))
    assert "Choose a role that you do not hold yet" in text
    assert "Prove your identity" not in text
    assert text.index("Before you submit") < text.index("System Description")


def test_the_hint_of_the_role_leads_to_the_catalog_page(visitor: Any) -> None:
    html = visitor.get(URL).content.decode()
    assert re.search(r'href="/catalog/zone/">The catalog page of the system says', html)


def test_only_what_was_entered_is_called_saved(visitor: Any) -> None:
    empty = visitor.post(URL, {"role": "end-user"}, follow=True)
    assert "What you entered is saved" not in text_of(empty)
    visitor.post(URL, DETAILS)
    assert "What you entered is saved" in text_of(visitor.get(URL))


def test_a_role_that_needs_proofing_leads_through_it_and_back(visitor: Any, world: World) -> None:
    world.end_user.required_ial = 2
    world.end_user.save()
    chosen = visitor.post(URL, {"role": "end-user", "reason": "I help people."})
    assert chosen["Location"] == f"{VERIFICATION}%26after_proofing%3D1"
    assert visitor.get(chosen["Location"]).status_code == 200
    back = f"{URL}?role=end-user&after_proofing=1"
    assert visitor.get(back).context["details"].initial["reason"] == "I help people."
    cast.proofed(world.assister)
    result = visitor.get(reverse("accounts:proofing_result"))
    assert f'href="{back.replace("&", "&amp;")}"' in result.content.decode()
    assert visitor.get(back)["Location"] == MFA_OFFER
    page = visitor.post(MFA_OFFER, {"answer": "skip", "next": f"{URL}?role=end-user"}, follow=True)
    assert page.context["details"].initial["reason"] == "I help people."
    assert visitor.get(back).status_code == 200


@pytest.mark.parametrize("levels", [{"required_ial": 2}, {"required_aal": 2}])
def test_somebody_proven_is_offered_mfa_once(
    visitor: Any, world: World, levels: dict[str, int]
) -> None:
    type(world.end_user).objects.filter(pk=world.end_user.pk).update(**levels)
    cast.proofed(world.assister)
    assert visitor.post(URL, {"role": "end-user"})["Location"] == MFA_OFFER
    visitor.post(MFA_OFFER, {"answer": "skip"})
    assert visitor.post(URL, {"role": "end-user"})["Location"] == URL


def test_an_ordinary_role_is_no_occasion_to_offer_mfa(visitor: Any) -> None:
    assert visitor.post(URL, {"role": "end-user"})["Location"] == URL


def test_the_review_leads_to_identity_verification_too(visitor: Any, world: World) -> None:
    draft = make_draft(world.assister, world.end_user, world.harbor)
    world.end_user.required_ial = 2
    world.end_user.save()
    href = f"/proofing/?next={quote(f'{URL}review/', safe='')}"
    assert f'href="{href}"' in visitor.get(f"{URL}review/").content.decode()
    sent = visitor.post(f"{URL}review/", {"draft": draft.pk, "revision": draft.revision})
    assert sent.status_code == 409


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"draft": "x"},
        {"draft": "9" * 40, "revision": "1"},
        {"draft": "9" * 5000, "revision": "1"},
        {"draft": "1", "revision": "9" * 5000},
    ],
)
def test_nonsense_in_the_review_form_leads_back(visitor: Any, form: Any) -> None:
    assert visitor.post(f"{URL}review/", form).status_code == 302


def test_somebody_elses_draft_cannot_be_submitted(visitor: Any, world: World) -> None:
    foreign = make_draft(world.stranger, world.end_user, world.harbor)
    visitor.post(f"{URL}review/", {"draft": foreign.pk, "revision": foreign.revision})
    foreign.refresh_from_db()
    assert foreign.status == Status.DRAFT


def test_an_unknown_or_retired_system_is_not_found(visitor: Any, world: World) -> None:
    assert visitor.get("/catalog/nowhere/request/").status_code == 404
    world.system.is_active = False
    world.system.save()
    assert visitor.get(URL).status_code == 404


def test_scripts_in_answers_are_shown_as_text(visitor: Any, world: World) -> None:
    evil = "<script>alert(1)</script>"
    visitor.post(URL, {**DETAILS, "reason": evil})
    html = visitor.get(f"{URL}review/").content.decode()
    assert evil not in html
    assert "&lt;script&gt;" in html


# --- A request's own page -------------------------------------------------------------------


def test_the_status_page_says_who_decides_and_what_happens_next(visitor: Any, world: World) -> None:
    asked = make_request(world.assister, world.end_user, world.harbor)
    text = text_of(visitor.get(asked.get_absolute_url()))
    assert "zONE External Approver of the same organization (Harbor Community Health)" in text
    assert "1 person" in text
    assert "What happens next" in text


@pytest.mark.parametrize("name", ["detail", "acknowledgement", "cancel", "answer"])
def test_foreign_and_absent_requests_look_the_same(visitor: Any, world: World, name: str) -> None:
    foreign = make_request(world.stranger, world.end_user, world.harbor)
    pages = [
        visitor.get(reverse(f"access_requests:{name}", args=[number]))
        for number in (foreign.tracking_number, "100000001")
    ]
    assert [page.status_code for page in pages] == [404, 404]
    assert text_of(pages[0]) == text_of(pages[1])


@pytest.mark.parametrize("who", ["external_approver", "owner"])
def test_people_concerned_may_look_at_the_request(visitor: Any, world: World, who: str) -> None:
    asked = make_request(world.assister, world.end_user, world.harbor)
    page = world.client(getattr(world, who)).get(asked.get_absolute_url())
    assert page.status_code == 200
    assert "Cancel Request" not in text_of(page)


def test_the_history_tells_to_whom_the_request_passed(visitor: Any, world: World) -> None:
    asked = make_request(world.assister, world.end_user, world.harbor)
    for person, role in (
        (world.external_approver, world.external),
        (world.cms_approver, world.cms),
    ):
        grant = Grant.objects.standing().get(person=person, role=role)
        grants.remove(grant_id=grant.pk, holder=person)
    text = text_of(visitor.get(asked.get_absolute_url()))
    steps = [
        "Submitted by Avery Assister",
        "Passed on to: CMS zONE Approver",
        "Passed on to: zONE Business Owner",
    ]
    assert all(step in text for step in steps), text
    assert sorted(steps, key=text.index) == steps
    for person in (world.external_approver, world.cms_approver):
        assert person.get_full_name() not in text


def deny(world: World, asked: Any, comment: str = "Not one of ours.") -> Any:
    decisions.deny(
        tracking_number=asked.tracking_number, approver=world.external_approver, comment=comment
    )
    asked.refresh_from_db()
    return asked


def test_a_denied_request_says_why_and_who_decided_in_its_status(
    visitor: Any, world: World
) -> None:
    asked = deny(world, make_request(world.assister, world.end_user, world.harbor))
    text = text_of(visitor.get(asked.get_absolute_url()))
    status = text[text.index("Who decided") : text.index("What was asked for")]
    assert world.external_approver.get_full_name() in status
    assert "Not one of ours." in status


def test_asking_again_takes_over_role_and_answers(visitor: Any, world: World) -> None:
    asked = deny(world, make_request(world.assister, world.end_user, world.harbor))
    make_draft(world.assister, world.cms, reason="Something else.")
    count = AccessRequest.objects.count()
    html = visitor.get(asked.get_absolute_url()).content.decode()
    href = f"{URL}?again={asked.tracking_number}"
    assert re.search(rf'href="{re.escape(href)}"[^>]*>Ask again', html)
    page = visitor.get(href)
    assert page.context["role"] == world.end_user
    for words in ("Harbor Community Health", "A-1234567", "Helps consumers in our county."):
        assert words in page.content.decode()
    assert AccessRequest.objects.count() == count
    assert AccessRequest.objects.get(status=Status.DRAFT).reason == "Something else."


@pytest.mark.parametrize("number", ["100000001", "x", "9" * 500, "\x00", "foreign", "open"])
def test_nothing_else_can_be_taken_over(visitor: Any, world: World, number: str) -> None:
    foreign = make_request(world.stranger, world.end_user, world.harbor, reason="Not for you.")
    requests.withdraw(tracking_number=foreign.tracking_number, requester=world.stranger)
    pending = make_request(world.assister, world.end_user, world.harbor)
    numbers = {"foreign": foreign.tracking_number, "open": pending.tracking_number}
    page = visitor.get(URL, {"again": numbers.get(number, number)})
    assert page.status_code in {200, 400}
    assert "Reason for request" not in text_of(page)


def test_canceling_asks_first_and_then_ends_the_request(visitor: Any, world: World) -> None:
    asked = make_request(world.assister, world.end_user, world.harbor)
    url = reverse("access_requests:cancel", args=[asked.tracking_number])
    assert "Cancel Request" in text_of(visitor.get(url))
    asked.refresh_from_db()
    assert asked.status == Status.PENDING
    text = text_of(visitor.post(url, follow=True))
    assert f"Request {asked.tracking_number} was canceled." in text
    assert "Canceled" in text
    asked.refresh_from_db()
    assert asked.status == Status.WITHDRAWN


def test_canceling_too_late_says_so(visitor: Any, world: World) -> None:
    asked = make_request(world.assister, world.end_user, world.harbor)
    decisions.approve(tracking_number=asked.tracking_number, approver=world.external_approver)
    page = visitor.post(reverse("access_requests:cancel", args=[asked.tracking_number]))
    assert page.status_code == 409
    assert "decided already" in text_of(page)


def test_the_answer_page_sends_the_request_back(visitor: Any, world: World) -> None:
    asked = make_request(world.assister, world.end_user, world.harbor)
    decisions.return_for_information(
        tracking_number=asked.tracking_number,
        approver=world.external_approver,
        question="Which county?",
    )
    url = reverse("access_requests:answer", args=[asked.tracking_number])
    assert "Which county?" in text_of(visitor.get(url))
    form = {key: DETAILS[key] for key in DETAILS if key not in {"role", "shown_role"}}
    assert "Answer the question." in text_of(visitor.post(url, form))
    page = visitor.post(url, {**form, "answer": "Baltimore County."}, follow=True)
    asked.refresh_from_db()
    assert asked.status == Status.PENDING
    assert "Baltimore County." in text_of(page)


def test_answering_a_request_that_waits_for_nothing_leads_to_it(visitor: Any, world: World) -> None:
    asked = make_request(world.assister, world.end_user, world.harbor)
    url = reverse("access_requests:answer", args=[asked.tracking_number])
    assert visitor.get(url).url == asked.get_absolute_url()


def test_strangers_are_sent_to_sign_in(client: Client, world: World) -> None:
    assert client.get(URL).status_code == 302
    assert client.get("/access/").status_code == 302
    assert client.get("/approvals/").status_code == 302


def test_a_held_role_is_refused_with_a_link_to_my_access(visitor: Any, world: World) -> None:
    make_grant(world.assister, world.end_user, world.harbor)
    make_draft(world.assister, world.end_user, world.harbor)
    html = visitor.get(f"{URL}review/").content.decode()
    assert "This role is held already" in html
    assert reverse("access_requests:my_access") in html
