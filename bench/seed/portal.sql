-- A portal in full use, the same at every run: $people people, $systems systems with five roles
-- each, about ten roles held by everybody, $pending requests that wait.
--
-- Numbers are ids. Of each system s the roles are 5(s-1)+1 .. 5(s-1)+5: owner, approver, end user,
-- analyst, submitter; the rule of a role has the role's own number. Person a of 1..100 approves
-- the five systems s with s mod 100 = a mod 100, person 100+a owns them.
set synchronous_commit = off;

insert into catalog_category (id, slug, name, "order")
select n, 'shelf-' || n, 'Shelf ' || n, n from generate_series(1, 8) n;

insert into organizations_organization (id, name, name_key, kind, city, state, is_active, created_at)
select n, 'Community Health Group ' || n, 'community health group ' || n, 'assister',
       'Springfield', 'OH', true, timestamptz '2025-01-01'
from generate_series(1, 200) n;

insert into accounts_user (id, password, is_superuser, user_id, user_id_key, email, email_key,
                           first_name, last_name, city, state, zip_code, phone,
                           ial, is_active, is_staff, security_version,
                           has_mfa, has_strong_factor, created_at)
select n, $password, false, 'person.' || n, 'person.' || n, 'person.' || n || '@mail.example',
       'person.' || n || '@mail.example',
       (array['Alex','Blair','Casey','Dana','Eden','Finley','Gray','Harper'])[1 + n % 8],
       'Number' || n, 'Springfield', 'OH', '45501', '+19375550' || lpad((n % 1000)::text, 3, '0'),
       2, true, false, 1, true, true, timestamptz '2025-06-01' + n * interval '5 minutes'
from generate_series(1, $people) n;

-- Systems and what belongs to them -----------------------------------------------------------

$more_systems

-- Roles held: a closed request, its decision and the grant, all with the same number ------------

create temporary table held as
with
ordinary as (
    select 201 + n % ($people - 200) as person, n / ($people - 200) as k
    from generate_series(0, ($people - 200) * 10 - 1) n
),
wanted as (
    select person, 1 + (person * 7 + k * 41) % $systems as system, 3 as role from ordinary
    union all  -- the measured person holds twenty roles
    select $holder, 1 + k * 17 % $systems, 4 from generate_series(0, 9) k
    union all
    select case when s % 100 = 0 then 100 else s % 100 end, s, 2 from generate_series(1, $systems) s
    union all
    select 100 + case when s % 100 = 0 then 100 else s % 100 end, s, 1
    from generate_series(1, $systems) s
)
select row_number() over (order by role, person, system) as id, person, system,
       (system - 1) * 5 + role as role,
       1 + person % 200 as organization,
       timestamptz '2025-09-01' + (row_number() over (order by system, role, person))
           * interval '4 minutes' as submitted_at
from wanted;

insert into access_requests_accessrequest (id, tracking_number, requester_id, system_id, role_id,
    organization_id, organization_name, answers, reason, status, created_at, submitted_at,
    closed_at, court, routed_rule_id)
select id, $tracking, person, system, role, organization,
       'Community Health Group ' || organization, '{}', 'For my daily work.', 'approved',
       submitted_at - interval '10 minutes', submitted_at, submitted_at + interval '1 day', 'rule', role
from held;

insert into access_requests_decision (id, access_request_id, requester_id, approver_id, outcome,
                                      comment, capacity, decided_at)
select id, id, person, case when person = $people then 1 else $people end, 'approved', '',
       'Approver', submitted_at + interval '1 day'
from held;

insert into access_requests_grant (id, person_id, role_id, organization_id, organization_name,
                                   decision_id, started_at, certify_by, end_reason)
select id, person, role, organization, 'Community Health Group ' || organization, id,
       submitted_at + interval '1 day', (submitted_at + interval '366 days')::date, ''
from held;

insert into catalog_systemuserobjectpermission (user_id, permission_id, content_object_id)
select person, p.id, system
from held join auth_permission p on p.codename = 'own_system'
where role % 5 = 1;

-- Requests denied, two for each person ----------------------------------------------------------

create temporary table refused as
select 200000 + n as id, 201 + n % ($people - 200) as person,
       1 + (n % ($people - 200) * 11 + n / ($people - 200) * 53) % $systems as system,
       timestamptz '2026-01-01' + n * interval '10 minutes' as submitted_at
from generate_series(0, ($people - 200) * 2 - 1) n;

insert into access_requests_accessrequest (id, tracking_number, requester_id, system_id, role_id,
    organization_id, organization_name, answers, reason, status, created_at, submitted_at,
    closed_at, court, routed_rule_id)
select id, $tracking, person, system, (system - 1) * 5 + 4, 1 + person % 200,
       'Community Health Group ' || 1 + person % 200, '{}', 'For a report.', 'denied',
       submitted_at - interval '10 minutes', submitted_at, submitted_at + interval '1 day', 'rule',
       (system - 1) * 5 + 4
from refused;

insert into access_requests_decision (id, access_request_id, requester_id, approver_id, outcome,
                                      comment, capacity, decided_at)
select id, id, person, case when person = $people then 1 else $people end, 'denied',
       'Not needed for this work.', 'Approver', submitted_at + interval '1 day'
from refused;

-- Requests that wait: the same number for each system, so one hundredth for each approver --------

create temporary table waiting as
select 300000 + n as id,
       301 + (n % $systems * 7 + n / $systems * 101) % ($people - 500) as person,
       1 + n % $systems as system,
       timestamptz '2026-10-01' + n * interval '1 minute' as submitted_at
from generate_series(0, $pending - 1) n;

insert into access_requests_accessrequest (id, tracking_number, requester_id, system_id, role_id,
    organization_id, organization_name, answers, reason, status, created_at, submitted_at,
    closed_at, court, routed_rule_id, waiting_since)
select id, $tracking, person, system, (system - 1) * 5 + 5, 1 + person % 200,
       'Community Health Group ' || 1 + person % 200, '{}', 'I submit for my group.', 'pending',
       submitted_at - interval '10 minutes', submitted_at, null, 'rule', (system - 1) * 5 + 5,
       submitted_at
from waiting;

-- Drafts to submit: ten for each of the people $first_requester .. $last_requester ---------------

insert into access_requests_accessrequest (id, tracking_number, requester_id, system_id, role_id,
    organization_id, organization_name, answers, reason, status, created_at, submitted_at,
    closed_at, court, routed_rule_id)
select 400000 + (person - $first_requester) * 10 + j, null, person,
       1 + (person * 13 + j * 37) % $systems,
       (person * 13 + j * 37) % $systems * 5 + 5, 1 + person % 200,
       'Community Health Group ' || 1 + person % 200, '{}', 'I begin to submit next week.', 'draft',
       timestamptz '2026-11-01', null, null, '', null
from generate_series($first_requester, $last_requester) person, generate_series(0, 9) j;

-- Traces, mails and sessions of the past ------------------------------------------------------------

insert into audit_auditentry (id, uid, at, tag, actor_id, actor_label, target_type, target_id,
                              target_label, before, after, outcome, reason, address, request_id,
                              session_hash, assurance, mac)
select n, md5('uid' || n)::uuid, timestamptz '2025-09-01' + n * interval '5 minutes',
       (array['access_request:submit','access_request:approve','sign_in:success'])[1 + n % 3],
       1 + n % $people, 'person.' || 1 + n % $people, 'access_requests.accessrequest', n::text,
       (100000000 + n)::text, '{"status": "draft"}', '{"status": "pending"}', 'success', '',
       '192.0.2.10', md5('request' || n), md5('session' || n), 'IAL1 AAL1',
       md5('a' || n) || md5('b' || n)
from generate_series(1, $traces) n;

insert into notifications_outboxmessage (id, name, recipient_id, "to", language, context,
                                         message_id, created_at, status, attempts,
                                         next_try_at, sent_at, last_error)
select n, 'access_request_approved', 1 + n % $people, 'person.' || 1 + n % $people ||
       '@mail.example', 'en-us', jsonb_build_object('role', 'zONE End User', 'comment', ''),
       '<past-' || n || '@portal.example>',
       timestamptz '2026-01-01', 'sent', 1, timestamptz '2026-01-01', timestamptz '2026-01-01', ''
from generate_series(1, $mails) n;

insert into accounts_portalsession (id, user_id, key_hash, created_at, last_activity_at, address,
                                    user_agent, aal, security_version, ended_at, end_reason)
select n, 1 + n % $people, md5('x' || n) || md5('y' || n), timestamptz '2026-06-01',
       timestamptz '2026-06-01', '192.0.2.10', 'A browser', 1, 1, timestamptz '2026-06-01',
       'signed_out'
from generate_series(1, $people * 2) n;
