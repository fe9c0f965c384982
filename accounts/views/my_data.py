"""Everything the portal holds on the person who asks: to read, and as a file."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

import clock
from accounts.access import recent_sign_in, signed_in
from accounts.models import User
from accounts.services import my_data as service


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def my_data(request: HttpRequest) -> HttpResponseBase:
    """Say what there is; the button downloads it, after a fresh sign-in."""
    if request.method == "POST":
        return _download(request)
    return render(request, "accounts/my_data.html")


@recent_sign_in(minutes=5)
def _download(request: HttpRequest) -> HttpResponse:
    data = service.export(user=cast(User, request.user))
    response = JsonResponse(data, json_dumps_params={"indent": 2, "ensure_ascii": False})
    day = f"{localtime(clock.now()):%Y-%m-%d}"
    response["Content-Disposition"] = f'attachment; filename="my-data-{day}.json"'
    return response


@signed_in
@require_safe
@recent_sign_in(minutes=5)
def my_data_page(request: HttpRequest) -> HttpResponse:
    """Show it on a page, the newest rows of each section."""
    shown = service.show(user=cast(User, request.user))
    context = {
        "sections": [_told(one) for one in shown if one.rows],
        "empty": [one.section.title for one in shown if not one.rows],
    }
    return render(request, "accounts/my_data_page.html", context)


def _told(shown: service.Shown) -> dict[str, Any]:
    columns = shown.section.columns
    titles = {
        name: titles_of({row[name] for row in shown.rows})
        for name, titles_of in shown.section.titles.items()
    }
    rows = [_cells(_titled(row, titles), columns) for row in shown.rows]
    return {
        "name": shown.section.name,
        "title": shown.section.title,
        "is_single": shown.section.is_single,
        "rows": rows,
        "has_more": shown.has_more,
    }


def _titled(row: Mapping[str, Any], titles: Mapping[str, Mapping[Any, Any]]) -> Mapping[str, Any]:
    """The row with titles in the place of codes."""
    return {**row, **{name: of.get(row[name], row[name]) for name, of in titles.items()}}


def _cells(row: Mapping[str, Any], columns: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What is there; the file also names what is empty."""
    told = [{"label": label, "value": _words(row[name])} for name, label in columns.items()]
    return [cell for cell in told if cell["value"]]


def _words(value: Any) -> str:
    if isinstance(value, bool):
        words = _("Yes") if value else _("No")
    elif isinstance(value, datetime):
        words = date_format(localtime(value), "DATETIME_FORMAT")
    elif isinstance(value, date):
        words = date_format(value, "DATE_FORMAT")
    elif isinstance(value, list | tuple):
        words = ", ".join(map(_words, value))
    elif isinstance(value, dict):
        words = "\n".join(f"{name}: {_words(inner)}" for name, inner in value.items())
    else:
        words = "" if value is None else str(value)
    return words
