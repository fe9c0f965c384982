"""What has to hold after whatever happened, each as one question to the database.

Every statement returns the rows that break the rule.
"""

from collections.abc import Callable
from typing import Any

Rows = Callable[[str], list[dict[str, Any]]]

# Mails are forgotten 90 days after they were sent, and a drill that moves the clock comes that far:
# I7 asks for those of the last 80 days before the newest entry of the audit log.
RULES = {
    "I1 an active grant has exactly one approving decision": """
        select g.id from access_requests_grant g
          left join access_requests_decision d on d.id = g.decision_id
          left join access_requests_accessrequest r on r.id = d.access_request_id
         where d.id is null or d.outcome <> 'approved' or r.status <> 'approved'
            or g.person_id <> r.requester_id or g.role_id <> r.role_id
         union all
        select d.id from access_requests_decision d
          left join access_requests_grant g on g.decision_id = d.id
         where d.outcome = 'approved' and g.id is null""",
    "I2 at most one active grant for person, role and organization": """
        select person_id, role_id, organization_id from access_requests_grant
         where ended_at is null group by 1, 2, 3 having count(*) > 1""",
    "I3 at most one decision for a request, and exactly one when it is decided": """
        select r.id, r.status, count(d.id) from access_requests_accessrequest r
          left join access_requests_decision d on d.access_request_id = r.id
         group by r.id
        having count(d.id) <> (r.status in ('approved', 'denied'))::int""",
    "I4 nobody decided their own request": """
        select d.id from access_requests_decision d
          join access_requests_accessrequest r on r.id = d.access_request_id
         where d.approver_id = r.requester_id or d.requester_id <> r.requester_id
            or d.capacity = ''""",
    "I5 one audit entry for each decision": """
        select d.id, count(a.id) from access_requests_decision d
          left join audit_auditentry a
            on a.target_type = 'access_requests.accessrequest'
           and a.target_id = d.access_request_id::text and a.outcome = 'success'
           and a.tag = case d.outcome when 'approved' then 'access_request:approve'
                                      else 'access_request:deny' end
         group by d.id having count(a.id) <> 1""",
    "I5 one audit entry for each grant": """
        select g.id, count(a.id) from access_requests_grant g
          left join audit_auditentry a
            on a.target_type = 'access_requests.grant' and a.target_id = g.id::text
           and a.tag = 'grant:issue' and a.outcome = 'success'
         group by g.id having count(a.id) <> 1""",
    "I5 one audit entry for each submitted request": """
        select r.id, count(a.id) from access_requests_accessrequest r
          left join audit_auditentry a
            on a.target_type = 'access_requests.accessrequest' and a.target_id = r.id::text
           and a.tag = 'access_request:submit' and a.outcome = 'success'
         where r.status <> 'draft' group by r.id having count(a.id) <> 1""",
    "I6 the chain of the audit log has no hole": """
        select count(*), max(seq) from audit_auditlink
        having count(*) <> coalesce(max(seq), 0)""",
    "I7 each decision has its mail to the requester": """
        select d.id, count(o.id) from access_requests_decision d
          join access_requests_accessrequest r on r.id = d.access_request_id
          left join notifications_outboxmessage o
            on o.recipient_id = d.requester_id
           and o.name = 'access_request_' || d.outcome
           and o.context->>'tracking_number' = r.tracking_number
         where d.decided_at > (select max(at) - interval '80 days' from audit_auditentry)
         group by d.id having count(o.id) <> 1""",
    "I7 each submitted request has its mail to the requester": """
        select r.id, count(o.id) from access_requests_accessrequest r
          left join notifications_outboxmessage o
            on o.recipient_id = r.requester_id and o.name = 'access_request_submitted'
           and o.context->>'tracking_number' = r.tracking_number
         where r.status <> 'draft'
           and r.submitted_at > (select max(at) - interval '80 days' from audit_auditentry)
         group by r.id having count(o.id) <> 1""",
    # One that expired unused only rests, and what its owner asked for with it.
    "I9 a closed account waits for nothing": """
        select r.id from access_requests_accessrequest r
          join accounts_user u on u.id = r.requester_id
         where r.status in ('pending', 'returned') and not u.is_active
           and u.expired_at is null""",
    "I10 object permissions are what active grants imply": """
        with implied as (
          select distinct g.person_id as user_id, r.system_id, case r.kind
                 when 'business_owner' then 'own_system' else 'support_users' end as codename
            from access_requests_grant g
            join catalog_role r on r.id = g.role_id
           where g.ended_at is null and r.kind in ('business_owner', 'help_desk')),
        present as (
          select p.user_id, p.content_object_id as system_id, a.codename
            from catalog_systemuserobjectpermission p
            join auth_permission a on a.id = p.permission_id
           where a.codename in ('own_system', 'support_users'))
        (select * from implied except select * from present)
        union all
        (select * from present except select * from implied)""",
    "I11 a pending request is in somebody's court": """
        select id from access_requests_accessrequest
         where status = 'pending'
           and (court = '' or (court = 'rule' and routed_rule_id is null))""",
}

UNSENT = """
    select count(*) from notifications_outboxmessage where status in ('queued', 'sending')"""
SENT = "select message_id from notifications_outboxmessage where status = 'sent'"
FAILED_UNSEEN = """
    select id from notifications_outboxmessage where status = 'failed' and last_error = ''"""
UNSEALED = "select count(*) from audit_unsealedentry"


def broken(rows: Rows) -> dict[str, list[dict[str, Any]]]:
    """Return the rules that do not hold, each with the first rows that break it."""
    found = {rule: rows(statement) for rule, statement in RULES.items()}
    return {rule: breaking[:5] for rule, breaking in found.items() if breaking}
