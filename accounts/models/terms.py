"""Who accepted which document, when and from where."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

import clock


class TermsAcceptance(models.Model):
    """One acceptance of one version of one document."""

    class Document(models.TextChoices):
        TERMS = "terms", _("Terms and Conditions")
        RULES_OF_BEHAVIOR = "rules_of_behavior", _("Rules of Behavior")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="terms_acceptances"
    )
    document = models.CharField(max_length=20, choices=Document.choices)
    version = models.CharField(max_length=20)
    accepted_at = models.DateTimeField(default=clock.now)
    address = models.GenericIPAddressField(null=True)

    class Meta:
        indexes = (models.Index(fields=("user", "document", "-accepted_at"), name="terms_newest"),)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.document} {self.version}"
