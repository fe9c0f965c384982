"""Organizations: the bodies that a role is held for."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

import clock
from accounts.text import clean, key


class OrganizationQuerySet(models.QuerySet["Organization"]):
    """Ways to look organizations up."""

    def active(self) -> "OrganizationQuerySet":
        """Return the organizations that people can still ask for."""
        return self.filter(is_active=True)

    def by_name(self, text: str) -> "Organization | None":
        """Return the active organization of this name, in any case and spacing."""
        return self.active().filter(name_key=key(text)).first()


class Organization(models.Model):
    """A provider, supplier, assister group or other body outside the agency."""

    class Kind(models.TextChoices):
        ASSISTER = "assister", _("Assister organization")
        PROVIDER = "provider", _("Provider or supplier")
        CONTRACTOR = "contractor", _("Contractor")
        STATE = "state", _("State agency")
        OTHER = "other", _("Other")

    name = models.CharField(_("name"), max_length=200)
    name_key = models.CharField(max_length=400, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.OTHER)
    city = models.CharField(_("city"), max_length=100, blank=True)
    state = models.CharField(_("state"), max_length=2, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(name_key__gt=""), name="organization_has_a_name"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Keep the compared form in step; refuse a name that is empty or taken in any spelling."""
        self.name, self.name_key = clean(self.name), key(self.name)
        if not self.name_key:
            raise ValidationError({"name": _("Enter a name.")})
        same = Organization.objects.filter(name_key=self.name_key).exclude(pk=self.pk).first()
        if same is not None:
            raise ValidationError(
                {"name": _("An organization called “%(name)s” exists already.") % {"name": same}}
            )
