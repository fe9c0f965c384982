-- Systems $first_system to $last_system of the catalog, each with five roles, a rule for each role
-- and a help desk. One of eight has "Claims" in its name; one alone has "Zebrafinch".
insert into catalog_system (id, slug, acronym, name, description, category_id, synonyms,
                            web_address, precondition, reapply_wait_minutes, is_active)
select s, 'system-' || s, 'BX' || s,
       case when s = 77 then 'Zebrafinch Intake' else
       (array['Claims','Quality','Enrollment','Payment','Provider','Hospice','Audit','Eligibility'])
           [1 + s % 8] || ' ' ||
       (array['Reporting','Intake','Review','Exchange','Warehouse','Gateway','Measures','Outreach',
              'Appeals','Survey','Registry'])[1 + s / 8 % 11] end || ' System ' || s,
       'This application collects, checks and publishes ' ||
       (array['monthly','quarterly','yearly','weekly','daily'])[1 + s % 5] || ' files of ' ||
       (array['plans','states','clinics','carriers','laboratories','facilities','suppliers'])
           [1 + s % 7] || ' for the ' ||
       (array['eastern','western','northern','southern'])[1 + s % 4] || ' region. People use it to ' ||
       'upload documents, follow their progress, correct what was returned and download results. ' ||
       'Questions about a file go to the help desk that is named with this entry.',
       1 + s % 8, '', '', '', 0, true
from generate_series($first_system, $last_system) s;

insert into catalog_helpdesk (system_id, name, phones, tty, fax, emails, hours, web_address, notes,
                              "order")
select s, 'Help desk of system ' || s, array['1-800-555-' || lpad((s % 10000)::text, 4, '0')], '',
       '', array['system-' || s || '@help.example'], 'Monday to Friday, 8 a.m. to 6 p.m.', '', '', 0
from generate_series($first_system, $last_system) s;

insert into catalog_role (id, system_id, code, name, kind, description, required_ial, required_aal,
                          is_default, is_active, "order")
select (s - 1) * 5 + r, s,
       (array['owner','approver','end-user','analyst','submitter'])[r],
       (array['Business Owner','Approver','End User','Analyst','Submitter'])[r],
       (array['business_owner','approver','end_user','end_user','end_user'])[r],
       'Work with the files of this application.', 1, 1, false, true, r
from generate_series($first_system, $last_system) s, generate_series(1, 5) r;

insert into catalog_approvalrule (id, role_id, "order", approver, approver_role_id, scope)
select (s - 1) * 5 + r, (s - 1) * 5 + r, 1, case when r = 1 then 'assigned' else 'role' end,
       case when r = 1 then null when r = 2 then (s - 1) * 5 + 1 else (s - 1) * 5 + 2 end, 'any'
from generate_series($first_system, $last_system) s, generate_series(1, 5) r;
