-- Who had a seat, kept for one thing: that in the draws of the next years whoever
-- had none can count more (seat_rules.draw_weights). Of organisations nothing is
-- added: their sign-ups tell it.

-- Of a person or a sign-up nothing in here can be found without the server's
-- key, and the hashes have one of their own.
CREATE TABLE visits.seat_history (
  network text NOT NULL REFERENCES directory.network (name),
  person_hash bytea NOT NULL,
  -- By which whoever has the sign-up's link can see the row and have it erased.
  sign_up_hash bytea NOT NULL,
  visit_end date NOT NULL,
  -- The last day on which it is kept.
  keep_end date NOT NULL,
  PRIMARY KEY (network, person_hash, sign_up_hash)
);
CREATE INDEX seat_history_sign_up ON visits.seat_history (sign_up_hash);
CREATE INDEX seat_history_keep_end ON visits.seat_history (keep_end);
COMMENT ON COLUMN visits.seat_history.person_hash IS
  'personal: to let those who had no seat count more in a draw; kept: until 5 years after the visit, or erasure';
COMMENT ON COLUMN visits.seat_history.sign_up_hash IS
  'personal: to show and erase the row by the link of the sign-up; kept: until 5 years after the visit, or erasure';

-- Whether it was written there who had seats, once the visit was over.
ALTER TABLE visits.visit ADD is_in_history boolean NOT NULL DEFAULT false;
-- Whoever signed up before this was told that nothing is kept for longer than
-- 30 days: of those visits nothing is written there.
UPDATE visits.visit AS v SET is_in_history = true
 WHERE EXISTS (SELECT FROM visits.sign_up AS s WHERE s.visit_id = v.visit_id);
