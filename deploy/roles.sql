-- Two roles for lagnet on a PostgreSQL of your own, so that the server that
-- the network reaches cannot change the schema:
--
--   lagnet_owner  runs `lagnetd migrate`; everything belongs to it
--   lagnet_app    runs `lagnetd serve`
--
-- To be run as a superuser in lagnet's database, before the first
-- `lagnetd migrate`; once more does no harm. Then give both a way to sign in
-- (ALTER ROLE … PASSWORD, or a line of pg_hba.conf).
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lagnet_owner') THEN
    CREATE ROLE lagnet_owner LOGIN;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'lagnet_app') THEN
    CREATE ROLE lagnet_app LOGIN;
  END IF;
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT, CREATE ON DATABASE %I TO lagnet_owner',
                 current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO lagnet_app',
                 current_database());
END $$;

ALTER DEFAULT PRIVILEGES FOR ROLE lagnet_owner
  GRANT USAGE ON SCHEMAS TO lagnet_app;
ALTER DEFAULT PRIVILEGES FOR ROLE lagnet_owner
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO lagnet_app;
ALTER DEFAULT PRIVILEGES FOR ROLE lagnet_owner
  GRANT USAGE ON SEQUENCES TO lagnet_app;
ALTER DEFAULT PRIVILEGES FOR ROLE lagnet_owner
  GRANT EXECUTE ON FUNCTIONS TO lagnet_app;
