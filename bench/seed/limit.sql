-- Fills the limit application's tables: ten thousand people, five hundred things, and as many
-- waiting rows as the portal has; person 1 has five hundred of them.
insert into auth_user (id, password, is_superuser, username, first_name, last_name, email,
                       is_staff, is_active, date_joined)
select n, '!', false, 'person.' || n, 'First' || n, 'Last' || n,
       'person.' || n || '@mail.example', false, true, timestamptz '2026-01-01'
from generate_series(1, 10000) n;

insert into limit_thing (id, name)
select n, 'Thing number ' || n from generate_series(1, 500) n;

insert into limit_ask (tracking, person_id, approver_id, thing_id, organization, status,
                       submitted_at)
select (100000000 + n)::text, 1001 + n % 9000, 1 + n % 100, 1 + n % 500,
       'Organization ' || n % 200, 'pending', timestamptz '2026-06-01' + n * interval '2 minutes'
from generate_series(1, 50000) n;

select setval(pg_get_serial_sequence('auth_user', 'id'), 10000);
select setval(pg_get_serial_sequence('limit_thing', 'id'), 500);
analyze;
