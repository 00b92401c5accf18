-- Letters to people who are erased before they are written to: with whom they
-- are to, sealed. All others find that out when they are sent.

ALTER TABLE mail.letter
  ADD reader_key bytea NOT NULL DEFAULT '',
  ADD reader bytea NOT NULL DEFAULT '';
COMMENT ON COLUMN mail.letter.reader IS
  'personal: to tell people that a party of theirs was withdrawn and erased; kept: until they are told, at most 1 week';
CREATE INDEX letter_reader ON mail.letter (create_time) WHERE reader <> '';
