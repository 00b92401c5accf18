-- The life of a directory entry, what an organisation is, who changed which
-- field, and claims.

-- States are now DRAFT 1, SUBMITTED 2, VERIFIED 3, STALE 4, ARCHIVED 5,
-- DISSOLVED 6; they were ACTIVE 1 and ARCHIVED 2.
ALTER TABLE directory.organization ALTER COLUMN state DROP DEFAULT;
UPDATE directory.organization
   SET state = CASE state WHEN 1 THEN 3 WHEN 2 THEN 5 END;

ALTER TABLE directory.organization
  -- The caller that created it, who may see it while it is a draft.
  ADD COLUMN creator text NOT NULL DEFAULT '',
  ADD COLUMN look_time timestamptz,
  ADD COLUMN claim_time timestamptz,
  ADD COLUMN return_reason text NOT NULL DEFAULT '',
  ADD COLUMN successor text REFERENCES directory.organization (name),
  ADD COLUMN dissolved_on date,
  ADD COLUMN legal_form text NOT NULL DEFAULT '',
  ADD COLUMN elf_code text NOT NULL DEFAULT '',
  ADD COLUMN founded_on date,
  ADD COLUMN register text NOT NULL DEFAULT '',
  ADD COLUMN register_number text NOT NULL DEFAULT '',
  ADD COLUMN registered_on date,
  -- All members, and those of each sector; all 0 if not known.
  ADD COLUMN member_total int NOT NULL DEFAULT 0,
  ADD COLUMN member_public int NOT NULL DEFAULT 0,
  ADD COLUMN member_private int NOT NULL DEFAULT 0,
  ADD COLUMN member_civic int NOT NULL DEFAULT 0,
  ADD COLUMN member_individual int NOT NULL DEFAULT 0,
  ADD COLUMN bodies smallint[] NOT NULL DEFAULT '{}',
  ADD COLUMN area_km2 double precision NOT NULL DEFAULT 0,
  ADD COLUMN population bigint NOT NULL DEFAULT 0,
  -- {"title": …, "start_year": …, "end_year": …, "themes": […],
  -- "website": …}, or NULL.
  ADD COLUMN strategy jsonb;
UPDATE directory.organization SET look_time = update_time;

ALTER TABLE directory.organization
  ADD CONSTRAINT organization_sectors_add_up CHECK (
    member_total >= 0
    AND member_public + member_private + member_civic + member_individual
        IN (0, member_total)),
  ADD CONSTRAINT organization_successor_is_another CHECK (successor <> name),
  ADD CONSTRAINT organization_was_looked_at CHECK (
    state IN (1, 2) OR look_time IS NOT NULL);
-- For the job that finds what nobody looked at for a year.
CREATE INDEX organization_look_time ON directory.organization (look_time)
  WHERE state = 3;

CREATE TABLE directory.organization_membership (
  organization_id bigint NOT NULL REFERENCES directory.organization
    ON DELETE CASCADE,
  position int NOT NULL,
  network text NOT NULL REFERENCES directory.network (name),
  since date,
  until date CHECK (until >= since),
  PRIMARY KEY (organization_id, position)
);
CREATE INDEX organization_membership_network
  ON directory.organization_membership (network);

-- The status "registered partner of the network".
CREATE TABLE directory.organization_registration (
  organization_id bigint NOT NULL REFERENCES directory.organization
    ON DELETE CASCADE,
  position int NOT NULL,
  network text NOT NULL REFERENCES directory.network (name),
  status smallint NOT NULL,
  applied_on date,
  registered_on date,
  ended_on date,
  PRIMARY KEY (organization_id, position),
  UNIQUE (organization_id, network)
);
CREATE INDEX organization_registration_network
  ON directory.organization_registration (network);

CREATE TABLE directory.organization_fund (
  organization_id bigint NOT NULL REFERENCES directory.organization
    ON DELETE CASCADE,
  position int NOT NULL,
  fund smallint NOT NULL,
  programme text NOT NULL,
  -- 0: not known.
  start_year int NOT NULL,
  end_year int NOT NULL,
  PRIMARY KEY (organization_id, position)
);

-- Every change of every field of an entry, with what the caller said of its
-- source. Values as the API's JSON; NULL where the field was not set.
CREATE TABLE directory.field_change (
  field_change_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  organization_id bigint NOT NULL REFERENCES directory.organization
    ON DELETE CASCADE,
  version bigint NOT NULL,
  field text NOT NULL,
  old_value text,
  new_value text,
  actor text NOT NULL,
  method text NOT NULL,
  source text NOT NULL,
  as_of date,
  change_time timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX field_change_organization
  ON directory.field_change (organization_id, field_change_id);
CREATE INDEX field_change_field
  ON directory.field_change (organization_id, field, field_change_id);

DROP VIEW directory.organization_entry;

-- Organisations as they are read: with all that belongs to them.
CREATE VIEW directory.organization_entry AS
SELECT organization.*,
       COALESCE((SELECT jsonb_agg(jsonb_build_object(
                          'scheme', t.scheme, 'version', t.list_version,
                          'code', t.code) ORDER BY t.position)
                   FROM directory.organization_territory AS t
                  WHERE t.organization_id = organization.organization_id),
                '[]') AS territories,
       ARRAY(SELECT t.theme
               FROM directory.organization_theme AS t
              WHERE t.organization_id = organization.organization_id
              ORDER BY t.position) AS themes,
       COALESCE((SELECT jsonb_agg(jsonb_build_object(
                          'network', m.network, 'since', m.since,
                          'until', m.until) ORDER BY m.position)
                   FROM directory.organization_membership AS m
                  WHERE m.organization_id = organization.organization_id),
                '[]') AS memberships,
       COALESCE((SELECT jsonb_agg(jsonb_build_object(
                          'network', r.network, 'status', r.status,
                          'applied_on', r.applied_on,
                          'registered_on', r.registered_on,
                          'ended_on', r.ended_on) ORDER BY r.position)
                   FROM directory.organization_registration AS r
                  WHERE r.organization_id = organization.organization_id),
                '[]') AS registrations,
       COALESCE((SELECT jsonb_agg(jsonb_build_object(
                          'fund', f.fund, 'programme', f.programme,
                          'start_year', f.start_year,
                          'end_year', f.end_year) ORDER BY f.position)
                   FROM directory.organization_fund AS f
                  WHERE f.organization_id = organization.organization_id),
                '[]') AS funds
  FROM directory.organization;

-- The claim that an organisation can accept now: at most one. Of the token
-- there is a hash only.
CREATE TABLE access.claim (
  organization text PRIMARY KEY,
  token_hash bytea NOT NULL UNIQUE,
  email text NOT NULL,
  create_time timestamptz NOT NULL DEFAULT now(),
  expire_time timestamptz NOT NULL
);
COMMENT ON COLUMN access.claim.email IS
  'a role mailbox, not a person''s: the one that the token was for';
