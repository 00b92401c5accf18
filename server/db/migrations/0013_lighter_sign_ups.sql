-- What a sign-up costs. Its name is its key. Sign-ups, people and decisions are
-- written only by who holds the lock of the visit's row, and only drafts are
-- deleted, which nobody is on, with their decisions: asking for the row again
-- with each of the three took a fifth of the database's time in a rush.

ALTER TABLE visits.sign_up DROP CONSTRAINT sign_up_visit_id_fkey;
ALTER TABLE visits.person DROP CONSTRAINT person_visit_id_fkey;
ALTER TABLE visits.decision DROP CONSTRAINT decision_visit_id_fkey;

ALTER TABLE visits.sign_up DROP COLUMN sign_up_id;
ALTER TABLE visits.sign_up DROP CONSTRAINT sign_up_name_key;
ALTER TABLE visits.sign_up ADD PRIMARY KEY (name);

-- Nobody looks up the changes of a sign-up by its name: no name comes again.
DROP INDEX changes.change_resource;
CREATE INDEX change_resource ON changes.change (resource, version)
  WHERE resource NOT LIKE '%/signUps/%';
