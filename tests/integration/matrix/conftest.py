"""One world for the whole matrix, and browsers in which everybody is already signed in."""

import logging
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from django.test import Client

import clock
from accounts import half
from accounts.models import MFADevice, User
from tests import cast
from tests.factories import accounts as people
from tests.factories import devices
from tests.factories.notifications import make_mailbox_message
from tests.integration.matrix.table import REQUESTER, SUPER, Persona
from tests.live import samples

HOST: dict[str, Any] = {"HTTP_HOST": "localhost", "HTTP_USER_AGENT": "Mozilla/5.0 (matrix)"}
Ask = Callable[..., Any]


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, str]]:
    """Fill the database; everything the module does is taken back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("prepare", verbosity=0)
        call_command("load_demo", verbosity=0)
        places = samples.main(None)
        people.user(SUPER, is_staff=True, is_superuser=True, has_mfa=True, has_strong_factor=True)
        requester = User.objects.get(user_id=REQUESTER)
        app = devices.app(requester)
        begun = devices.device(requester, MFADevice.Kind.TEXT, confirmed_at=None, confirmed=False)
        mail = make_mailbox_message()
        more = {"device": app.pk, "unconfirmed": begun.pk, "mail": mail.pk}
        yield {**places, **{name: str(pk) for name, pk in more.items()}}
        transaction.set_rollback(True)


@pytest.fixture(scope="package", autouse=True)
def _quiet() -> Iterator[None]:
    """Thousands of refusals need no line each."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="package")
def asking(world: dict[str, str]) -> Callable[[Persona], Ask]:
    """Return a function that signs a persona in; it returns one that asks and undoes what it did.

    Each question is put to the same world: what it wrote is rolled back, its cookies are dropped.
    """

    def open_browser(persona: Persona) -> Ask:
        client = Client(raise_request_exception=False, **HOST)
        person = User.objects.get(user_id=persona.who) if persona.who else None
        if person is not None and persona.strength is not None:
            cast.sign_in(client, person, persona.strength)
        elif person is not None:
            _begin_half(client, person)
        kept = client.cookies.output()

        def ask(method: str, path: str, data: dict[str, str] | None = None) -> Any:
            with transaction.atomic():
                client.cookies = SimpleCookie(kept.replace("Set-Cookie: ", ""))
                if method == "POST":
                    answer = client.post(path, data or {})
                else:
                    answer = client.generic(method, path)
                transaction.set_rollback(True)
            if method == "POST" or persona.is_half:
                cache.clear()
            return answer

        return ask

    return open_browser


def _begin_half(client: Client, person: User) -> None:
    session = client.session
    session[half._KEY] = {
        "user": person.pk,
        "seal": half._seal(person),
        "at": clock.now().isoformat(),
        "choice": "",
    }
    session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(session.session_key)
