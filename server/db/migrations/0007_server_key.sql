-- By what a server knows that its key file is the one of this database. Says
-- nothing about the key.

CREATE TABLE privacy.server_key (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  proof bytea NOT NULL
);
