-- When each job had last nothing left to do.

CREATE SCHEMA jobs;

CREATE TABLE jobs.run (
  name text PRIMARY KEY,
  done_time timestamptz NOT NULL
);
