#ifndef LAGNET_TESTS_SUPPORT_SEATS_WRONG_H_
#define LAGNET_TESTS_SUPPORT_SEATS_WRONG_H_

namespace lagnet::support {

// Asks what is wrong with what a database holds of all visits; nothing if
// nothing is: oversold, counters that are not the counts, a person twice,
// decisions with gaps, a free seat while somebody waits (where no share binds).
inline constexpr char kSeatsWrong[] = R"sql(
  SELECT string_agg(concat_ws(' ', v.name, v.seats, 'seats:',
                              v.confirmed_count, n.confirmed,
                              v.waitlisted_count, n.waiting, n.people,
                              v.version, n.last, n.dense), '; ')
    FROM visits.visit AS v, LATERAL (
      SELECT count(*) FILTER (WHERE s.state = 4) AS confirmed,
             count(*) FILTER (WHERE s.state = 5) AS waiting,
             (SELECT count(*) FROM visits.person AS p
               WHERE p.visit_id = v.visit_id) AS people,
             (SELECT coalesce(max(d.version), v.version)
                FROM visits.decision AS d
               WHERE d.visit_id = v.visit_id) AS last,
             (SELECT count(*) = max(d.version) - min(d.version) + 1
                FROM visits.decision AS d
               WHERE d.visit_id = v.visit_id) AS dense
        FROM visits.sign_up AS s WHERE s.visit_id = v.visit_id) AS n
   WHERE n.confirmed > v.seats OR n.confirmed <> v.confirmed_count
      OR n.waiting <> v.waitlisted_count
      OR n.people <> n.confirmed + n.waiting
      OR n.last <> v.version OR NOT coalesce(n.dense, true)
      OR (n.waiting > 0 AND n.confirmed < v.seats
          AND v.seats_per_organization = 0)
)sql";

}  // namespace lagnet::support

#endif  // LAGNET_TESTS_SUPPORT_SEATS_WRONG_H_
