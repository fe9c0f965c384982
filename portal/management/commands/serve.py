"""Serves the whole portal: prepares everything, then runs web, worker and beat as one."""

import errno
import fcntl
import os
import socket
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from portal.demo import DEMO_PASSWORD, PEOPLE
from portal.setup_steps import steps
from portal.supervisor import Supervisor

SECONDS_TO_START = 60


class Command(BaseCommand):
    """Prepares and serves the demo; `make run` starts it inside the embedded servers."""

    help = __doc__
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Offer to prepare without serving."""
        parser.add_argument("--prepare-only", action="store_true", help="prepare, do not serve")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, start, tell where the portal is, and stay until the end."""
        if settings.IS_PRODUCTION:
            raise CommandError(
                "serve is for the demo. In production run migrate, gunicorn, celery worker and "
                "celery beat each on their own, as docker-compose.yml shows."
            )
        with self._only_one():
            self._require_free_port()
            self._prepare()
            if not options["prepare_only"]:
                self._serve()

    def _only_one(self) -> IO[str]:
        settings.PORTAL_DATA.mkdir(parents=True, exist_ok=True)
        lock = (settings.PORTAL_DATA / "serve.lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CommandError(
                f"A portal already runs on the data folder {settings.PORTAL_DATA}. "
                "Stop it, or choose another folder with DATA=."
            ) from None
        return lock

    def _require_free_port(self) -> None:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", settings.PORT))
            except OSError as error:
                why = "is in use" if error.errno == errno.EADDRINUSE else "cannot be used"
                raise CommandError(
                    f"Port {settings.PORT} {why}. Choose another one, for example "
                    f"`make run PORT={settings.PORT + 123}`."
                ) from None

    def _prepare(self) -> None:
        for step in steps():
            if step.is_due():
                self._say(f"{step.text} ... ", end="")
                begin = time.monotonic()
                step.do()
                self._say(f"done ({time.monotonic() - begin:.1f} s)")
        connections.close_all()

    def _serve(self) -> None:
        programs = {
            "beat": ["-m", "celery", "-A", "portal", "beat", "--loglevel", "WARNING"],
            "worker": [
                *("-m", "celery", "-A", "portal", "worker", "--loglevel", "WARNING"),
                *("--concurrency", "1", "--without-gossip", "--without-mingle"),
            ],
            "web": ["-m", "gunicorn", "--config", "python:portal.gunicorn", "portal.wsgi"],
        }
        environment = {**os.environ, "PORT": str(settings.PORT)}
        with Supervisor() as supervisor:
            for name, arguments in programs.items():
                supervisor.start(name, [sys.executable, *arguments], environment, self._log(name))
            ended = self._until_first_page(supervisor)
            if ended is None:
                self._welcome()
                ended = supervisor.wait()
            if not ended:
                self._say("\nStopping ...")
                return
        raise CommandError(
            f"The {ended} process ended, so everything was stopped. "
            f"The end of {self._log(ended)}:\n{self._end_of_log(ended)}"
        )

    def _log(self, name: str) -> Path:
        return Path(settings.PORTAL_DATA) / "logs" / f"{name}.log"

    def _end_of_log(self, name: str) -> str:
        return "\n".join(self._log(name).read_text(errors="replace").splitlines()[-20:])

    def _until_first_page(self, supervisor: Supervisor) -> str | None:
        """Wait for the web server; returns what `Supervisor.wait` returns when something ends."""
        until = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < until:
            ended = supervisor.wait(0)
            if ended is not None:
                return ended
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{settings.PORT}/healthz", timeout=2):
                    return None
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise CommandError(f"The web server did not answer within {SECONDS_TO_START} seconds.")

    def _welcome(self) -> None:
        self._say(
            f"\nThe portal is ready at {settings.PORTAL_ORIGIN}\n"
            f"\nDemo people, all with the password {DEMO_PASSWORD}:\n"
        )
        width = max(len(person.user_id) for person in PEOPLE)
        for person in PEOPLE:
            self._say(f"  {person.user_id:<{width}}  {person.what}")
        if settings.MAILBOX_ENABLED:
            self._say(f"\nEvery mail the portal sends: {settings.PORTAL_ORIGIN}/mailbox/")
        self._say("Press Ctrl-C to stop.")

    def _say(self, text: str, end: str = "\n") -> None:
        self.stdout.write(text, ending=end)
        self.stdout.flush()
