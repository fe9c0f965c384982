"""How a person likes the pages to look; read with the person, so it costs no query."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Contrast(models.TextChoices):
    STANDARD = "standard", _("Standard colors")
    HIGH = "high", _("High contrast")


class TextSize(models.TextChoices):
    STANDARD = "standard", _("Standard text")
    LARGE = "large", _("Large text")
    LARGEST = "largest", _("Largest text")


class Motion(models.TextChoices):
    STANDARD = "standard", _("As the browser says")
    REDUCED = "reduced", _("No movement")


class Preferences(models.Model):
    """What was chosen on the page of accessibility settings; empty until somebody chose."""

    contrast = models.CharField(max_length=10, choices=Contrast.choices, blank=True, editable=False)
    text_size = models.CharField(
        max_length=10, choices=TextSize.choices, blank=True, editable=False
    )
    motion = models.CharField(max_length=10, choices=Motion.choices, blank=True, editable=False)

    class Meta:
        abstract = True
