"""Identity Verification: overview, terms, own information, questions, result, and the case."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

import clock
from accounts.access import signed_in
from accounts.forms import posted
from accounts.forms.proofing import ProofingInformationForm, QuestionsForm
from accounts.forms.registration import TermsForm
from accounts.models import ProofingAttempt, User
from accounts.proofing import calls, files, simulated
from accounts.proofing.provider import Trouble
from accounts.redirects import safe_next, wanted_path
from accounts.services import proofing, proofing_cases
from accounts.services.proofing import Standing
from accounts.verdicts import Refusal

TERMS = "proofing_terms"
NEXT = "proofing_next"
STEPS = ("overview", "terms", "information", "questions", "result")

View = Callable[[HttpRequest, User, Standing], HttpResponse]


def _page(name: str, *methods: str) -> Callable[[View], Callable[[HttpRequest], HttpResponse]]:
    """A page of the wizard: never stored, and only where the person stands."""

    def decorate(view: View) -> Callable[[HttpRequest], HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest) -> HttpResponse:
            user = cast(User, request.user)
            standing = proofing.standing(user)
            elsewhere = _elsewhere(name, standing, has_terms=TERMS in request.session)
            if elsewhere:
                return redirect(elsewhere)
            return view(request, user, standing)

        return signed_in(  # type: ignore[return-value]
            never_cache(require_http_methods(["GET", "HEAD", *methods])(guarded))
        )

    return decorate


def _elsewhere(name: str, standing: Standing, *, has_terms: bool) -> str:
    """The page where the person has to be instead, or nothing."""
    begins = name in {"terms", "information"}
    wrong_places = (
        ("proofing", name == "case" and (standing.case is None or standing.has_void_case)),
        ("proofing_questions", standing.has_questions and (begins or name == "result")),
        ("proofing_result", begins and standing.is_proofed),
        ("proofing", begins and (standing.tries_left == 0 or calls.provider() is None)),
        ("proofing_terms", name == "information" and not has_terms),
        ("proofing_result", name == "questions" and not standing.has_questions),
        ("proofing", name == "result" and not (standing.attempt or standing.is_proofed)),
        ("proofing", name == "result" and standing.has_void_attempt),
    )
    return next((f"accounts:{page}" for page, is_wrong in wrong_places if is_wrong), "")


@_page("overview")
def overview(request: HttpRequest, user: User, standing: Standing) -> HttpResponse:
    """What awaits the person, or how far it is; remembers the page that waits behind it."""
    wanted = wanted_path(request)
    if wanted:
        request.session[NEXT] = wanted
    return _render(request, "overview", standing)


@_page("terms", "POST")
def terms(request: HttpRequest, user: User, standing: Standing) -> HttpResponse:
    """Step 2: consent to the inquiry."""
    form = TermsForm(posted(request), initial={"agree": TERMS in request.session})
    if request.method == "POST" and form.is_valid():
        request.session[TERMS] = clock.now().isoformat()
        return redirect("accounts:proofing_information")
    return _render(request, "terms", standing, form=form)


@sensitive_post_parameters()
@sensitive_variables("form")
def _information(request: HttpRequest, user: User, standing: Standing) -> HttpResponse:
    """Step 3: who the person is. What is typed goes to the bureau within this request."""
    form = ProofingInformationForm(posted(request), user=user, is_simulated=_is_simulated())
    if request.method == "POST" and form.is_valid():
        try:
            attempt = proofing.begin(
                user=user,
                applicant=form.applicant(),
                terms_accepted_at=parse_datetime(request.session[TERMS]) or clock.now(),
            )
        except Refusal as refusal:
            form.add_error(None, refusal.label)
        else:
            return redirect(_after(attempt))
    return _render(request, "information", standing, form=form)


information = _page("information", "POST")(_information)


@_page("questions", "POST")
def questions(request: HttpRequest, user: User, standing: Standing) -> HttpResponse:
    """Step 4: the bureau's questions, with the time that is left."""
    attempt = cast(ProofingAttempt, standing.attempt)
    try:
        asked = proofing.questions(attempt=attempt)
    except Trouble:
        return redirect("accounts:proofing_result")
    shown = {"attempt": attempt.pk, "set_number": attempt.set_number}
    form = QuestionsForm(posted(request), questions=asked, initial=shown)
    if request.method == "POST" and form.is_valid():
        return _answer(request, user, form)
    left = int((attempt.due_at - clock.now()).total_seconds())
    return _render(request, "questions", standing, form=form, seconds_left=max(0, left))


def _answer(request: HttpRequest, user: User, form: QuestionsForm) -> HttpResponse:
    try:
        attempt = proofing.answer(
            user=user,
            attempt_id=form.cleaned_data["attempt"],
            set_number=form.cleaned_data["set_number"],
            choices=form.chosen(),
        )
    except (Refusal, ProofingAttempt.DoesNotExist):
        return redirect("accounts:proofing_result")
    return redirect(_after(attempt))


def _after(attempt: ProofingAttempt) -> str:
    is_asking = attempt.status == ProofingAttempt.Status.QUESTIONS
    return "accounts:proofing_questions" if is_asking else "accounts:proofing_result"


@_page("result")
def result(request: HttpRequest, user: User, standing: Standing) -> HttpResponse:
    """Step 5: how it ended, and the way on, back to where the person came from."""
    return _render(request, "result", standing)


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: HttpRequest) -> HttpResponse:
    """The person's case: number, status, next step; a form elsewhere opens one by choice."""
    user = cast(User, request.user)
    if request.method == "POST":
        by_phone = request.POST.get("way") == "phone"
        try:
            proofing_cases.open_by_choice(user=user, by_phone=by_phone)
        except Refusal:
            return redirect("accounts:proofing")
        return redirect("accounts:proofing_case")
    standing = proofing.standing(user)
    elsewhere = _elsewhere("case", standing, has_terms=False)
    return redirect(elsewhere) if elsewhere else _render(request, "case", standing)


@signed_in
@require_safe
def identities(request: HttpRequest) -> HttpResponse:
    """The numbers of the simulated bureau and what is right for each; absent with a real one."""
    if not _is_simulated():
        raise Http404
    listed = [
        {
            "number": file.shown_ssn,
            "behaviour": file.behaviour,
            "answers": [
                {"label": topic.label, "value": simulated.right_choice(file, name)}
                for name, topic in files.TOPICS.items()
            ]
            if file.facts
            else [],
        }
        for file in files.FILES
    ]
    return render(request, "accounts/proofing_identities.html", {"identities": listed})


def _is_simulated() -> bool:
    bureau = calls.provider()
    return bureau is not None and bureau.is_simulated


def _render(request: HttpRequest, name: str, standing: Standing, **context: Any) -> HttpResponse:
    context |= {
        "standing": standing,
        "is_offered": calls.provider() is not None,
        "is_simulated": _is_simulated(),
        "minutes": int(settings.PROOFING_TIME.total_seconds() // 60),
        "question_count": settings.PROOFING_QUESTIONS,
        "right_count": settings.PROOFING_RIGHT_ANSWERS,
        "back": safe_next(request.session.get(NEXT), settings.LOGIN_REDIRECT_URL),
        "has_back": bool(wanted_path(request.session.get(NEXT))),
        "steps": _indicator(name) if name in STEPS else [],
    }
    return render(request, f"accounts/proofing_{name}.html", context)


def _indicator(current: str) -> list[dict[str, str]]:
    labels = (
        _("Overview"),
        _("Terms and conditions"),
        _("Your information"),
        _("Questions"),
        _("Result"),
    )
    at = STEPS.index(current)
    states = ["complete"] * at + ["current"] + ["incomplete"] * (len(STEPS) - at - 1)
    return [{"label": label, "state": state} for label, state in zip(labels, states, strict=True)]
