"""The account: one person, for ever."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models.functions import Reverse, Upper
from django.utils.translation import gettext_lazy as _

import clock
from accounts import text
from accounts.assurance import IAL, Strength
from accounts.models.person import Person
from accounts.models.preferences import Preferences
from accounts.time_left import TimeLeft

USER_ID_MAX_LENGTH = 74


class UserManager(BaseUserManager["User"]):
    """Finds people by any spelling of their User ID."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The person with this User ID in any spelling; raises ``User.DoesNotExist``."""
        return self.get(user_id_key=text.key(username or ""))

    def create_user(
        self, user_id: str, email: str, password: str | None = None, **fields: Any
    ) -> "User":
        """A saved, active account; the caller has checked the User ID and the password."""
        user = self.model(
            user_id=user_id,
            user_id_key=text.key(user_id),
            email=email,
            email_key=text.key(email),
            **fields,
        )
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(
        self, user_id: str, email: str, password: str | None = None, **fields: Any
    ) -> "User":
        """An account that may do everything in the administration pages."""
        return self.create_user(
            user_id, email, password, **{"is_staff": True, "is_superuser": True, **fields}
        )


class User(AbstractBaseUser, PermissionsMixin, Person, Preferences):  # type: ignore[django-manager-missing] # MFADevice has an untyped base
    """A person with an account. Never deleted, so a User ID is never given again."""

    USERNAME_FIELD = "user_id"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email", "first_name", "last_name"]

    # last_sign_in_at says it; Django's own field would cost one more UPDATE at each sign-in.
    last_login = None

    user_id = models.CharField(_("User ID"), max_length=USER_ID_MAX_LENGTH, unique=True)
    user_id_key = models.CharField(max_length=USER_ID_MAX_LENGTH * 3, unique=True, editable=False)
    email = models.EmailField(_("e-mail address"), max_length=254)
    email_key = models.CharField(max_length=254 * 3, unique=True, editable=False)

    ial = models.PositiveSmallIntegerField(
        _("identity assurance"), choices=IAL.choices, default=IAL.SELF_ASSERTED
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("staff"), default=False)
    # Both follow from the devices and are kept true by ``accounts.services.devices``.
    has_mfa = models.BooleanField(_("has an MFA device"), default=False, editable=False)
    has_strong_factor = models.BooleanField(
        _("has a strong MFA device"), default=False, editable=False
    )
    mfa_offered_at = models.DateTimeField(null=True, editable=False)
    security_version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)
    last_sign_in_at = models.DateTimeField(_("last sign-in"), null=True, editable=False)
    password_changed_at = models.DateTimeField(null=True, editable=False)
    deactivated_at = models.DateTimeField(_("deactivated"), null=True, editable=False)
    deactivation_reason = models.CharField(max_length=300, blank=True, editable=False)
    suspended_at = models.DateTimeField(_("suspended"), null=True, editable=False)
    frozen_at = models.DateTimeField(_("frozen by its owner"), null=True, editable=False)
    expired_at = models.DateTimeField(_("expired unused"), null=True, editable=False)
    proofed_at = models.DateTimeField(_("identity proofed"), null=True, editable=False)

    # How strongly the visitor signed in, and how long the session goes on; set by the middleware,
    # absent outside of a session.
    session_strength: Strength | None = None
    session_left: TimeLeft | None = None

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ("user_id_key",)
        # The help desk searches by the beginnings of names and the end of a telephone number.
        indexes = (
            models.Index(fields=("last_name", "first_name"), name="user_by_name"),
            models.Index(
                OpClass(Upper("first_name"), name="text_pattern_ops"), name="user_first_name_begins"
            ),
            models.Index(
                OpClass(Upper("last_name"), name="text_pattern_ops"), name="user_last_name_begins"
            ),
            models.Index(
                OpClass(Reverse("phone"), name="text_pattern_ops"), name="user_phone_ends"
            ),
        )
        constraints = (
            models.CheckConstraint(
                name="user_keys_not_empty",
                condition=models.Q(user_id_key__gt="") & models.Q(email_key__gt=""),
            ),
            models.CheckConstraint(
                name="user_deactivated_at_only_when_inactive",
                condition=models.Q(is_active=False) | models.Q(deactivated_at__isnull=True),
            ),
            models.CheckConstraint(
                name="user_suspended_at_only_when_inactive",
                condition=models.Q(is_active=False) | models.Q(suspended_at__isnull=True),
            ),
            models.CheckConstraint(
                name="user_frozen_or_expired_only_when_inactive",
                condition=models.Q(is_active=False)
                | models.Q(frozen_at__isnull=True, expired_at__isnull=True),
            ),
            models.CheckConstraint(
                name="user_strong_factor_is_a_factor",
                condition=models.Q(has_mfa=True) | models.Q(has_strong_factor=False),
            ),
            models.CheckConstraint(
                name="user_ial_known", condition=models.Q(ial__in=[level.value for level in IAL])
            ),
        )

    def __str__(self) -> str:
        return self.user_id

    def natural_key(self) -> tuple[str]:
        """The User ID in the form that is compared."""
        return (self.user_id_key,)

    def clean(self) -> None:
        """Keeps the compared forms in step with what is shown."""
        self.user_id_key = text.key(self.user_id)
        self.email_key = text.key(self.email)

    # One-row verbs -------------------------------------------------------------------------

    def deactivate(self, *, at: datetime, reason: str) -> None:
        """Closes the account and every session of it; nothing is removed."""
        self.is_active = False
        self.deactivated_at = at
        self.deactivation_reason = reason
        self.security_version += 1

    def suspend(self, *, at: datetime, reason: str) -> None:
        """Shuts the account for a while: its access rests and comes back with it."""
        self.is_active = False
        self.suspended_at = at
        self.deactivation_reason = reason
        self.security_version += 1

    def reactivate(self) -> None:
        """Lifts a closing or suspension; a frozen or expired account stays shut all the same."""
        self.deactivated_at = None
        self.suspended_at = None
        self.deactivation_reason = ""
        self._settle()

    @property
    def is_suspended(self) -> bool:
        """Whether somebody closed or suspended the account, whatever else is the matter."""
        shut_otherwise = self.frozen_at is not None or self.expired_at is not None
        by_somebody = self.deactivated_at is not None or self.suspended_at is not None
        return by_somebody or not (self.is_active or shut_otherwise)

    @property
    def may_recover(self) -> bool:
        """Whether the owner may set a new password alone; an expired account opens by it."""
        return self.frozen_at is None and not self.is_suspended

    def freeze(self, *, at: datetime) -> None:
        """Shuts the account because its owner says somebody else used it; no password is good."""
        self.frozen_at = at
        self.is_active = False
        self.set_unusable_password()
        self.security_version += 1

    def unfreeze(self) -> None:
        """Ends the freeze; a new password has to be set before the next sign-in."""
        self.frozen_at = None
        self._settle()

    def expire(self, *, at: datetime) -> None:
        """Shuts the account because nobody signed in for too long."""
        self.expired_at = at
        self.is_active = False
        self.security_version += 1

    def replace_password(self, encoded: str, *, at: datetime) -> None:
        """Sets a hashed password that its owner chose; an expired account opens by it."""
        self.password = encoded
        self.password_changed_at = at
        self.expired_at = None
        self._settle()

    def _settle(self) -> None:
        self.is_active = all(
            moment is None
            for moment in (self.deactivated_at, self.suspended_at, self.frozen_at, self.expired_at)
        )
        self.security_version += 1

    def correct_name(self, parts: Mapping[str, str]) -> None:
        """Takes other parts of the name, by their fields."""
        for field, value in parts.items():
            setattr(self, field, value)

    def proof(self, *, at: datetime) -> None:
        """Marks the person as somebody whose identity was proven."""
        self.ial = IAL.PROOFED.value
        self.proofed_at = at

    def withdraw_proof(self) -> None:
        """Takes the proof of the person's identity back; the person is who they say, no more."""
        self.ial = IAL.SELF_ASSERTED.value
        self.proofed_at = None
