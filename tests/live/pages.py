"""Every page of the portal with somebody who may open it; the browser tests visit them all.

`PLACES` stand in braces in a path and are filled with objects made by `tests.live.samples`.
A test compares the list with the URL resolver, so a new page has to be entered here.
"""

import json
from dataclasses import dataclass

ANYBODY = ""
REQUESTER = "sample.requester"
APPROVER = "approver.external"
ADMIN = "admin.portal"
AUDITOR = "auditor.portal"
AGENT = "helpdesk.portal"


@dataclass(frozen=True)
class Page:
    """One page: its URL name, a path, who opens it, and what it answers."""

    name: str
    path: str
    who: str = ANYBODY
    status: int = 200


PAGES = [
    Page("portal:home", "/"),
    Page("portal:home", "/", REQUESTER),
    Page("accounts:terms", "/terms/"),
    Page("accounts:rules_of_behavior", "/rules-of-behavior/"),
    Page("accounts:register_terms", "/register/terms/"),
    Page("accounts:activate", "/register/activate/not-a-token/", status=410),
    Page("accounts:activated", "/register/activated/"),
    Page("accounts:forgot_user_id", "/forgot-user-id/"),
    Page("accounts:forgot_user_id_sent", "/forgot-user-id/sent/"),
    Page("accounts:unlock", "/login/unlock/"),
    Page("accounts:unlock_sent", "/login/unlock/sent/"),
    Page("accounts:unlock_code", "/login/unlock/code/", status=410),
    Page("accounts:unlock_link", "/login/unlock/link/not-a-token/", status=410),
    Page("accounts:forgot_password", "/forgot-password/"),
    Page("accounts:forgot_password_sent", "/forgot-password/sent/"),
    Page("accounts:forgot_password_link", "/forgot-password/link/not-a-token/", status=410),
    Page("accounts:forgot_password_proof", "/forgot-password/proof/", status=410),
    Page("accounts:reset_password", "/forgot-password/new/", status=410),
    Page("accounts:reset_waiting", "/forgot-password/waiting/"),
    Page("accounts:reset_done", "/forgot-password/done/"),
    Page("accounts:unable", "/login/unable/"),
    Page("accounts:unable_sent", "/login/unable/sent/"),
    Page("accounts:register_device", "/login/register-device/"),
    Page("accounts:disavow", "/not-me/", status=410),
    Page("accounts:disavow_link", "/not-me/link/not-a-token/", status=410),
    Page("accounts:profile", "/profile/", REQUESTER),
    Page("accounts:answer_questions", "/profile/change/questions/", REQUESTER),
    Page("accounts:confirm_email_link", "/profile/email/confirm/not-a-token/", status=410),
    Page("accounts:email_confirmed", "/profile/email/confirmed/"),
    Page("accounts:change_password", "/profile/password/", REQUESTER),
    Page("accounts:mfa_devices", "/profile/mfa/", REQUESTER),
    Page("accounts:mfa_offer", "/profile/mfa/offer/", REQUESTER),
    Page("accounts:mfa_register", "/profile/mfa/register/", REQUESTER),
    Page("accounts:mfa_add", "/profile/mfa/add/", REQUESTER),
    Page("accounts:mfa_add_passkey", "/profile/mfa/add/passkey/", REQUESTER),
    Page("accounts:mfa_set_up", "/profile/mfa/add/app_phone/", REQUESTER),
    Page("accounts:mfa_set_up", "/profile/mfa/add/email/", REQUESTER),
    Page("accounts:history", "/profile/history/", REQUESTER),
    Page("accounts:step_up", "/login/again/", REQUESTER),
    Page("accounts:sessions", "/profile/sessions/", REQUESTER),
    Page("accounts:my_data", "/profile/data/", REQUESTER),
    Page("accounts:my_data_page", "/profile/data/page/", REQUESTER),
    Page("accounts:accessibility", "/profile/accessibility/"),
    Page("accounts:accessibility", "/profile/accessibility/", REQUESTER),
    Page("accounts:proofing", "/proofing/", REQUESTER),
    Page("accounts:proofing_terms", "/proofing/terms/", REQUESTER),
    Page("accounts:proofing_identities", "/proofing/test-identities/", REQUESTER),
    Page("access_requests:welcome", "/welcome/", REQUESTER),
    Page("access_requests:new", "/catalog/{slug}/request/", REQUESTER),
    Page("access_requests:new", "/catalog/{draft_slug}/request/", REQUESTER),
    Page("access_requests:review", "/catalog/{draft_slug}/request/review/", REQUESTER),
    Page("access_requests:discard_draft", "/catalog/{draft_slug}/request/discard/", REQUESTER),
    Page("access_requests:detail", "/requests/{own}/", REQUESTER),
    Page("access_requests:detail", "/requests/{approved}/", REQUESTER),
    Page("access_requests:acknowledgement", "/requests/{own}/acknowledgement/", REQUESTER),
    Page("access_requests:answer", "/requests/{returned}/answer/", REQUESTER),
    Page("access_requests:cancel", "/requests/{own}/cancel/", REQUESTER),
    Page("access_requests:my_access", "/access/", REQUESTER),
    Page("access_requests:remove_role", "/access/{grant}/remove/", REQUESTER),
    Page("access_requests:welcome", "/welcome/", APPROVER),
    Page("access_requests:approvals", "/approvals/", APPROVER),
    Page("access_requests:approvals", "/approvals/?q=nobody", APPROVER),
    Page("access_requests:approval", "/approvals/{waiting}/", APPROVER),
    Page("catalog:list", "/catalog/", REQUESTER),
    Page("catalog:list", "/catalog/?q=no+such+thing", REQUESTER),
    Page("catalog:list", "/catalog/?page=2", REQUESTER),
    Page("catalog:system", "/catalog/{slug}/", REQUESTER),
    Page("access_requests:welcome", "/welcome/", AUDITOR),
    Page("support:audit_log", "/audit/", AUDITOR),
    Page("support:audit_log", "/audit/?actor=nobody", AUDITOR),
    Page("support:audit_entry", "/audit/{entry}/", AUDITOR),
    Page("access_requests:welcome", "/welcome/", ADMIN),
    Page("access_requests:welcome", "/welcome/", AGENT),
    Page("support:helpdesk", "/helpdesk/", AGENT),
    Page("support:helpdesk_enterprise", "/helpdesk/enterprise/", AGENT),
    Page("support:helpdesk_proposals", "/helpdesk/proposals/", AGENT),
    Page("support:helpdesk_proposal", "/helpdesk/proposals/{proposal}/", AGENT),
    Page("support:helpdesk_cases", "/helpdesk/cases/", AGENT),
    Page("support:helpdesk_mail", "/helpdesk/mail/", AGENT),
    Page("support:helpdesk_person", "/helpdesk/people/{unopened}/", AGENT),
    Page("support:helpdesk_person", "/helpdesk/people/{served}/", AGENT),
    Page("support:helpdesk_verify", "/helpdesk/people/{served}/verify/", AGENT),
    Page("support:helpdesk_action", "/helpdesk/people/{served}/unlock/", AGENT),
    Page("support:helpdesk_action", "/helpdesk/people/{served}/remove-device/", AGENT),
    Page("support:helpdesk_action", "/helpdesk/people/{served}/change-email/", AGENT),
    Page("support:helpdesk_action", "/helpdesk/people/{served}/correct-name/", AGENT),
    Page("support:helpdesk_code", "/profile/help-desk-code/", REQUESTER),
    Page("support:help", "/help/"),
    Page("support:provider_resources", "/provider-resources/"),
    Page("support:quality_improvement", "/quality-improvement/"),
    Page("support:quality_improvement", "/quality-improvement/", REQUESTER),
    Page("support:destinations", "/quality-improvement/destinations/"),
    Page("support:about", "/about/"),
    Page("support:newsroom", "/newsroom/"),
    Page("support:archive", "/archive/"),
    Page("support:contact", "/contact/"),
    Page("support:alerts", "/email-alerts/"),
    Page("support:printing", "/printing/"),
    Page("support:privacy", "/privacy/"),
    Page("support:accessibility", "/accessibility/"),
    Page("support:paperwork", "/paperwork-reduction-act/"),
]

# Pages that need steps before them; the tests named visit them on their way.
ON_THE_WAY = {
    "accounts:login": "tests/e2e/test_every_page.py, after the terms",
    "accounts:password": "tests/e2e/test_every_page.py, after the User ID",
    "accounts:passkey": "tests/e2e/test_mfa.py",
    "accounts:unable_questions": "tests/e2e/test_mfa_codes.py",
    "accounts:mfa_confirm": "tests/e2e/test_mfa.py",
    "accounts:mfa_rename": "tests/e2e/test_mfa.py",
    "accounts:mfa_remove": "tests/e2e/test_mfa.py",
    "accounts:register_information": "tests/e2e/test_every_page.py, in the registration",
    "accounts:register_credentials": "tests/e2e/test_every_page.py, in the registration",
    "accounts:register_confirmation": "tests/e2e/test_every_page.py, in the registration",
    "accounts:activation": "tests/e2e/test_every_page.py, in the registration",
    "accounts:acknowledge": "tests/integration/accounts/test_acknowledgements.py",
    "accounts:disavowed": "tests/integration/accounts/test_disavowal.py",
    "accounts:change_profile": "tests/e2e/test_profile.py, after the challenge questions",
    "accounts:change_questions": "tests/e2e/test_profile.py, after the challenge questions",
    "accounts:change_home_address": "tests/e2e/test_profile.py, after the challenge questions",
    "accounts:change_business_contact": "tests/e2e/test_profile.py, after the challenge questions",
    "accounts:confirm_email": "tests/e2e/test_profile.py, behind the link in the mail",
    "accounts:proofing_information": "tests/e2e/test_proofing.py",
    "accounts:proofing_questions": "tests/e2e/test_proofing.py",
    "accounts:proofing_result": "tests/e2e/test_proofing.py",
    "accounts:proofing_case": "tests/e2e/test_proofing.py",
    "accounts:forgot_password_questions": "tests/e2e/test_recovery.py, after the User ID",
    "notifications:mailbox": "tests/e2e/test_mailbox.py",
    "notifications:mailbox_codes": "tests/e2e/test_mailbox.py",
    "notifications:mailbox_message": "tests/e2e/test_mailbox.py",
    "notifications:mailbox_html": "tests/e2e/test_mailbox.py",
}

# Addresses that are no pages.
NOT_PAGES = {
    "accounts:register": "leads to the first step",
    "accounts:logout": "takes a form only",
    "accounts:mfa_default": "takes a form only",
    "accounts:cancel_email_change": "takes a form only",
    "access_requests:keep_draft": "takes a form only",
    "accounts:time_left": "JSON for the script of the warning",
    "access_requests:approve": "takes a form only",
    "access_requests:deny": "takes a form only",
    "access_requests:return_for_information": "takes a form only",
    "support:audit_export": "a table as a file",
    "support:destination": "leads to the terms, or to the system",
    "healthz": "one word for a load balancer",
    "readyz": "JSON for a load balancer",
}


def extra_paths(who: str, places: dict[str, str]) -> list[str]:
    """Return further addresses whose forms a person is shown: the admin's, and steps of wizards."""
    if who == ADMIN:
        return list(json.loads(places["admin_paths"]))
    if who == ANYBODY:
        return ["/login/", "/login/password/", "/register/information/", "/register/credentials/"]
    return []
