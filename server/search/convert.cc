#include "server/search/convert.h"

#include <utility>

#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/rpc/types.h"
#include "server/search/collation.h"

namespace lagnet::search {
namespace {

static_assert(v1::SearchRequest::DISTANCE ==
              static_cast<int>(Order::kDistance) + 1);
static_assert(v1::Reason::EXACT == static_cast<int>(How::kExact));
static_assert(v1::Reason::MISSPELT == static_cast<int>(How::kMisspelt));
static_assert(v1::Reason::TITLE == static_cast<int>(Field::kTitle) + 1);
static_assert(v1::Reason::TEXT == static_cast<int>(Field::kText) + 1);

absl::Status Put(const v1::Filter& filter, Search& search) {
  search.collections = rpc::ToVector(filter.collections());
  search.kinds = rpc::ToVector(filter.kinds());
  ASSIGN_OR_RETURN(search.networks, rpc::IdsOf("networks", "filter.networks",
                                               filter.networks()));
  search.themes = rpc::ToVector(filter.themes());
  search.territories = rpc::ToVector(filter.territories());
  return absl::OkStatus();
}

absl::Status PutLanguage(const std::string& language, Search& search) {
  search.language = language.empty() ? "en" : language;
  if (IsKnownLanguage(search.language)) return absl::OkStatus();
  return InvalidField("language",
                      "names no language; send one of ISO 639, as "
                      "ka, pl or cs");
}

v1::Facets::Count* Add(
    google::protobuf::RepeatedPtrField<v1::Facets::Count>& to, uint32_t count) {
  v1::Facets::Count* const added = to.Add();
  added->set_count(static_cast<int32_t>(count));
  return added;
}

}  // namespace

absl::StatusOr<Search> FromProto(const v1::SearchRequest& request) {
  Search search{.text = request.query(),
                .order = request.order() == v1::SearchRequest::TITLE
                             ? Order::kName
                         : request.order() == v1::SearchRequest::DISTANCE
                             ? Order::kDistance
                             : Order::kRelevance,
                .with_facets = request.with_facets()};
  RETURN_IF_ERROR(Put(request.filter(), search));
  RETURN_IF_ERROR(PutLanguage(request.language(), search));
  if (request.has_near()) {
    search.near = Point{request.near().latitude(), request.near().longitude()};
  } else if (search.order == Order::kDistance) {
    return InvalidField("near", "must be set to order by distance");
  }
  return search;
}

absl::StatusOr<Search> FromProto(const v1::SuggestRequest& request) {
  Search search{.text = request.query()};
  RETURN_IF_ERROR(Put(request.filter(), search));
  RETURN_IF_ERROR(PutLanguage(request.language(), search));
  return search;
}

void Put(const std::vector<Piece>& pieces, absl::string_view language,
         v1::Highlighted* highlighted) {
  for (const Piece& piece : pieces) {
    v1::Highlighted::Piece* const added = highlighted->add_pieces();
    added->set_text(piece.text);
    added->set_match(piece.is_match);
  }
  highlighted->set_language(std::string(language));
}

v1::Reason ToProto(const Reason& reason) {
  v1::Reason result;
  result.set_word(reason.word);
  result.set_found(reason.found);
  result.set_how(static_cast<v1::Reason::How>(reason.how));
  result.set_field(
      static_cast<v1::Reason::Field>(static_cast<int>(reason.field) + 1));
  return result;
}

void Put(const Facets& facets, const Tags& tags, const NetworkNames& networks,
         absl::string_view language, v1::Facets* result) {
  const auto fill = [&](const Facets::Counts& counts, Tag::Type type,
                        auto* repeated) {
    for (const auto& [id, count] : counts) {
      v1::Facets::Count* const added = Add(*repeated, count);
      added->set_value(id);
      added->set_display_name(tags.NameOf(type, id, language));
    }
  };
  fill(facets.themes, Tag::Type::kTheme, result->mutable_themes());
  fill(facets.territories, Tag::Type::kTerritory,
       result->mutable_territories());
  fill(facets.kinds, Tag::Type::kKind, result->mutable_kinds());
  for (const auto& [id, count] : facets.networks) {
    v1::Facets::Count* const added = Add(*result->mutable_networks(), count);
    added->set_value(MakeName("networks", id));
    const auto known = networks.find(id);
    const bool has_name = known != networks.end() && !known->second.empty();
    added->set_display_name(has_name ? TextIn(known->second, language).first
                                     : id);
  }
}

}  // namespace lagnet::search
