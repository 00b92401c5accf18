-- Draws of seats: what was committed, published and drawn. Hosts stand under
-- the names that they committed under, which are part of what was hashed.

CREATE TABLE visits.draw_host (
  visit_id bigint NOT NULL REFERENCES visits.visit ON DELETE CASCADE,
  host_label text NOT NULL,
  commitment text NOT NULL,
  seed text NOT NULL DEFAULT '',
  commit_time timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (visit_id, host_label)
);

CREATE TABLE visits.draw (
  visit_id bigint PRIMARY KEY REFERENCES visits.visit ON DELETE CASCADE,
  -- The closed list: shares, and each party with what it applied as and a salt.
  list jsonb NOT NULL,
  root text NOT NULL,
  lottery jsonb NOT NULL,
  lottery_digest text NOT NULL,
  -- What everybody may read, once it is held.
  document text NOT NULL DEFAULT '',
  close_time timestamptz NOT NULL DEFAULT now(),
  hold_time timestamptz
);
COMMENT ON COLUMN visits.draw.list IS
  'personal: to prove the draw; kept: until 30 days after the visit, or erasure';
