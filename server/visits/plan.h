#ifndef LAGNET_SERVER_VISITS_PLAN_H_
#define LAGNET_SERVER_VISITS_PLAN_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/visits/shares.h"

namespace lagnet::visits {

// The state of a visit's seats: its rules and the parties that have seats or
// wait for them. Only what seats.h decides changes it, here or elsewhere.

// The numbers are those of study_visits.proto and sign_ups.proto.
enum class VisitState {
  kUnspecified = 0,
  kDraft = 1,
  kPublished = 2,
  kCompleted = 3,
  kCancelled = 4,
};
// As the API spells it: "DRAFT".
absl::string_view NameOf(VisitState state);
enum class SignUpState {
  kUnspecified = 0,
  kPendingConfirmation = 1,
  kHeld = 2,
  kOffered = 3,
  kConfirmed = 4,
  kWaitlisted = 5,
  kDeclined = 6,
  kExpired = 7,
  kWithdrawn = 8,
  kSubstituted = 9,
  kCancelled = 10,
  kRefused = 11,
};
enum class WaitReason {
  kNone = 0,
  kVisitFull = 1,
  kOrganizationShare = 2,
  kShareFull = 3,
  kSeatsKept = 4,
  kGroupTooLarge = 5,
  kHeldForGroup = 6,
  kNotYetAllocated = 7,
  kAddressUnverified = 8,
  kSeatElsewhere = 9,
  kVisitOver = 10,
};
enum class Policy {
  kUnspecified = 0,  // As kOrderOfArrival.
  kOrderOfArrival = 1,
  kPriorityGroups = 2,
  kDraw = 3,
};

// Whether who is in this state may still get a seat or keep one.
bool IsLiving(SignUpState state);
// Whether the organisation has still to confirm it.
bool IsPending(SignUpState state);
// Whether it waits for seats, or has some and waits for more.
bool MayWait(SignUpState state);

// One of a party.
struct Person {
  std::string hash;       // Of who it is; empty: not named yet.
  bool has_left = false;  // Who was here; nobody came instead yet.
  Traits traits;
  ShareSet shares = 0;  // Those that it counts for; the plan sets it.
};

// A party that has seats or waits for them.
struct Party {
  std::string sign_up;  // Its id.
  std::string organization;
  std::vector<Person> members;  // The head first: who gets seats first.
  int min_members = 0;          // It comes with no fewer; 0: with all.
  SignUpState state = SignUpState::kUnspecified;
  int seats = 0;  // The first so many members have one.
  // By when it must be confirmed, accepted or corrected.
  absl::Time due = absl::InfiniteFuture();
  // Until when free seats are held for it; the past if never or no more.
  absl::Time hold_until = absl::InfinitePast();
  int64_t arrival = 0;  // The version of the visit that let it in.
  int64_t rank = 0;     // By a draw, from 1; 0: not drawn.
  // The link that was mailed to the head was not followed yet.
  bool is_unverified = false;
  // The network of the browser that it came from, as a keyed hash, while it is
  // unverified; empty: not told.
  std::string network;
  // Its place among those who wait, in the scale of `arrival`, where its
  // organisation gave it another one's; 0: where it arrived.
  int64_t place = 0;
  // Of the visits of a project that give seats out together, which one the
  // party would like most, from 1. It gives the seats of a later choice back
  // for those of an earlier one. 0: it waits for each of them.
  int choice = 0;
  // Somebody of it has a seat on another one of these visits, which it would
  // not give back for this one's (see project_seats.h).
  bool is_second = false;

  int size() const { return static_cast<int>(members.size()); }
  // How many seats it takes at least, and at most, if it gets any now.
  int least() const;
  int most() const { return size() - seats; }
};

// The rules of a visit that bind its seats.
struct SeatRules {
  VisitState state = VisitState::kUnspecified;
  int seats = 0;
  int seats_per_organization = 0;  // 0: no limit.
  absl::Time sign_up_start = absl::InfinitePast();
  absl::Time sign_up_end = absl::InfinitePast();  // The first moment too late.
  absl::Time start = absl::InfiniteFuture();
  absl::Time end = absl::InfiniteFuture();
  Policy policy = Policy::kOrderOfArrival;
  bool is_drawn = false;  // The draw has been held.
  WhoMayCome who;
  ShareBook shares;
  std::vector<Group> priority_groups;  // The first goes first.
  // How long an organisation has to confirm who comes for it, or an applicant
  // to correct what it refused; 0: it need not confirm.
  absl::Duration confirm_within = absl::ZeroDuration();
  // How long whoever signed up alone has to follow the link that was mailed.
  absl::Duration verify_within = absl::Hours(24);
  // And no longer than until then, where a draw waits for it.
  absl::Time verify_until = absl::InfiniteFuture();
  // How many seats are held at most for the unverified parties of one network,
  // and of one organisation. Any other gets its seats when it is verified.
  int unverified_per_network = kNoLimit;
  int unverified_per_organization = kNoLimit;
  // How long an offered seat is held; 0: seats are given without asking.
  absl::Duration offer_for = absl::ZeroDuration();
  // How long free seats are held for a group that they are too few for, and
  // for how large a group.
  absl::Duration hold_for = absl::ZeroDuration();
  int largest_hold = 0;
  // From when on nobody unnamed has a seat.
  absl::Time placeholders_end = absl::InfiniteFuture();
  // The project whose visits give seats out together with this one; empty:
  // it is on its own.
  std::string project;

  // Whether seats are given out at `now`, or later all at once.
  bool GivesSeats(absl::Time now) const;
};

// Why a party waits, and which share it is, if it is one.
struct Obstacle {
  WaitReason why = WaitReason::kNone;
  int share = -1;

  bool operator==(const Obstacle&) const = default;
};

class SeatPlan {
 public:
  SeatPlan() = default;
  SeatPlan(int64_t version, SeatRules rules, std::vector<Party> parties);

  int64_t version() const { return version_; }
  const SeatRules& rules() const { return rules_; }
  int taken() const { return taken_; }  // Seats, set aside ones included.
  int confirmed() const { return confirmed_; }  // People.
  int waiting() const { return waiting_; }      // People.
  int taken_of(const std::string& organization) const;
  // Seats of unverified parties.
  int unverified_from(const std::string& network) const;
  int unverified_for(const std::string& organization) const;
  // Seats that count for each share.
  const std::vector<int>& share_counts() const { return share_counts_; }
  bool has_person(const std::string& hash) const {
    return people_.contains(hash);
  }
  // The party that somebody is of; null for who is not on the visit.
  const Party* PartyOf(const std::string& hash) const;
  // Null for a sign-up that has ended or never was.
  const Party* Find(const std::string& sign_up) const;
  std::vector<const Party*> parties() const;  // In the order of arrival.

  // Parties that wait for seats, or for more seats, in the order in which they
  // get them.
  struct QueueKey {
    bool is_second = false;
    int tier = 0;  // Of the priority groups.
    int64_t rank = 0;
    int64_t arrival = 0;  // Or the place that the organisation gave it.
    // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 takes <=> for it.
    auto operator<=>(const QueueKey&) const = default;
  };
  const std::map<QueueKey, std::string>& queue() const { return queue_; }
  QueueKey KeyOf(const Party& party) const;
  // The place in the queue, from 1; 0 if the party does not wait, or a draw has
  // still to make the queue.
  int PositionOf(const std::string& sign_up) const;
  // Of a visit that gives seats out together with others: the sign-ups that
  // have seats, and those of which somebody has one elsewhere.
  const std::set<std::string>& seated() const { return seated_; }
  const std::set<std::string>& seconds() const { return seconds_; }

  // Those of the queue that free seats are or were held for.
  const std::set<QueueKey>& held_for() const { return held_for_; }

  // The next moment at which something is due (see Settle() of seats.h). After
  // it was settled it is known, give or take what ended since.
  absl::Time NextDue(absl::Time after) const;
  // Makes it what others decided meanwhile: these parties are all that changed.
  // Those that have ended leave it.
  void CatchUp(int64_t version, std::vector<Party> changed);

  // Whether nothing is due at `now` for sure. Clocks of servers differ: what
  // was settled later says nothing of an earlier moment.
  bool IsSettled(absl::Time now) const {
    return settled_at_ <= now && now < settled_until_;
  }

 private:
  friend class Decider;

  void Add(Party party);
  void Remove(const std::string& sign_up);
  void CountAll();
  void Count(const Party& party, int sign);
  void SetRules(SeatRules rules);
  void Reassign(const std::string& from, const std::string& to,
                const std::optional<std::vector<Share>>& shares);
  void MarkVerified(const std::string& sign_up);

  int64_t version_ = 0;
  SeatRules rules_;
  int taken_ = 0;
  int confirmed_ = 0;
  int waiting_ = 0;
  std::vector<int> share_counts_;
  absl::flat_hash_map<std::string, Party> parties_;
  absl::flat_hash_map<std::string, int> taken_of_;
  absl::flat_hash_map<std::string, int> unverified_from_;
  absl::flat_hash_map<std::string, int> unverified_for_;
  absl::flat_hash_map<std::string, std::string> people_;  // Their sign-ups.
  std::map<QueueKey, std::string> queue_;
  std::set<QueueKey> held_for_;
  std::set<std::string> seated_;
  std::set<std::string> seconds_;
  absl::Time settled_at_ = absl::InfinitePast();
  absl::Time settled_until_ = absl::InfinitePast();
};

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_PLAN_H_
