-- The peer keeps the rules too. One row, all zero.
SELECT
  (SELECT count(*) FROM visit AS v
    WHERE v.confirmed_count > v.seats
       OR v.confirmed_count <> (SELECT count(*) FROM sign_up AS s
                                 WHERE s.visit_id = v.visit_id
                                   AND s.state = 4)) AS oversold,
  (SELECT count(*) FROM (SELECT FROM sign_up AS s
                           JOIN visit AS v USING (visit_id)
                          WHERE s.state = 4
                          GROUP BY v.visit_id, s.organization
                         HAVING count(*) > v.seats_per_organization) AS over)
    AS over_share;
