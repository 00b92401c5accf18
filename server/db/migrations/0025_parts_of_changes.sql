-- What changed below a resource, in the same transaction and by the same call:
-- the sign-ups of a visit. A row for each, with two entries in indexes, was an
-- eighth of what a sign-up cost the database.
ALTER TABLE changes.change
  ADD COLUMN parts text[],
  ADD COLUMN part_versions bigint[],
  ADD CHECK (cardinality(parts) IS NOT DISTINCT FROM
             cardinality(part_versions)),
  -- Random names do not get smaller.
  ALTER COLUMN parts SET STORAGE EXTERNAL;

-- A server of the release before lists no parts. Whoever asks it while it still
-- runs beside a newer one gets a token that ends with it, and starts again.
INSERT INTO changes.history (history_id)
SELECT substr(md5(random()::text || clock_timestamp()::text), 1, 26)
  FROM changes.history
 LIMIT 1;

-- How far letters have been written for: a place within a row, too. That server
-- goes on with mail.reading: it must not move this one past parts that it does
-- not see. Letters that both put are put once. The next release drops
-- mail.reading.
CREATE TABLE mail.read_to (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  xid bigint NOT NULL,
  seq bigint NOT NULL,
  part integer NOT NULL DEFAULT 0
);
INSERT INTO mail.read_to (xid, seq) SELECT xid, seq FROM mail.reading;
