"""Answers a container's health check by its exit code: 0 healthy, 1 not."""

import urllib.error
import urllib.request
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from portal import health

SECONDS_TO_WAIT = 5


class Command(BaseCommand):
    """Asks the web server of this container, or when a task last came through."""

    help = __doc__
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask which part is meant."""
        parser.add_argument(
            "part",
            choices=("web", "tick"),
            help="web: the web server answers here; tick: beat, broker and worker work together",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Raise CommandError, which exits with 1, when the part does not work."""
        answer = self._web() if options["part"] == "web" else health.beat()
        if answer != "ok":
            raise CommandError(f"{options['part']}: {answer}")

    def _web(self) -> str:
        # The web server answers only to its own names, so the request carries one of them.
        request = urllib.request.Request(
            f"http://127.0.0.1:{settings.PORT}{reverse('healthz')}",
            headers={"Host": settings.ALLOWED_HOSTS[0]},
        )
        try:
            with urllib.request.urlopen(request, timeout=SECONDS_TO_WAIT) as answer:  # noqa: S310
                return "ok" if answer.status == 200 else f"answered {answer.status}"
        except (urllib.error.URLError, OSError) as error:
            return f"does not answer: {error}"
