"""Makes decisions final in the database itself: none is changed, deleted or truncated away."""

from django.db import migrations

FORWARDS = """
CREATE FUNCTION access_requests_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A decision is final: % on % is refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege',
              HINT = 'End the grant that came from it instead.';
END $$;
CREATE TRIGGER decisions_are_final
    BEFORE UPDATE OR DELETE OR TRUNCATE ON access_requests_decision
    FOR EACH STATEMENT EXECUTE FUNCTION access_requests_refuse_change();
"""

BACKWARDS = """
DROP TRIGGER decisions_are_final ON access_requests_decision;
DROP FUNCTION access_requests_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("access_requests", "0001_initial")]

    operations = [migrations.RunSQL(FORWARDS, BACKWARDS)]
