"""Django admin behind the portal's own sign-in: for staff, and for nobody else it exists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import update_wrapper
from typing import Any, TypeVar, cast

from django.conf import settings
from django.contrib.admin import AdminSite, ModelAdmin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from accounts import access, assurance
from accounts.text import row_key

ACCESS = "allowed_by:admin"

# The portal has its own sign-in, sign-out and change of password, with their own rules.
UNSERVED_VIEWS = {"login", "logout", "password_change", "password_change_done"}
# Django's own pages for groups would change people's rights without leaving a record.
UNSERVED_MODELS = {"django.contrib.auth.models.Group"}

View = TypeVar("View", bound=Callable[..., Any])


def _is_key(text: str) -> bool:
    """Tell whether a text can be the key of a row: Django asks the database for anything."""
    return row_key(text) is not None


class PortalAdminSite(AdminSite):
    """The administration of the portal.

    Whoever is not signed in is sent to the portal's sign-in (by LoginRequiredMiddleware);
    whoever is, but is not staff, finds nothing here. Staff have to have shown a strong second
    factor within the last ADMIN_STEP_UP_MINUTES and are asked for it again when that is longer ago.
    """

    site_title = _("Portal administration")
    site_header = _("CMS Enterprise Portal administration")
    index_title = _("Administration")
    site_url = "/"
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        """Say whether the person may open at least one page here, now."""
        return (
            self._is_known_to(request)
            and assurance.is_strong(request.user)
            and access.is_recent(request, settings.ADMIN_STEP_UP_MINUTES)
        )

    def _is_known_to(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_staff)

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Guard a view; people without the right get the same 404 as for an absent page."""

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not self._is_known_to(request):
                raise Http404
            if not assurance.is_strong(request.user):
                return access.to_strong_sign_in(request)
            if not self.has_permission(request):
                return access.to_step_up(request)
            if not all(map(_is_key, request.POST.getlist(ACTION_CHECKBOX_NAME))):
                raise BadRequest("what was selected is no row")
            try:
                response: HttpResponse = view(request, *args, **kwargs)
            except PermissionDenied as error:
                # What somebody may not do is as absent as what does not exist.
                raise Http404 from error
            return response

        protected = update_wrapper(csrf_protect(guarded), view)
        return cast("View", protected if cacheable else never_cache(protected))

    def register(
        self,
        model_or_iterable: type[Model] | Iterable[type[Model]],
        admin_class: type[ModelAdmin[Any]] | None = None,
        **options: Any,
    ) -> None:
        """Register models, leaving out those that must not be changed here."""
        models = [model_or_iterable] if isinstance(model_or_iterable, type) else model_or_iterable
        served = [
            model
            for model in models
            if f"{model.__module__}.{model.__qualname__}" not in UNSERVED_MODELS
        ]
        super().register(served, admin_class, **options)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Return the addresses, without those of Django's own sign-in, each with its marker."""
        urls = [url for url in super().get_urls() if getattr(url, "name", "") not in UNSERVED_VIEWS]
        for pattern in _patterns(urls):
            pattern.callback.access = ACCESS  # type: ignore[attr-defined] # read by the marker test
            if hasattr(pattern.callback, "login_url"):
                # The middleware then sends people to the portal's sign-in.
                pattern.callback.login_url = None
        return urls


def _patterns(urls: Iterable[URLPattern | URLResolver]) -> Iterator[URLPattern]:
    for url in urls:
        if isinstance(url, URLResolver):
            yield from _patterns(url.url_patterns)
        else:
            yield url
