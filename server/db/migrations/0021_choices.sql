-- Seats that the visits of a project give out together: first ones before
-- second ones, and ranked choices.

ALTER TABLE visits.visit
  ADD seat_project text GENERATED ALWAYS AS (
    CASE WHEN seat_rules @> '{"first_seats_first": true}' THEN project END)
    STORED;
COMMENT ON COLUMN visits.visit.seat_project IS
  'the project, if its visits give seats out together';
CREATE INDEX visit_seat_project ON visits.visit (seat_project)
  WHERE seat_project IS NOT NULL;

COMMENT ON COLUMN visits.person.person_hash IS
  'personal: to keep anybody from being on a visit twice, or from having two seats of a project while others have none; kept: until the sign-up ends, at most until 30 days after the visit';

ALTER TABLE visits.sign_up
  -- Which of the project's visits the party would like most, from 1; 0: it
  -- waits for each of them.
  ADD choice smallint NOT NULL DEFAULT 0,
  -- Somebody of it has a seat on another visit of the project.
  ADD is_second boolean NOT NULL DEFAULT false;
