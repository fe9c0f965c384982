"""Object permissions of systems and roles, in tables with real foreign keys.

django-guardian's generic tables leave rows behind when an object goes; these cascade.
"""

from django.db import models
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from catalog.models.roles import Role
from catalog.models.systems import System


class SystemUserObjectPermission(UserObjectPermissionBase):
    """What a person may do with one system."""

    content_object = models.ForeignKey(System, models.CASCADE)


class SystemGroupObjectPermission(GroupObjectPermissionBase):
    """What a group may do with one system."""

    content_object = models.ForeignKey(System, models.CASCADE)


class RoleUserObjectPermission(UserObjectPermissionBase):
    """What a person may do with one role."""

    content_object = models.ForeignKey(Role, models.CASCADE)


class RoleGroupObjectPermission(GroupObjectPermissionBase):
    """What a group may do with one role."""

    content_object = models.ForeignKey(Role, models.CASCADE)
