"""The Celery application; what it does and when stands in `celery_config.py`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

app = Celery("portal")
app.config_from_object("portal.celery_config")
app.autodiscover_tasks()
