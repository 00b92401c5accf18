-- The network of the browser that an unverified sign-up came from, as a keyed
-- hash of the visit's own: only so many seats are held for one.

ALTER TABLE visits.sign_up ADD network_hash bytea NOT NULL DEFAULT '';
COMMENT ON COLUMN visits.sign_up.network_hash IS
  'personal: to keep one network from holding all seats; kept: until the address is confirmed or the sign-up ends, at most until 30 days after the visit';
