-- People sign in by mail: the mailboxes of accounts, sign-ins under way,
-- sessions; and how much mail may be asked for.

-- Sealed with the account's key; the hash finds the accounts of a mailbox.
ALTER TABLE access.account
  ADD email bytea NOT NULL DEFAULT '',
  ADD address_hash bytea,
  ADD language text NOT NULL DEFAULT '';
COMMENT ON COLUMN access.account.email IS
  'personal: to sign in; kept: until the account is erased';
COMMENT ON COLUMN access.account.address_hash IS
  'personal: to sign in; kept: until the account is erased';
CREATE INDEX account_address ON access.account (address_hash)
  WHERE address_hash IS NOT NULL;

-- Link, code and the browser's token are computed from the name.
CREATE TABLE access.sign_in (
  sign_in_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE,
  address_hash bytea NOT NULL,
  language text NOT NULL,
  wrong_codes smallint NOT NULL DEFAULT 0,
  create_time timestamptz NOT NULL DEFAULT now(),
  expire_time timestamptz NOT NULL
);
COMMENT ON COLUMN access.sign_in.address_hash IS
  'personal: to sign in; kept: 1 day';

CREATE TABLE access.session (
  session_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE,
  account_id bigint NOT NULL REFERENCES access.account,
  create_time timestamptz NOT NULL DEFAULT now(),
  expire_time timestamptz NOT NULL,
  end_time timestamptz
);
CREATE INDEX session_account ON access.session (account_id);

-- The token of a claim is computed from its name, too. Those under way end.
DELETE FROM access.claim;
ALTER TABLE access.claim
  DROP token_hash,
  ADD name text NOT NULL UNIQUE,
  ADD language text NOT NULL;

-- Mails that somebody asked for, to be counted for an hour: by a keyed hash of
-- the address, or of the network that it was asked from.
CREATE TABLE mail.asked (
  key bytea NOT NULL,
  ask_time timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN mail.asked.key IS
  'personal: against floods of mail; kept: 1 day';
CREATE INDEX asked_key ON mail.asked (key, ask_time);
CREATE INDEX asked_time ON mail.asked (ask_time);

-- When those who have seats were told that the visit is about to begin.
ALTER TABLE visits.visit ADD remind_time timestamptz;

-- The decision since which the head of a party is another, whose link is
-- another, too.
ALTER TABLE visits.sign_up ADD head_version bigint NOT NULL DEFAULT 0;

-- How a sign-up came that others entered, and which privacy notice was given.
ALTER TABLE visits.sign_up ADD intake jsonb NOT NULL DEFAULT '{}';
