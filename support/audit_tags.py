"""What the support room writes into the audit log, and the names of all events for its filter."""

import inspect
from importlib import import_module

from django.apps import apps
from django.db import models
from django.utils.module_loading import module_has_submodule
from django.utils.translation import gettext_lazy as _


class Tag(models.TextChoices):
    """Audit tags, ``subject:action``."""

    EXPORT_LOG = "audit_log:export", _("Audit log exported")
    SEARCH = "help_desk:search", _("Help desk searched for people")
    OPEN = "help_desk:open", _("Help desk opened an account")
    VERIFY = "help_desk:verify", _("Caller verified by the help desk")
    CODE_MADE = "help_desk:make_code", _("Help desk code made")
    CODE_SENT = "help_desk:send_code", _("Help desk code sent to a device")
    PROPOSE = "help_desk:propose_reset", _("Removal of all MFA devices proposed")
    SEE = "help_desk:see_proposal", _("Removal of all MFA devices looked into")
    CONFIRM = "help_desk:confirm_reset", _("Removal of all MFA devices confirmed")
    DROP = "help_desk:drop_reset", _("Removal of all MFA devices dropped")


def known_tags() -> dict[str, str]:
    """Return the name of every event that a room can write, by tag."""
    names: dict[str, str] = {}
    for config in apps.get_app_configs():
        if not module_has_submodule(config.module, "audit_tags"):
            continue
        module = import_module(f"{config.name}.audit_tags")
        for _name, member in inspect.getmembers(module, inspect.isclass):
            if issubclass(member, models.TextChoices) and member.__module__ == module.__name__:
                names.update({str(value): str(label) for value, label in member.choices})
    return names
