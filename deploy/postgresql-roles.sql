-- Once, as the superuser: psql -f deploy/postgresql-roles.sql, then \password for both roles.
-- sunlit_owner owns the tables and migrates; sunlit is what web and worker connect as.
create role sunlit_owner login;
create role sunlit login;
create database sunlit owner sunlit_owner;
