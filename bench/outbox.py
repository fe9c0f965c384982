"""How fast mail leaves: drains a full outbox to a null sink with the worker's own service."""

import json
import subprocess
import sys
import time
from collections.abc import Callable

from bench import servers
from bench.client import BenchError
from bench.servers import PORTAL_DATABASE, ROOT, Stage

LETTERS = """
insert into notifications_outboxmessage (name, recipient_id, "to", language, context,
    message_id, created_at, status, attempts, next_try_at, last_error)
select 'access_request_approved', 1 + n % 10000, 'person.' || 1 + n % 10000 || '@mail.example',
       'en-us', jsonb_build_object(
           'recipient_name', 'Person ' || n, 'tracking_number', (100000000 + n)::text,
           'requester', 'Person ' || n, 'role', 'zONE End User', 'system', 'Zone of the Assisters',
           'organization', 'Organization ' || n % 100, 'who_decides', 'External Approver',
           'comment', 'Welcome.', 'slug', 'zone'),
       '<bench-{batch}-' || n || '@portal.example>', now(), 'queued', 0,
       now() - interval '1 minute', ''
from generate_series(1, {letters}) n
"""
PUT_ASIDE = """
update notifications_outboxmessage set status = 'sent', sent_at = now(), claim = null
 where status in ('queued', 'sending')
"""


def measure(stage: Stage, letters: int, say: Callable[[str], None]) -> dict[str, float]:
    """Return mails a second with one worker and with two."""
    found = {}
    for workers, name in ((1, "per_second"), (2, "per_second_two_workers")):
        say(f"mail, workers: {workers}")
        # What the measured pages have written stays out of it.
        servers.run_sql(stage.database(PORTAL_DATABASE), PUT_ASIDE)
        sql = LETTERS.format(batch=workers, letters=letters)
        servers.run_sql(stage.database(PORTAL_DATABASE), sql)
        found[name] = _drain(stage, workers, letters)
    return {**found, "letters": letters}


def _drain(stage: Stage, workers: int, letters: int) -> float:
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "bench.outbox"],
            cwd=ROOT,
            env=stage.portal_environment(),
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(workers)
    ]
    printed = [worker.communicate(timeout=300)[0] for worker in running]
    reports = [json.loads(text.splitlines()[-1]) for text in printed]
    sent = sum(one["sent"] for one in reports)
    if sent != letters:
        raise BenchError(f"{letters} mails were written and {sent} sent")
    spent = max(one["ended"] for one in reports) - min(one["began"] for one in reports)
    return float(sent / spent)


def drain() -> None:
    """Be a worker: send what is there and print how it went."""
    import django

    django.setup()

    from django.db import connection

    from notifications.services import delivery

    connection.ensure_connection()
    began, sent = time.time(), 0
    while now := delivery.drain():
        sent += now
        ended = time.time()
    print(json.dumps({"began": began, "ended": ended if sent else began, "sent": sent}))


if __name__ == "__main__":
    drain()
