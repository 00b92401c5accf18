-- What every slice stands on: request ids, the change log, who may call.
--
-- A column that holds data about a person says so in its comment, as
-- "personal: <purpose>; kept: <until when>". A test reads these comments.

-- Request ids: what makes a repeated call return the first call's result.
CREATE TABLE db.request (
  caller text NOT NULL,
  request_id uuid NOT NULL,
  method text NOT NULL,
  fingerprint bytea NOT NULL,
  resource text NOT NULL,
  create_time timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (caller, request_id)
);
CREATE INDEX request_create_time ON db.request USING brin (create_time);

CREATE SCHEMA changes;

-- One row while the database lives; a restore adds another. Positions in the
-- change log are valid within one history only.
CREATE TABLE changes.history (
  history_id text PRIMARY KEY,
  start_time timestamptz NOT NULL DEFAULT now()
);

-- Every change of every resource, written in the transaction that made it.
-- Read in the order of (xid, seq), and only below pg_snapshot_xmin(): a
-- sequence number is taken before the commit, so that reading by it alone
-- would lose rows.
CREATE TABLE changes.change (
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  seq bigint GENERATED ALWAYS AS IDENTITY,
  network text NOT NULL,
  resource text NOT NULL,
  version bigint NOT NULL,
  removed boolean NOT NULL DEFAULT false,
  actor text NOT NULL,
  method text NOT NULL,
  reason text,
  change_time timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (xid, seq)
);
CREATE INDEX change_resource ON changes.change (resource, xid, seq);
CREATE INDEX change_network ON changes.change (network, xid, seq);

CREATE SCHEMA access;

CREATE TABLE access.account (
  account_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE,
  network text,
  kind smallint NOT NULL,
  display_name text NOT NULL,
  certificate_names text[] NOT NULL DEFAULT '{}',
  state smallint NOT NULL DEFAULT 1,
  version bigint NOT NULL DEFAULT 1,
  create_time timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX account_network ON access.account (network, name);
COMMENT ON COLUMN access.account.display_name IS
  'personal: to tell colleagues apart; kept: until the account is erased';
COMMENT ON COLUMN access.account.network IS
  'NULL for the operator of the installation';

CREATE TABLE access.api_key (
  api_key_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  account_id bigint NOT NULL REFERENCES access.account,
  prefix text NOT NULL,
  hash bytea NOT NULL UNIQUE,
  create_time timestamptz NOT NULL DEFAULT now(),
  expire_time timestamptz,
  revoke_time timestamptz,
  UNIQUE (account_id, name)
);

CREATE TABLE access.grant (
  grant_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  account_id bigint NOT NULL REFERENCES access.account,
  role smallint NOT NULL,
  network text,
  region text,
  organization text,
  project text,
  sign_up text,
  start_time timestamptz,
  end_time timestamptz,
  create_time timestamptz NOT NULL DEFAULT now(),
  UNIQUE (account_id, name)
);
