"""Gives every form of the portal one look: field markup and widget classes are decided here."""

from typing import Any

from django.forms.renderers import TemplatesSetting
from django.utils.translation import gettext_lazy as _

# Class of a control by the name of Django's widget template (without folder and ending).
# Checkboxes and radio buttons have their class on the input and need their own option markup.
WIDGET_CLASSES = {
    "text": "usa-input",
    "email": "usa-input",
    "url": "usa-input",
    "tel": "usa-input",
    "search": "usa-input",
    "number": "usa-input",
    "password": "usa-input",
    "date": "usa-input",
    "datetime": "usa-input",
    "time": "usa-input",
    "textarea": "usa-textarea",
    "select": "usa-select",
    "file": "usa-file-input",
    "clearable_file_input": "usa-file-input",
    "checkbox": "usa-checkbox__input",
    "radio_option": "usa-radio__input",
    "checkbox_option": "usa-checkbox__input",
}

# Django's templates for lists of options, and ours that take their place.
OPTION_LISTS = {
    "django/forms/widgets/radio.html": "components/widgets/radio.html",
    "django/forms/widgets/checkbox_select.html": "components/widgets/checkboxes.html",
}
OPTION_LISTS_BY_STEM = {"radio", "checkbox_select"}

DATE_PARTS = {"month": _("Month"), "day": _("Day"), "year": _("Year")}


class PortalFormRenderer(TemplatesSetting):
    """Renders fields by the components and hands each control its class.

    A widget that brings a class of its own (the admin's do) is left as it is, so that room
    forms carry no classes and the admin keeps its look.
    """

    form_template_name = "components/form_fields.html"
    field_template_name = "components/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """Render a widget, field or form; `context` is the one Django made for it."""
        widget = context.get("widget")
        if widget is None or "class" in widget.get("attrs", {}):
            return str(super().render(template_name, context, request))
        if template_name.startswith("django/forms/widgets/"):
            _dress(widget, bool(widget["attrs"].get("aria-invalid")))
            template_name = OPTION_LISTS.get(template_name, template_name)
        return str(super().render(template_name, context, request))


def _dress(widget: dict[str, Any], is_invalid: bool) -> None:
    """Add the class to a widget and to the parts it is made of."""
    stem = widget["template_name"].rpartition("/")[2].removesuffix(".html")
    attrs = widget["attrs"]
    # A date control of the browser is a plain input for Django unless its type says more.
    css_class = WIDGET_CLASSES.get(stem) or WIDGET_CLASSES.get(widget.get("type", ""))
    if css_class and "class" not in attrs:
        attrs["class"] = f"{css_class} usa-input--error" if is_invalid else css_class
    for part in widget.get("subwidgets", []):
        _name_date_part(part["attrs"])
        _dress(part, is_invalid)
    if stem in OPTION_LISTS_BY_STEM:
        for _group, options, _index in widget["optgroups"]:
            for option in options:
                _dress(option, is_invalid=False)


def _name_date_part(attrs: dict[str, Any]) -> None:
    """Give the parts of a date, which have one common legend, a name each for screen readers."""
    label = DATE_PARTS.get(str(attrs.get("id", "")).rpartition("_")[2])
    if label:
        attrs.setdefault("aria-label", str(label))
