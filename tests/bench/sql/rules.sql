-- The rules of a sign-up as one SQL function, one transaction each: what a
-- good PostgreSQL programmer would write without a server in front. Seats,
-- the share of an organisation, one person once on a visit, a request id that
-- gives the first answer again, a numbered decision, a change log. The tables
-- and keys are those of the product, as far as the rules need them. Frozen:
-- when the product changes, this stays, so that ratios can be compared.

CREATE TABLE organization (name text PRIMARY KEY);

CREATE TABLE visit (
  visit_id bigint PRIMARY KEY,
  name text NOT NULL UNIQUE,
  state smallint NOT NULL,
  sign_up_start_time timestamptz,
  sign_up_end_time timestamptz NOT NULL,
  seats int NOT NULL,
  seats_per_organization int NOT NULL,
  confirmed_count int NOT NULL DEFAULT 0 CHECK (confirmed_count <= seats),
  waitlisted_count int NOT NULL DEFAULT 0,
  version bigint NOT NULL DEFAULT 1,
  update_time timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 70);

-- The seats that an organisation has, so that nobody has to count.
CREATE TABLE share (
  visit_id bigint NOT NULL,
  organization text NOT NULL,
  confirmed_count int NOT NULL,
  PRIMARY KEY (visit_id, organization)
) WITH (fillfactor = 70);

CREATE TABLE sign_up (
  sign_up_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  visit_id bigint NOT NULL,
  name text NOT NULL UNIQUE,
  organization text NOT NULL,
  person text NOT NULL,
  members bytea NOT NULL,
  state smallint NOT NULL,
  wait_reason smallint NOT NULL,
  version bigint NOT NULL,
  create_time timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 80);
CREATE INDEX ON sign_up (visit_id, state, version);
CREATE UNIQUE INDEX ON sign_up (visit_id, person) WHERE state IN (4, 5);

CREATE TABLE decision (
  visit_id bigint NOT NULL,
  version bigint NOT NULL,
  actor text NOT NULL,
  events jsonb NOT NULL,
  confirmed_count int NOT NULL,
  waitlisted_count int NOT NULL,
  decide_time timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (visit_id, version)
);

CREATE TABLE change (
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  seq bigint GENERATED ALWAYS AS IDENTITY,
  resource text NOT NULL,
  version bigint NOT NULL,
  actor text NOT NULL,
  change_time timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (xid, seq)
);
CREATE INDEX ON change (resource, xid, seq);

CREATE TABLE request (
  caller text NOT NULL,
  request_id uuid NOT NULL,
  fingerprint bytea NOT NULL,
  sign_up text NOT NULL,
  create_time timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (caller, request_id)
);

-- Answers the state (4 confirmed, 5 waiting), why it waits (1 full, 2 share),
-- and the place in the queue; nobody leaves it here, so counting is enough.
CREATE FUNCTION take_seat(
  p_visit bigint, p_organization text, p_person text, p_members bytea,
  p_caller text, p_request uuid,
  OUT state smallint, OUT reason smallint, OUT place int
) LANGUAGE plpgsql AS $$
DECLARE
  v visit;
  fingerprint constant bytea := substr(sha256(p_members), 1, 16);
  id constant text := replace(gen_random_uuid()::text, '-', '');
  earlier request;
BEGIN
  SELECT * INTO v FROM visit WHERE visit_id = p_visit FOR UPDATE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'NOT_FOUND';
  END IF;
  SELECT * INTO earlier FROM request AS r
   WHERE r.caller = p_caller AND r.request_id = p_request;
  IF FOUND THEN
    IF earlier.fingerprint <> fingerprint THEN
      RAISE EXCEPTION 'REQUEST_ID_REUSED';
    END IF;
    SELECT s.state, s.wait_reason, 0 INTO state, reason, place
      FROM sign_up AS s WHERE s.name = earlier.sign_up;
    RETURN;
  END IF;
  IF v.state <> 2 OR now() < v.sign_up_start_time
     OR now() >= v.sign_up_end_time THEN
    RAISE EXCEPTION 'SIGN_UP_CLOSED';
  END IF;
  IF NOT EXISTS (SELECT FROM organization WHERE name = p_organization) THEN
    RAISE EXCEPTION 'UNKNOWN_REFERENCE';
  END IF;
  state := 4;
  reason := 0;
  IF v.seats_per_organization <= COALESCE((
       SELECT s.confirmed_count FROM share AS s
        WHERE s.visit_id = p_visit AND s.organization = p_organization), 0)
  THEN
    state := 5;
    reason := 2;
  ELSIF v.confirmed_count >= v.seats THEN
    state := 5;
    reason := 1;
  END IF;
  IF state = 4 THEN
    v.confirmed_count := v.confirmed_count + 1;
    INSERT INTO share VALUES (p_visit, p_organization, 1)
    ON CONFLICT (visit_id, organization)
    DO UPDATE SET confirmed_count = share.confirmed_count + 1;
  ELSE
    v.waitlisted_count := v.waitlisted_count + 1;
    place := v.waitlisted_count;
  END IF;
  v.version := v.version + 1;
  UPDATE visit
     SET confirmed_count = v.confirmed_count,
         waitlisted_count = v.waitlisted_count,
         version = v.version, update_time = now()
   WHERE visit_id = p_visit;
  -- The unique key refuses a person who is on the visit already.
  INSERT INTO sign_up (visit_id, name, organization, person, members, state,
                       wait_reason, version)
  VALUES (p_visit, id, p_organization, p_person, p_members, state, reason,
          v.version);
  INSERT INTO decision (visit_id, version, actor, events, confirmed_count,
                        waitlisted_count)
  VALUES (p_visit, v.version, p_caller,
          jsonb_build_array(jsonb_build_array(id, state, reason)),
          v.confirmed_count, v.waitlisted_count);
  INSERT INTO change (resource, version, actor)
  VALUES ('studyVisits/' || v.name, v.version, p_caller),
         ('studyVisits/' || v.name || '/signUps/' || id, v.version, p_caller);
  INSERT INTO request (caller, request_id, fingerprint, sign_up)
  VALUES (p_caller, p_request, fingerprint, id);
END $$;

-- psql gives :visits, :seats, :share and :organizations.
INSERT INTO organization
SELECT 'bench-' || n FROM generate_series(1, :organizations) AS n;
INSERT INTO visit (visit_id, name, state, sign_up_end_time, seats,
                   seats_per_organization)
SELECT n, 'bench-' || n, 2, now() + interval '60 days', :seats, :share
  FROM generate_series(1, :visits) AS n;
