-- After the load: what lagnetd's database must say. `acknowledged` holds the
-- name and state of each sign-up that a client was told of. One row, all zero
-- but the last column.
SELECT
  (SELECT count(*)
     FROM visits.visit AS v
    WHERE v.confirmed_count > v.seats
       OR v.confirmed_count <> (SELECT COALESCE(sum(s.member_count), 0)
                                  FROM visits.sign_up AS s
                                 WHERE s.visit_id = v.visit_id AND s.state = 4)
       OR v.waitlisted_count <> (SELECT COALESCE(sum(s.member_count), 0)
                                   FROM visits.sign_up AS s
                                  WHERE s.visit_id = v.visit_id
                                    AND s.state = 5)) AS oversold,
  (SELECT count(*) FROM (SELECT FROM visits.sign_up AS s
                           JOIN visits.visit AS v USING (visit_id)
                          WHERE s.state = 4
                          GROUP BY v.visit_id, s.organization
                         HAVING sum(s.member_count) > v.seats_per_organization)
                     AS over) AS over_share,
  -- A party that waits although a seat is free and its share allows it.
  (SELECT count(*)
     FROM visits.sign_up AS s
     JOIN visits.visit AS v USING (visit_id)
    WHERE s.state = 5 AND v.confirmed_count < v.seats
      AND (SELECT COALESCE(sum(o.member_count), 0) FROM visits.sign_up AS o
            WHERE o.visit_id = s.visit_id AND o.state = 4
              AND o.organization = s.organization)
          < v.seats_per_organization) AS waits_wrongly,
  (SELECT count(*) - count(DISTINCT name) FROM acknowledged) AS twice_told,
  (SELECT count(*)
     FROM acknowledged AS a
    WHERE NOT EXISTS (
      SELECT FROM visits.sign_up AS s JOIN visits.visit AS v USING (visit_id)
       WHERE a.name = 'studyVisits/' || v.name || '/signUps/' || s.name
         AND s.name = split_part(a.name, '/', 4)
         AND s.state = CASE a.state WHEN 'CONFIRMED' THEN 4 ELSE 5 END)) AS lost,
  (SELECT abs(count(*) - (SELECT count(*) FROM acknowledged))
     FROM visits.sign_up) AS unknown,
  (SELECT count(*) FROM acknowledged) AS acknowledged;
