"""The page after signing in: what you can do, what you have, what waits for you."""

from typing import Any, cast

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from access_requests.models import AccessRequest, Grant
from access_requests.models.requests import Status
from accounts.access import signed_in
from accounts.assurance import Strength, must_be_strong, strength_of
from accounts.models import User
from prepared import Prepared


@signed_in
@require_safe
def welcome(request: HttpRequest) -> HttpResponse:
    """Greet the visitor with the counts that matter; one statement for all of them."""
    user = cast(User, request.user)
    counts = dict(zip(_COUNTED, _COUNTS.all(person=user.pk)[0], strict=True))
    context = {
        "counts": counts,
        "is_newcomer": not any(counts.values()),
        # With one that is at hand people log in with it: who has not, may have lost it.
        "without_device": user.has_strong_factor and strength_of(user) == Strength.WEAK,
    }
    if context["without_device"]:
        context["is_limited"] = must_be_strong(user)
    return render(request, "access_requests/welcome.html", context)


_COUNTED = ("held", "waiting", "returned", "drafts")


def _counts_of(person: int) -> QuerySet[User, tuple[int, ...]]:
    requests = AccessRequest.objects.filter(requester=OuterRef("pk")).order_by()
    held = Grant.objects.standing().filter(person=OuterRef("pk")).order_by()
    return User.objects.filter(pk=person).values_list(
        _count(held, "person"),
        _count(requests.filter(status=Status.PENDING), "requester"),
        _count(requests.filter(status=Status.RETURNED), "requester"),
        _count(requests.filter(status=Status.DRAFT), "requester"),
    )


def _count(rows: QuerySet[Any], by: str) -> Coalesce:
    counted = rows.values(by).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


_COUNTS = Prepared(_counts_of, person=int)
