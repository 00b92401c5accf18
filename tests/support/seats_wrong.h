#ifndef LAGNET_TESTS_SUPPORT_SEATS_WRONG_H_
#define LAGNET_TESTS_SUPPORT_SEATS_WRONG_H_

namespace lagnet::support {

// Asks what is wrong with what a database holds of all visits; nothing if
// nothing is: oversold, counters that are not the counts, a person twice,
// decisions with gaps, a free seat while somebody waits who has confirmed the
// address (where no rule binds and everybody comes alone).
inline constexpr char kSeatsWrong[] = R"sql(
  SELECT string_agg(concat_ws(' ', v.name, v.seats, 'seats:',
                              v.confirmed_count, n.confirmed,
                              v.held_count, n.held,
                              v.waitlisted_count, n.waiting, n.people, n.named,
                              v.version, n.last, n.dense), '; ')
    FROM visits.visit AS v, LATERAL (
      SELECT coalesce(sum(s.seats) FILTER (WHERE s.state = 4), 0) AS confirmed,
             coalesce(sum(s.seats) FILTER (WHERE s.state IN (2, 3)), 0) AS held,
             coalesce(sum(s.member_count - s.seats)
                        FILTER (WHERE s.state IN (1, 2, 4, 5)), 0) AS waiting,
             coalesce(sum(s.member_count - s.seats)
                        FILTER (WHERE s.state IN (1, 2, 4, 5)
                                  AND NOT s.is_unverified), 0) AS ready,
             coalesce(sum(s.member_count - (
                        SELECT count(*) FROM jsonb_array_elements(s.traits) AS e
                         WHERE e ? 'unnamed'))
                        FILTER (WHERE s.state IN (1, 2, 3, 4, 5, 11)), 0)
               AS named,
             coalesce(max(s.member_count), 1) AS largest,
             (SELECT count(*) FROM visits.person AS p
               WHERE p.visit_id = v.visit_id) AS people,
             (SELECT coalesce(max(d.version), v.version)
                FROM visits.decision AS d
               WHERE d.visit_id = v.visit_id) AS last,
             (SELECT count(*) = max(d.version) - min(d.version) + 1
                FROM visits.decision AS d
               WHERE d.visit_id = v.visit_id) AS dense
        FROM visits.sign_up AS s WHERE s.visit_id = v.visit_id) AS n
   WHERE n.confirmed + n.held > v.seats OR n.confirmed <> v.confirmed_count
      OR n.held <> v.held_count OR n.waiting <> v.waitlisted_count
      OR n.people <> n.named
      OR n.last <> v.version OR NOT coalesce(n.dense, true)
      OR (n.ready > 0 AND n.confirmed + n.held < v.seats
          AND v.seats_per_organization = 0 AND v.seat_rules = '{}'
          AND n.largest = 1)
)sql";

}  // namespace lagnet::support

#endif  // LAGNET_TESTS_SUPPORT_SEATS_WRONG_H_
