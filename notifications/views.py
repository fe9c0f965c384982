"""The mailbox page of the embedded default: every message that the portal sent."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from typing import cast
from urllib.parse import urlencode

from csp.decorators import csp
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from notifications import panels
from notifications.mailbox import with_codes
from notifications.models import MailboxMessage

View = Callable[..., HttpResponse]

PAGE_SIZE = 25
TELEPHONE_MESSAGES = 10
MAX_PK = 2**63 - 1


def _public(view: View) -> View:
    """Mark a page that needs no sign-in (``accounts.access`` lies above this room)."""
    view = login_not_required(view)
    view.access = "public"  # type: ignore[attr-defined] # read by the test that walks all addresses
    return view


@_public
@require_safe
@never_cache
def mailbox(request: HttpRequest) -> HttpResponse:
    """List the mails, newest first, of everybody or of the addresses that hold a text."""
    _only_where_enabled()
    query = request.GET.get("q", "").strip()[:200]
    messages = (
        MailboxMessage.objects.filter(channel=MailboxMessage.Channel.MAIL)
        .defer("headers", "body_text", "body_html")
        .order_by("-id")
    )
    if query:
        messages = messages.filter(to__icontains=query)
    page = Paginator(messages, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "query": query, "page_query": urlencode({"q": query}) if query else ""}
    if not query and page.number == 1:
        context |= {"panels": panels.shown(), "telephone_messages": _telephone_messages()}
    return render(request, "notifications/mailbox.html", context)


@_public
@require_safe
@never_cache
def mailbox_codes(request: HttpRequest) -> HttpResponse:
    """Show the codes alone; there is such a page wherever there are demo people."""
    if settings.IS_PRODUCTION:
        raise Http404
    context: dict[str, object] = {"panels": panels.shown()}
    if settings.MAILBOX_ENABLED:
        context["telephone_messages"] = _telephone_messages()
    return render(request, "notifications/codes.html", context)


@_public
@require_safe
@never_cache
def mailbox_message(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one mail, as text or (``?as=html``) as a mail program would."""
    context = {"mail": _mail(pk), "as_html": request.GET.get("as") == "html"}
    return render(request, "notifications/mailbox_message.html", context)


@_public
@require_safe
@never_cache
@xframe_options_sameorigin
def mailbox_html(request: HttpRequest, pk: int) -> HttpResponse:
    """Serve the HTML part alone, for the frame of the page above: no scripts, nothing loaded."""
    html = _mail(pk).body_html
    directives = {
        "default-src": ["'none'"],
        "style-src": _style_hashes(html) or ["'none'"],
        "frame-ancestors": ["'self'"],
        "sandbox": ["allow-top-navigation-by-user-activation"],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }
    # A link leads the whole page on, as it would from a mail program.
    html = html.replace("<head>", '<head><base target="_top">', 1)
    answer = csp(directives)(lambda _: HttpResponse(html))
    return cast(HttpResponse, answer(request))


def _only_where_enabled() -> None:
    if not settings.MAILBOX_ENABLED:
        raise Http404


def _mail(pk: int) -> MailboxMessage:
    """Find a mail and make the codes in it, which the database does not hold."""
    _only_where_enabled()
    if pk > MAX_PK:
        raise Http404
    mail = get_object_or_404(MailboxMessage, pk=pk, channel=MailboxMessage.Channel.MAIL)
    return with_codes(mail)


def _telephone_messages() -> list[MailboxMessage]:
    """Return the last text messages and calls with the codes in them, newest first."""
    newest = MailboxMessage.objects.exclude(channel=MailboxMessage.Channel.MAIL).order_by("-id")
    return [with_codes(message) for message in newest[:TELEPHONE_MESSAGES]]


def _style_hashes(html: str) -> list[str]:
    """Name the style sheets within the mail by hash, so that the page's rules allow just them."""
    sheets = re.findall(r"<style[^>]*>(.*?)</style>", html, flags=re.DOTALL)
    digests = (hashlib.sha256(sheet.encode()).digest() for sheet in sheets)
    return [f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests]
