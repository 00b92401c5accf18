-- What other lists call an organisation, to know it again when they are
-- imported.
CREATE TABLE directory.organization_external_id (
  organization_id bigint NOT NULL REFERENCES directory.organization
    ON DELETE CASCADE,
  position int NOT NULL,
  -- The organisation's own, for the key.
  network text NOT NULL REFERENCES directory.network (name),
  source text NOT NULL,
  external_id text NOT NULL,
  PRIMARY KEY (organization_id, position),
  UNIQUE (network, source, external_id)
);

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
                '[]') AS funds,
       COALESCE((SELECT jsonb_agg(jsonb_build_object(
                          'source', e.source, 'id', e.external_id)
                          ORDER BY e.position)
                   FROM directory.organization_external_id AS e
                  WHERE e.organization_id = organization.organization_id),
                '[]') AS external_ids
  FROM directory.organization;
