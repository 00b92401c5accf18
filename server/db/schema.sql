-- The sum of the migrations, for reading; made by db/schema.sh.
SET check_function_bodies = false;

CREATE SCHEMA access;

CREATE SCHEMA changes;

CREATE SCHEMA db;

CREATE SCHEMA directory;

CREATE SCHEMA jobs;

CREATE SCHEMA mail;

CREATE SCHEMA privacy;

CREATE SCHEMA projects;

CREATE SCHEMA visits;

CREATE TABLE access.account (
    account_id bigint NOT NULL,
    name text NOT NULL,
    network text,
    kind smallint NOT NULL,
    display_name text NOT NULL,
    certificate_names text[] DEFAULT '{}'::text[] NOT NULL,
    state smallint DEFAULT 1 NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    email bytea DEFAULT '\x'::bytea NOT NULL,
    address_hash bytea,
    language text DEFAULT ''::text NOT NULL
);

COMMENT ON COLUMN access.account.network IS 'NULL for the operator of the installation';

COMMENT ON COLUMN access.account.display_name IS 'personal: to tell colleagues apart; kept: until the account is erased';

COMMENT ON COLUMN access.account.email IS 'personal: to sign in; kept: until the account is erased';

COMMENT ON COLUMN access.account.address_hash IS 'personal: to sign in; kept: until the account is erased';

ALTER TABLE access.account ALTER COLUMN account_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME access.account_account_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE access.api_key (
    api_key_id bigint NOT NULL,
    name text NOT NULL,
    account_id bigint NOT NULL,
    prefix text NOT NULL,
    hash bytea NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    expire_time timestamp with time zone,
    revoke_time timestamp with time zone
);

ALTER TABLE access.api_key ALTER COLUMN api_key_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME access.api_key_api_key_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE access.claim (
    organization text NOT NULL,
    email text NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    expire_time timestamp with time zone NOT NULL,
    name text NOT NULL,
    language text NOT NULL
);

COMMENT ON COLUMN access.claim.organization IS 'refers to: organizations';

COMMENT ON COLUMN access.claim.email IS 'a role mailbox, not a person''s: the one that the token was for';

CREATE TABLE access."grant" (
    grant_id bigint NOT NULL,
    name text NOT NULL,
    account_id bigint NOT NULL,
    role smallint NOT NULL,
    network text,
    region text,
    organization text,
    project text,
    sign_up text,
    start_time timestamp with time zone,
    end_time timestamp with time zone,
    create_time timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON COLUMN access."grant".organization IS 'refers to: organizations';

ALTER TABLE access."grant" ALTER COLUMN grant_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME access.grant_grant_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE access.session (
    session_id bigint NOT NULL,
    name text NOT NULL,
    account_id bigint NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    expire_time timestamp with time zone NOT NULL,
    end_time timestamp with time zone
);

ALTER TABLE access.session ALTER COLUMN session_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME access.session_session_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE access.sign_in (
    sign_in_id bigint NOT NULL,
    name text NOT NULL,
    address_hash bytea NOT NULL,
    language text NOT NULL,
    wrong_codes smallint DEFAULT 0 NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    expire_time timestamp with time zone NOT NULL
);

COMMENT ON COLUMN access.sign_in.address_hash IS 'personal: to sign in; kept: 1 day';

ALTER TABLE access.sign_in ALTER COLUMN sign_in_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME access.sign_in_sign_in_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE changes.change (
    xid xid8 DEFAULT pg_current_xact_id() NOT NULL,
    seq bigint NOT NULL,
    network text NOT NULL,
    resource text NOT NULL,
    version bigint NOT NULL,
    removed boolean DEFAULT false NOT NULL,
    actor text NOT NULL,
    method text NOT NULL,
    reason text,
    change_time timestamp with time zone DEFAULT now() NOT NULL,
    parts text[],
    part_versions bigint[],
    CONSTRAINT change_check CHECK ((NOT (cardinality(parts) IS DISTINCT FROM cardinality(part_versions))))
);
ALTER TABLE ONLY changes.change ALTER COLUMN parts SET STORAGE EXTERNAL;

ALTER TABLE changes.change ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME changes.change_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE changes.history (
    history_id text NOT NULL,
    start_time timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE db.migration (
    number integer NOT NULL,
    name text NOT NULL,
    fingerprint text NOT NULL,
    apply_time timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE db.request (
    caller text NOT NULL,
    request_id uuid NOT NULL,
    method text NOT NULL,
    fingerprint bytea NOT NULL,
    resource text NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE directory.field_change (
    field_change_id bigint NOT NULL,
    organization_id bigint NOT NULL,
    version bigint NOT NULL,
    field text NOT NULL,
    old_value text,
    new_value text,
    actor text NOT NULL,
    method text NOT NULL,
    source text NOT NULL,
    as_of date,
    change_time timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE directory.field_change ALTER COLUMN field_change_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME directory.field_change_field_change_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE directory.merge (
    organization text NOT NULL,
    stays text NOT NULL,
    outcome jsonb NOT NULL,
    actor text NOT NULL,
    merge_time timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE directory.network (
    network_id bigint NOT NULL,
    name text NOT NULL,
    kind smallint NOT NULL,
    display_name jsonb NOT NULL,
    countries text[] NOT NULL,
    languages text[] NOT NULL,
    currency text NOT NULL,
    time_zone text NOT NULL,
    jurisdiction_profile text NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    update_time timestamp with time zone DEFAULT now() NOT NULL
);

ALTER TABLE directory.network ALTER COLUMN network_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME directory.network_network_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE directory.not_double (
    one text NOT NULL,
    other text NOT NULL,
    actor text NOT NULL,
    dismiss_time timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT not_double_check CHECK ((one < other))
);

CREATE TABLE directory.organization (
    organization_id bigint NOT NULL,
    network text NOT NULL,
    name text NOT NULL,
    kind smallint NOT NULL,
    display_name jsonb NOT NULL,
    country text NOT NULL,
    languages text[] NOT NULL,
    latitude double precision,
    longitude double precision,
    email text NOT NULL,
    website text NOT NULL,
    description jsonb NOT NULL,
    state smallint NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    update_time timestamp with time zone DEFAULT now() NOT NULL,
    creator text DEFAULT ''::text NOT NULL,
    look_time timestamp with time zone,
    claim_time timestamp with time zone,
    return_reason text DEFAULT ''::text NOT NULL,
    successor text,
    dissolved_on date,
    legal_form text DEFAULT ''::text NOT NULL,
    elf_code text DEFAULT ''::text NOT NULL,
    founded_on date,
    register text DEFAULT ''::text NOT NULL,
    register_number text DEFAULT ''::text NOT NULL,
    registered_on date,
    member_total integer DEFAULT 0 NOT NULL,
    member_public integer DEFAULT 0 NOT NULL,
    member_private integer DEFAULT 0 NOT NULL,
    member_civic integer DEFAULT 0 NOT NULL,
    member_individual integer DEFAULT 0 NOT NULL,
    bodies smallint[] DEFAULT '{}'::smallint[] NOT NULL,
    area_km2 double precision DEFAULT 0 NOT NULL,
    population bigint DEFAULT 0 NOT NULL,
    strategy jsonb,
    merged_into text,
    CONSTRAINT organization_is_merged CHECK (((state = 7) = (merged_into IS NOT NULL))),
    CONSTRAINT organization_latitude_check CHECK (((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision))),
    CONSTRAINT organization_longitude_check CHECK (((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision))),
    CONSTRAINT organization_merged_into_another CHECK ((merged_into <> name)),
    CONSTRAINT organization_sectors_add_up CHECK (((member_total >= 0) AND (((((member_public + member_private) + member_civic) + member_individual) = 0) OR ((((member_public + member_private) + member_civic) + member_individual) = member_total)))),
    CONSTRAINT organization_successor_is_another CHECK ((successor <> name)),
    CONSTRAINT organization_was_looked_at CHECK (((state = ANY (ARRAY[1, 2, 7])) OR (look_time IS NOT NULL)))
);

COMMENT ON COLUMN directory.organization.email IS 'a role mailbox, not a person''s';

CREATE TABLE directory.organization_external_id (
    organization_id bigint NOT NULL,
    "position" integer NOT NULL,
    network text NOT NULL,
    source text NOT NULL,
    external_id text NOT NULL
);

CREATE TABLE directory.organization_fund (
    organization_id bigint NOT NULL,
    "position" integer NOT NULL,
    fund smallint NOT NULL,
    programme text NOT NULL,
    start_year integer NOT NULL,
    end_year integer NOT NULL
);

CREATE TABLE directory.organization_membership (
    organization_id bigint NOT NULL,
    "position" integer NOT NULL,
    network text NOT NULL,
    since date,
    until date,
    CONSTRAINT organization_membership_check CHECK ((until >= since))
);

CREATE TABLE directory.organization_registration (
    organization_id bigint NOT NULL,
    "position" integer NOT NULL,
    network text NOT NULL,
    status smallint NOT NULL,
    applied_on date,
    registered_on date,
    ended_on date
);

CREATE TABLE directory.organization_territory (
    organization_id bigint NOT NULL,
    "position" integer NOT NULL,
    scheme smallint NOT NULL,
    list_version text NOT NULL,
    code text NOT NULL
);

CREATE TABLE directory.organization_theme (
    organization_id bigint NOT NULL,
    "position" integer NOT NULL,
    theme text NOT NULL
);

CREATE VIEW directory.organization_entry AS
 SELECT organization.organization_id,
    organization.network,
    organization.name,
    organization.kind,
    organization.display_name,
    organization.country,
    organization.languages,
    organization.latitude,
    organization.longitude,
    organization.email,
    organization.website,
    organization.description,
    organization.state,
    organization.version,
    organization.create_time,
    organization.update_time,
    organization.creator,
    organization.look_time,
    organization.claim_time,
    organization.return_reason,
    organization.successor,
    organization.dissolved_on,
    organization.legal_form,
    organization.elf_code,
    organization.founded_on,
    organization.register,
    organization.register_number,
    organization.registered_on,
    organization.member_total,
    organization.member_public,
    organization.member_private,
    organization.member_civic,
    organization.member_individual,
    organization.bodies,
    organization.area_km2,
    organization.population,
    organization.strategy,
    organization.merged_into,
    COALESCE(( SELECT jsonb_agg(jsonb_build_object('scheme', t.scheme, 'version', t.list_version, 'code', t.code) ORDER BY t."position") AS jsonb_agg
           FROM directory.organization_territory t
          WHERE (t.organization_id = organization.organization_id)), '[]'::jsonb) AS territories,
    ARRAY( SELECT t.theme
           FROM directory.organization_theme t
          WHERE (t.organization_id = organization.organization_id)
          ORDER BY t."position") AS themes,
    COALESCE(( SELECT jsonb_agg(jsonb_build_object('network', m.network, 'since', m.since, 'until', m.until) ORDER BY m."position") AS jsonb_agg
           FROM directory.organization_membership m
          WHERE (m.organization_id = organization.organization_id)), '[]'::jsonb) AS memberships,
    COALESCE(( SELECT jsonb_agg(jsonb_build_object('network', r.network, 'status', r.status, 'applied_on', r.applied_on, 'registered_on', r.registered_on, 'ended_on', r.ended_on) ORDER BY r."position") AS jsonb_agg
           FROM directory.organization_registration r
          WHERE (r.organization_id = organization.organization_id)), '[]'::jsonb) AS registrations,
    COALESCE(( SELECT jsonb_agg(jsonb_build_object('fund', f.fund, 'programme', f.programme, 'start_year', f.start_year, 'end_year', f.end_year) ORDER BY f."position") AS jsonb_agg
           FROM directory.organization_fund f
          WHERE (f.organization_id = organization.organization_id)), '[]'::jsonb) AS funds,
    COALESCE(( SELECT jsonb_agg(jsonb_build_object('source', e.source, 'id', e.external_id) ORDER BY e."position") AS jsonb_agg
           FROM directory.organization_external_id e
          WHERE (e.organization_id = organization.organization_id)), '[]'::jsonb) AS external_ids
   FROM directory.organization;

ALTER TABLE directory.organization ALTER COLUMN organization_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME directory.organization_organization_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE VIEW directory.organization_reference AS
 SELECT a.attrelid AS relation,
    a.attname AS column_name,
    (((((n.nspname)::text || '.'::text) || (c.relname)::text) || '.'::text) || (a.attname)::text) AS reference,
    (a.attndims > 0) AS is_list,
    COALESCE(key.target, 'name'::name) AS target
   FROM (((pg_attribute a
     JOIN pg_class c ON (((c.oid = a.attrelid) AND (c.relkind = ANY (ARRAY['r'::"char", 'p'::"char"])))))
     JOIN pg_namespace n ON ((n.oid = c.relnamespace)))
     LEFT JOIN LATERAL ( SELECT t.attname AS target
           FROM (pg_constraint k
             JOIN pg_attribute t ON (((t.attrelid = k.confrelid) AND (t.attnum = k.confkey[array_position(k.conkey, a.attnum)]))))
          WHERE ((k.contype = 'f'::"char") AND (k.conrelid = a.attrelid) AND (k.confrelid = ('directory.organization'::regclass)::oid) AND (a.attnum = ANY (k.conkey)))
         LIMIT 1) key ON (true))
  WHERE ((a.attnum > 0) AND (NOT a.attisdropped) AND ((key.target IS NOT NULL) OR starts_with(col_description(a.attrelid, (a.attnum)::integer), 'refers to: organizations'::text)));

CREATE TABLE directory.theme (
    id text NOT NULL,
    label jsonb NOT NULL,
    broader text
);

CREATE TABLE jobs.run (
    name text NOT NULL,
    done_time timestamp with time zone NOT NULL
);

CREATE TABLE mail.asked (
    key bytea NOT NULL,
    ask_time timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON COLUMN mail.asked.key IS 'personal: against floods of mail; kept: 1 day';

CREATE TABLE mail.letter (
    letter_id bigint NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    about text NOT NULL,
    version bigint NOT NULL,
    state smallint DEFAULT 1 NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    due_time timestamp with time zone DEFAULT now() NOT NULL,
    failure text DEFAULT ''::text NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    done_time timestamp with time zone,
    reader_key bytea DEFAULT '\x'::bytea NOT NULL,
    reader bytea DEFAULT '\x'::bytea NOT NULL
);

COMMENT ON COLUMN mail.letter.reader IS 'personal: to tell people that a party of theirs was withdrawn and erased; kept: until they are told, at most 1 week';

ALTER TABLE mail.letter ALTER COLUMN letter_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME mail.letter_letter_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE mail.read_to (
    only_one boolean DEFAULT true NOT NULL,
    xid bigint NOT NULL,
    seq bigint NOT NULL,
    part integer DEFAULT 0 NOT NULL,
    CONSTRAINT read_to_only_one_check CHECK (only_one)
);

CREATE TABLE mail.reading (
    only_one boolean DEFAULT true NOT NULL,
    xid bigint NOT NULL,
    seq bigint NOT NULL,
    CONSTRAINT reading_only_one_check CHECK (only_one)
);

CREATE TABLE mail.refused_address (
    address_hash bytea NOT NULL,
    refuse_time timestamp with time zone DEFAULT now() NOT NULL
);

COMMENT ON COLUMN mail.refused_address.address_hash IS 'personal: to write no more where mail is refused; kept: 1 year';

CREATE TABLE privacy.seal_key (
    seal_key_id text NOT NULL,
    wrapped bytea NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE privacy.server_key (
    only_one boolean DEFAULT true NOT NULL,
    proof bytea NOT NULL,
    CONSTRAINT server_key_only_one_check CHECK (only_one)
);

CREATE TABLE projects.budget_line (
    project_id bigint NOT NULL,
    "position" integer NOT NULL,
    title text NOT NULL,
    year integer NOT NULL,
    partner text,
    minor_units bigint NOT NULL,
    currency text NOT NULL
);

CREATE TABLE projects.indicator (
    project_id bigint NOT NULL,
    "position" integer NOT NULL,
    title text NOT NULL,
    unit text NOT NULL,
    target bigint NOT NULL,
    actual bigint NOT NULL
);

CREATE TABLE projects.partner (
    project_id bigint NOT NULL,
    "position" integer NOT NULL,
    organization text NOT NULL,
    role smallint NOT NULL
);

CREATE TABLE projects.project (
    project_id bigint NOT NULL,
    network text NOT NULL,
    name text NOT NULL,
    title jsonb NOT NULL,
    description jsonb NOT NULL,
    programme text NOT NULL,
    priority text NOT NULL,
    goal text NOT NULL,
    action text NOT NULL,
    agreement_number text NOT NULL,
    start_date date NOT NULL,
    end_date date NOT NULL,
    credit_line jsonb NOT NULL,
    logo_urls text[] NOT NULL,
    predecessor text,
    state smallint DEFAULT 1 NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    update_time timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT project_check CHECK ((end_date >= start_date))
);

CREATE VIEW projects.project_entry AS
 SELECT project.project_id,
    project.network,
    project.name,
    project.title,
    project.description,
    project.programme,
    project.priority,
    project.goal,
    project.action,
    project.agreement_number,
    project.start_date,
    project.end_date,
    project.credit_line,
    project.logo_urls,
    project.predecessor,
    project.state,
    project.version,
    project.create_time,
    project.update_time,
    ( SELECT jsonb_agg(jsonb_build_object('organization', p.organization, 'role', p.role) ORDER BY p."position") AS jsonb_agg
           FROM projects.partner p
          WHERE (p.project_id = project.project_id)) AS partners,
    COALESCE(( SELECT jsonb_agg(jsonb_build_object('title', b.title, 'year', b.year, 'partner', COALESCE(b.partner, ''::text), 'minor_units', b.minor_units, 'currency', b.currency) ORDER BY b."position") AS jsonb_agg
           FROM projects.budget_line b
          WHERE (b.project_id = project.project_id)), '[]'::jsonb) AS budget,
    COALESCE(( SELECT jsonb_agg(jsonb_build_object('title', i.title, 'unit', i.unit, 'target', i.target, 'actual', i.actual) ORDER BY i."position") AS jsonb_agg
           FROM projects.indicator i
          WHERE (i.project_id = project.project_id)), '[]'::jsonb) AS indicators
   FROM projects.project;

ALTER TABLE projects.project ALTER COLUMN project_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME projects.project_project_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE visits.day (
    visit_id bigint NOT NULL,
    "position" integer NOT NULL,
    date date NOT NULL,
    title jsonb NOT NULL
);

CREATE TABLE visits.decision (
    visit_id bigint NOT NULL,
    version bigint NOT NULL,
    command smallint NOT NULL,
    actor text NOT NULL,
    events jsonb NOT NULL,
    confirmed_count integer NOT NULL,
    waitlisted_count integer NOT NULL,
    decide_time timestamp with time zone DEFAULT now() NOT NULL,
    reason text DEFAULT ''::text NOT NULL
);

CREATE TABLE visits.draw (
    visit_id bigint NOT NULL,
    list jsonb NOT NULL,
    root text NOT NULL,
    lottery jsonb NOT NULL,
    lottery_digest text NOT NULL,
    document text DEFAULT ''::text NOT NULL,
    close_time timestamp with time zone DEFAULT now() NOT NULL,
    hold_time timestamp with time zone
);

COMMENT ON COLUMN visits.draw.list IS 'personal: to prove the draw; kept: until 30 days after the visit, or erasure';

CREATE TABLE visits.draw_host (
    visit_id bigint NOT NULL,
    host_label text NOT NULL,
    commitment text NOT NULL,
    seed text DEFAULT ''::text NOT NULL,
    commit_time timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE visits.draw_progress (
    visit_id bigint NOT NULL,
    step text NOT NULL,
    done_percent integer NOT NULL,
    panels integer NOT NULL,
    time_percent integer NOT NULL,
    start_time timestamp with time zone NOT NULL,
    update_time timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE visits.draw_restart (
    visit_id bigint NOT NULL,
    restart_number integer NOT NULL,
    reason text NOT NULL,
    hosts jsonb NOT NULL,
    restart_time timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE visits.host (
    visit_id bigint NOT NULL,
    "position" integer NOT NULL,
    organization text NOT NULL
);

CREATE TABLE visits.person (
    visit_id bigint NOT NULL,
    person_hash bytea NOT NULL,
    sign_up text NOT NULL,
    member integer DEFAULT 0 NOT NULL
);

COMMENT ON COLUMN visits.person.person_hash IS 'personal: to keep anybody from being on a visit twice, or from having two seats of a project while others have none; kept: until the sign-up ends, at most until 30 days after the visit';

CREATE TABLE visits.rules_version (
    visit_id bigint NOT NULL,
    version bigint NOT NULL,
    rules text NOT NULL,
    hash text NOT NULL,
    reason text NOT NULL,
    actor text NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE visits.seat_history (
    network text NOT NULL,
    person_hash bytea NOT NULL,
    sign_up_hash bytea NOT NULL,
    visit_end date NOT NULL,
    keep_end date NOT NULL
);

COMMENT ON COLUMN visits.seat_history.person_hash IS 'personal: to let those who had no seat count more in a draw; kept: until 5 years after the visit, or erasure';

COMMENT ON COLUMN visits.seat_history.sign_up_hash IS 'personal: to show and erase the row by the link of the sign-up; kept: until 5 years after the visit, or erasure';

CREATE TABLE visits.sign_up (
    visit_id bigint NOT NULL,
    name text NOT NULL,
    organization text NOT NULL,
    standing smallint NOT NULL,
    sector smallint NOT NULL,
    member_count integer NOT NULL,
    min_members integer NOT NULL,
    members bytea NOT NULL,
    external_id text NOT NULL,
    creator text NOT NULL,
    state smallint NOT NULL,
    arrival bigint NOT NULL,
    version bigint NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    update_time timestamp with time zone DEFAULT now() NOT NULL,
    seats integer DEFAULT 0 NOT NULL,
    traits jsonb DEFAULT '[]'::jsonb NOT NULL,
    due_time timestamp with time zone,
    hold_end_time timestamp with time zone,
    draw_rank bigint DEFAULT 0 NOT NULL,
    refuse_reason text DEFAULT ''::text NOT NULL,
    is_unverified boolean DEFAULT false NOT NULL,
    queue_place bigint DEFAULT 0 NOT NULL,
    head_version bigint DEFAULT 0 NOT NULL,
    intake jsonb DEFAULT '{}'::jsonb NOT NULL,
    network_hash bytea DEFAULT '\x'::bytea NOT NULL,
    seals_left_out boolean DEFAULT false NOT NULL,
    choice smallint DEFAULT 0 NOT NULL,
    is_second boolean DEFAULT false NOT NULL,
    seal_key bytea DEFAULT '\x'::bytea NOT NULL,
    CONSTRAINT sign_up_check CHECK (((seats >= 0) AND (seats <= member_count))),
    CONSTRAINT sign_up_member_count_check CHECK ((member_count > 0))
)
WITH (fillfactor='80');

COMMENT ON COLUMN visits.sign_up.organization IS 'refers to: organizations';

COMMENT ON COLUMN visits.sign_up.members IS 'personal: to give seats and to reach the people; kept: until 30 days after the visit, or erasure';

COMMENT ON COLUMN visits.sign_up.traits IS 'personal: to balance the group; kept: until 30 days after the visit, or erasure';

COMMENT ON COLUMN visits.sign_up.network_hash IS 'personal: to keep one network from holding all seats; kept: until the address is confirmed or the sign-up ends, at most until 30 days after the visit';

CREATE TABLE visits.stop (
    visit_id bigint NOT NULL,
    day integer NOT NULL,
    "position" integer NOT NULL,
    title jsonb NOT NULL,
    host text,
    place text NOT NULL,
    theme text,
    funds text[] NOT NULL
);

CREATE TABLE visits.visit (
    visit_id bigint NOT NULL,
    network text NOT NULL,
    name text NOT NULL,
    project text,
    title jsonb NOT NULL,
    description jsonb NOT NULL,
    time_zone text NOT NULL,
    start_local timestamp without time zone NOT NULL,
    end_local timestamp without time zone NOT NULL,
    sign_up_start_local timestamp without time zone,
    sign_up_end_local timestamp without time zone,
    start_time timestamp with time zone NOT NULL,
    end_time timestamp with time zone NOT NULL,
    sign_up_start_time timestamp with time zone,
    sign_up_end_time timestamp with time zone NOT NULL,
    seats integer NOT NULL,
    seats_per_organization integer NOT NULL,
    languages text[] NOT NULL,
    covered smallint[] NOT NULL,
    contact_email text NOT NULL,
    state smallint DEFAULT 1 NOT NULL,
    cancel_reason text DEFAULT ''::text NOT NULL,
    confirmed_count integer DEFAULT 0 NOT NULL,
    waitlisted_count integer DEFAULT 0 NOT NULL,
    version bigint DEFAULT 1 NOT NULL,
    create_time timestamp with time zone DEFAULT now() NOT NULL,
    update_time timestamp with time zone DEFAULT now() NOT NULL,
    seat_rules jsonb DEFAULT '{}'::jsonb NOT NULL,
    rules_hash text DEFAULT ''::text NOT NULL,
    held_count integer DEFAULT 0 NOT NULL,
    is_drawn boolean DEFAULT false NOT NULL,
    due_time timestamp with time zone,
    remind_time timestamp with time zone,
    seat_project text GENERATED ALWAYS AS (
CASE
    WHEN (seat_rules @> '{"first_seats_first": true}'::jsonb) THEN project
    ELSE NULL::text
END) STORED,
    is_in_history boolean DEFAULT false NOT NULL,
    CONSTRAINT visit_check CHECK ((end_time > start_time)),
    CONSTRAINT visit_check1 CHECK ((confirmed_count <= seats)),
    CONSTRAINT visit_check2 CHECK (((confirmed_count + held_count) <= seats)),
    CONSTRAINT visit_seats_check CHECK ((seats > 0)),
    CONSTRAINT visit_seats_per_organization_check CHECK ((seats_per_organization >= 0))
)
WITH (fillfactor='70');

COMMENT ON COLUMN visits.visit.contact_email IS 'a role mailbox, not a person''s';

COMMENT ON COLUMN visits.visit.seat_rules IS 'refers to: organizations';

COMMENT ON COLUMN visits.visit.seat_project IS 'the project, if its visits give seats out together';

CREATE VIEW visits.visit_entry AS
 SELECT visit.visit_id,
    visit.network,
    visit.name,
    visit.project,
    visit.title,
    visit.description,
    visit.time_zone,
    visit.start_local,
    visit.end_local,
    visit.sign_up_start_local,
    visit.sign_up_end_local,
    visit.start_time,
    visit.end_time,
    visit.sign_up_start_time,
    visit.sign_up_end_time,
    visit.seats,
    visit.seats_per_organization,
    visit.languages,
    visit.covered,
    visit.contact_email,
    visit.state,
    visit.cancel_reason,
    visit.confirmed_count,
    visit.waitlisted_count,
    visit.version,
    visit.create_time,
    visit.update_time,
    visit.seat_rules,
    visit.rules_hash,
    visit.held_count,
    visit.is_drawn,
    visit.due_time,
    ARRAY( SELECT h.organization
           FROM visits.host h
          WHERE (h.visit_id = visit.visit_id)
          ORDER BY h."position") AS hosts,
    COALESCE(( SELECT jsonb_agg(jsonb_build_object('date', d.date, 'title', d.title, 'stops', COALESCE(( SELECT jsonb_agg(jsonb_build_object('title', s.title, 'host', COALESCE(s.host, ''::text), 'place', s.place, 'theme', COALESCE(s.theme, ''::text), 'funds', to_jsonb(s.funds)) ORDER BY s."position") AS jsonb_agg
                   FROM visits.stop s
                  WHERE ((s.visit_id = d.visit_id) AND (s.day = d."position"))), '[]'::jsonb)) ORDER BY d."position") AS jsonb_agg
           FROM visits.day d
          WHERE (d.visit_id = visit.visit_id)), '[]'::jsonb) AS days
   FROM visits.visit;

ALTER TABLE visits.visit ALTER COLUMN visit_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME visits.visit_visit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

ALTER TABLE ONLY access.account
    ADD CONSTRAINT account_name_key UNIQUE (name);

ALTER TABLE ONLY access.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (account_id);

ALTER TABLE ONLY access.api_key
    ADD CONSTRAINT api_key_account_id_name_key UNIQUE (account_id, name);

ALTER TABLE ONLY access.api_key
    ADD CONSTRAINT api_key_hash_key UNIQUE (hash);

ALTER TABLE ONLY access.api_key
    ADD CONSTRAINT api_key_pkey PRIMARY KEY (api_key_id);

ALTER TABLE ONLY access.claim
    ADD CONSTRAINT claim_name_key UNIQUE (name);

ALTER TABLE ONLY access.claim
    ADD CONSTRAINT claim_pkey PRIMARY KEY (organization);

ALTER TABLE ONLY access."grant"
    ADD CONSTRAINT grant_account_id_name_key UNIQUE (account_id, name);

ALTER TABLE ONLY access."grant"
    ADD CONSTRAINT grant_pkey PRIMARY KEY (grant_id);

ALTER TABLE ONLY access.session
    ADD CONSTRAINT session_name_key UNIQUE (name);

ALTER TABLE ONLY access.session
    ADD CONSTRAINT session_pkey PRIMARY KEY (session_id);

ALTER TABLE ONLY access.sign_in
    ADD CONSTRAINT sign_in_name_key UNIQUE (name);

ALTER TABLE ONLY access.sign_in
    ADD CONSTRAINT sign_in_pkey PRIMARY KEY (sign_in_id);

ALTER TABLE ONLY changes.change
    ADD CONSTRAINT change_pkey PRIMARY KEY (xid, seq);

ALTER TABLE ONLY changes.history
    ADD CONSTRAINT history_pkey PRIMARY KEY (history_id);

ALTER TABLE ONLY db.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (number);

ALTER TABLE ONLY db.request
    ADD CONSTRAINT request_pkey PRIMARY KEY (caller, request_id);

ALTER TABLE ONLY directory.field_change
    ADD CONSTRAINT field_change_pkey PRIMARY KEY (field_change_id);

ALTER TABLE ONLY directory.merge
    ADD CONSTRAINT merge_pkey PRIMARY KEY (organization);

ALTER TABLE ONLY directory.network
    ADD CONSTRAINT network_name_key UNIQUE (name);

ALTER TABLE ONLY directory.network
    ADD CONSTRAINT network_pkey PRIMARY KEY (network_id);

ALTER TABLE ONLY directory.not_double
    ADD CONSTRAINT not_double_pkey PRIMARY KEY (one, other);

ALTER TABLE ONLY directory.organization_external_id
    ADD CONSTRAINT organization_external_id_network_source_external_id_key UNIQUE (network, source, external_id);

ALTER TABLE ONLY directory.organization_external_id
    ADD CONSTRAINT organization_external_id_pkey PRIMARY KEY (organization_id, "position");

ALTER TABLE ONLY directory.organization_fund
    ADD CONSTRAINT organization_fund_pkey PRIMARY KEY (organization_id, "position");

ALTER TABLE ONLY directory.organization_membership
    ADD CONSTRAINT organization_membership_pkey PRIMARY KEY (organization_id, "position");

ALTER TABLE ONLY directory.organization
    ADD CONSTRAINT organization_name_key UNIQUE (name);

ALTER TABLE ONLY directory.organization
    ADD CONSTRAINT organization_pkey PRIMARY KEY (organization_id);

ALTER TABLE ONLY directory.organization_registration
    ADD CONSTRAINT organization_registration_organization_id_network_key UNIQUE (organization_id, network);

ALTER TABLE ONLY directory.organization_registration
    ADD CONSTRAINT organization_registration_pkey PRIMARY KEY (organization_id, "position");

ALTER TABLE ONLY directory.organization_territory
    ADD CONSTRAINT organization_territory_pkey PRIMARY KEY (organization_id, "position");

ALTER TABLE ONLY directory.organization_theme
    ADD CONSTRAINT organization_theme_pkey PRIMARY KEY (organization_id, theme);

ALTER TABLE ONLY directory.theme
    ADD CONSTRAINT theme_pkey PRIMARY KEY (id);

ALTER TABLE ONLY jobs.run
    ADD CONSTRAINT run_pkey PRIMARY KEY (name);

ALTER TABLE ONLY mail.letter
    ADD CONSTRAINT letter_about_version_kind_key UNIQUE (about, version, kind);

ALTER TABLE ONLY mail.letter
    ADD CONSTRAINT letter_name_key UNIQUE (name);

ALTER TABLE ONLY mail.letter
    ADD CONSTRAINT letter_pkey PRIMARY KEY (letter_id);

ALTER TABLE ONLY mail.read_to
    ADD CONSTRAINT read_to_pkey PRIMARY KEY (only_one);

ALTER TABLE ONLY mail.reading
    ADD CONSTRAINT reading_pkey PRIMARY KEY (only_one);

ALTER TABLE ONLY mail.refused_address
    ADD CONSTRAINT refused_address_pkey PRIMARY KEY (address_hash);

ALTER TABLE ONLY privacy.seal_key
    ADD CONSTRAINT seal_key_pkey PRIMARY KEY (seal_key_id);

ALTER TABLE ONLY privacy.server_key
    ADD CONSTRAINT server_key_pkey PRIMARY KEY (only_one);

ALTER TABLE ONLY projects.budget_line
    ADD CONSTRAINT budget_line_pkey PRIMARY KEY (project_id, "position");

ALTER TABLE ONLY projects.indicator
    ADD CONSTRAINT indicator_pkey PRIMARY KEY (project_id, "position");

ALTER TABLE ONLY projects.partner
    ADD CONSTRAINT partner_pkey PRIMARY KEY (project_id, organization);

ALTER TABLE ONLY projects.project
    ADD CONSTRAINT project_name_key UNIQUE (name);

ALTER TABLE ONLY projects.project
    ADD CONSTRAINT project_pkey PRIMARY KEY (project_id);

ALTER TABLE ONLY visits.day
    ADD CONSTRAINT day_pkey PRIMARY KEY (visit_id, "position");

ALTER TABLE ONLY visits.decision
    ADD CONSTRAINT decision_pkey PRIMARY KEY (visit_id, version);

ALTER TABLE ONLY visits.draw_host
    ADD CONSTRAINT draw_host_pkey PRIMARY KEY (visit_id, host_label);

ALTER TABLE ONLY visits.draw
    ADD CONSTRAINT draw_pkey PRIMARY KEY (visit_id);

ALTER TABLE ONLY visits.draw_progress
    ADD CONSTRAINT draw_progress_pkey PRIMARY KEY (visit_id);

ALTER TABLE ONLY visits.draw_restart
    ADD CONSTRAINT draw_restart_pkey PRIMARY KEY (visit_id, restart_number);

ALTER TABLE ONLY visits.host
    ADD CONSTRAINT host_pkey PRIMARY KEY (visit_id, organization);

ALTER TABLE ONLY visits.person
    ADD CONSTRAINT person_pkey PRIMARY KEY (visit_id, person_hash);

ALTER TABLE ONLY visits.rules_version
    ADD CONSTRAINT rules_version_pkey PRIMARY KEY (visit_id, version);

ALTER TABLE ONLY visits.seat_history
    ADD CONSTRAINT seat_history_pkey PRIMARY KEY (network, person_hash, sign_up_hash);

ALTER TABLE ONLY visits.sign_up
    ADD CONSTRAINT sign_up_pkey PRIMARY KEY (name);

ALTER TABLE ONLY visits.stop
    ADD CONSTRAINT stop_pkey PRIMARY KEY (visit_id, day, "position");

ALTER TABLE ONLY visits.visit
    ADD CONSTRAINT visit_name_key UNIQUE (name);

ALTER TABLE ONLY visits.visit
    ADD CONSTRAINT visit_pkey PRIMARY KEY (visit_id);

CREATE INDEX account_address ON access.account USING btree (address_hash) WHERE (address_hash IS NOT NULL);

CREATE INDEX account_network ON access.account USING btree (network, name);

CREATE INDEX session_account ON access.session USING btree (account_id);

CREATE INDEX change_network ON changes.change USING btree (network, xid, seq);

CREATE INDEX change_resource ON changes.change USING btree (resource, version) WHERE (resource !~~ '%/signUps/%'::text);

CREATE INDEX request_create_time ON db.request USING brin (create_time);

CREATE INDEX field_change_field ON directory.field_change USING btree (organization_id, field, field_change_id);

CREATE INDEX field_change_organization ON directory.field_change USING btree (organization_id, field_change_id);

CREATE INDEX not_double_other ON directory.not_double USING btree (other);

CREATE INDEX organization_look_time ON directory.organization USING btree (look_time) WHERE (state = 3);

CREATE INDEX organization_membership_network ON directory.organization_membership USING btree (network);

CREATE INDEX organization_merged_into ON directory.organization USING btree (merged_into) WHERE (merged_into IS NOT NULL);

CREATE INDEX organization_network ON directory.organization USING btree (network, name);

CREATE INDEX organization_registration_network ON directory.organization_registration USING btree (network);

CREATE INDEX organization_territory_code ON directory.organization_territory USING btree (code text_pattern_ops);

CREATE INDEX organization_theme_theme ON directory.organization_theme USING btree (theme);

CREATE INDEX asked_key ON mail.asked USING btree (key, ask_time);

CREATE INDEX asked_time ON mail.asked USING btree (ask_time);

CREATE INDEX letter_done ON mail.letter USING btree (done_time) WHERE (state <> 1);

CREATE INDEX letter_due ON mail.letter USING btree (due_time) WHERE (state = 1);

CREATE INDEX letter_reader ON mail.letter USING btree (create_time) WHERE (reader <> '\x'::bytea);

CREATE UNIQUE INDEX partner_lead ON projects.partner USING btree (project_id) WHERE (role = 1);

CREATE INDEX partner_organization ON projects.partner USING btree (organization);

CREATE INDEX project_network ON projects.project USING btree (network, name);

CREATE INDEX host_organization ON visits.host USING btree (organization);

CREATE INDEX person_sign_up ON visits.person USING btree (sign_up);

CREATE INDEX seat_history_keep_end ON visits.seat_history USING btree (keep_end);

CREATE INDEX seat_history_sign_up ON visits.seat_history USING btree (sign_up_hash);

CREATE INDEX sign_up_external ON visits.sign_up USING btree (visit_id, external_id) WHERE (external_id <> ''::text);

CREATE INDEX sign_up_seals_left_out ON visits.sign_up USING btree (name) WHERE seals_left_out;

CREATE INDEX sign_up_visit ON visits.sign_up USING btree (visit_id, state, arrival);

CREATE INDEX visit_due ON visits.visit USING btree (due_time) WHERE (state = 2);

CREATE INDEX visit_project ON visits.visit USING btree (project);

CREATE INDEX visit_seat_project ON visits.visit USING btree (seat_project) WHERE (seat_project IS NOT NULL);

CREATE INDEX visit_start ON visits.visit USING btree (start_time, visit_id);

ALTER TABLE ONLY access.api_key
    ADD CONSTRAINT api_key_account_id_fkey FOREIGN KEY (account_id) REFERENCES access.account(account_id);

ALTER TABLE ONLY access."grant"
    ADD CONSTRAINT grant_account_id_fkey FOREIGN KEY (account_id) REFERENCES access.account(account_id);

ALTER TABLE ONLY access.session
    ADD CONSTRAINT session_account_id_fkey FOREIGN KEY (account_id) REFERENCES access.account(account_id);

ALTER TABLE ONLY directory.field_change
    ADD CONSTRAINT field_change_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES directory.organization(organization_id) ON DELETE CASCADE;

ALTER TABLE ONLY directory.merge
    ADD CONSTRAINT merge_organization_fkey FOREIGN KEY (organization) REFERENCES directory.organization(name);

ALTER TABLE ONLY directory.not_double
    ADD CONSTRAINT not_double_one_fkey FOREIGN KEY (one) REFERENCES directory.organization(name);

ALTER TABLE ONLY directory.not_double
    ADD CONSTRAINT not_double_other_fkey FOREIGN KEY (other) REFERENCES directory.organization(name);

ALTER TABLE ONLY directory.organization_external_id
    ADD CONSTRAINT organization_external_id_network_fkey FOREIGN KEY (network) REFERENCES directory.network(name);

ALTER TABLE ONLY directory.organization_external_id
    ADD CONSTRAINT organization_external_id_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES directory.organization(organization_id) ON DELETE CASCADE;

ALTER TABLE ONLY directory.organization_fund
    ADD CONSTRAINT organization_fund_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES directory.organization(organization_id) ON DELETE CASCADE;

ALTER TABLE ONLY directory.organization_membership
    ADD CONSTRAINT organization_membership_network_fkey FOREIGN KEY (network) REFERENCES directory.network(name);

ALTER TABLE ONLY directory.organization_membership
    ADD CONSTRAINT organization_membership_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES directory.organization(organization_id) ON DELETE CASCADE;

ALTER TABLE ONLY directory.organization
    ADD CONSTRAINT organization_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES directory.organization(name);

ALTER TABLE ONLY directory.organization
    ADD CONSTRAINT organization_network_fkey FOREIGN KEY (network) REFERENCES directory.network(name);

ALTER TABLE ONLY directory.organization_registration
    ADD CONSTRAINT organization_registration_network_fkey FOREIGN KEY (network) REFERENCES directory.network(name);

ALTER TABLE ONLY directory.organization_registration
    ADD CONSTRAINT organization_registration_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES directory.organization(organization_id) ON DELETE CASCADE;

ALTER TABLE ONLY directory.organization
    ADD CONSTRAINT organization_successor_fkey FOREIGN KEY (successor) REFERENCES directory.organization(name);

ALTER TABLE ONLY directory.organization_territory
    ADD CONSTRAINT organization_territory_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES directory.organization(organization_id) ON DELETE CASCADE;

ALTER TABLE ONLY directory.organization_theme
    ADD CONSTRAINT organization_theme_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES directory.organization(organization_id) ON DELETE CASCADE;

ALTER TABLE ONLY directory.organization_theme
    ADD CONSTRAINT organization_theme_theme_fkey FOREIGN KEY (theme) REFERENCES directory.theme(id);

ALTER TABLE ONLY directory.theme
    ADD CONSTRAINT theme_broader_fkey FOREIGN KEY (broader) REFERENCES directory.theme(id);

ALTER TABLE ONLY projects.budget_line
    ADD CONSTRAINT budget_line_partner_fkey FOREIGN KEY (partner) REFERENCES directory.organization(name);

ALTER TABLE ONLY projects.budget_line
    ADD CONSTRAINT budget_line_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects.project(project_id) ON DELETE CASCADE;

ALTER TABLE ONLY projects.indicator
    ADD CONSTRAINT indicator_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects.project(project_id) ON DELETE CASCADE;

ALTER TABLE ONLY projects.partner
    ADD CONSTRAINT partner_organization_fkey FOREIGN KEY (organization) REFERENCES directory.organization(name);

ALTER TABLE ONLY projects.partner
    ADD CONSTRAINT partner_project_id_fkey FOREIGN KEY (project_id) REFERENCES projects.project(project_id) ON DELETE CASCADE;

ALTER TABLE ONLY projects.project
    ADD CONSTRAINT project_network_fkey FOREIGN KEY (network) REFERENCES directory.network(name);

ALTER TABLE ONLY projects.project
    ADD CONSTRAINT project_predecessor_fkey FOREIGN KEY (predecessor) REFERENCES projects.project(name);

ALTER TABLE ONLY visits.day
    ADD CONSTRAINT day_visit_id_fkey FOREIGN KEY (visit_id) REFERENCES visits.visit(visit_id) ON DELETE CASCADE;

ALTER TABLE ONLY visits.draw_host
    ADD CONSTRAINT draw_host_visit_id_fkey FOREIGN KEY (visit_id) REFERENCES visits.visit(visit_id) ON DELETE CASCADE;

ALTER TABLE ONLY visits.draw_progress
    ADD CONSTRAINT draw_progress_visit_id_fkey FOREIGN KEY (visit_id) REFERENCES visits.visit(visit_id) ON DELETE CASCADE;

ALTER TABLE ONLY visits.draw_restart
    ADD CONSTRAINT draw_restart_visit_id_fkey FOREIGN KEY (visit_id) REFERENCES visits.visit(visit_id) ON DELETE CASCADE;

ALTER TABLE ONLY visits.draw
    ADD CONSTRAINT draw_visit_id_fkey FOREIGN KEY (visit_id) REFERENCES visits.visit(visit_id) ON DELETE CASCADE;

ALTER TABLE ONLY visits.host
    ADD CONSTRAINT host_organization_fkey FOREIGN KEY (organization) REFERENCES directory.organization(name);

ALTER TABLE ONLY visits.host
    ADD CONSTRAINT host_visit_id_fkey FOREIGN KEY (visit_id) REFERENCES visits.visit(visit_id) ON DELETE CASCADE;

ALTER TABLE ONLY visits.rules_version
    ADD CONSTRAINT rules_version_visit_id_fkey FOREIGN KEY (visit_id) REFERENCES visits.visit(visit_id) ON DELETE CASCADE;

ALTER TABLE ONLY visits.seat_history
    ADD CONSTRAINT seat_history_network_fkey FOREIGN KEY (network) REFERENCES directory.network(name);

ALTER TABLE ONLY visits.stop
    ADD CONSTRAINT stop_host_fkey FOREIGN KEY (host) REFERENCES directory.organization(name);

ALTER TABLE ONLY visits.stop
    ADD CONSTRAINT stop_theme_fkey FOREIGN KEY (theme) REFERENCES directory.theme(id);

ALTER TABLE ONLY visits.stop
    ADD CONSTRAINT stop_visit_id_day_fkey FOREIGN KEY (visit_id, day) REFERENCES visits.day(visit_id, "position") ON DELETE CASCADE;

ALTER TABLE ONLY visits.visit
    ADD CONSTRAINT visit_network_fkey FOREIGN KEY (network) REFERENCES directory.network(name);

ALTER TABLE ONLY visits.visit
    ADD CONSTRAINT visit_project_fkey FOREIGN KEY (project) REFERENCES projects.project(name);
