"""The seed of the bench respects every constraint and means what its workloads believe."""

import pytest
from django.db import connection

from access_requests import routing
from access_requests.models import AccessRequest, Grant
from accounts.models import User
from bench.seed import fill
from bench.workloads import DRAFTS, PENDING
from catalog.models import System

SIZES = fill.Sizes(people=1_000, systems=100, pending=1_000, traces=50, mails=50)


@pytest.fixture
def seeded(db: None) -> None:
    """Fill the test's own database, in its transaction."""
    with connection.cursor() as cursor:
        for statement in fill.statements(SIZES):
            cursor.execute("set constraints all immediate")
            cursor.execute(statement)


def test_the_seed_gives_the_measured_people_what_is_measured(seeded: None) -> None:
    approver = User.objects.get(pk=fill.APPROVER)

    assert User.objects.count() == SIZES.people
    assert System.objects.count() == SIZES.systems
    assert Grant.objects.active().filter(person=fill.HOLDER).count() == 20
    assert AccessRequest.objects.filter(status="pending").count() == SIZES.pending
    assert routing.queue_of(approver).count() == SIZES.pending // SIZES.systems


def test_the_seed_leaves_something_to_submit_and_to_approve(seeded: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(DRAFTS)
        drafts = cursor.fetchall()
        cursor.execute(PENDING)
        pending = cursor.fetchall()

    assert len(set(drafts)) == len(SIZES.requesters) * 10
    assert len(pending) == len(fill.DECIDERS) * SIZES.pending // SIZES.systems
    decider, tracking_number, _ = pending[0]
    waiting = routing.queue_of(User.objects.get(pk=decider))
    assert waiting.filter(tracking_number=tracking_number).exists()


def test_the_numbers_given_by_hand_are_not_given_again(seeded: None) -> None:
    made = User.objects.create_user("new.person", "new@mail.example", "Long-enough-password-1")

    assert made.pk == SIZES.people + 1
