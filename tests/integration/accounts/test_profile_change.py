"""Change My Profile: questions first, then e-mail and phone; and the menu beside it."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

import clock
from accounts.models import EmailChange, PortalSession, User
from audit.models import AuditEntry
from notifications.models import OutboxMessage
from tests import cast
from tests.integration.accounts.profiles import (
    CHANGE,
    QUESTIONS,
    answer,
    answered,
    ask_for,
    somebody,
)

pytestmark = pytest.mark.django_db


def fresh(user: User) -> User:
    """The person as the database knows them now."""
    return User.objects.get(pk=user.pk)


# --- The questions in front ---


def test_the_questions_stand_in_front_and_lead_on() -> None:
    client = cast.client_of(somebody())

    first = client.get(CHANGE)
    assert first.status_code == 302
    page = client.get(first["Location"]).content.decode()
    assert "Which food did you refuse to eat as a child?" in page

    assert answer(client)["Location"] == CHANGE
    page = client.get(CHANGE).content.decode()
    assert "Change Profile" in page
    assert 'value="avery@people.example"' in page


def test_one_wrong_answer_opens_nothing() -> None:
    client = cast.client_of(somebody())

    page = answer(client, answer_2="Somebody else").content.decode()

    assert "Somebody else" not in page
    assert "Turnips" not in page
    assert client.get(CHANGE).status_code == 302
    assert ask_for(client, "new@people.example")["Location"].startswith(QUESTIONS)
    assert not EmailChange.objects.exists()


def test_the_answers_open_these_pages_for_ten_minutes() -> None:
    with time_machine.travel("2026-03-02 17:00:00+00:00", tick=False) as traveller:
        user = somebody()
        client = answered(user)
        traveller.shift(timedelta(minutes=4, seconds=59))
        assert client.get(CHANGE).status_code == 200

        # However fresh the sign-in, ten minutes after the answers the questions come again.
        traveller.shift(timedelta(minutes=5, seconds=2))
        PortalSession.objects.update(created_at=clock.now(), verified_at=clock.now())
        assert client.get(CHANGE)["Location"].startswith(QUESTIONS)


def test_the_answers_of_one_person_open_nothing_for_another() -> None:
    client = answered(somebody())
    cast.sign_in(client, cast.stranger())

    assert client.get(CHANGE)["Location"].startswith(QUESTIONS)


@pytest.mark.parametrize("path", [CHANGE, QUESTIONS, "/profile/questions/"])
def test_a_sign_in_of_long_ago_does_not_do(path: str) -> None:
    with time_machine.travel("2026-03-02 17:00:00+00:00", tick=False) as traveller:
        client = answered(somebody())
        traveller.shift(timedelta(minutes=5, seconds=1))

        assert client.get(path)["Location"].startswith("/login/")
        assert client.post(path, {})["Location"].startswith("/login/")


def test_where_the_questions_are_turned_off_nobody_is_asked(settings: Any) -> None:
    settings.CHALLENGE_QUESTIONS_ENABLED = False

    assert cast.client_of(somebody()).get(CHANGE).status_code == 200


def test_who_has_no_answers_chooses_questions_first() -> None:
    client = cast.client_of(cast.assister())

    page = client.get(CHANGE, follow=True)

    assert page.redirect_chain[-1][0] == "/profile/questions/"
    assert "Please choose your challenge questions first." in page.content.decode()


def test_the_questions_lead_only_to_pages_of_the_portal() -> None:
    client = cast.client_of(somebody())

    assert answer(client, "https://elsewhere.example/")["Location"] == CHANGE


# --- E-mail and phone ---


def test_a_new_address_is_asked_for_and_the_profile_says_so() -> None:
    user = somebody()

    answer_page = ask_for(answered(user), "new@people.example")

    assert answer_page["Location"] == reverse("accounts:profile")
    assert fresh(user).email == "avery@people.example"
    client = cast.client_of(user)
    page = client.get("/profile/").content.decode()
    assert "new@people.example" in page
    assert ">OK<" in page


def test_another_phone_number_is_kept_recorded_and_mailed() -> None:
    user = somebody()

    answered(user).post(
        CHANGE, {"email": user.email, "confirm_email": user.email, "phone": "(202) 555-0187"}
    )

    assert fresh(user).phone == "+12025550187"
    assert not EmailChange.objects.exists()
    entry = AuditEntry.objects.get(tag="account:change_phone")
    assert entry.after == {"fields": ["phone"]}
    mail = OutboxMessage.objects.get(name="profile_changed")
    assert mail.to == user.email
    assert "Phone number changed" in mail.body_text
    assert "0187" not in mail.body_text
    assert "~~link." in mail.body_text


def test_sending_what_is_known_changes_nothing() -> None:
    user = somebody()

    client = answered(user)
    ask_for(client, user.email)

    assert "Nothing was changed." in client.get("/profile/").content.decode()
    assert not EmailChange.objects.exists()
    assert not AuditEntry.objects.filter(tag__startswith="account:").exists()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"email": "nobody"}, "email"),
        ({"confirm_email": "other@people.example"}, "confirm_email"),
        ({"phone": "12"}, "phone"),
        ({"phone": ""}, "phone"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(fields: dict[str, str], wrong: str) -> None:
    user = somebody()

    page = answered(user).post(
        CHANGE,
        {
            "email": "new@people.example",
            "confirm_email": "new@people.example",
            "phone": "(410) 555-0142",
            **fields,
        },
    )

    assert wrong in page.context["form"].errors
    assert not EmailChange.objects.exists()
    assert fresh(user).phone == "+14105550142"


def test_who_has_no_phone_may_leave_it_so() -> None:
    user = somebody(phone="")

    assert ask_for(answered(user), "new@people.example", phone="").status_code == 302
    assert fresh(user).phone == ""


def test_nothing_else_can_be_smuggled_in() -> None:
    user = somebody()
    ask_for(
        answered(user),
        user.email,
        first_name="Mallory",
        user_id="admin",
        is_staff="1",
        ial="2",
        user=str(cast.stranger().pk),
    )

    now = fresh(user)
    assert (now.first_name, now.user_id, now.is_staff, now.ial) == (
        "Avery",
        "assister.avery",
        False,
        1,
    )


def test_links_to_one_mailbox_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.services.email_change.MAILS_PER_HOUR", 2)
    client = answered(somebody())
    for _ in range(2):
        assert ask_for(client, "new@people.example").status_code == 302

    page = ask_for(client, "new@people.example", phone="(202) 555-0187")

    assert "Too many links were sent lately." in page.content.decode()
    assert OutboxMessage.objects.filter(name="email_change_confirm").count() == 2
    assert not AuditEntry.objects.filter(tag="account:change_phone").exists()


# --- The hub ---


def test_the_menu_leads_to_pages_that_exist_in_the_order_of_the_source_documents() -> None:
    client = cast.client_of(somebody())
    page = client.get("/profile/").content.decode()
    menu = page.split('class="sidenav"')[1].split("</nav>")[0]

    found = re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)</a>', menu)

    assert [words for _href, words in found] == [
        "View My Profile",
        "Change My Profile",
        "Manage MFA Devices",
        "Change Password",
        "Change Challenge Questions",
        "Sign-in History",
        "Sessions",
        "Help Desk Code",
        "Accessibility",
        "Download My Data",
    ]
    for href, _words in found:
        assert client.get(href, follow=True).status_code == 200


def test_the_profile_costs_three_queries(django_assert_num_queries: object) -> None:
    client = cast.client_of(somebody())
    client.get("/profile/")
    with django_assert_num_queries(3):  # type: ignore[operator]
        client.get("/profile/")


@pytest.mark.parametrize(
    ("path", "trail"),
    [
        ("/profile/", ["CMS Portal"]),
        ("/profile/history/", ["CMS Portal", "My Profile"]),
        ("/profile/help-desk-code/", ["CMS Portal", "My Profile"]),
    ],
)
def test_the_way_back_leads_over_my_profile(path: str, trail: list[str]) -> None:
    page = cast.client_of(somebody()).get(path).content.decode()
    crumbs = page.split('class="usa-breadcrumb"')[1].split("</nav>")[0]

    links = re.findall(r'href="[^"]+"[^>]*>\s*<span>([^<]+)</span>', crumbs)
    assert links == trail
    heading = re.search(r"<h1[^>]*>([^<]+)</h1>", page)
    assert heading
    assert f'aria-current="page"><span>{heading[1]}</span>' in crumbs
