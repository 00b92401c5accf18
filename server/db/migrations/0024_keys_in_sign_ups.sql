-- The key that a sign-up's people are sealed with lies beside them: a row and
-- an index less for each sign-up of a rush. Erasing empties both. Keys of before
-- stay in privacy.seal_key, where servers of the release before look for them,
-- until their people are erased or others.
ALTER TABLE visits.sign_up ADD COLUMN seal_key bytea NOT NULL DEFAULT '';
