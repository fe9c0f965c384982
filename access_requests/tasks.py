"""What the worker does for requests: sweeps that can be missed, repeated or run in parallel."""

from celery import shared_task

from access_requests.services import expiry, permissions, recognition, requests, rerouting


@shared_task(name="access_requests.tasks.reroute_stranded")
def reroute_stranded() -> None:
    """Send requests to the people who can decide them now, and close those of closed accounts."""
    requests.withdraw_orphans()
    recognition.sweep()
    rerouting.sweep()


@shared_task(name="access_requests.tasks.expire_requests")
def expire_requests() -> None:
    """Send due reminders and end what nobody acted on."""
    expiry.expire()


@shared_task(name="access_requests.tasks.reconcile_permissions")
def reconcile_permissions() -> None:
    """Mend object permissions that differ from the grants."""
    permissions.reconcile()
