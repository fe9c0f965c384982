"""The auditor's log: read, filter, look closer, take away; nothing can be changed here."""

from functools import wraps
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

import clock
from accounts.access import View, allowed_by, recent_sign_in, strong_sign_in
from accounts.models import User
from audit.exports import csv_response
from audit.models import AuditEntry
from audit.paging import Keyset
from support.audit_tags import known_tags
from support.forms.audit_log import AuditLogFilterForm
from support.policies import may_read_audit_log
from support.services import audit_log as service

WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


def read_only(view: View) -> View:
    """Refuse whatever would write, whoever asks; 403 says that it is forbidden, not unknown."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method in WRITING:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


@allowed_by(may_read_audit_log)
@read_only
@strong_sign_in
@require_safe
@never_cache
def audit_log(request: HttpRequest) -> HttpResponse:
    """List the entries that match the filter, newest first."""
    form = AuditLogFilterForm(request.GET)
    entries = AuditEntry.objects.none()
    if form.is_valid():
        entries = service.find(wanted=form.as_filter())
    page = Keyset().page(entries, request.GET)
    names = known_tags()
    query = request.GET.copy()
    query.pop("cursor", None)
    context = {
        "form": form,
        "page": page,
        "rows": [(entry, names.get(entry.tag, entry.tag)) for entry in page],
        "chain": service.chain_status(),
        "query": query.urlencode(),
        "is_filtered": any(query.values()),
    }
    return render(request, "support/audit_log.html", context)


@allowed_by(may_read_audit_log)
@read_only
@strong_sign_in
@require_safe
@never_cache
def audit_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one entry with what changed."""
    entry = get_object_or_404(AuditEntry.objects.select_related("link", "on_behalf_of"), pk=pk)
    context = {
        "entry": entry,
        "name": known_tags().get(entry.tag, entry.tag),
        "facts": _facts(entry),
        "changes": _changes(entry),
    }
    return render(request, "support/audit_log_entry.html", context)


@allowed_by(may_read_audit_log)
@read_only
@strong_sign_in
@recent_sign_in()
@require_safe
@never_cache
def audit_export(request: HttpRequest) -> HttpResponseBase:
    """Send the entries that match the filter as a file; the export is itself recorded."""
    form = AuditLogFilterForm(request.GET)
    if not form.is_valid():
        return audit_log(request)
    rows = service.export(actor=cast(User, request.user), wanted=form.as_filter())
    return csv_response(f"audit-{clock.now():%Y%m%d-%H%M%S}.csv", service.header(), rows)


def _facts(entry: AuditEntry) -> list[dict[str, object]]:
    """Return the columns of an entry for the summary list."""
    link = getattr(entry, "link", None)
    facts = [
        (_("Number"), entry.pk),
        (_("Tag"), entry.tag),
        (_("Actor"), entry.actor_label),
        (_("On behalf of"), entry.on_behalf_of or ""),
        (_("Object"), entry.target_label),
        (_("Kind and key of the object"), f"{entry.target_type} {entry.target_id}".strip()),
        (_("Reason"), entry.reason),
        (_("Network address"), entry.address or ""),
        (_("Request"), entry.request_id),
        (_("Session"), entry.session_hash),
        (_("Assurance"), entry.assurance),
        (_("Place in the chain"), link.seq if link else _("Not sealed yet")),
        (_("Authentication code"), entry.mac),
    ]
    return [{"label": label, "value": value} for label, value in facts]


def _changes(entry: AuditEntry) -> list[tuple[str, object, object]]:
    """Return name, value before and value after of every field that the entry tells of.

    By name, because the database does not keep the order.
    """
    before, after = entry.before or {}, entry.after or {}
    if not isinstance(before, dict) or not isinstance(after, dict):
        return [(_("Value"), entry.before, entry.after)]
    names = sorted({*before, *after})
    return [(name, before.get(name, ""), after.get(name, "")) for name in names]
