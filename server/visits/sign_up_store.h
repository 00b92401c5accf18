#ifndef LAGNET_SERVER_VISITS_SIGN_UP_STORE_H_
#define LAGNET_SERVER_VISITS_SIGN_UP_STORE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/db/tx.h"
#include "server/privacy/vault.h"
#include "server/visits/sign_up.h"

namespace lagnet::visits {

// Sign-ups as they are read, and the end of what is personal in them. They are
// written with the decisions about them: record_store.h.

// A sign-up with its people (none if they were erased). Fails with NOT_FOUND.
absl::StatusOr<SignUp> LoadSignUp(db::Tx& tx, const privacy::Vault& vault,
                                  const std::string& id);

// Tells sign-ups of one visit that wait why they do, and where in the queue.
void SayWhyTheyWait(db::Tx& tx, const std::string& visit,
                    const std::vector<SignUp*>& sign_ups);

// Erases the people of a sign-up whose visit is locked; returns whether there
// were any.
bool EraseSignUp(db::Tx& tx, const std::string& visit, const std::string& id);

// Erases the people of at most `limit` sign-ups whose visit has been over for
// 30 days; returns of how many. Repeat until it is none.
int ErasePeople(db::Tx& tx, int limit);

// What a sign-up belongs to, without its people. Fails with NOT_FOUND.
struct SignUpOwner {
  std::string visit;
  std::string organization;
  int64_t head_version = 0;
};
absl::StatusOr<SignUpOwner> LoadSignUpOwner(db::Tx& tx, const std::string& id);

// Whether somebody has a place, without looking who.
bool HasPlace(db::Tx& tx, const PlaceIds& ids);

// Sign-ups of a visit behind (`after_rank`, `after_arrival`): confirmed, then
// waiting, then ended, each in the order of arrival, or of the places that an
// organisation gave those of its own.
struct SignUpPosition {
  int rank = 0;
  int64_t arrival = 0;
};
struct ListedSignUp {
  SignUp sign_up;
  SignUpPosition position;
};
absl::StatusOr<std::vector<ListedSignUp>> LoadSignUps(
    db::Tx& tx, const privacy::Vault& vault, const std::string& visit,
    const SignUpFilter& filter, const SignUpPosition& after, int limit);

// All sign-ups of an organisation that wait on a visit, as the queue stands.
absl::StatusOr<std::vector<SignUp>> LoadQueueOf(
    db::Tx& tx, const privacy::Vault& vault, const std::string& visit,
    const std::string& organization);

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_SIGN_UP_STORE_H_
