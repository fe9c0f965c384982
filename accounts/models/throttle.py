"""Counted attempts: one row per purpose and key, changed by one atomic statement only."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ThrottleCounter(models.Model):
    """How often something was tried in a window, and until when it is closed."""

    class Purpose(models.TextChoices):
        PASSWORD_STRANGER = "password_stranger", _("Password, unknown browser")
        PASSWORD_KNOWN = "password_known", _("Password, known browser")
        PASSWORD_ADDRESS = "password_address", _("Password, client address")
        SECOND_FACTOR = "second_factor", _("Second factor, account")
        CODE_TARGET = "code_target", _("Security codes to set up, phone number or mail address")
        REGISTER_ADDRESS = "register_address", _("Registration, client address")
        REGISTER_MAIL = "register_mail", _("Registration mail, address")
        ACTIVATION = "activation", _("Password of a registration, link")
        USER_ID_ADDRESS = "user_id_address", _("Forgotten User ID, client address")
        USER_ID_MAIL = "user_id_mail", _("Forgotten User ID, mail address")
        PROOFING = "proofing", _("Identity proofing online, account")
        CHALLENGE_ANSWERS = "challenge_answers", _("Challenge questions, account")
        CHALLENGE_ADDRESS = "challenge_address", _("Challenge questions, client address")
        RESET_ADDRESS = "reset_address", _("Forgotten password, client address")
        RESET_MAIL = "reset_mail", _("Forgotten password, account")
        UNLOCK_ADDRESS = "unlock_address", _("Unlocking, client address")
        UNLOCK_MAIL = "unlock_mail", _("Unlocking, account")
        PASSWORD_CHANGE = "password_change", _("Password, when changing it")
        EMAIL_CHANGE_PERSON = "email_change_person", _("Change of e-mail, person")
        EMAIL_CHANGE_MAIL = "email_change_mail", _("Change of e-mail, new address")

    purpose = models.CharField(max_length=30, choices=Purpose.choices)
    key_hash = models.CharField(max_length=64)
    attempts = models.PositiveIntegerField(default=0)
    window_started_at = models.DateTimeField()
    closed_until = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("purpose", "key_hash"), name="one_counter_per_key"),
        )
        indexes = (models.Index(fields=("window_started_at",), name="throttle_by_age"),)

    def __str__(self) -> str:
        return f"{self.purpose}: {self.attempts}"
