#ifndef LAGNET_SERVER_SEARCH_CONVERT_H_
#define LAGNET_SERVER_SEARCH_CONVERT_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "lagnet/search/v1/search.pb.h"
#include "server/search/highlight.h"
#include "server/search/search.h"

namespace lagnet::search {

// Fail with INVALID_FIELDS: an unknown language, networks that are no names,
// the order of distance without a point, a point off the earth.
absl::StatusOr<Search> FromProto(const v1::SearchRequest& request);
absl::StatusOr<Search> FromProto(const v1::SuggestRequest& request);

void Put(const std::vector<Piece>& pieces, absl::string_view language,
         v1::Highlighted* highlighted);
v1::Reason ToProto(const Reason& reason);
void Put(const Facets& facets, const Tags& tags, const NetworkNames& networks,
         absl::string_view language, v1::Facets* result);

}  // namespace lagnet::search

#endif  // LAGNET_SERVER_SEARCH_CONVERT_H_
