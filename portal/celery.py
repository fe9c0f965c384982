"""The Celery application; what it does and when stands in `celery_config.py`.

Worker and beat load it. The web processes publish nothing and have no part of Celery in memory.
"""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, task_postrun, task_prerun, worker_init
from django.core.exceptions import ImproperlyConfigured

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("portal.celery_config")
app.autodiscover_tasks()


@worker_init.connect
@beat_init.connect
def refuse_unsafe_start(**kwargs: Any) -> None:
    """End a production process that has unsafe settings (Celery swallows other exceptions)."""
    from portal import checks  # the rooms are loaded only now

    try:
        checks.refuse_unsafe_start()
    except ImproperlyConfigured as error:
        raise SystemExit(str(error)) from error


@task_prerun.connect
def enter_task(**kwargs: Any) -> None:
    """Let entries of the audit log name the task that wrote them."""
    from audit import context

    context.enter_task(**kwargs)


@task_postrun.connect
def leave_task(**kwargs: Any) -> None:
    """And what comes after it no longer."""
    from audit import context

    context.leave_task(**kwargs)
