-- Puts organisations into lagnetd's own database, faster than its API takes
-- them, from the table `line`, which has one on each row as deploy/demo writes
-- them, with the numbers of kind and scheme beside. The state is that of one
-- that came through the API. The change log is left out, so that the server has
-- to be started again: for a bench and nothing else.
WITH added AS (
  INSERT INTO directory.organization
         (network, name, kind, display_name, country, languages, latitude,
          longitude, email, website, description, state, look_time)
  SELECT split_part(entry ->> 'network', '/', 2),
         split_part(entry ->> 'name', '/', 2),
         (entry ->> 'kindNumber')::smallint,
         entry #> '{displayName,texts}', entry ->> 'country',
         ARRAY(SELECT jsonb_array_elements_text(entry -> 'languages')),
         (entry #>> '{position,latitude}')::float8,
         (entry #>> '{position,longitude}')::float8,
         entry ->> 'email', '', entry #> '{description,texts}',
         (SELECT state FROM directory.organization WHERE name = 'lag-kazbegi'),
         now()
    FROM line
  RETURNING organization_id, name
), added_line AS (
  SELECT organization_id, entry
    FROM added JOIN line
      ON added.name = split_part(entry ->> 'name', '/', 2)
), territories AS (
  INSERT INTO directory.organization_territory
         (organization_id, position, scheme, list_version, code)
  SELECT organization_id, 0,
         (entry #>> '{territories,0,schemeNumber}')::smallint,
         coalesce(entry #>> '{territories,0,version}', ''),
         entry #>> '{territories,0,code}'
    FROM added_line
)
INSERT INTO directory.organization_theme (organization_id, position, theme)
SELECT organization_id, n - 1, theme
  FROM added_line,
       jsonb_array_elements_text(entry -> 'themes')
         WITH ORDINALITY AS list (theme, n);
DROP TABLE line;
ANALYZE directory.organization, directory.organization_theme,
        directory.organization_territory;
