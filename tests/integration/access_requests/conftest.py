"""A small world: zONE with its five roles, one organization, and the cast in its places."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest

from accounts.models import User
from catalog.models import Role, System
from organizations.models import Organization
from tests import cast
from tests.factories.access_requests import make_grant
from tests.factories.catalog import make_zone
from tests.factories.organizations import make_organization


@dataclass
class World:
    """The roles of zONE by short names, Harbor Community Health, and people when asked for."""

    end_user: Role
    external: Role
    help_desk_role: Role
    cms: Role
    owner_role: Role
    harbor: Organization

    @cached_property
    def assister(self) -> User:
        return cast.assister()

    @cached_property
    def external_approver(self) -> User:
        person = cast.external_approver()
        make_grant(person, self.external, self.harbor)
        return person

    @cached_property
    def cms_approver(self) -> User:
        person = cast.cms_approver()
        make_grant(person, self.cms)
        return person

    @cached_property
    def owner(self) -> User:
        person = cast.business_owner()
        make_grant(person, self.owner_role)
        return person

    @cached_property
    def desk(self) -> User:
        return cast.portal_help_desk()

    @cached_property
    def stranger(self) -> User:
        return cast.stranger()

    @property
    def system(self) -> System:
        return self.end_user.system

    def everybody(self) -> "World":
        """Bring in the whole cast of deciders."""
        _ = self.external_approver, self.cms_approver, self.owner, self.desk
        return self

    def client(self, person: User) -> Any:
        return cast.client_of(person)


def make_world() -> World:
    roles = make_zone()
    return World(
        end_user=roles["end-user"],
        external=roles["external-approver"],
        help_desk_role=roles["helpdesk"],
        cms=roles["cms-approver"],
        owner_role=roles["business-owner"],
        harbor=make_organization("Harbor Community Health"),
    )


@pytest.fixture
def world(db: None) -> World:
    return make_world()
