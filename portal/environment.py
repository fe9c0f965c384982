"""Reads the process environment once and says plainly what is missing or wrong."""

import re
import secrets
import time
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

from portal.embedded import state as embedded_state

ROOT = Path(__file__).resolve().parent.parent

# Every name the portal reads, with its meaning; docs/operations.md and the compose file are
# checked against this table.
NAMES = {
    "PORTAL_MODE": "demo (the default: embedded servers, mailbox page, demo people) or production",
    "PORTAL_DATA": "folder for the audit anchor and journal; in the demo also databases and keys",
    "PORTAL_ORIGIN": "scheme, host and port that people type, for links in mails",
    "ALLOWED_HOSTS": "host names the portal answers to, separated by commas",
    "DATABASE_URL": "postgres://user:password@host:port/name; embedded PostgreSQL when absent",
    "REDIS_URL": "redis://:password@host:port/0; embedded Valkey when absent",
    "PREPARE_STATEMENTS": "off behind a pooler that shares connections (PgBouncer's transactions)",
    "EMAIL_URL": "smtp://user:password@host:port, smtp+tls: or smtp+ssl:; else the mailbox page",
    "EMAIL_FROM": "sender address of every mail",
    "NOTIFICATIONS_BLOCKED_ADDRESSES": "domains and addresses that never get mail, by commas",
    "SMS_GATEWAY": "twilio://account:token@+number; else no texts and calls, or the mailbox page",
    "SECRET_KEY": "signs sessions and links",
    "AUDIT_KEY": "keys the audit chain; keep it outside the database",
    "ANSWER_PEPPER": "keys challenge answers, codes and app seeds; keep it outside the database",
    "TRUSTED_PROXY_COUNT": "how many proxies of yours append to X-Forwarded-For",
    "CATALOG_DATA": "folder of the catalog's data files; the delivered ones when absent",
    "STATIC_ROOT": "folder of the collected static files",
    "LOG_LEVEL": "DEBUG, INFO, WARNING or ERROR",
    "PROOFING_PROVIDER": "simulated (only for training), none, or the path of a bureau's adapter",
    "PROOFING_TRAINING": "1 where production is a training installation: the bureau is simulated",
    "CLOCK_OFFSET_SECONDS": "moves the portal's clock, for training; refused in production",
    "HSTS_SECONDS": "lifetime of the Strict-Transport-Security header in production",
    "PLACE_OF_ADDRESS": "path of a class that knows the places of addresses; none by default",
    "PASSWORD_PROFILE": "cms (the default: the emulated portal's password rules) or nist",
    "CHALLENGE_QUESTIONS_ENABLED": "off asks nobody any challenge questions; on is the default",
    "OMB_CONTROL_NUMBER": "number of the paperwork clearance shown with the terms, as 0938-1236",
    "OMB_EXPIRATION_DATE": "last day of that clearance, as 03/31/2021",
    "PORT": "port of the web server",
    "WEB_WORKERS": "number of web server processes",
}

_env = environ.Env()

MODES = ("demo", "production")
PASSWORD_PROFILES = ("cms", "nist")
ON = ("on", "true", "yes", "1")
OFF = ("off", "false", "no", "0")
mode: str = _env.str("PORTAL_MODE", default="demo")
if mode not in MODES:
    raise ImproperlyConfigured(f"PORTAL_MODE is {mode!r}; it has to be one of {', '.join(MODES)}.")
is_production = mode == "production"

data = Path(_env.str("PORTAL_DATA", default=str(ROOT / "var"))).resolve()


# Other commands find the running embedded servers through a file in the data folder.
_fallback = {} if is_production else embedded_state.read(data)


def text(name: str, default: str | None = None) -> str:
    """Return the value of a variable.

    Raises ImproperlyConfigured when production lacks it and there is no default.
    """
    value = _env.str(name, default="") or _fallback.get(name, "") or (default or "")
    if not value and default is None:
        raise ImproperlyConfigured(f"{name} is not set: {NAMES[name]}.")
    return value


def number(name: str, default: int) -> int:
    """Return the value of a variable as a whole number.

    Raises ImproperlyConfigured for anything else.
    """
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} is {value!r}; it has to be a whole number.") from error


def switch(name: str, *, default: bool) -> bool:
    """Return the value of a variable that is on or off.

    Raises ImproperlyConfigured for any other word: a slip of the pen must not turn anything off.
    """
    value = text(name, "on" if default else "off")
    if value.lower() not in (*ON, *OFF):
        raise ImproperlyConfigured(f"{name} is {value!r}; it has to be on or off.")
    return value.lower() in ON


def password_profile() -> str:
    """Return the name of the password rules; raises ImproperlyConfigured for an unknown one."""
    name = text("PASSWORD_PROFILE", "cms")
    if name not in PASSWORD_PROFILES:
        known = ", ".join(PASSWORD_PROFILES)
        raise ImproperlyConfigured(f"PASSWORD_PROFILE is {name!r}; it has to be one of {known}.")
    return name


def omb_control_number() -> str:
    """Return the number of the paperwork clearance.

    Raises ImproperlyConfigured when it is not written as such numbers are.
    """
    value = text("OMB_CONTROL_NUMBER", "0938-1236")
    if not re.fullmatch(r"[0-9]{4}-[0-9]{4}", value):
        raise ImproperlyConfigured(
            f"OMB_CONTROL_NUMBER is {value!r}; it has to be four digits, a hyphen, four digits."
        )
    return value


def omb_expiration_date() -> str:
    """Return the last day of the paperwork clearance, as forms print it.

    Raises ImproperlyConfigured when it is no day of the calendar written in that way.
    """
    value, written = text("OMB_EXPIRATION_DATE", "03/31/2021"), "%m/%d/%Y"
    try:
        is_right = time.strftime(written, time.strptime(value, written)) == value
    except ValueError:
        is_right = False
    if not is_right:
        raise ImproperlyConfigured(
            f"OMB_EXPIRATION_DATE is {value!r}; it has to be month/day/year, as 03/31/2021."
        )
    return value


def names(name: str, default: list[str]) -> list[str]:
    """Return a comma-separated variable as a list."""
    return list(_env.list(name, default=default))


def secret(name: str) -> str:
    """Return a secret: from the environment, or for the demo from a file made on first use.

    Raises ImproperlyConfigured when production lacks it.
    """
    value = _env.str(name, default="")
    if value:
        return str(value)
    if is_production:
        raise ImproperlyConfigured(f"{name} is not set: {NAMES[name]}.")
    folder = data / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / name.lower()
    try:
        with path.open("x") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text()


def proofing_provider() -> str:
    """Return the path of the class that asks the bureau; empty when there is none.

    The demo has the simulated bureau, production none unless it is named.
    """
    name = text("PROOFING_PROVIDER", "none" if is_production else "simulated")
    known = {"simulated": "accounts.proofing.simulated.SimulatedBureau", "none": ""}
    return known.get(name, name)


def database() -> dict[str, Any]:
    """Return Django's settings of the one database.

    Raises ImproperlyConfigured when the address is missing or is not PostgreSQL.
    """
    url = text("DATABASE_URL")
    config = dict(environ.Env.db_url_config(url))
    if config["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured("DATABASE_URL has to begin with postgres://.")
    return {
        **config,
        "ENGINE": "portal.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, "application_name": "portal"},
    }


def email() -> dict[str, Any]:
    """Return Django's mail settings, or an empty dict when the mailbox page takes the mail."""
    url = _env.str("EMAIL_URL", default="")
    if not url:
        if is_production:
            raise ImproperlyConfigured(f"EMAIL_URL is not set: {NAMES['EMAIL_URL']}.")
        return {}
    return dict(environ.Env.email_url_config(url))
