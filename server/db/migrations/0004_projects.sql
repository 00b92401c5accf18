-- Projects: what a funder pays for.

CREATE SCHEMA projects;

CREATE TABLE projects.project (
  project_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  network text NOT NULL REFERENCES directory.network (name),
  name text NOT NULL UNIQUE,
  title jsonb NOT NULL,
  description jsonb NOT NULL,
  programme text NOT NULL,
  priority text NOT NULL,
  goal text NOT NULL,
  action text NOT NULL,
  agreement_number text NOT NULL,
  start_date date NOT NULL,
  end_date date NOT NULL CHECK (end_date >= start_date),
  credit_line jsonb NOT NULL,
  logo_urls text[] NOT NULL,
  predecessor text REFERENCES projects.project (name),
  state smallint NOT NULL DEFAULT 1,
  version bigint NOT NULL DEFAULT 1,
  create_time timestamptz NOT NULL DEFAULT now(),
  update_time timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX project_network ON projects.project (network, name);

CREATE TABLE projects.partner (
  project_id bigint NOT NULL REFERENCES projects.project ON DELETE CASCADE,
  position int NOT NULL,
  organization text NOT NULL REFERENCES directory.organization (name),
  role smallint NOT NULL,
  PRIMARY KEY (project_id, organization)
);
CREATE UNIQUE INDEX partner_lead ON projects.partner (project_id)
  WHERE role = 1;
CREATE INDEX partner_organization ON projects.partner (organization);

CREATE TABLE projects.budget_line (
  project_id bigint NOT NULL REFERENCES projects.project ON DELETE CASCADE,
  position int NOT NULL,
  title text NOT NULL,
  year int NOT NULL,
  partner text REFERENCES directory.organization (name),
  minor_units bigint NOT NULL,
  currency text NOT NULL,
  PRIMARY KEY (project_id, position)
);

CREATE TABLE projects.indicator (
  project_id bigint NOT NULL REFERENCES projects.project ON DELETE CASCADE,
  position int NOT NULL,
  title text NOT NULL,
  unit text NOT NULL,
  target bigint NOT NULL,
  actual bigint NOT NULL,
  PRIMARY KEY (project_id, position)
);

-- Projects as they are read: with partners, budget and indicators.
CREATE VIEW projects.project_entry AS
SELECT project.*,
       (SELECT jsonb_agg(jsonb_build_object(
                 'organization', p.organization, 'role', p.role)
                 ORDER BY p.position)
          FROM projects.partner AS p
         WHERE p.project_id = project.project_id) AS partners,
       COALESCE((SELECT jsonb_agg(jsonb_build_object(
                          'title', b.title, 'year', b.year,
                          'partner', COALESCE(b.partner, ''),
                          'minor_units', b.minor_units,
                          'currency', b.currency) ORDER BY b.position)
                   FROM projects.budget_line AS b
                  WHERE b.project_id = project.project_id),
                '[]') AS budget,
       COALESCE((SELECT jsonb_agg(jsonb_build_object(
                          'title', i.title, 'unit', i.unit,
                          'target', i.target, 'actual', i.actual)
                          ORDER BY i.position)
                   FROM projects.indicator AS i
                  WHERE i.project_id = project.project_id),
                '[]') AS indicators
  FROM projects.project;
