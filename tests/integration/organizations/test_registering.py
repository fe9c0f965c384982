"""Finding organizations, and bringing new ones into the portal."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import User
from accounts.verdicts import Refusal
from audit.models import AuditEntry
from organizations import services
from organizations.models import Organization
from organizations.reasons import Reason
from tests import cast
from tests.factories.organizations import make_organization

KIND = Organization.Kind.ASSISTER


@pytest.fixture
def approver(db: None) -> User:
    """Whoever approves the request that names the organization."""
    return cast.cms_approver()


def test_a_new_organization_is_registered_and_recorded(approver: User) -> None:
    organization = services.register(name=" Harbor  Health ", kind=KIND, by=approver)

    assert (organization.name, organization.kind) == ("Harbor Health", KIND)
    entry = AuditEntry.objects.get(tag="organization:register")
    assert entry.actor == approver
    assert entry.after == {"name": "Harbor Health", "kind": "assister"}


@pytest.mark.parametrize(
    "name", ["Harbor Health", "HARBOR HEALTH", "harbor\u00a0 health", "\uff28arbor Health"]
)
def test_a_known_organization_is_returned_in_any_spelling(approver: User, name: str) -> None:
    known = make_organization("Harbor Health")
    assert services.register(name=name, kind=KIND, by=approver) == known
    assert services.find(name) == known
    assert not AuditEntry.objects.filter(tag="organization:register").exists()


def test_an_unknown_name_finds_nothing(db: None) -> None:
    make_organization("Harbor Health")
    assert services.find("Harbor") is None
    assert services.find("") is None


def test_a_retired_organization_is_not_brought_back_by_a_request(approver: User) -> None:
    make_organization("Harbor Health", is_active=False)
    with pytest.raises(Refusal) as refused:
        services.register(name="Harbor Health", kind=KIND, by=approver)
    assert refused.value.reason == Reason.RETIRED
    assert services.find("Harbor Health") is None


@pytest.mark.parametrize("name", ["", "   ", "\u200b", "x" * 201])
def test_a_name_that_is_none_is_refused(approver: User, name: str) -> None:
    with pytest.raises(Refusal) as refused:
        services.register(name=name, kind=KIND, by=approver)
    assert refused.value.reason == Reason.NO_NAME
    assert not Organization.objects.exists()


def test_the_database_refuses_an_empty_and_a_second_name(db: None) -> None:
    with pytest.raises(IntegrityError, match="organization_has_a_name"), transaction.atomic():
        Organization.objects.create(name="", name_key="")
    make_organization("Harbor Health")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_organization("HARBOR HEALTH")


@pytest.mark.django_db(transaction=True)
def test_many_at_once_register_one_organization() -> None:
    approver = cast.cms_approver()
    found: list[int] = []
    errors: list[BaseException] = []
    start = threading.Barrier(8, timeout=20)

    def register() -> None:
        try:
            start.wait()
            found.append(services.register(name="Harbor Health", kind=KIND, by=approver).pk)
        except BaseException as error:  # noqa: BLE001 - shown by the assertion below
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=register) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert not errors
    assert len(found) == 8
    assert len(set(found)) == 1
    assert AuditEntry.objects.filter(tag="organization:register").count() == 1
