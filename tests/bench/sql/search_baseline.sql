-- What PostgreSQL itself finds: full text in two ways, each beside trigrams. It
-- has the same texts as our index: titles, descriptions, the labels of themes
-- and broader themes, and (from the table `territory_name`) the names of
-- territories.
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE SCHEMA bench;

CREATE TEXT SEARCH CONFIGURATION bench.plain (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION bench.plain
  ALTER MAPPING FOR asciiword, word, hword, hword_part, asciihword,
    hword_asciipart WITH unaccent, simple;

-- Debian makes these dictionaries from hunspell-pl and hunspell-cs.
CREATE TEXT SEARCH DICTIONARY bench.pl_hunspell (
  TEMPLATE = ispell, DictFile = pl_pl, AffFile = pl_pl);
CREATE TEXT SEARCH DICTIONARY bench.cs_hunspell (
  TEMPLATE = ispell, DictFile = cs_cz, AffFile = cs_cz);
CREATE TEXT SEARCH CONFIGURATION bench.pl (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION bench.pl
  ALTER MAPPING FOR asciiword, word, hword, hword_part, asciihword,
    hword_asciipart WITH bench.pl_hunspell, unaccent, simple;
CREATE TEXT SEARCH CONFIGURATION bench.cs (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION bench.cs
  ALTER MAPPING FOR asciiword, word, hword, hword_part, asciihword,
    hword_asciipart WITH bench.cs_hunspell, unaccent, simple;

CREATE TABLE bench.text AS
WITH RECURSIVE theme AS (
  SELECT organization_id, t.id, t.label, t.broader
    FROM directory.organization_theme JOIN directory.theme AS t ON t.id = theme
  UNION
  SELECT organization_id, t.id, t.label, t.broader
    FROM theme JOIN directory.theme AS t ON t.id = theme.broader
), part AS (
  SELECT organization_id, 'A' AS weight, key AS language,
         value ->> 'text' AS text
    FROM directory.organization, jsonb_each(display_name)
  UNION ALL
  SELECT organization_id, 'D', key, value ->> 'text'
    FROM directory.organization, jsonb_each(description)
  UNION ALL
  SELECT organization_id, 'B', key, value ->> 'text'
    FROM theme, jsonb_each(label)
  UNION ALL
  SELECT organization_id, 'B', '', territory_name.name
    FROM directory.organization_territory AS t
    JOIN territory_name ON starts_with(t.code, territory_name.code)
)
SELECT o.name,
       string_agg(text, ' ') FILTER (WHERE weight = 'A') AS title,
       ''::tsvector AS plain, ''::tsvector AS stemmed,
       jsonb_agg(jsonb_build_array(weight, language, text)) AS parts
  FROM directory.organization AS o JOIN part USING (organization_id)
 GROUP BY o.name;

CREATE FUNCTION bench.vector(parts jsonb, stemmed boolean) RETURNS tsvector
LANGUAGE plpgsql AS $$
DECLARE
  part jsonb;
  found tsvector := '';
  configuration regconfig;
BEGIN
  FOR part IN SELECT jsonb_array_elements(parts) LOOP
    configuration := CASE
      WHEN NOT stemmed THEN 'bench.plain'
      WHEN part ->> 1 = 'pl' THEN 'bench.pl'
      WHEN part ->> 1 = 'cs' THEN 'bench.cs'
      WHEN part ->> 1 = 'en' THEN 'english'
      ELSE 'bench.plain' END;
    found := found || setweight(to_tsvector(configuration, part ->> 2),
                                (part ->> 0)::"char");
  END LOOP;
  RETURN found;
END $$;
UPDATE bench.text SET plain = bench.vector(parts, false),
                      stemmed = bench.vector(parts, true),
                      title = lower(unaccent(title));
CREATE INDEX ON bench.text USING gin (plain);
CREATE INDEX ON bench.text USING gin (stemmed);
CREATE INDEX ON bench.text USING gin (title gin_trgm_ops);
ANALYZE bench.text;

-- Any of the words, in any of the languages.
CREATE FUNCTION bench.any_of(configuration regconfig, query text)
RETURNS tsquery LANGUAGE sql AS $$
  SELECT coalesce(nullif(replace(
           plainto_tsquery(configuration, query)::text, '&', '|'), ''),
         NULL)::tsquery
$$;

CREATE FUNCTION bench.find(query text, by_dictionary boolean) RETURNS SETOF text
LANGUAGE plpgsql AS $$
DECLARE
  words tsquery := bench.any_of('bench.plain', query);
  folded text := lower(unaccent(query));
BEGIN
  IF by_dictionary THEN
    words := coalesce(words, ''::tsquery)
          || coalesce(bench.any_of('bench.pl', query), ''::tsquery)
          || coalesce(bench.any_of('bench.cs', query), ''::tsquery)
          || coalesce(bench.any_of('english', query), ''::tsquery);
  END IF;
  RETURN QUERY
  SELECT name FROM bench.text
   WHERE (CASE WHEN by_dictionary THEN text.stemmed ELSE text.plain END) @@ words
      OR folded <% title
   ORDER BY ts_rank(CASE WHEN by_dictionary THEN text.stemmed ELSE text.plain END,
                    words) + word_similarity(folded, title) DESC, name
   LIMIT 10;
END $$;
