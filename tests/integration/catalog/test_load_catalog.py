"""Loading the catalog: once, again, after changes, and never by halves."""

import threading
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from audit.models import AuditEntry
from catalog.models import ApprovalRule, Category, HelpDesk, Role, System
from catalog.services import data_files, loading
from tests import logged
from tests.factories import catalog as make


def _load(data: Path, **options: bool) -> str:
    out = StringIO()
    call_command("load_catalog", data=data, stdout=out, **options)
    return out.getvalue().strip()


def _edit(data: Path, old: str, new: str) -> None:
    path = data / "catalog.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.django_db
def test_the_first_load_writes_everything(data: Path) -> None:
    said = _load(data)

    assert said == "Catalog: 2 categories, 2 systems, 4 roles; 8 created, 0 changed, 0 retired."
    harbor = System.objects.get(slug="harbor")
    assert (harbor.acronym, harbor.name) == ("HBR", "Harbor Log")
    assert harbor.synonyms == "Ship Log, HL"
    assert harbor.category.name == "Collaboration"
    assert harbor.web_address == "https://harbor.example"
    assert harbor.reapply_wait_minutes == 5
    desk = harbor.help_desks.get()
    assert desk.phones == ["1 (800) 555-0100", "443-275-8948 (Option #2)"]
    assert desk.emails == ["desk@harbor.example"]
    assert System.objects.get(slug="pier").parent == harbor


@pytest.mark.django_db
def test_preparing_loads_the_folder_that_the_setting_names(data: Path, settings: Any) -> None:
    settings.CATALOG_DATA = data
    call_command("load_catalog", stdout=StringIO())

    assert list(System.objects.values_list("slug", flat=True)) == ["harbor", "pier"]


@pytest.mark.django_db
def test_a_role_comes_with_its_questions_and_its_ladder(data: Path) -> None:
    _load(data)

    pilot, master = Role.objects.get(code="pilot"), Role.objects.get(code="master")
    assert [attribute.code for attribute in pilot.attributes.all()] == ["organization", "ship"]
    assert pilot.attributes.get(code="ship").choices == ["Barge", "Ferry"]
    assert list(pilot.approval_rules.values_list("order", "approver_role", "scope")) == [
        (1, master.pk, "same_organization"),
        (2, master.pk, "any"),
    ]
    assert [rule.approver for rule in master.approval_rules.all()] == ["assigned"]
    assert (master.required_ial, master.required_aal) == (2, 2)
    assert (pilot.required_ial, pilot.required_aal) == (1, 1)


@pytest.mark.django_db
def test_an_exclusion_written_once_holds_both_ways(data: Path) -> None:
    _load(data)

    assert [role.code for role in Role.objects.get(code="pilot").excludes.all()] == ["master"]
    assert [role.code for role in Role.objects.get(code="master").excludes.all()] == ["pilot"]


@pytest.mark.django_db
def test_a_system_without_roles_gets_the_default_ones(data: Path) -> None:
    _load(data)

    end_user, approver = System.objects.get(slug="pier").roles.all()
    assert (end_user.name, approver.name) == ("End User", "Approver")
    assert end_user.is_default
    assert approver.is_default
    assert [rule.approver_role for rule in end_user.approval_rules.all()] == [approver, None]
    assert not Role.objects.get(code="pilot").is_default


@pytest.mark.django_db
def test_the_second_load_changes_nothing_and_says_so(data: Path) -> None:
    _load(data)
    entries = AuditEntry.objects.count()

    said = _load(data)

    assert said.endswith("0 changes, everything is up to date.")
    assert AuditEntry.objects.count() == entries


@pytest.mark.django_db
def test_a_second_load_asks_little_of_the_database(
    data: Path, django_assert_max_num_queries: object
) -> None:
    _load(data)
    delivered = data_files.read(data)

    with django_assert_max_num_queries(10):  # type: ignore[operator]
        loading.load(delivered=delivered)


@pytest.mark.django_db
def test_every_object_leaves_one_entry_in_the_log(data: Path) -> None:
    _load(data)

    tags = sorted(AuditEntry.objects.values_list("tag", flat=True))
    assert tags == ["category:create"] * 2 + ["role:create"] * 4 + ["system:create"] * 2


@pytest.mark.django_db
def test_a_changed_entry_is_written_and_the_log_shows_both_sides(data: Path) -> None:
    _load(data)
    _edit(data, "1 (800) 555-0101", "1 (800) 555-0199")
    _edit(data, "name: Harbor Master", "name: Master of the Harbor")

    said = _load(data)

    assert said.endswith("0 created, 2 changed, 0 retired.")
    assert HelpDesk.objects.get().tty == "1 (800) 555-0199"
    entry = AuditEntry.objects.get(tag="role:change")
    assert entry.before == {"name": "Harbor Master"}
    assert entry.after == {"name": "Master of the Harbor"}
    assert entry.actor_label == "system"
    assert logged.after("system:change").keys() == {"help_desks"}


@pytest.mark.django_db
def test_a_changed_ladder_keeps_the_rows_of_its_rungs(data: Path) -> None:
    _load(data)
    first = ApprovalRule.objects.get(role__code="pilot", order=1)
    _edit(data, "      - role: master\n        scope: same_organization\n", "")

    _load(data)

    rule = ApprovalRule.objects.get(role__code="pilot")
    assert rule.pk == first.pk
    assert rule.scope == "any"


@pytest.mark.django_db
def test_an_edit_by_hand_holds_while_the_file_says_the_same(data: Path) -> None:
    _load(data)
    System.objects.filter(slug="harbor").update(description="By hand.")

    _load(data)
    assert System.objects.get(slug="harbor").description == "By hand."

    _edit(data, "Harbor Log", "Harbor Book")
    _load(data)
    assert System.objects.get(slug="harbor").description.startswith("Keeps the log")


@pytest.mark.django_db
def test_restore_writes_over_edits_by_hand(data: Path) -> None:
    _load(data)
    System.objects.filter(slug="harbor").update(description="By hand.")

    said = _load(data, restore=True)

    assert said.endswith("0 created, 1 changed, 0 retired.")
    assert System.objects.get(slug="harbor").description.startswith("Keeps the log")


@pytest.mark.django_db
def test_what_was_made_by_hand_is_left_alone(data: Path) -> None:
    _load(data)
    own = make.make_system("OWN")
    by_hand = make.make_role(System.objects.get(slug="harbor"), "deckhand")
    _edit(data, "Harbor Log", "Harbor Book")

    _load(data)

    own.refresh_from_db()
    by_hand.refresh_from_db()
    assert own.is_active
    assert by_hand.is_active


@pytest.mark.django_db
def test_a_system_gone_from_the_files_is_retired_and_comes_back(data: Path) -> None:
    _load(data)
    whole = (data / "catalog.yaml").read_text(encoding="utf-8")
    start, end = whole.index("  - id: pier"), whole.index("roles:\n")
    (data / "catalog.yaml").write_text(whole[:start] + whole[end:], encoding="utf-8")

    assert _load(data).endswith("0 created, 0 changed, 1 retired.")
    assert not System.objects.get(slug="pier").is_active
    assert AuditEntry.objects.filter(tag="system:retire").count() == 1
    assert _load(data).endswith("everything is up to date.")

    (data / "catalog.yaml").write_text(whole, encoding="utf-8")
    _load(data)
    assert System.objects.get(slug="pier").is_active


@pytest.mark.django_db
def test_a_role_gone_from_the_files_is_retired(data: Path) -> None:
    _load(data)
    whole = (data / "catalog.yaml").read_text(encoding="utf-8")
    start = whole.index("  - system: harbor\n    id: pilot")
    end = whole.rindex("  - system: harbor")
    (data / "catalog.yaml").write_text(
        (whole[:start] + whole[end:]).replace("    excludes: [pilot]\n", ""), encoding="utf-8"
    )

    _load(data)

    assert not Role.objects.get(code="pilot").is_active
    assert Role.objects.get(code="master").is_active
    assert AuditEntry.objects.filter(tag="role:retire").count() == 1


@pytest.mark.django_db
def test_a_broken_file_is_refused_whole(data: Path) -> None:
    _edit(data, "id: master\n", "id: master\n    nmae: Master\n")

    with pytest.raises(CommandError) as refused:
        _load(data)

    assert 'catalog.yaml:45: unknown field "nmae"' in str(refused.value)
    assert not System.objects.exists()
    assert not Category.objects.exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["system", "category", "role"])
def test_something_made_by_hand_is_never_taken_over(data: Path, what: str) -> None:
    if what == "role":
        _load(data)
        make.make_role(System.objects.get(slug="pier"), "deckhand")
        with (data / "catalog.yaml").open("a", encoding="utf-8") as file:
            file.write(
                "  - system: pier\n    id: deckhand\n    name: Deckhand\n    kind: end_user\n"
                "    approved_by: [assigned]\n"
            )
    elif what == "system":
        make.make_system("X", slug="harbor")
    else:
        make.make_category("Collaboration", slug="by-hand")

    with pytest.raises(CommandError, match="was made by hand already"):
        _load(data)


@pytest.mark.django_db(transaction=True)
def test_two_loads_at_once_write_everything_once(data: Path) -> None:
    delivered = data_files.read(data)
    outcomes: list[loading.Outcome] = []
    errors: list[BaseException] = []
    start = threading.Barrier(2, timeout=20)

    def load() -> None:
        try:
            start.wait()
            outcomes.append(loading.load(delivered=delivered))
        except BaseException as error:  # noqa: BLE001 - shown by the assertion below
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=load) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert not errors
    assert sorted(outcome.created for outcome in outcomes) == [0, 8]
    assert System.objects.count() == 2
