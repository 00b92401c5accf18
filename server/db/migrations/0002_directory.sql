-- Networks, organisations of every kind, and the vocabulary of themes.
--
-- Slices refer to each other's rows by name: names never change, and no slice
-- has to join another's tables to say what it refers to.

CREATE SCHEMA directory;

CREATE TABLE directory.network (
  network_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL UNIQUE,
  kind smallint NOT NULL,
  display_name jsonb NOT NULL,
  countries text[] NOT NULL,
  languages text[] NOT NULL,
  currency text NOT NULL,
  time_zone text NOT NULL,
  jurisdiction_profile text NOT NULL,
  version bigint NOT NULL DEFAULT 1,
  create_time timestamptz NOT NULL DEFAULT now(),
  update_time timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE directory.theme (
  id text PRIMARY KEY,
  label jsonb NOT NULL,
  broader text REFERENCES directory.theme
);

CREATE TABLE directory.organization (
  organization_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  network text NOT NULL REFERENCES directory.network (name),
  name text NOT NULL UNIQUE,
  kind smallint NOT NULL,
  display_name jsonb NOT NULL,
  country text NOT NULL,
  languages text[] NOT NULL,
  latitude double precision CHECK (latitude BETWEEN -90 AND 90),
  longitude double precision CHECK (longitude BETWEEN -180 AND 180),
  email text NOT NULL,
  website text NOT NULL,
  description jsonb NOT NULL,
  state smallint NOT NULL DEFAULT 1,
  version bigint NOT NULL DEFAULT 1,
  create_time timestamptz NOT NULL DEFAULT now(),
  update_time timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX organization_network ON directory.organization (network, name);
COMMENT ON COLUMN directory.organization.email IS
  'a role mailbox, not a person''s';

-- An organisation's area: as many codes as it takes, of several lists.
CREATE TABLE directory.organization_territory (
  organization_id bigint NOT NULL REFERENCES directory.organization
    ON DELETE CASCADE,
  position int NOT NULL,
  scheme smallint NOT NULL,
  list_version text NOT NULL,
  code text NOT NULL,
  PRIMARY KEY (organization_id, position)
);
CREATE INDEX organization_territory_code
  ON directory.organization_territory (code text_pattern_ops);

CREATE TABLE directory.organization_theme (
  organization_id bigint NOT NULL REFERENCES directory.organization
    ON DELETE CASCADE,
  position int NOT NULL,
  theme text NOT NULL REFERENCES directory.theme,
  PRIMARY KEY (organization_id, theme)
);
CREATE INDEX organization_theme_theme
  ON directory.organization_theme (theme);

-- Organisations as they are read: with area and themes.
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
              ORDER BY t.position) AS themes
  FROM directory.organization;
