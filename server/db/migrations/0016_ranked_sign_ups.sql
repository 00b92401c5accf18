-- The place in the queue that an organisation gave one of its sign-ups, in the
-- scale of `arrival`; 0: it stands where it arrived.

ALTER TABLE visits.sign_up ADD COLUMN queue_place bigint NOT NULL DEFAULT 0;
