-- Draws that were begun anew, since a host could not open its seed.

CREATE TABLE visits.draw_restart (
  visit_id bigint NOT NULL REFERENCES visits.visit ON DELETE CASCADE,
  restart_number int NOT NULL,
  reason text NOT NULL,
  -- What was in draw_host until then: part of what everybody may check.
  hosts jsonb NOT NULL,
  restart_time timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (visit_id, restart_number)
);
