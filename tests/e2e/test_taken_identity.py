"""Registering with what somebody else has: nobody learns of it, and nobody is stuck."""

import dataclasses
import re

from playwright.sync_api import Page, expect

from tests.e2e.people import (
    Person,
    activate,
    field,
    heading,
    press,
    register,
    sign_in_after_activation,
    somebody_new,
)
from tests.e2e.watching import Newcomer, Visitor
from tests.live.mailbox import Mailbox
from tests.live.portal import RunningPortal


def _confirmation(page: Page, person: Person) -> str:
    page.wait_for_load_state("load")
    text = page.get_by_role("main").inner_text()
    without = re.sub(re.escape(person.email), "(address)", text, flags=re.IGNORECASE)
    return re.sub(r"\s+", " ", without)


def test_a_taken_address_gets_the_same_page_and_its_owner_a_notice(
    visitor: Visitor, mail: Mailbox, newcomer: Newcomer, portal: RunningPortal
) -> None:
    owner = newcomer()
    free, page = somebody_new(), visitor()
    register(page, free)
    usual = _confirmation(page, free)

    curious = somebody_new(email=owner.email.upper())
    second = visitor()
    register(second, curious)
    shown = _confirmation(second, curious)

    assert shown == usual
    notice = mail.wait_for(owner.email, "")
    assert "/register/activate/" not in notice.text
    assert (
        portal.value("select count(*) from accounts_user where user_id = %s", curious.user_id) == 0
    )


def test_a_taken_user_id_is_replaced_by_the_link_in_the_mail(
    visitor: Visitor, mail: Mailbox, newcomer: Newcomer
) -> None:
    owner = newcomer()
    person = somebody_new(user_id=owner.user_id)
    page = visitor()
    register(page, person)

    page.goto(mail.wait_for(person.email, "").link("/register/activate/"))
    own_choice = dataclasses.replace(person, user_id=f"mine.{person.email.split('@')[0]}")
    field(page, "User ID").fill(own_choice.user_id)
    press(page, "Activate My Account")
    expect(heading(page, "Your account is active")).to_be_visible()
    sign_in_after_activation(page, own_choice)


def test_another_browser_has_to_know_the_password_so_that_a_mailbox_alone_opens_nothing(
    visitor: Visitor, mail: Mailbox, portal: RunningPortal
) -> None:
    person = somebody_new()
    register(visitor(), person)
    link = mail.wait_for(person.email, "").link("/register/activate/")

    other = visitor()
    other.goto(link)
    count = "select count(*) from accounts_user where user_id = %s"
    assert portal.value(count, person.user_id) == 0
    press(other, "Activate My Account")
    expect(other.get_by_role("alert")).to_contain_text("Enter the password you chose")
    field(other, "Password").fill(person.password)
    press(other, "Activate My Account")
    expect(heading(other, "Your account is active")).to_be_visible()
    assert portal.value(count, person.user_id) == 1


def test_a_link_works_once(visitor: Visitor, mail: Mailbox) -> None:
    person, page = somebody_new(), visitor()
    register(page, person)
    activate(page, person, mail)
    again = visitor()
    again.goto(mail.to(person.email)[0].link("/register/activate/"))
    expect(again.get_by_role("button", name="Activate My Account")).to_have_count(0)
