-- Study visits, sign-ups, and the decisions that give out the seats.

CREATE SCHEMA visits;

CREATE TABLE visits.visit (
  visit_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  network text NOT NULL REFERENCES directory.network (name),
  name text NOT NULL UNIQUE,
  project text REFERENCES projects.project (name),
  title jsonb NOT NULL,
  description jsonb NOT NULL,
  -- Civil times as people agreed on them, and the instants computed from them.
  time_zone text NOT NULL,
  start_local timestamp NOT NULL,
  end_local timestamp NOT NULL,
  sign_up_start_local timestamp,
  sign_up_end_local timestamp,
  start_time timestamptz NOT NULL,
  end_time timestamptz NOT NULL CHECK (end_time > start_time),
  sign_up_start_time timestamptz,
  sign_up_end_time timestamptz NOT NULL,
  seats int NOT NULL CHECK (seats > 0),
  seats_per_organization int NOT NULL CHECK (seats_per_organization >= 0),
  languages text[] NOT NULL,
  covered smallint[] NOT NULL,
  contact_email text NOT NULL,
  state smallint NOT NULL DEFAULT 1,
  cancel_reason text NOT NULL DEFAULT '',
  -- Written with each decision; the second is for reading, never for deciding.
  confirmed_count int NOT NULL DEFAULT 0 CHECK (confirmed_count <= seats),
  waitlisted_count int NOT NULL DEFAULT 0,
  version bigint NOT NULL DEFAULT 1,
  create_time timestamptz NOT NULL DEFAULT now(),
  update_time timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 70);
CREATE INDEX visit_start ON visits.visit (start_time, visit_id);
CREATE INDEX visit_project ON visits.visit (project);
COMMENT ON COLUMN visits.visit.contact_email IS
  'a role mailbox, not a person''s';

CREATE TABLE visits.host (
  visit_id bigint NOT NULL REFERENCES visits.visit ON DELETE CASCADE,
  position int NOT NULL,
  organization text NOT NULL REFERENCES directory.organization (name),
  PRIMARY KEY (visit_id, organization)
);
CREATE INDEX host_organization ON visits.host (organization);

CREATE TABLE visits.day (
  visit_id bigint NOT NULL REFERENCES visits.visit ON DELETE CASCADE,
  position int NOT NULL,
  date date NOT NULL,
  title jsonb NOT NULL,
  PRIMARY KEY (visit_id, position)
);

CREATE TABLE visits.stop (
  visit_id bigint NOT NULL,
  day int NOT NULL,
  position int NOT NULL,
  title jsonb NOT NULL,
  host text REFERENCES directory.organization (name),
  place text NOT NULL,
  theme text REFERENCES directory.theme,
  funds text[] NOT NULL,
  PRIMARY KEY (visit_id, day, position),
  FOREIGN KEY (visit_id, day) REFERENCES visits.day ON DELETE CASCADE
);

-- Visits as they are read: with hosts and programme.
CREATE VIEW visits.visit_entry AS
SELECT visit.*,
       ARRAY(SELECT h.organization
               FROM visits.host AS h
              WHERE h.visit_id = visit.visit_id
              ORDER BY h.position) AS hosts,
       COALESCE((SELECT jsonb_agg(jsonb_build_object(
                          'date', d.date, 'title', d.title,
                          'stops', COALESCE((
                            SELECT jsonb_agg(jsonb_build_object(
                                     'title', s.title,
                                     'host', COALESCE(s.host, ''),
                                     'place', s.place,
                                     'theme', COALESCE(s.theme, ''),
                                     'funds', to_jsonb(s.funds))
                                     ORDER BY s.position)
                              FROM visits.stop AS s
                             WHERE s.visit_id = d.visit_id
                               AND s.day = d.position), '[]'))
                          ORDER BY d.position)
                   FROM visits.day AS d
                  WHERE d.visit_id = visit.visit_id),
                '[]') AS days
  FROM visits.visit;

CREATE TABLE visits.sign_up (
  sign_up_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  visit_id bigint NOT NULL REFERENCES visits.visit,
  name text NOT NULL UNIQUE,
  -- Checked by the decision, not by a foreign key: that would take a lock on
  -- one organisation's row for each of its people in a rush.
  organization text NOT NULL,
  standing smallint NOT NULL,
  sector smallint NOT NULL,
  member_count int NOT NULL CHECK (member_count > 0),
  min_members int NOT NULL,
  -- The people, sealed with a key of this sign-up's own (see privacy.seal_key):
  -- without that key it is noise.
  members bytea NOT NULL,
  external_id text NOT NULL,
  creator text NOT NULL,
  state smallint NOT NULL,
  wait_reason smallint NOT NULL,
  -- The version of the visit that let it in: its place in the order of
  -- arrival; and the one that last changed it.
  arrival bigint NOT NULL,
  version bigint NOT NULL,
  create_time timestamptz NOT NULL DEFAULT now(),
  update_time timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 80);
CREATE INDEX sign_up_visit ON visits.sign_up (visit_id, state, arrival);
CREATE INDEX sign_up_external ON visits.sign_up (visit_id, external_id)
  WHERE external_id <> '';
COMMENT ON COLUMN visits.sign_up.members IS
  'personal: to give seats and to reach the people; kept: until 30 days after the visit, or erasure';

-- Nobody is on a visit twice: a keyed hash of mailbox and name, while the
-- sign-up lives.
CREATE TABLE visits.person (
  visit_id bigint NOT NULL REFERENCES visits.visit,
  person_hash bytea NOT NULL,
  sign_up text NOT NULL,
  PRIMARY KEY (visit_id, person_hash)
);
CREATE INDEX person_sign_up ON visits.person (sign_up);
COMMENT ON COLUMN visits.person.person_hash IS
  'personal: to keep people from being on a visit twice; kept: until the sign-up ends';

-- What was decided, numbered by the visit's version: the replay, the answer
-- to "why not me", and what watches send. References only, no people.
CREATE TABLE visits.decision (
  visit_id bigint NOT NULL REFERENCES visits.visit,
  version bigint NOT NULL,
  command smallint NOT NULL,
  actor text NOT NULL,
  events jsonb NOT NULL,
  confirmed_count int NOT NULL,
  waitlisted_count int NOT NULL,
  decide_time timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (visit_id, version)
);

CREATE SCHEMA privacy;

-- One key for each person's or party's data, itself sealed with the server's
-- key file, which lies outside the database and its backups. Erasing a person
-- deletes the row: what the key sealed is gone, in backups too.
CREATE TABLE privacy.seal_key (
  seal_key_id text PRIMARY KEY,
  wrapped bytea NOT NULL,
  create_time timestamptz NOT NULL DEFAULT now()
);
