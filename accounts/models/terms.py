"""Documents people accept, and who accepted which one, when and from where."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

import clock


class TermsAcceptance(models.Model):
    """One acceptance of one version of one document."""

    class Document(models.TextChoices):
        TERMS = "terms", _("Terms and Conditions")
        RULES_OF_BEHAVIOR = "rules_of_behavior", _("Rules of Behavior")
        PRIVILEGED_RULES = "privileged_rules", _("Rules for people with elevated rights")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="terms_acceptances"
    )
    # A member of Document, or the code of a RulesDocument.
    document = models.CharField(max_length=80)
    version = models.CharField(max_length=20)
    accepted_at = models.DateTimeField(default=clock.now)
    address = models.GenericIPAddressField(null=True)

    class Meta:
        indexes = (models.Index(fields=("user", "document", "-accepted_at"), name="terms_newest"),)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.document} {self.version}"


class RulesDocument(models.Model):
    """Rules that one system adds to the portal's own; a new version is asked for again."""

    code = models.SlugField(
        _("code"),
        max_length=80,
        unique=True,
        help_text=_("For the rules of one system: the short name of the system."),
    )
    title = models.CharField(_("title"), max_length=120)
    version = models.CharField(_("version"), max_length=20)
    body = models.TextField(
        _("rules"), help_text=_("One rule a line. Who holds a role in the system accepts them.")
    )
    is_in_force = models.BooleanField(_("in force"), default=True)

    class Meta:
        verbose_name = _("rules of a system")
        verbose_name_plural = _("rules of systems")
        ordering = ("title",)

    def __str__(self) -> str:
        return f"{self.title} ({self.version})"
