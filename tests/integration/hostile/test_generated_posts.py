"""Thousands of made-up posts to every form anybody is shown: no fault of ours, no broken rule."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.counts import HOSTILE_POSTS
from tests.integration.hostile import tricks
from tests.integration.hostile.conftest import SignIn
from tests.live import forms, invariants, pages

values = st.one_of(st.sampled_from(tricks.VALUES), st.text(max_size=60))
# How the posts are shared out between people.
SHARES = {
    pages.ANYBODY: 0.25,
    pages.REQUESTER: 0.3,
    pages.APPROVER: 0.2,
    pages.ADMIN: 0.2,
    pages.AUDITOR: 0.05,
}


@st.composite
def posts(draw: Any, form: forms.Form) -> list[tuple[str, str]]:
    """Draw what somebody might send instead of what the form means."""
    pairs: list[tuple[str, str]] = []
    for control in form.controls:
        kept = [control.value, *control.options]
        how = draw(st.sampled_from(("kept", "kept", "kept", "hostile", "missing", "twice")))
        if how == "missing":
            continue
        value = draw(st.sampled_from(kept)) if how == "kept" else draw(values)
        pairs += [(control.name, value)] * (2 if how == "twice" else 1)
    for name in draw(st.lists(st.sampled_from(tricks.FIELDS), max_size=3)):
        pairs.append((name, draw(values)))
    return pairs


def _send(client: Client, target: str, method: str, pairs: list[tuple[str, str]]) -> Any:
    body = urlencode(pairs, errors="surrogatepass")
    if method == "get":
        return client.get(f"{target.split('?', maxsplit=1)[0]}?{body}")
    kind = "application/x-www-form-urlencoded"
    return client.generic("POST", target, body.encode(), content_type=kind)


@pytest.mark.proof
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("who", SHARES, ids=lambda who: who or "anybody")
def test_no_post_breaks_a_page(
    who: str,
    sign_in: SignIn,
    all_forms: Callable[[str, Client], list[tuple[str, forms.Form]]],
    rows: invariants.Rows,
) -> None:
    client = sign_in(who)
    shown = all_forms(who, client)
    assert shown
    wrong: list[str] = []

    @settings(
        max_examples=max(1, int(HOSTILE_POSTS * SHARES[who])),
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def send_one(data: st.DataObject) -> None:
        target, form = data.draw(st.sampled_from(shown))
        pairs = data.draw(posts(form))
        answer = _send(client, target, form.method, pairs)
        if answer.status_code >= 500:
            wrong.append(f"{answer.status_code} {form.method} {target} {pairs!r}")

    send_one()
    assert wrong == [], f"{len(wrong)} faults, the first: {wrong[0]}"
    assert invariants.broken(rows) == {}


def test_the_shares_are_whole() -> None:
    assert sum(SHARES.values()) == pytest.approx(1)
