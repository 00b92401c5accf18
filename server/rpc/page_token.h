#ifndef LAGNET_SERVER_RPC_PAGE_TOKEN_H_
#define LAGNET_SERVER_RPC_PAGE_TOKEN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"

namespace lagnet::rpc {

// Where a list goes on: after the item with this order key and id. The start
// of the list if both are empty.
struct PagePosition {
  std::string key;
  int64_t id = 0;
};

constexpr int kDefaultPageSize = 50;
constexpr int kMaxPageSize = 200;

// One page of a List request: its size (default 50, at most 200) and where it
// starts. `request` has the fields page_size and page_token (AIP-158).
//
// Fails with INVALID_ARGUMENT / PAGE_TOKEN_MISMATCH if the token is not one of
// ours or belongs to a request with other filters.
struct Page {
  int size = 0;
  PagePosition after;
};
absl::StatusOr<Page> PageOf(const google::protobuf::Message& request);

// The token of the page after `last`.
std::string NextPageToken(const google::protobuf::Message& request,
                          const PagePosition& last);

// Cuts a list that was read one item longer than the page down to the page.
// Returns the token of the next page, or "" if this is the last one. `key_of`
// gives an item's order key.
template <typename Item, typename KeyOf>
std::string CutPage(const google::protobuf::Message& request, const Page& page,
                    std::vector<Item>& items, KeyOf key_of) {
  if (static_cast<int>(items.size()) <= page.size) return "";
  items.resize(static_cast<size_t>(page.size));
  return NextPageToken(request, {.key = key_of(items.back())});
}

// A hash of all fields but the given ones; ties tokens to their request.
uint64_t HashWithout(const google::protobuf::Message& request,
                     std::initializer_list<const char*> fields);

}  // namespace lagnet::rpc

#endif  // LAGNET_SERVER_RPC_PAGE_TOKEN_H_
