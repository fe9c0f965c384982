"""The authentication backend: it knows people and permissions but opens no door of its own."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest


class PortalBackend(ModelBackend):
    """Model permissions as usual; a password is only ever judged by ``services.sign_in``."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> None:
        """Never: every entry path goes through the sign-in service and its limits."""
