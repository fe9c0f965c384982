"""Work the clock starts: ends idle sessions, deletes what is over."""

from celery import shared_task

from accounts.services import (
    codes,
    disavowal,
    inactivity,
    proofing,
    recovery_start,
    registration,
    sessions,
    throttle,
)


@shared_task(name="accounts.tasks.sweep_sessions", ignore_result=True)
def sweep_sessions() -> int:
    """End the sessions nobody came back to."""
    return sessions.sweep()


@shared_task(name="accounts.tasks.mail_waited_recoveries", ignore_result=True)
def mail_waited_recoveries() -> int:
    """Mail the links of recoveries whose day of waiting is over."""
    return recovery_start.mail_waited()


@shared_task(name="accounts.tasks.sweep_inactivity", ignore_result=True)
def sweep_inactivity() -> int:
    """Announce and shut accounts nobody uses."""
    return sum(inactivity.sweep())


@shared_task(name="accounts.tasks.clean_up", ignore_result=True)
def clean_up() -> int:
    """Delete what is over: registrations, counters, codes, rights to disown; end recoveries."""
    return (
        registration.delete_over()
        + throttle.delete_stale()
        + codes.delete_stale()
        + disavowal.delete_stale()
        + recovery_start.end_late()
    )


@shared_task(name="accounts.tasks.sweep_proofing", ignore_result=True)
def sweep_proofing() -> int:
    """End checks of identities whose time is over."""
    return proofing.sweep()
