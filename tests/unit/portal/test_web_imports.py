"""The web processes hold no code that only others run: it would cost each start and much memory."""

import subprocess
import sys

LOADS_THE_WEB = """
import sys
import portal.wsgi
from portal import memory
memory.load_everything()
print(*sorted({name.partition('.')[0] for name in sys.modules}))
"""


def test_the_web_knows_nothing_of_celery() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADS_THE_WEB], capture_output=True, text=True, check=True
    )
    loaded = set(done.stdout.split())
    assert {"django", "access_requests", "webauthn"} <= loaded
    assert not {"celery", "kombu", "playwright", "pytest"} & loaded
