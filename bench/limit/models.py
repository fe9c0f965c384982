"""Four tables: what a list shows, and what a transaction of three inserts writes."""

from django.conf import settings
from django.db import models


class Thing(models.Model):
    """Something that can be asked for."""

    name = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.name


class Ask(models.Model):
    """A request of a person, waiting for another."""

    tracking = models.CharField(max_length=10, unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    thing = models.ForeignKey(Thing, models.PROTECT, related_name="+")
    organization = models.CharField(max_length=200)
    status = models.CharField(max_length=10)
    submitted_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["approver", "submitted_at", "id"],
                condition=models.Q(status="pending"),
                name="limit_queue",
            )
        ]

    def __str__(self) -> str:
        return self.tracking


class Trace(models.Model):
    """What happened."""

    at = models.DateTimeField()
    tag = models.CharField(max_length=60)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    target = models.CharField(max_length=60)
    detail = models.JSONField(default=dict)

    def __str__(self) -> str:
        return self.tag


class Letter(models.Model):
    """A mail to send."""

    to = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.subject
