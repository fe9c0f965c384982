"""An entry written while a page is asked for tells where the request came from."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.urls import path

from accounts.access import signed_in
from audit import events
from audit.models import AuditEntry
from tests import cast

pytestmark = pytest.mark.django_db


@signed_in
def act(request: HttpRequest) -> HttpResponse:
    """Do something that is recorded, and tell the id of the request."""
    events.record("thing:happen", actor=request.user, target=None)
    return HttpResponse()


urlpatterns = [path("act/", act)]


@pytest.mark.urls(__name__)
def test_entry_names_session_address_request_and_assurance() -> None:
    client = cast.client_of(cast.assister())
    response = client.get("/act/", HTTP_X_FORWARDED_FOR="203.0.113.1", HTTP_X_REQUEST_ID="forged")
    assert response.status_code == 200
    entry = AuditEntry.objects.get(tag="thing:happen")
    assert entry.actor_label == "assister.avery"
    assert entry.request_id == response["X-Request-ID"] != "forged"
    assert entry.address == "127.0.0.1"
    assert entry.assurance == "IAL1/AAL1"
    assert len(entry.session_hash) == 64


@pytest.mark.urls(__name__)
def test_entries_of_one_session_belong_together() -> None:
    first, second = cast.client_of(cast.assister()), cast.client_of(cast.external_approver())
    for client in (first, second, first):
        client.get("/act/")
    one, other, again = AuditEntry.objects.filter(tag="thing:happen").order_by("pk")
    assert one.session_hash == again.session_hash != other.session_hash
    assert one.request_id != again.request_id


@pytest.mark.urls(__name__)
def test_surroundings_of_one_request_do_not_leak_into_the_next() -> None:
    cast.client_of(cast.assister()).get("/act/")
    events.record("thing:later", actor=None, target=None)
    entry = AuditEntry.objects.get(tag="thing:later")
    assert (entry.actor_label, entry.request_id, entry.session_hash) == ("system", "", "")
    assert (entry.assurance, entry.address) == ("", None)
