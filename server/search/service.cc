#include "server/search/service.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/arena.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/rpc/page_token.h"
#include "server/search/convert.h"
#include "server/search/highlight.h"

namespace lagnet::search {
namespace {

constexpr size_t kSnippetLetters = 200;
constexpr int kSuggestions = 8;
constexpr int kMostSuggestions = 20;
// A caller who has just written waits at most so long for the change log.
constexpr absl::Duration kPatience = absl::Seconds(1);

// The page token's key: the bits of the number, the key's length, key and name.
std::string KeyOf(const Place& place) {
  std::string number(sizeof(double), '\0');
  std::memcpy(number.data(), &place.number, sizeof(double));
  return absl::WebSafeBase64Escape(
      absl::StrCat(number, place.key.size(), " ", place.key, place.name));
}

Place PlaceOf(const std::string& key) {
  Place place;
  std::string bytes;
  if (!absl::WebSafeBase64Unescape(key, &bytes) ||
      bytes.size() < sizeof(double)) {
    return place;
  }
  std::memcpy(&place.number, bytes.data(), sizeof(double));
  const std::vector<std::string> parts = absl::StrSplit(
      absl::string_view(bytes).substr(sizeof(double)), absl::MaxSplits(' ', 1));
  size_t size = 0;
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &size) ||
      size > parts[1].size()) {
    return place;
  }
  place.key = parts[1].substr(0, size);
  place.name = parts[1].substr(size);
  return place;
}

// The first text, in the reader's language, unless only another has what was
// found.
void PutSnippet(const Document& document, absl::string_view language,
                const Highlighter& highlighter, v1::Highlighted* snippet) {
  if (document.texts.empty() || document.texts[0].empty()) return;
  auto [text, of] = TextIn(document.texts[0], language);
  std::vector<Word> matches = highlighter.Matches(text);
  if (matches.empty()) {
    for (const auto& [other, translation] : document.texts[0]) {
      if (other == of) continue;
      std::vector<Word> elsewhere = highlighter.Matches(translation.text);
      if (elsewhere.empty()) continue;
      text = translation.text;
      of = other;
      matches = std::move(elsewhere);
      break;
    }
  }
  Put(Snippet(text, matches, kSnippetLetters), of, snippet);
}

void PutTitle(const Document& document, absl::string_view language,
              const Highlighter& highlighter, v1::Highlighted* title) {
  const auto [text, of] = TextIn(document.title, language);
  Put(Mark(text, highlighter.Matches(text)), of, title);
}

void PutResult(const Hit& hit, absl::string_view language,
               const Highlighter& highlighter, v1::Result* result) {
  const Document& document = *hit.document;
  result->set_name(document.name);
  result->set_kind(document.kind);
  result->set_network(MakeName("networks", document.network));
  result->set_country(document.country);
  PutTitle(document, language, highlighter, result->mutable_title());
  PutSnippet(document, language, highlighter, result->mutable_snippet());
  if (document.position) {
    result->mutable_position()->set_latitude(document.position->latitude);
    result->mutable_position()->set_longitude(document.position->longitude);
  }
  if (std::isfinite(hit.distance)) result->set_distance_metres(hit.distance);
  result->set_score(hit.score);
  result->set_unpublished(!document.audience.is_public);
}

}  // namespace

SearchService::SearchService(rpc::Gate* gate, const Follower* follower)
    : gate_(gate), follower_(follower) {
  gate->RegisterService(*v1::SearchRequest::descriptor()->file()->service(0));
}

bool SearchService::MaySee(const rpc::Call& call,
                           const Document& document) const {
  const Audience& audience = document.audience;
  if (audience.is_public) return true;
  if (call.caller.identified() && call.caller.identity == audience.identity) {
    return true;
  }
  if (!call.caller.HasAny(audience.roles)) return false;
  rpc::Scope scope = audience.scope;
  gate_->authority().AddRegions(call.caller, scope);
  return std::any_of(audience.roles.begin(), audience.roles.end(),
                     [&](rpc::Role role) {
                       return call.caller.Holds({role}, scope, call.now);
                     });
}

absl::Status SearchService::Answer(const rpc::Call& call,
                                   const v1::SearchRequest& request,
                                   v1::SearchResponse* response) const {
  ASSIGN_OR_RETURN(const rpc::Page page, rpc::PageOf(request));
  ASSIGN_OR_RETURN(const struct Search search, FromProto(request));
  const Found found = follower_->index().Find(
      search, PlaceOf(page.after.key), static_cast<size_t>(page.size),
      [&](const Document& document) { return MaySee(call, document); });
  const Highlighter highlighter(found.written);
  std::vector<const Document*> documents;
  for (const Hit& hit : found.hits) {
    documents.push_back(hit.document.get());
    v1::Result* const result = response->add_results();
    PutResult(hit, search.language, highlighter, result);
    if (!request.explain()) continue;
    for (const Reason& reason :
         ReasonsOf(found.question, *hit.document, search.language,
                   follower_->analysis(), follower_->tags())) {
      *result->add_reasons() = ToProto(reason);
    }
  }
  if (found.has_more) {
    response->set_next_page_token(
        rpc::NextPageToken(request, {.key = KeyOf(found.hits.back().place)}));
  }
  response->set_total_size(static_cast<int32_t>(found.total));
  response->set_relaxed(found.is_relaxed);
  response->set_did_you_mean(
      CorrectedText(search.text, found.question, documents));
  if (request.with_facets()) {
    Put(found.facets, follower_->tags(), *follower_->network_names(),
        search.language, response->mutable_facets());
  }
  return absl::OkStatus();
}

absl::Status SearchService::Answer(const rpc::Call& call,
                                   const v1::SuggestRequest& request,
                                   v1::SuggestResponse* response) const {
  ASSIGN_OR_RETURN(const struct Search search, FromProto(request));
  const int limit = request.limit() == 0
                        ? kSuggestions
                        : std::min(request.limit(), kMostSuggestions);
  const Suggested suggested = follower_->index().Suggest(
      search, static_cast<size_t>(limit),
      [&](const Document& document) { return MaySee(call, document); });
  const Highlighter highlighter(suggested.written);
  for (const auto& document : suggested.documents) {
    v1::SuggestResponse::Suggestion* const added = response->add_suggestions();
    added->set_name(document->name);
    added->set_kind(document->kind);
    PutTitle(*document, search.language, highlighter, added->mutable_title());
  }
  return absl::OkStatus();
}

template <typename Request, typename Response>
std::optional<absl::Status> SearchService::AnswerNow(
    const rpc::Call& call, const Request& request, std::string* answer) const {
  if (!follower_->HasAll(call.revision)) return std::nullopt;
  // Of hundreds of small messages, freed as one.
  google::protobuf::Arena arena;
  auto* const response =
      google::protobuf::Arena::CreateMessage<Response>(&arena);
  absl::Status status = Answer(call, request, response);
  if (status.ok()) response->AppendToString(answer);
  return status;
}

std::optional<absl::Status> SearchService::FindNow(
    const rpc::Call& call, const v1::SearchRequest& request,
    std::string* answer) {
  return AnswerNow<v1::SearchRequest, v1::SearchResponse>(call, request,
                                                          answer);
}

std::optional<absl::Status> SearchService::CompleteNow(
    const rpc::Call& call, const v1::SuggestRequest& request,
    std::string* answer) {
  return AnswerNow<v1::SuggestRequest, v1::SuggestResponse>(call, request,
                                                            answer);
}

absl::StatusOr<v1::SearchResponse> SearchService::Find(
    const rpc::Call& call, const v1::SearchRequest& request) {
  follower_->WaitFor(call.revision, kPatience);
  v1::SearchResponse response;
  RETURN_IF_ERROR(Answer(call, request, &response));
  return response;
}

absl::StatusOr<v1::SuggestResponse> SearchService::Complete(
    const rpc::Call& call, const v1::SuggestRequest& request) {
  follower_->WaitFor(call.revision, kPatience);
  v1::SuggestResponse response;
  RETURN_IF_ERROR(Answer(call, request, &response));
  return response;
}

}  // namespace lagnet::search
