"""Settings of the tests: the portal's own, with a fast password hasher and no state left behind."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

# Each process of pytest-xdist works on a database and a Redis number of its own.
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
WORKER_NUMBER = int(WORKER.removeprefix("gw")) + 1 if WORKER else 0

if "PORTAL_DATA" not in os.environ:
    _folder = tempfile.mkdtemp(prefix="portal-tests-")
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)
    os.environ["PORTAL_DATA"] = _folder
# Unit tests touch no server: the address only has to be readable.
os.environ.setdefault("DATABASE_URL", "postgres://nobody:none@127.0.0.1:1/none")
os.environ.setdefault("REDIS_URL", "redis://127.0.0.1:1/0")
os.environ.update(
    PORTAL_MODE="demo",
    LOG_LEVEL="WARNING",
    SECRET_KEY="test-secret-key-that-signs-nothing-real-0123456789",
    AUDIT_KEY="test-audit-key-0123456789-0123456789-0123456789",
    ANSWER_PEPPER="test-pepper-0123456789-0123456789-0123456789",
)
for _name in ("EMAIL_URL", "CLOCK_OFFSET_SECONDS", "TRUSTED_PROXY_COUNT", "PORTAL_ORIGIN"):
    os.environ.pop(_name, None)

from portal.settings import *  # noqa: E402, F403
from portal.settings import PORTAL_DATA, REDIS_URL  # noqa: E402

REDIS_URL = f"{REDIS_URL.rpartition('/')[0]}/{WORKER_NUMBER}"
CACHES = {
    "default": {
        "BACKEND": "portal.cache.LosableRedisCache",
        "LOCATION": REDIS_URL,
        # A machine that stands still for a second loses no cache under tests of other things.
        "OPTIONS": {  # type: ignore[dict-item]  # the portal's own has none
            "socket_timeout": 30,
            "socket_connect_timeout": 30,
        },
    }
}

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT = str(Path(PORTAL_DATA) / f"static-{WORKER or 'main'}")
Path(STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # WhiteNoise warns of a missing folder
AUDIT_ANCHOR_PATH = Path(PORTAL_DATA) / f"audit-anchor-{WORKER or 'main'}.json"
TESTING = True
