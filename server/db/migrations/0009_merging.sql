-- Merging organisations, and doubles that are none.

-- The state MERGED is 7. An entry that was merged keeps its row for ever: its
-- name is another name of the one that stays.
ALTER TABLE directory.organization
  ADD COLUMN merged_into text REFERENCES directory.organization (name);
ALTER TABLE directory.organization
  ADD CONSTRAINT organization_is_merged CHECK (
    (state = 7) = (merged_into IS NOT NULL)),
  ADD CONSTRAINT organization_merged_into_another CHECK (merged_into <> name),
  -- A draft may be merged that nobody ever verified.
  DROP CONSTRAINT organization_was_looked_at,
  ADD CONSTRAINT organization_was_looked_at CHECK (
    state IN (1, 2, 7) OR look_time IS NOT NULL);
CREATE INDEX organization_merged_into
  ON directory.organization (merged_into) WHERE merged_into IS NOT NULL;

-- What each merge did: {"moved": [{"kind": …, "count": …}, …],
-- "taken": [{"field": …, "old_value": …, "new_value": …}, …]}.
CREATE TABLE directory.merge (
  organization text PRIMARY KEY REFERENCES directory.organization (name),
  -- As it was then; organization.merged_into follows later merges.
  stays text NOT NULL,
  outcome jsonb NOT NULL,
  actor text NOT NULL,
  merge_time timestamptz NOT NULL DEFAULT now()
);

-- What the network's staff say of two entries: they look like one and are not.
CREATE TABLE directory.not_double (
  one text NOT NULL REFERENCES directory.organization (name),
  other text NOT NULL REFERENCES directory.organization (name),
  actor text NOT NULL,
  dismiss_time timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (one, other),
  CHECK (one < other)
);
CREATE INDEX not_double_other ON directory.not_double (other);

-- A column that names organisations is a foreign key, or has a comment that
-- begins with "refers to: organizations". Who merges reads them here, and
-- refuses where one is left that nobody moves.
COMMENT ON COLUMN access.grant.organization IS 'refers to: organizations';
COMMENT ON COLUMN access.claim.organization IS 'refers to: organizations';
COMMENT ON COLUMN visits.sign_up.organization IS 'refers to: organizations';

CREATE VIEW directory.organization_reference AS
SELECT a.attrelid AS relation, a.attname AS column_name,
       n.nspname || '.' || c.relname || '.' || a.attname AS reference,
       a.attndims > 0 AS is_list,
       -- What a foreign key refers to: the name, or the database's own key.
       coalesce(key.target, 'name') AS target
  FROM pg_attribute AS a
  JOIN pg_class AS c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
  JOIN pg_namespace AS n ON n.oid = c.relnamespace
  LEFT JOIN LATERAL (
    SELECT t.attname AS target
      FROM pg_constraint AS k
      JOIN pg_attribute AS t
        ON t.attrelid = k.confrelid
       AND t.attnum = k.confkey[array_position(k.conkey, a.attnum)]
     WHERE k.contype = 'f' AND k.conrelid = a.attrelid
       AND k.confrelid = 'directory.organization'::regclass
       AND a.attnum = ANY (k.conkey)
     LIMIT 1) AS key ON true
 WHERE a.attnum > 0 AND NOT a.attisdropped
   AND (key.target IS NOT NULL
        OR starts_with(col_description(a.attrelid, a.attnum),
                       'refers to: organizations'));

-- The column that was added comes with SELECT organization.*.
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
