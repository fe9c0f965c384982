"""The delivered catalog for the tests of the catalog."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from catalog.management.commands.load_catalog import DELIVERED
from catalog.services import data_files, loading
from catalog.services.delivered import Delivered


@pytest.fixture(scope="session")
def delivered() -> Delivered:
    """The delivered data, read once."""
    return data_files.read(DELIVERED)


@pytest.fixture(scope="module")
def _loaded(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, delivered: Delivered
) -> Iterator[Delivered]:
    """The delivered catalog for a whole module of tests, rolled back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        loading.load(delivered=delivered)
        yield delivered
        transaction.set_rollback(True)


@pytest.fixture
def loaded(_loaded: Delivered, db: None) -> Delivered:
    """The delivered catalog in the tables."""
    return _loaded


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with a small catalog that is in order."""
    (tmp_path / "catalog.yaml").write_text(SMALL, encoding="utf-8")
    return tmp_path


SMALL = """\
categories:
  - id: collaboration
    name: Collaboration
  - id: archive
    name: Archive
systems:
  - id: harbor
    acronym: HBR
    name: Harbor Log
    synonyms: [Ship Log, HL]
    description: Keeps the log of ships that call at the harbor.
    category: collaboration
    web_address: https://harbor.example
    reapply_wait_minutes: 5
    help_desks:
      - name: Harbor desk
        phones: ['1 (800) 555-0100', '443-275-8948 (Option #2)']
        tty: 1 (800) 555-0101
        emails: [desk@harbor.example]
        hours: Monday to Friday
  - id: pier
    name: Pier Book
    description: Books a place at the pier.
    category: collaboration
    part_of: harbor
roles:
  - system: harbor
    id: pilot
    name: Pilot
    kind: end_user
    attributes:
      - id: organization
        label: Organization
        kind: organization
      - id: ship
        label: Kind of ship
        kind: choice
        choices: [Barge, Ferry]
    approved_by:
      - role: master
        scope: same_organization
      - role: master
  - system: harbor
    id: master
    name: Harbor Master
    kind: approver
    identity_assurance: 2
    sign_in_strength: 2
    excludes: [pilot]
    approved_by:
      - assigned
"""
