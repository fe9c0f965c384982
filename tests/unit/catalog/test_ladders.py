"""Which roles nobody could ever approve."""

from hypothesis import given
from hypothesis import strategies as st

from catalog.ladders import unapprovable

ROLES = "abcde"
ladders_of_some_roles = st.dictionaries(
    st.sampled_from(ROLES), st.lists(st.one_of(st.none(), st.sampled_from(ROLES)), max_size=3)
)


def test_people_who_are_assigned_can_approve() -> None:
    assert unapprovable({"owner": [None]}) == set()


def test_a_ladder_may_lead_over_other_roles_to_people() -> None:
    assert unapprovable({"end": ["approver"], "approver": ["owner"], "owner": [None]}) == set()


def test_a_role_without_rules_has_nobody() -> None:
    assert unapprovable({"end": []}) == {"end"}


def test_a_role_approved_by_itself_alone_has_nobody() -> None:
    assert unapprovable({"end": ["end"]}) == {"end"}


def test_a_ring_has_nobody_to_come_first() -> None:
    assert unapprovable({"a": ["b"], "b": ["c"], "c": ["a"]}) == {"a", "b", "c"}


def test_a_way_out_of_a_ring_is_enough() -> None:
    assert unapprovable({"a": ["b"], "b": ["a", None]}) == set()


def test_a_retired_approver_does_not_count() -> None:
    assert unapprovable({"end": ["retired"]}) == {"end"}


@given(ladders_of_some_roles)
def test_one_more_assigned_rung_never_takes_an_approver_away(
    ladders: dict[str, list[str | None]],
) -> None:
    helped = {role: [*rungs, None] for role, rungs in ladders.items()}
    assert unapprovable(helped) == set()


@given(ladders_of_some_roles)
def test_every_role_found_depends_only_on_roles_found_or_absent(
    ladders: dict[str, list[str | None]],
) -> None:
    found = unapprovable(ladders)
    for role, rungs in ladders.items():
        reachable = any(rung is None or rung in ladders.keys() - found for rung in rungs)
        assert (role in found) == (not reachable)
