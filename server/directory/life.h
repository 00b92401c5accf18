#ifndef LAGNET_SERVER_DIRECTORY_LIFE_H_
#define LAGNET_SERVER_DIRECTORY_LIFE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/directory/profile.h"

namespace lagnet::directory {

// The life of a directory entry.
//
//            submit               verify            a year without a look
//     DRAFT ────────▶ SUBMITTED ────────▶ VERIFIED ───────────────────▶ STALE
//       ▲                 │                ▲  ▲  │ confirm, update        │
//       └─────────────────┘                │  │  └─▶ (stays)              │
//             return                       │  └───────────────────────────┘
//                                          │        confirm, update
//                 restore: looked at       │
//                 within a year, or else   │
//                 to STALE                 │
//     ARCHIVED, DISSOLVED ─────────────────┘
//       ▲           ▲
//       │           └── dissolve ── VERIFIED, STALE, ARCHIVED
//       └── archive ── VERIFIED, STALE
//
// VERIFIED and STALE are in the directory. A look is a person's word that the
// entry is right: verify, confirm, update.
//
// From every state an entry can be merged into another one, and is MERGED for
// ever: its name is another name of that one.
//
// The numbers are those of organizations.proto.
enum class OrganizationState {
  kUnspecified = 0,
  kDraft = 1,
  kSubmitted = 2,
  kVerified = 3,
  kStale = 4,
  kArchived = 5,
  kDissolved = 6,
  kMerged = 7,
};

// What the server keeps about where an entry is in its life.
struct Life {
  OrganizationState state = OrganizationState::kDraft;
  std::string return_reason;
  std::string successor;
  std::string merged_into;  // Never itself MERGED.
  Day dissolved_on;
  std::string creator;                            // The caller that created it.
  absl::Time look_time = absl::InfiniteFuture();  // Infinite: never.
  absl::Time claim_time = absl::InfiniteFuture();  // Infinite: not claimed.

  bool operator==(const Life&) const = default;
};

enum class LifeStep {
  kSubmit,
  kVerify,
  kReturn,
  kConfirm,
  kUpdate,
  kAge,  // A year went by without a look.
  kArchive,
  kRestore,
  kDissolve,
  kMerge,
};

// How long a look counts.
inline constexpr absl::Duration kLookCounts = absl::Hours(365 * 24);

// Whether the last look no longer counts at `now`.
bool IsOverdue(absl::Time look_time, absl::Time now);

// Takes a step: sets the state, and what goes with it: the time of the last
// look, and that reason, successor and end are there in their states only.
// Fails with FAILED_PRECONDITION / WRONG_STATE, and changes nothing, if the
// state does not allow the step.
absl::Status Take(LifeStep step, absl::Time now, Life& life);

// Whether an entry is in the directory: listed, and fit to be named by what
// others plan.
bool IsInDirectory(OrganizationState state);

// Whether an entry is known to few only, because it is still being written.
bool IsUnpublished(OrganizationState state);

// Whether an entry is shown to few only: unpublished, or merged, which may have
// been unpublished.
bool IsForFew(OrganizationState state);

// As the API spells it: "VERIFIED".
absl::string_view NameOf(OrganizationState state);

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_LIFE_H_
