"""The Celery application: what runs beside the web server, and when."""

from celery import Celery

app = Celery("portal")
