"""Systems of the catalog and the help desks that stand behind them."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Coalesce, Concat, Lower, NullIf, Replace
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalog import validators


class Category(models.Model):
    """A shelf of the catalog."""

    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=100, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    delivered_digest = models.CharField(max_length=64, blank=True, db_default="", editable=False)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


# The short name that people know a system by, as `System.title` has it, for sorting.
TITLE = Lower(Coalesce(NullIf("acronym", models.Value("")), "name"))

_LINE_END, _COMMA, _COMMA_SPACE = (
    models.Value(text, output_field=models.TextField()) for text in ("\n", ",", ", ")
)


class SystemQuerySet(models.QuerySet["System"]):
    """Ways to look systems up."""

    def listed(self) -> "SystemQuerySet":
        """Return the systems that the catalog shows."""
        return self.filter(is_active=True)

    def by_title(self) -> "SystemQuerySet":
        """Sort by the short name, the same every time."""
        return self.order_by(TITLE, "name", "id")


class System(models.Model):
    """An application that people can ask to use."""

    slug = models.SlugField(unique=True, max_length=80)
    acronym = models.CharField(_("acronym"), max_length=60, blank=True)
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    category = models.ForeignKey(
        Category, models.PROTECT, related_name="systems", verbose_name=_("category")
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    synonyms = models.TextField(
        _("other names"), blank=True, help_text=_("Former and spoken names, separated by commas.")
    )
    web_address = models.URLField(_("web address"), blank=True)
    precondition = models.TextField(
        _("before you ask"), blank=True, help_text=_("What a person has to do first, elsewhere.")
    )
    reapply_wait_minutes = models.PositiveSmallIntegerField(
        _("wait after removal (minutes)"),
        default=0,
        help_text=_("How long a person waits after removing a role before asking again."),
    )
    is_active = models.BooleanField(_("shown in the catalog"), default=True)
    delivered_digest = models.CharField(
        max_length=64,
        blank=True,
        db_default="",
        editable=False,
        help_text=_("Fingerprint of the data file's entry; empty for systems made by hand."),
    )
    # Names as typed, so that a beginning finds them; all stemmed, so that "claim" finds "claims".
    search = models.GeneratedField(
        expression=SearchVector("acronym", "name", "synonyms", weight="A", config="simple")
        + SearchVector("name", "synonyms", "description", weight="D", config="english"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    # Every name on a line of its own, the acronym on the first: one trigram index instead of three,
    # and one text to see what is a whole name or the beginning of one.
    names = models.GeneratedField(
        expression=Lower(
            Concat(
                _LINE_END,
                "acronym",
                _LINE_END,
                "name",
                _LINE_END,
                Replace(Replace("synonyms", _COMMA_SPACE, _COMMA), _COMMA, _LINE_END),
                _LINE_END,
                output_field=models.TextField(),
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    objects = SystemQuerySet.as_manager()

    class Meta:
        verbose_name = _("system")
        verbose_name_plural = _("systems")
        ordering = ["name", "id"]
        permissions = [
            ("decide_requests", "Decides requests for every role of this system"),
            ("own_system", "Owns this system"),
            ("support_users", "Helps the people of this system"),
        ]
        indexes = [
            models.Index(TITLE, "name", "id", name="system_by_title"),
            GinIndex(fields=["search"], name="system_search"),
            GinIndex(fields=["names"], name="system_trigram", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the system's own page, for "view on site" in the admin."""
        return reverse("catalog:system", args=[self.slug])

    @property
    def title(self) -> str:
        """Return the short name that people know the system by."""
        return self.acronym or self.name

    def clean(self) -> None:
        """Refuse a system that would be part of itself."""
        seen, above = {self.pk}, self.parent
        while above is not None:
            if above.pk in seen:
                raise ValidationError({"parent": _("A system cannot be part of itself.")})
            seen.add(above.pk)
            above = above.parent


class HelpDesk(models.Model):
    """A help desk of a system, with every way to reach it."""

    system = models.ForeignKey(System, models.CASCADE, related_name="help_desks")
    name = models.CharField(_("name"), max_length=200, blank=True)
    phones = ArrayField(
        models.CharField(max_length=60, validators=[validators.phone]),
        verbose_name=_("phones"),
        default=list,
        blank=True,
        help_text=_("Separated by commas."),
    )
    tty = models.CharField(_("TTY"), max_length=60, blank=True, validators=[validators.phone])
    fax = models.CharField(_("fax"), max_length=60, blank=True, validators=[validators.phone])
    emails = ArrayField(
        models.EmailField(),
        verbose_name=_("e-mail addresses"),
        default=list,
        blank=True,
        help_text=_("Separated by commas."),
    )
    hours = models.CharField(_("hours"), max_length=300, blank=True)
    web_address = models.URLField(_("web address"), blank=True)
    notes = models.TextField(_("notes"), blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("help desk")
        verbose_name_plural = _("help desks")
        ordering = ["system", "order", "id"]

    def __str__(self) -> str:
        return self.name or str(_("Help desk"))
