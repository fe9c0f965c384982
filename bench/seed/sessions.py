"""Signs people in without a password: writes their sessions and prints the cookies as JSON.

Run with the settings of the application concerned: ``python -m bench.seed.sessions 1 2 3``.
"""

import json
import sys
from importlib import import_module
from typing import Any

import django


def main() -> None:
    """Make one session for each id on the command line."""
    django.setup()

    from django.conf import settings
    from django.contrib.auth import (
        BACKEND_SESSION_KEY,
        HASH_SESSION_KEY,
        SESSION_KEY,
        get_user_model,
    )

    store = import_module(settings.SESSION_ENGINE).SessionStore
    backends = settings.AUTHENTICATION_BACKENDS
    people = get_user_model().objects.in_bulk([int(pk) for pk in sys.argv[1:]])
    cookies = {}
    for pk, person in people.items():
        session = store()
        session[SESSION_KEY] = str(pk)
        session[BACKEND_SESSION_KEY] = backends[0]
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        if settings.AUTH_USER_MODEL == "accounts.User":
            session.update(_register(person))
        session.create()
        cookies[pk] = {settings.SESSION_COOKIE_NAME: session.session_key}
    json.dump(cookies, sys.stdout)


def _register(person: Any) -> dict[str, object]:
    """Enter a session into the portal's registry and return what the session has to know."""
    import clock
    from accounts.assurance import AAL, SESSION_AAL, Strength
    from accounts.models import PortalSession
    from accounts.services import sessions

    token = sessions.new_token()
    now = clock.now()
    PortalSession.objects.create(
        user=person,
        key_hash=sessions.hash_of(token),
        created_at=now,
        last_activity_at=now,
        aal=AAL.TWO_FACTORS,
        strength=Strength.STRONG,
        security_version=person.security_version,
        rules_checked_at=now,
    )
    return {sessions.SESSION_TOKEN: token, SESSION_AAL: int(AAL.TWO_FACTORS)}


if __name__ == "__main__":
    main()
