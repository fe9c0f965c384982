"""The delivered catalog is complete and says what the sources say."""

import pytest

from catalog.models import Category, HelpDesk, Role, System
from catalog.services.delivered import Delivered

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded")]

SLUGS = [
    "aco-ssp",
    "aps",
    "asett",
    "bcrs",
    "bigapps",
    "bundled-payments-eft",
    "bres",
    "cbic-connexion",
    "cerrs",
    "cnc",
    "cob",
    "cognos",
    "cpc",
    "dbids",
    "ddr",
    "desy",
    "dex",
    "dsh",
    "ecrs",
    "elmo",
    "eppe",
    "esd",
    "erpt",
    "ffsdcs",
    "hios-ffe",
    "ffm-training",
    "gis",
    "hats",
    "hdt",
    "hue",
    "ic",
    "ic-aco",
    "ic-ahc",
    "ic-bpci-advanced",
    "ic-cdx",
    "ic-cjr",
    "ic-cpc-plus",
    "ic-edfr",
    "ic-enh-mtm",
    "ic-et3",
    "ic-hhvbp",
    "ic-hpi",
    "ic-inck",
    "ic-mdpcp",
    "ic-mh",
    "ic-mom",
    "ic-ocm",
    "ic-pcf",
    "ic-qmat",
    "ic-rom",
    "idhd",
    "isv",
    "lsdm",
    "ma-mapd-pdp-cc",
    "macbis",
    "macfin",
    "macpro",
    "maistro",
    "marx",
    "mcu",
    "mdm",
    "mdp",
    "mdr",
    "mdx",
    "med",
    "mh",
    "mlms",
    "microstrategy",
    "mycgs",
    "novitasphere",
    "npics",
    "ocm",
    "onepi",
    "open-payments",
    "pecos",
    "pmda",
    "pris",
    "pqrs",
    "psr-star",
    "qarm",
    "rnsgui",
    "salesforce",
    "serts",
    "servis",
    "shim",
    "spot",
    "tcpi",
    "t-msis",
    "ucm",
    "zone",
    "vms-client-letter",
    "qbic",
    "iacs-pc",
]

# A phone, an address or a note of a help desk, as printed in the sources.
CONTACTS = [
    ("aco-ssp", "tty", "1 (888) 734-6563"),
    ("asett", "emails", "asett@actionet.com"),
    ("cbic-connexion", "phones", "1 (877) 577-5331"),
    ("cpc", "emails", "CPCPlus@Telligen.org"),
    ("ddr", "phones", "1-833-879-6075"),
    ("erpt", "phones", "1 (800) 927-8069"),
    ("hios-ffe", "phones", "1 (855) CMS-1515"),
    ("ic-et3", "emails", "ET3Model@cms.hhs.gov"),
    ("iacs-pc", "tty", "1-866-523-4759"),
    ("mycgs", "emails", "cgs.dme.mac.email.inquiries@cgsadmin.com"),
    ("mycgs", "emails", "cgs.dme.mco.email.inquiries@cgsadmin.com"),
    ("open-payments", "phones", "1-855-328-8366"),
    ("pecos", "web_address", "https://eus.custhelp.com"),
    ("pqrs", "emails", "qnetsupport@hcqis.org"),
    ("pqrs", "emails", "qrsupport@cdps.org"),
    ("psr-star", "tty", "866-523-4759"),
    ("qarm", "fax", "1 (888)-329-7377"),
    ("salesforce", "web_address", "https://sf.cms.gov/cmsHelpdeskinformation"),
    ("spot", "emails", "fcsospothelp@fcso.com"),
    ("ucm", "phones", "1-833-353-3375"),
    ("vms-client-letter", "phones", "443-275-8948 (Option #2)"),
    ("zone", "phones", "1 (855) 267-1515"),
    ("zone", "emails", "CMS_FEPS@cms.hhs.gov"),
]

WITHOUT_HELP_DESK = {
    "bigapps", "bres", "cnc", "esd", "ffm-training", "ic", "lsdm", "macbis", "macfin", "npics",
    "onepi", "pris", "qbic", "rnsgui", "tcpi",
}  # fmt: skip


def _ladder(role: Role) -> list[str]:
    return [rule.describe() for rule in role.approval_rules.select_related("approver_role")]


def _role(system: str, code: str) -> Role:
    return Role.objects.get(system__slug=system, code=code)


def test_all_93_systems_are_there() -> None:
    assert sorted(System.objects.values_list("slug", flat=True)) == sorted(SLUGS)
    assert len(SLUGS) == 93


def test_every_system_has_a_description_and_a_role_to_ask_for() -> None:
    assert not System.objects.filter(description="").exists()
    assert not System.objects.exclude(roles__is_active=True).exists()


def test_every_category_holds_systems() -> None:
    assert Category.objects.count() == 14
    assert not Category.objects.filter(systems=None).exists()


@pytest.mark.parametrize(("slug", "field", "value"), CONTACTS)
def test_a_help_desk_is_reached_as_the_sources_print_it(slug: str, field: str, value: str) -> None:
    desk = HelpDesk.objects.get(system__slug=slug)
    found = getattr(desk, field)
    assert value == found or value in found


def test_systems_without_a_help_desk_in_the_sources_have_none() -> None:
    without = System.objects.filter(help_desks=None).values_list("slug", flat=True)
    assert set(without) == WITHOUT_HELP_DESK


def test_the_models_of_the_innovation_center_are_part_of_it() -> None:
    assert System.objects.filter(parent__slug="ic").count() == 19


@pytest.mark.parametrize(
    ("slug", "name"), [("hdt", "HPG"), ("pqrs", "PV-PQRS"), ("cbic-connexion", "Connexion")]
)
def test_former_and_spoken_names_are_kept(slug: str, name: str) -> None:
    assert name in System.objects.get(slug=slug).synonyms


@pytest.mark.parametrize(("slug", "word"), [("novitasphere", "EDI"), ("spot", "organization form")])
def test_what_has_to_be_done_before_a_request_is_told(slug: str, word: str) -> None:
    assert word in System.objects.get(slug=slug).precondition


def test_zone_has_its_five_roles_in_the_order_of_the_source() -> None:
    names = [role.name for role in System.objects.get(slug="zone").roles.all()]
    assert names == [
        "zONE End User",
        "zONE External Approver",
        "zONE Helpdesk",
        "CMS zONE Approver",
        "zONE Business Owner",
    ]


def test_a_zone_end_user_is_asked_for_organization_and_identifier() -> None:
    attributes = _role("zone", "end-user").attributes.all()
    assert [(one.label, one.kind, one.required) for one in attributes] == [
        ("Organization", "organization", True),
        ("Navigator or CAC ID", "text", True),
    ]


def test_the_ladders_of_zone() -> None:
    assert _ladder(_role("zone", "end-user")) == [
        "zONE External Approver of the same organization",
        "CMS zONE Approver",
        "zONE Business Owner",
    ]
    assert _ladder(_role("zone", "external-approver")) == [
        "CMS zONE Approver",
        "zONE Business Owner",
    ]
    assert _ladder(_role("zone", "cms-approver")) == ["zONE Business Owner"]
    assert _ladder(_role("zone", "helpdesk")) == ["zONE Business Owner"]
    assert _ladder(_role("zone", "business-owner")) == ["People assigned to decide"]


def test_a_zone_helpdesk_holds_no_other_zone_role() -> None:
    others = _role("zone", "helpdesk").excludes.values_list("code", flat=True)
    assert set(others) == {"end-user", "external-approver", "cms-approver", "business-owner"}


@pytest.mark.parametrize("system", ["dbids", "cbic-connexion"])
def test_the_officials_of_bidding_approve_downwards(system: str) -> None:
    assert _ladder(_role(system, "authorized-official")) == ["People assigned to decide"]
    assert _ladder(_role(system, "backup-authorized-official")) == [
        "Authorized Official of the same organization"
    ]
    assert _ladder(_role(system, "end-user")) == [
        "Authorized Official of the same organization",
        "Backup Authorized Official of the same organization",
    ]
    assert System.objects.get(slug=system).reapply_wait_minutes == 5
    assert _role(system, "end-user").attributes.filter(code="ptan", required=True).exists()


def test_the_ladders_of_iacs_pc() -> None:
    desk = "EUS Help Desk"
    officials = [
        "Security Official of the same organization",
        "Backup Security Official of the same organization",
    ]
    assert _ladder(_role("iacs-pc", "security-official"))[0] == desk
    assert _ladder(_role("iacs-pc", "individual-practitioner"))[0] == desk
    assert _ladder(_role("iacs-pc", "backup-security-official")) == officials[:1]
    assert _ladder(_role("iacs-pc", "user-group-administrator")) == officials
    assert _ladder(_role("iacs-pc", "end-user")) == [
        "User Group Administrator of the same organization"
    ]
    assert _ladder(_role("iacs-pc", "application-approver")) == officials
    assert _ladder(_role("iacs-pc", "application-user")) == [
        "Application Approver of the same organization",
        *officials,
    ]


def test_the_roles_of_qarm_and_of_the_marketplace_training() -> None:
    assert [a.code for a in _role("qarm", "organization-security-official").attributes.all()] == [
        "program",
        "organization",
    ]
    names = System.objects.get(slug="ffm-training").roles.values_list("name", flat=True)
    assert list(names) == ["Agent/Broker", "Assister"]


def test_roles_that_see_beneficiary_data_ask_for_proofing() -> None:
    proofed = Role.objects.filter(required_ial=2).values_list("system__slug", flat=True)
    assert set(proofed) == {
        "dbids", "cbic-connexion", "qarm", "qbic", "psr-star", "mycgs", "spot", "novitasphere",
        "hdt",
    }  # fmt: skip
    assert (_role("zone", "end-user").required_ial, _role("zone", "end-user").required_aal) == (
        1,
        1,
    )
    approver = _role("zone", "external-approver")
    assert (approver.required_ial, approver.required_aal) == (1, 2)


def test_default_roles_are_marked_and_others_are_not(loaded: Delivered) -> None:
    named = {"zone", "dbids", "cbic-connexion", "qarm", "ffm-training", "iacs-pc"}
    assert not Role.objects.filter(system__slug__in=named, is_default=True).exists()
    assert not Role.objects.exclude(system__slug__in=named).filter(is_default=False).exists()
    assert Role.objects.count() == len(loaded.roles)
