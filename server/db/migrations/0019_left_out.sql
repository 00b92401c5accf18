-- Members who lost their places for want of a name are sealed with the others
-- until a job forgets them; this says of which sign-ups.

ALTER TABLE visits.sign_up ADD seals_left_out boolean NOT NULL DEFAULT false;
CREATE INDEX sign_up_seals_left_out ON visits.sign_up (name)
  WHERE seals_left_out;
