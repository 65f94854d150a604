-- After every migration, as sunlit_owner: psql sunlit -f deploy/postgresql-rights.sql
-- What is written once can then be neither changed nor removed by the program, nor can it drop the triggers.
revoke all on schema public from public;
grant usage on schema public to sunlit;
grant select, insert, update, delete on all tables in schema public to sunlit;
grant usage on all sequences in schema public to sunlit;
revoke update, delete on definition, act, event, leaf, checkpoint from sunlit;
revoke insert, update, delete on alembic_version from sunlit;
