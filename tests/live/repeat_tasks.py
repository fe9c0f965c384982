"""Sends the same tasks to the worker many times over, as a broker that delivers twice would."""

from portal.celery import app

TASKS = (
    "notifications.tasks.drain_outbox",
    "audit.tasks.seal",
    "accounts.tasks.sweep_sessions",
    "access_requests.tasks.sweep_stranded",
)


def main(times: int) -> int:
    """Publish each task `times` times at once; returns how many messages went out."""
    for _ in range(times):
        for task in TASKS:
            app.send_task(task)
    return times * len(TASKS)
