"""Celery's settings: a broker that may be lost at any time, and the beat of the portal.

No page publishes a task. Pages write rows (the outbox, the audit log), and beat says "look now"
often enough, so that a dead broker delays work and never breaks a page or loses a decision.
"""

from typing import Any

from django.conf import settings

broker_url = settings.REDIS_URL
# A frozen Redis holds nobody up: without these limits a publish never returns.
broker_transport_options: dict[str, Any] = {
    "socket_timeout": 2,
    "socket_connect_timeout": 2,
    "retry_on_timeout": False,
    # An acknowledgement that a frozen Redis does not take would stay open for ever, and a worker
    # with one open message asks for no other. Nothing needs it: the next "look now" is due anyway.
    "ack_emulation": False,
    "global_keyprefix": "celery:",
}
broker_connection_timeout = 2
broker_connection_retry_on_startup = True
broker_connection_max_retries = None
task_publish_retry_policy = {"max_retries": 0}

task_acks_late = True
task_reject_on_worker_lost = True
worker_prefetch_multiplier = 1
worker_cancel_long_running_tasks_on_connection_loss = False
task_ignore_result = True
result_backend = None
task_time_limit = 300
task_soft_time_limit = 270
task_serializer = "json"
accept_content = ["json"]
worker_send_task_events = False
worker_enable_remote_control = False
worker_hijack_root_logger = False
task_default_queue = "portal"
timezone = "UTC"
enable_utc = True

beat_schedule_filename = str(settings.PORTAL_DATA / "beat-schedule")
beat_scheduler = "portal.beat:SteadyScheduler"
beat_max_loop_interval = 5
# Beat writes down by its own clock until when a message is good, and the worker compares that with
# its own: with less than this, a worker whose clock is ahead would throw every message away.
CLOCKS_DIFFER = 600


def _every(task: str, seconds: int) -> dict[str, Any]:
    """Return a schedule entry that expires, so that a returning worker finds no pile of them."""
    expires = max(CLOCKS_DIFFER, 2 * seconds)
    return {"task": task, "schedule": seconds, "options": {"expires": expires}}


beat_schedule = {
    "send mail": _every("notifications.tasks.drain_outbox", 2),
    "seal the audit log": _every("audit.tasks.seal", 5),
    "verify the audit log": _every("audit.tasks.verify", 86_400),
    "heartbeat": _every("portal.tasks.heartbeat", 5),
    "end idle sessions": _every("accounts.tasks.sweep_sessions", 60),
    "end overdue identity checks": _every("accounts.tasks.sweep_proofing", 60),
    "mail waited recoveries": _every("accounts.tasks.mail_waited_recoveries", 300),
    "announce and shut unused accounts": _every("accounts.tasks.sweep_inactivity", 3600),
    "delete what is over": _every("accounts.tasks.clean_up", 3600),
    "find requests nobody can decide": _every("access_requests.tasks.reroute_stranded", 300),
    "remind and expire": _every("access_requests.tasks.expire_requests", 3600),
    "forget sent mail": _every("notifications.tasks.forget_sent", 3600),
    "mend object permissions": _every("access_requests.tasks.reconcile_permissions", 86_400),
}
