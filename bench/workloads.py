"""What is measured: pages, each with its limit page, its SQL budget and its target."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from uuid import uuid4

from bench.client import Request
from bench.seed.fill import APPROVER, DECIDERS, HOLDER

Cookies = dict[int, dict[str, str]]


@dataclass(frozen=True)
class Workload:
    """One page beside its limit. `target` is the ratio of medians, `budget` the SQL statements."""

    name: str
    portal: Iterator[Request]
    limit_name: str
    limit: Iterator[Request]
    budget: int
    target: float
    all_systems: bool = False
    throughput: float | None = None
    visitors: Sequence[dict[str, str]] = ()


@dataclass(frozen=True)
class Supply:
    """What can be used only once: drafts by requester, and pending requests by approver."""

    drafts: Sequence[tuple[int, str, int, int]]
    pending: Sequence[tuple[int, str, int]]


def workloads(portal: Cookies, limit: Cookies, supply: Supply) -> list[Workload]:
    """Return the measured pages in the order of measuring."""
    page = Request("/page", limit[APPROVER], contains="What waits")
    rows = Request("/list50", limit[APPROVER], contains="Organization")
    write = Request(
        "/write",
        limit[APPROVER],
        form={"thing": "7", "organization": "Community Health Group 7"},
        expect=(302,),
    )
    home = Request("/welcome/", portal[HOLDER], contains="Welcome to CMS Enterprise Portal")
    home_approver = Request(
        "/welcome/", portal[APPROVER], contains="Welcome to CMS Enterprise Portal"
    )
    queue = Request("/approvals/", portal[APPROVER], contains="Pending Approvals")
    access = Request("/access/", portal[HOLDER], contains="View and Manage My Access")
    catalog = Request("/catalog/", portal[HOLDER], contains="Access Catalog")
    search = Request("/catalog/?q=claims", portal[HOLDER], contains="Claims")
    again = itertools.repeat
    return [
        Workload("home", again(home), "/page", again(page), 4, 1.8, throughput=0.55),
        Workload("home of an approver", again(home_approver), "/page", again(page), 4, 1.8),
        Workload("catalog", again(catalog), "/list50", again(rows), 4, 1.3),
        Workload("my access, 20 roles", again(access), "/list50", again(rows), 4, 1.3),
        Workload(
            "queue, 50,000 pending", again(queue), "/list50", again(rows), 5, 1.4, throughput=0.75
        ),
        Workload(
            "submit",
            submits(portal, supply.drafts),
            "/write",
            again(write),
            8,
            2.0,
            visitors=[portal[one] for one in sorted({draft[0] for draft in supply.drafts})],
        ),
        Workload(
            "approve",
            approvals(portal, supply.pending),
            "/write",
            again(write),
            9,
            2.2,
            visitors=[portal[one] for one in DECIDERS],
        ),
        Workload(
            "catalog search, 10,000 systems",
            again(search),
            "/list50",
            again(rows),
            4,
            1.4,
            all_systems=True,
        ),
    ]


def submits(cookies: Cookies, drafts: Sequence[tuple[int, str, int, int]]) -> Iterator[Request]:
    """Yield the POST that submits a draft, once for each."""
    for requester, slug, draft, revision in drafts:
        yield Request(
            f"/catalog/{slug}/request/review/",
            cookies[requester],
            form={"draft": str(draft), "revision": str(revision)},
            expect=(302,),
            leads_to="/acknowledgement/",
        )


def approvals(cookies: Cookies, pending: Sequence[tuple[int, str, int]]) -> Iterator[Request]:
    """Yield the POST that approves a request, once for each."""
    for approver, tracking_number, revision in pending:
        yield Request(
            f"/approvals/{tracking_number}/approve/",
            cookies[approver],
            form={"comment": "", "revision": str(revision), "form_key": str(uuid4())},
            expect=(302,),
            leads_to=f"/approvals/{tracking_number}/",
        )


# Drafts are dealt out so that one person's follow each other as rarely as can be.
DRAFTS = """
select requester_id, slug, r.id, revision
  from access_requests_accessrequest r join catalog_system s on s.id = r.system_id
 where r.status = 'draft' order by r.id % 10, requester_id
"""
PENDING = f"""
select person_id, tracking_number, revision
  from access_requests_accessrequest r
  join catalog_approvalrule u on u.id = r.routed_rule_id
  join access_requests_grant g on g.role_id = u.approver_role_id and g.ended_at is null
 where r.status = 'pending' and person_id between {DECIDERS[0]} and {DECIDERS[-1]}
 order by tracking_number
"""
