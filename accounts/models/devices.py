"""The second factors of people, and the security codes that some of them are sent."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device

import clock
from accounts.assurance import Strength

NAME_MAX_LENGTH = 64
_DOTS = "\N{BULLET}" * 3


class MFADeviceQuerySet(models.QuerySet["MFADevice"]):
    """Ways to find devices."""

    def devices_for_user(self, user: Any, confirmed: bool | None = None) -> "MFADeviceQuerySet":
        """The devices of a person, under the name by which django-otp asks for them."""
        found = self.filter(user=user)
        return found if confirmed is None else found.filter(confirmed=confirmed)


class MFADevice(Device):  # type: ignore[misc] # django-otp carries no types
    """One second factor of one person, of any kind.

    ``confirmed`` turns true with the proof of possession; until then the row is a set-up that was
    begun. The seed of an authenticator app is encrypted with a key outside the database
    (``accounts.sealing``). A passkey's public key lies in the credential of django-otp-webauthn.
    """

    class Kind(models.TextChoices):
        PASSKEY = "passkey", _("Passkey or security key")
        APP_PHONE = "app_phone", _("Authenticator app on a phone")
        APP_COMPUTER = "app_computer", _("Authenticator app on a computer")
        TEXT = "text", _("Text message (SMS)")
        VOICE = "voice", _("Voice call")
        EMAIL = "email", _("E-mail")
        RECOVERY = "recovery", _("Recovery code")

    APPS: ClassVar = frozenset({Kind.APP_PHONE, Kind.APP_COMPUTER})
    SENT: ClassVar = frozenset({Kind.TEXT, Kind.VOICE, Kind.EMAIL})

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mfa_devices"
    )
    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    is_default = models.BooleanField(_("default"), default=False)
    phone = models.CharField(_("phone number"), max_length=16, blank=True)
    extension = models.CharField(_("extension"), max_length=10, blank=True)
    seed = models.CharField(max_length=300, blank=True, editable=False)
    credential = models.OneToOneField(
        "django_otp_webauthn.WebAuthnCredential",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="mfa_device",
    )
    last_step = models.BigIntegerField(null=True, editable=False)
    created_at = models.DateTimeField(_("added"), default=clock.now, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)

    objects = MFADeviceQuerySet.as_manager()

    class Meta:
        verbose_name = _("MFA device")
        verbose_name_plural = _("MFA devices")
        ordering = ("-is_default", "created_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("user",), condition=Q(is_default=True), name="one_default_device_a_person"
            ),
            models.CheckConstraint(
                name="device_confirmed_at_exactly_when_confirmed",
                condition=Q(confirmed=True, confirmed_at__isnull=False)
                | Q(confirmed=False, confirmed_at__isnull=True),
            ),
            models.CheckConstraint(
                name="device_default_only_when_confirmed",
                condition=Q(is_default=False) | Q(confirmed=True),
            ),
            models.CheckConstraint(
                name="device_has_what_its_kind_needs",
                condition=(Q(kind__in=["app_phone", "app_computer"]) & Q(phone="") & ~Q(seed=""))
                | (Q(kind__in=["text", "voice"]) & ~Q(phone="") & Q(seed=""))
                | Q(kind__in=["email", "passkey", "recovery"], phone="", seed=""),
            ),
            models.CheckConstraint(
                name="device_credential_exactly_when_passkey",
                condition=Q(kind="passkey", credential__isnull=False)
                | (~Q(kind="passkey") & Q(credential__isnull=True)),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def strength(self) -> Strength:
        """How sure the portal is of somebody who has just used this device."""
        return Strength.of_kind(self.kind)

    @property
    def is_app(self) -> bool:
        """Whether the device makes its codes by itself, from the time."""
        return self.kind in self.APPS

    @property
    def is_sent_codes(self) -> bool:
        """Whether the portal sends the codes of this device."""
        return self.kind in self.SENT

    def is_interactive(self) -> bool:
        """The same in django-otp's words."""
        return self.is_sent_codes

    @property
    def target(self) -> str:
        """Where its codes go, in full; empty when nothing is sent."""
        if self.kind == self.Kind.EMAIL:
            return str(self.user.email)
        if self.extension:
            return f"{self.phone};ext={self.extension}"
        return self.phone

    @property
    def masked_target(self) -> str:
        """Where its codes go, as much of it as a page may show."""
        if self.kind == self.Kind.EMAIL:
            local, _at, domain = str(self.user.email).partition("@")
            return f"{local[:1]}{_DOTS}@{domain}"
        return f"{_DOTS} {self.phone[-2:]}" if self.phone else ""

    def confirm(self) -> None:
        """Marks the device as proven to be in its owner's hands."""
        self.confirmed = True
        self.confirmed_at = clock.now()


class SecurityCode(models.Model):
    """One code that the portal gave somebody; what is kept cannot be read as a code.

    ``nonce`` and a key outside the database make the code (``accounts.sealing``); ``hash`` is what
    a typed code is compared with. A code that was sent outlives its device: it still counts.
    """

    class Kind(models.TextChoices):
        SENT = "sent", _("Sent to a device")
        ONE_TIME = "one_time", _("One-Time Security Code")
        RECOVERY = "recovery", _("Recovery code")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="security_codes"
    )
    device = models.ForeignKey(
        MFADevice, on_delete=models.SET_NULL, null=True, related_name="security_codes"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    channel = models.CharField(max_length=20, blank=True)
    nonce = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    target_hash = models.CharField(max_length=64, blank=True)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    replaced_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="code_used_or_replaced_not_both",
                condition=Q(used_at__isnull=True) | Q(replaced_at__isnull=True),
            ),
            models.CheckConstraint(
                name="code_expires_unless_recovery",
                condition=Q(kind="recovery") | Q(expires_at__isnull=False),
            ),
        )
        indexes = (
            models.Index(
                fields=("user", "kind"),
                condition=Q(used_at__isnull=True, replaced_at__isnull=True),
                name="codes_open_by_user",
            ),
            models.Index(fields=("user", "channel", "-created_at"), name="codes_sent_by_user"),
            models.Index(fields=("created_at",), name="codes_by_age"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
