-- The post: letters that are to be sent, and how far the change log was read
-- for them.

CREATE SCHEMA mail;

-- References only: who is written to, and what, is found out when it is sent.
CREATE TABLE mail.letter (
  letter_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  -- 128 random bits: the same Message-ID at each try.
  name text NOT NULL UNIQUE,
  kind text NOT NULL,
  about text NOT NULL,
  version bigint NOT NULL,
  -- 1 to be sent, 2 sent, 3 given up, 4 not needed any more.
  state smallint NOT NULL DEFAULT 1,
  attempts int NOT NULL DEFAULT 0,
  -- When it is tried next.
  due_time timestamptz NOT NULL DEFAULT now(),
  -- What the mail server said last, without addresses.
  failure text NOT NULL DEFAULT '',
  create_time timestamptz NOT NULL DEFAULT now(),
  done_time timestamptz,
  UNIQUE (about, version, kind)
);
CREATE INDEX letter_due ON mail.letter (due_time) WHERE state = 1;
CREATE INDEX letter_done ON mail.letter (done_time) WHERE state <> 1;

-- One row: up to where the change log was read.
CREATE TABLE mail.reading (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  xid bigint NOT NULL,
  seq bigint NOT NULL
);

-- Addresses that mail servers refuse for good, as keyed hashes.
CREATE TABLE mail.refused_address (
  address_hash bytea PRIMARY KEY,
  refuse_time timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN mail.refused_address.address_hash IS
  'personal: to write no more where mail is refused; kept: 1 year';

-- The link that was mailed to whoever signed up was not followed yet.
ALTER TABLE visits.sign_up ADD is_unverified boolean NOT NULL DEFAULT false;
