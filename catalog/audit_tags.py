"""What the log calls the events of the catalog."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tag(models.TextChoices):
    """Tags of the form subject:action."""

    CATEGORY_CREATE = "category:create", _("Category added")
    CATEGORY_CHANGE = "category:change", _("Category changed")
    CATEGORY_DELETE = "category:delete", _("Category deleted")
    SYSTEM_CREATE = "system:create", _("System added")
    SYSTEM_CHANGE = "system:change", _("System changed")
    SYSTEM_RETIRE = "system:retire", _("System retired")
    SYSTEM_DELETE = "system:delete", _("System deleted")
    HELP_DESK_CREATE = "help_desk:create", _("Help desk added")
    HELP_DESK_CHANGE = "help_desk:change", _("Help desk changed")
    HELP_DESK_DELETE = "help_desk:delete", _("Help desk deleted")
    ROLE_CREATE = "role:create", _("Role added")
    ROLE_CHANGE = "role:change", _("Role changed")
    ROLE_RETIRE = "role:retire", _("Role retired")
    ROLE_DELETE = "role:delete", _("Role deleted")
    ROLE_ATTRIBUTE_CREATE = "role_attribute:create", _("Role attribute added")
    ROLE_ATTRIBUTE_CHANGE = "role_attribute:change", _("Role attribute changed")
    ROLE_ATTRIBUTE_DELETE = "role_attribute:delete", _("Role attribute deleted")
    APPROVAL_RULE_CREATE = "approval_rule:create", _("Approval rule added")
    APPROVAL_RULE_CHANGE = "approval_rule:change", _("Approval rule changed")
    APPROVAL_RULE_DELETE = "approval_rule:delete", _("Approval rule deleted")
    ASSIGNMENT_CREATE = "assignment:create", _("Object permission given")
    ASSIGNMENT_CHANGE = "assignment:change", _("Object permission changed")
    ASSIGNMENT_DELETE = "assignment:delete", _("Object permission taken away")
