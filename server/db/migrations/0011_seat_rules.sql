-- Seats by rules: shares, confirmation by the organisation, offers, holds,
-- delegations. Whatever is not set works as before.

DROP VIEW visits.visit_entry;

ALTER TABLE visits.visit
  ADD seat_rules jsonb NOT NULL DEFAULT '{}',
  ADD rules_hash text NOT NULL DEFAULT '',
  ADD held_count int NOT NULL DEFAULT 0,
  ADD is_drawn boolean NOT NULL DEFAULT false,
  -- When something lapses next, or is given out.
  ADD due_time timestamptz,
  ADD CHECK (confirmed_count + held_count <= seats);
COMMENT ON COLUMN visits.visit.seat_rules IS 'refers to: organizations';
CREATE INDEX visit_due ON visits.visit (due_time) WHERE state = 2;

-- As in 0005, with what is new.
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

ALTER TABLE visits.sign_up
  -- How many of the members have seats: the first ones.
  ADD seats int NOT NULL DEFAULT 0,
  -- What shares look at, of each member; [] if nothing was told.
  ADD traits jsonb NOT NULL DEFAULT '[]',
  ADD due_time timestamptz,
  ADD hold_end_time timestamptz,
  ADD draw_rank bigint NOT NULL DEFAULT 0,
  ADD refuse_reason text NOT NULL DEFAULT '',
  ADD CHECK (seats BETWEEN 0 AND member_count);
UPDATE visits.sign_up SET seats = member_count WHERE state = 4;
-- Why somebody waits is worked out when it is asked.
ALTER TABLE visits.sign_up DROP wait_reason;
COMMENT ON COLUMN visits.sign_up.traits IS
  'personal: to balance the group; kept: until 30 days after the visit, or erasure';

-- Which member of the sign-up, from 0.
ALTER TABLE visits.person ADD member int NOT NULL DEFAULT 0;

-- Why, where the command has a reason.
ALTER TABLE visits.decision ADD reason text NOT NULL DEFAULT '';

-- What binds, as it was published and whenever it was changed: the text, and
-- its SHA-256 for whoever wants to see later that nothing was changed quietly.
CREATE TABLE visits.rules_version (
  visit_id bigint NOT NULL REFERENCES visits.visit ON DELETE CASCADE,
  version bigint NOT NULL,
  rules text NOT NULL,
  hash text NOT NULL,
  reason text NOT NULL,
  actor text NOT NULL,
  create_time timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (visit_id, version)
);
