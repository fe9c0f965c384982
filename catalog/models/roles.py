"""Roles, what a person is asked for with them, and who approves them."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.assurance import AAL, IAL
from catalog import validators
from catalog.models.systems import System


class RoleQuerySet(models.QuerySet["Role"]):
    """Ways to look roles up."""

    def requestable(self) -> "RoleQuerySet":
        """Return the roles that people can ask for."""
        return self.filter(is_active=True, system__is_active=True)


class Role(models.Model):
    """Something a person can hold in a system: the unit of asking, deciding and certifying."""

    class Kind(models.TextChoices):
        END_USER = "end_user", _("End user")
        APPROVER = "approver", _("Approver")
        HELP_DESK = "help_desk", _("Help desk")
        BUSINESS_OWNER = "business_owner", _("Business owner")
        OFFICIAL = "official", _("Official of an organization")

    system = models.ForeignKey(System, models.CASCADE, related_name="roles")
    code = models.SlugField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.END_USER)
    description = models.TextField(_("what it is for"), blank=True)
    required_ial = models.PositiveSmallIntegerField(
        _("identity assurance"), choices=IAL, default=IAL.SELF_ASSERTED
    )
    required_aal = models.PositiveSmallIntegerField(
        _("sign-in strength"), choices=AAL, default=AAL.PASSWORD
    )
    excludes = models.ManyToManyField(
        "self", blank=True, verbose_name=_("cannot be held together with")
    )
    is_default = models.BooleanField(
        _("default role"),
        default=False,
        help_text=_("Given by the portal because the source documents name no role."),
    )
    is_delivered = models.BooleanField(
        db_default=False,
        editable=False,
        help_text=_("Comes from the data files; roles made by hand are never retired by them."),
    )
    is_active = models.BooleanField(_("can be asked for"), default=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    objects = RoleQuerySet.as_manager()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["system", "order", "id"]
        permissions = [("decide_requests", "Decides requests for this role")]
        constraints = [
            models.UniqueConstraint(fields=["system", "code"], name="role_code_once_per_system")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def implied_permission(self) -> str | None:
        """Return the django-guardian permission on the system that holding this role carries."""
        return {
            self.Kind.BUSINESS_OWNER: "own_system",
            self.Kind.HELP_DESK: "support_users",
        }.get(self.Kind(self.kind))


class RoleAttribute(models.Model):
    """A question that a request for the role has to answer."""

    class Kind(models.TextChoices):
        TEXT = "text", _("One line of text")
        LONG_TEXT = "long_text", _("Text")
        CHOICE = "choice", _("Choice from a list")
        ORGANIZATION = "organization", _("Organization")

    role = models.ForeignKey(Role, models.CASCADE, related_name="attributes")
    code = models.SlugField(_("code"), max_length=60)
    label = models.CharField(_("label"), max_length=120)
    help_text = models.CharField(_("help text"), max_length=300, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.TEXT)
    required = models.BooleanField(_("required"), default=True)
    choices = ArrayField(
        models.CharField(max_length=200), verbose_name=_("choices"), default=list, blank=True
    )
    pattern = models.CharField(
        _("pattern"),
        max_length=200,
        blank=True,
        validators=[validators.pattern],
        help_text=_("Regular expression that the whole answer has to match."),
    )
    pattern_hint = models.CharField(_("what to enter"), max_length=200, blank=True)
    max_length = models.PositiveSmallIntegerField(
        _("longest answer"), default=200, validators=[MinValueValidator(1)]
    )
    may_be_new = models.BooleanField(
        _("may name a new organization"),
        default=False,
        db_default=False,
        help_text=_("An organization not known yet is registered when the request is approved."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("role attribute")
        verbose_name_plural = _("role attributes")
        ordering = ["role", "order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["role", "code"], name="attribute_code_once_per_role"),
            models.CheckConstraint(
                condition=~models.Q(kind="choice") | models.Q(choices__len__gt=0),
                name="choice_attribute_has_choices",
            ),
        ]

    def __str__(self) -> str:
        return self.label


class ApprovalRule(models.Model):
    """One rung of the ladder that says who approves a role.

    The first rule, in order, with somebody able to decide wins; when none has anybody, the owner
    of the system decides, and after that the portal help desk.
    """

    class Approver(models.TextChoices):
        ROLE = "role", _("Holders of a role")
        ASSIGNED = "assigned", _("People assigned by object permission")

    class Scope(models.TextChoices):
        ANY = "any", _("Any organization")
        SAME_ORGANIZATION = "same_organization", _("Same organization as the requester")

    role = models.ForeignKey(Role, models.CASCADE, related_name="approval_rules")
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    approver = models.CharField(_("approver"), max_length=10, choices=Approver)
    approver_role = models.ForeignKey(
        Role,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="approves",
        verbose_name=_("approver role"),
    )
    scope = models.CharField(_("scope"), max_length=20, choices=Scope, default=Scope.ANY)

    class Meta:
        verbose_name = _("approval rule")
        verbose_name_plural = _("approval rules")
        ordering = ["role", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["role", "order"],
                name="one_rule_per_rung",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=models.Q(approver="role", approver_role__isnull=False)
                | models.Q(approver="assigned", approver_role__isnull=True),
                name="rule_names_a_role_exactly_when_needed",
            ),
        ]

    def __str__(self) -> str:
        return self.describe()

    def describe(self) -> str:
        """Say in words who decides by this rule."""
        return describe_rung(self.approver_role.name if self.approver_role else None, self.scope)


def describe_rung(approver_role: str | None, scope: str) -> str:
    """Say in words who decides: holders of a role, by its name, or people who are assigned."""
    if approver_role is None:
        return str(_("People assigned to decide"))
    if scope == ApprovalRule.Scope.SAME_ORGANIZATION:
        return str(_("%(role)s of the same organization") % {"role": approver_role})
    return approver_role
