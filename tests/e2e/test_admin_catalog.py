"""An administrator edits the catalog; everybody else finds no such page."""

import re

from playwright.sync_api import expect

from tests.e2e.entering import enter
from tests.e2e.people import heading
from tests.e2e.watching import ConsoleWatch, Demo, Newcomer, Visitor
from tests.live.portal import RunningPortal


def test_an_administrator_edits_a_system_and_sees_it_on_the_site(
    visitor: Visitor, demo: Demo, portal: RunningPortal
) -> None:
    page = enter(visitor(), demo("admin.portal"))
    page.get_by_role("banner").locator("button.user-menu__name").click()
    page.get_by_role("banner").get_by_role("link", name="Administration").click()
    expect(page).to_have_url(re.compile(r"/admin/$"))
    page.locator("#content").get_by_role("link", name="Systems", exact=True).click()
    page.get_by_role("textbox", name="Search").or_(page.locator("#searchbar")).first.fill("zone")
    page.locator("#changelist-search input[type=submit]").click()
    page.locator("#result_list").get_by_role("link", name="Opportunity to Network").click()

    words = "A meeting place for assisters, checked by the browser tests."
    description = page.locator("#id_description")
    before = description.input_value()
    description.fill(words)
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.locator(".messagelist")).to_contain_text("changed successfully")

    page.get_by_role("link", name="View on site").click()
    expect(page.get_by_role("main")).to_contain_text(words)
    audited = portal.rows(
        "select after from audit_auditentry where tag like 'system:%%' and actor_label = %s"
        " order by id desc limit 1",
        "admin.portal",
    )
    assert words in str(audited[0]["after"])

    page.go_back()
    page.locator("#id_description").fill(before)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("changed successfully")


def test_strangers_and_people_without_the_right_find_no_admin(
    visitor: Visitor, demo: Demo, newcomer: Newcomer, console: ConsoleWatch
) -> None:
    console.expect("status of 404")
    paths = ("/admin/", "/admin/catalog/system/", "/admin/accounts/user/", "/admin/login/")
    for person in (newcomer(), demo("assister.avery"), demo("approver.external")):
        page = enter(visitor(), person)
        for path in paths:
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == 404, (person.user_id, path)
        page.context.close()


def test_a_visitor_who_is_not_signed_in_is_led_to_the_portal_s_own_sign_in(
    visitor: Visitor, demo: Demo
) -> None:
    page = visitor()
    page.goto("/admin/catalog/system/")
    expect(heading(page, "Terms and Conditions")).to_be_visible()
    assert page.locator("input[name=username]").count() == 0


def test_the_admin_refuses_a_role_nobody_could_ever_approve(
    visitor: Visitor, demo: Demo, portal: RunningPortal
) -> None:
    role = portal.value(
        "select r.id from catalog_role r join catalog_system s on s.id = r.system_id"
        " where s.slug = 'zone' and r.name = 'zONE End User'"
    )
    page = enter(visitor(), demo("admin.portal"))
    page.goto(f"/admin/catalog/role/{role}/change/")
    deletes = page.locator("input[type=checkbox][name^=approval_rules][name$=DELETE]")
    for number in range(deletes.count()):
        if deletes.nth(number).is_visible():
            deletes.nth(number).check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".errornote")).to_be_visible()
    left = portal.value("select count(*) from catalog_approvalrule where role_id = %s", role)
    assert left == 3
