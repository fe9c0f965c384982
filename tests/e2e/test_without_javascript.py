"""Scripts only make pages more comfortable: everything works without them."""

from playwright.sync_api import expect

from tests.e2e.people import control, press, sign_in, somebody_new
from tests.e2e.watching import Demo, Newcomer, Visitor
from tests.e2e.whole_way import walk
from tests.live.mail import MailSink


def test_the_whole_way_without_scripts(visitor: Visitor, mail: MailSink, demo: Demo) -> None:
    page = visitor(java_script_enabled=False)
    approver_page = visitor(java_script_enabled=False)
    walk(page, approver_page, somebody_new(), demo("approver.external"), mail)


def test_the_menu_and_logging_out_need_no_script(visitor: Visitor, newcomer: Newcomer) -> None:
    page = sign_in(visitor(java_script_enabled=False), newcomer())
    header = page.get_by_role("banner")
    for name in ("My Profile", "My Access"):
        expect(header.get_by_role("link", name=name)).to_be_visible()
    header.get_by_role("button", name="Log Out").click()
    expect(control(page.get_by_role("main"), "Login to CMS Secure Portal")).to_be_visible()


def test_print_leads_somewhere_without_a_script(visitor: Visitor) -> None:
    page = visitor(java_script_enabled=False)
    page.goto("/")
    page.get_by_role("banner").get_by_role("link", name="Print").click()
    expect(page.get_by_role("main").get_by_role("heading", level=1)).to_be_visible()


def test_a_wrong_form_comes_back_filled_except_secrets_with_a_summary(visitor: Visitor) -> None:
    page = visitor(java_script_enabled=False)
    page.goto("/register/")
    page.get_by_label("I agree to the terms and conditions").check()
    press(page, "Next")
    main = page.get_by_role("main")
    main.get_by_label("First Name").fill("Rowan")
    main.get_by_label("Date of Birth").fill("02/30/1984")
    press(page, "Next")
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("Last Name")
    expect(main.get_by_label("First Name")).to_have_value("Rowan")
    expect(main.get_by_label("Date of Birth")).to_have_value("02/30/1984")
    link = summary.get_by_role("link", name="Last Name").first
    target = str(link.get_attribute("href")).removeprefix("#")
    expect(main.get_by_label("Last Name")).to_have_attribute("id", target)
