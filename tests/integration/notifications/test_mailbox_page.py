"""The mailbox page shows every mail of the embedded default, and nothing anywhere else."""

import base64
import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from notifications import links, mailbox
from notifications.mailbox import MailboxBackend
from notifications.models import MailboxMessage
from notifications.outbox import Mail, enqueue
from notifications.services import delivery
from tests.factories.notifications import make_mailbox_message, make_message

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _mailbox(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MAILBOX_ENABLED = True
    settings.EMAIL_BACKEND = "notifications.mailbox.MailboxBackend"


def _page(client: Client, name: str = "mailbox", *args: Any, **query: Any) -> Any:
    return client.get(reverse(f"notifications:{name}", args=args), query)


def test_page_is_public_and_helps_when_it_is_empty(client: Client) -> None:
    response = _page(client)
    assert response.status_code == 200
    assert "No mail yet" in response.text
    assert reverse("accounts:register") in response.text


@pytest.mark.usefixtures("sample_mail")
def test_delivered_mail_is_kept_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.core.mail.get_connection", MailboxBackend)
    facts = {"name": "Jürgen", "link": "x"}
    message = make_message(to="ann@example.org", name="sample", context=facts)
    assert delivery.drain() == 1
    kept = MailboxMessage.objects.get()
    assert (kept.to, kept.subject, kept.message_id) == (
        "ann@example.org",
        "Hello Jürgen",
        message.message_id,
    )
    assert (kept.body_text, kept.body_html) == (message.body_text, message.body_html)
    assert "<p>Dear Jürgen: " in kept.body_html
    assert kept.headers["Message-ID"] == message.message_id
    assert kept.sender == "donotreply@portal.example"


def test_mail_that_comes_twice_is_kept_once() -> None:
    mail = EmailMultiAlternatives("S", "T", to=["a@example.org"], headers={"Message-ID": "<x>"})
    assert MailboxBackend().send_messages([mail, mail]) == 2
    assert MailboxBackend().send_messages([mail]) == 1
    assert MailboxMessage.objects.count() == 1


def test_mail_to_two_people_is_kept_for_both() -> None:
    mail = EmailMultiAlternatives("S", "T", to=["a@example.org", "b@example.org"])
    MailboxBackend().send_messages([mail])
    assert set(MailboxMessage.objects.values_list("to", flat=True)) == {
        "a@example.org",
        "b@example.org",
    }


def test_newest_mail_comes_first(client: Client) -> None:
    subjects = [make_mailbox_message().subject for _ in range(3)]
    shown = re.findall(r"Subject \d+", _page(client).text)
    assert shown == subjects[::-1]


def test_search_finds_a_recipient(client: Client) -> None:
    make_mailbox_message(to="Ann.Lee@example.org", subject="For Ann")
    make_mailbox_message(to="bob@example.org", subject="For Bob")
    text = _page(client, q=" ann.lee ").text
    assert "For Ann" in text
    assert "For Bob" not in text
    assert 'value="ann.lee"' in text


def test_search_without_a_find_shows_the_way_out(client: Client) -> None:
    make_mailbox_message()
    text = _page(client, q="<nobody>").text
    assert "No mail to such an address" in text
    assert "&lt;nobody&gt;" in text


def test_long_mailbox_is_paged_and_keeps_the_search(client: Client) -> None:
    for _ in range(26):
        make_mailbox_message()
    first, second = _page(client, q="reader"), _page(client, q="reader", page=2)
    assert len(re.findall(r"<tr>", first.text)) == 26
    assert len(re.findall(r"<tr>", second.text)) == 2
    assert "?q=reader&amp;page=2" in first.text


@pytest.mark.parametrize("number", ["0", "-1", "999", "x", "9" * 40])
def test_odd_page_number_is_some_page(client: Client, number: str) -> None:
    make_mailbox_message()
    assert _page(client, page=number).status_code == 200


def test_list_takes_four_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    for _ in range(5):
        make_mailbox_message()
    with django_assert_max_num_queries(4):
        _page(client)


def test_texts_and_calls_are_shown_with_codes_that_the_table_does_not_hold(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(links._makers, "tests.code", lambda value: f"made-{value}")
    marker = links.placeholder("tests.code", "314159")
    mailbox.keep(
        channel=MailboxMessage.Channel.TEXT, to="+14105550100", words=f"Your code: {marker}"
    )
    assert "made-314159" not in MailboxMessage.objects.get().body_text
    for name in ("mailbox", "mailbox_codes"):
        page = _page(client, name).text
        assert "+14105550100" in page
        assert "Your code: made-314159" in page
    assert _page(client, "mailbox_message", MailboxMessage.objects.get().pk).status_code == 404


@pytest.mark.usefixtures("sample_mail")
def test_a_code_in_a_mail_is_made_when_the_page_is_looked_at(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.core.mail.get_connection", MailboxBackend)
    monkeypatch.setitem(links._makers, "tests.code", lambda value: f"made-{value}")
    context = {"name": links.placeholder("tests.code", "271828"), "link": "x"}
    enqueue([Mail("sample", "ann@example.org", context)])
    assert delivery.drain() == 1
    kept = MailboxMessage.objects.get()
    assert "made-271828" not in f"{kept.body_text}{kept.body_html}"
    assert "Dear made-271828" in _page(client, "mailbox_message", kept.pk).text
    assert "Dear made-271828" in _page(client, "mailbox_html", kept.pk).text


def test_codes_have_no_page_in_production(client: Client, settings: Any) -> None:
    settings.IS_PRODUCTION = True
    assert _page(client, "mailbox_codes").status_code == 404


def test_codes_of_demo_people_are_shown_without_a_mailbox_too(
    client: Client, settings: Any
) -> None:
    settings.MAILBOX_ENABLED = False
    mailbox.keep(channel=MailboxMessage.Channel.TEXT, to="+14105550100", words="secret words")
    response = _page(client, "mailbox_codes")
    assert response.status_code == 200
    assert "secret words" not in response.text


def test_links_of_the_text_can_be_followed(client: Client) -> None:
    mail = make_mailbox_message(body_text="Open http://localhost:8000/a/b:c-d_e/ now\nBye <b>\n")
    text = _page(client, "mailbox_message", mail.pk).text
    assert 'href="http://localhost:8000/a/b:c-d_e/"' in text
    assert "Bye &lt;b&gt;" in text


def test_html_is_shown_in_a_frame_of_its_own(client: Client) -> None:
    mail = make_mailbox_message()
    text = _page(client, "mailbox_message", mail.pk, **{"as": "html"}).text
    frame = re.search(r"<iframe[^>]*>", text)
    assert frame is not None
    assert reverse("notifications:mailbox_html", args=[mail.pk]) in frame.group()
    assert 'sandbox="allow-top-navigation-by-user-activation"' in frame.group()


def test_frame_runs_nothing_and_loads_nothing(client: Client) -> None:
    sheet = "p { color: #112f4e; }"
    mail = make_mailbox_message(
        body_html=f"<html><head><style>{sheet}</style></head><body><p>Hi</p></body></html>"
    )
    response = _page(client, "mailbox_html", mail.pk)
    rules = response["Content-Security-Policy"]
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    assert "default-src 'none'" in rules
    assert f"style-src 'sha256-{digest}'" in rules
    assert "frame-ancestors 'self'" in rules
    assert "sandbox allow-top-navigation-by-user-activation" in rules
    assert "unsafe" not in rules
    assert "script-src" not in rules
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert '<head><base target="_top">' in response.text


def test_real_mail_can_be_read_and_its_link_followed(
    client: Client, sample_mail: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.core.mail.get_connection", MailboxBackend)
    enqueue([Mail("sample", "a@example.org", {"name": "A", "link": links.placeholder("x", 1)})])
    delivery.drain()
    mail = MailboxMessage.objects.get()
    text = _page(client, "mailbox_message", mail.pk).text
    html = _page(client, "mailbox_html", mail.pk).text
    assert "~~link" not in text + html
    (token,) = re.findall(r"/x/([^/]+)/\"", html)
    assert links.read("x", token, 60) == 1


@pytest.mark.parametrize("name", ["mailbox_message", "mailbox_html"])
@pytest.mark.parametrize("pk", [0, 10**9, 10**30])
def test_mail_that_is_not_there(client: Client, name: str, pk: Any) -> None:
    assert _page(client, name, pk).status_code == 404


def test_page_does_not_exist_where_mail_is_really_sent(client: Client, settings: Any) -> None:
    mail = make_mailbox_message()
    settings.MAILBOX_ENABLED = False
    assert _page(client).status_code == 404
    assert _page(client, "mailbox_message", mail.pk).status_code == 404
    assert _page(client, "mailbox_html", mail.pk).status_code == 404


def test_nothing_can_be_posted(client: Client) -> None:
    assert client.post(reverse("notifications:mailbox")).status_code == 405


def test_pages_are_not_kept_by_caches(client: Client) -> None:
    assert "no-store" in _page(client)["Cache-Control"]


def test_pages_are_marked_public() -> None:
    from notifications import views

    pages: tuple[Any, ...] = (views.mailbox, views.mailbox_message, views.mailbox_html)
    for view in pages:
        assert (view.access, view.login_required) == ("public", False)
