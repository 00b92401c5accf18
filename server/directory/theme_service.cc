// The vocabulary of themes.

#include "server/base/status_macros.h"
#include "server/db/transact.h"
#include "server/directory/service.h"
#include "server/directory/theme_store.h"
#include "server/rpc/page_token.h"
#include "server/rpc/types.h"

namespace lagnet::directory {

ThemeService::ThemeService(rpc::Gate* gate, db::Pool* pool)
    : gate_(gate), pool_(pool) {
  gate->RegisterService(*v1::Theme::descriptor()->file()->service(0));
}

absl::StatusOr<v1::ListThemesResponse> ThemeService::List(
    const rpc::Call& call, const v1::ListThemesRequest& request) {
  ASSIGN_OR_RETURN(const rpc::Page page, rpc::PageOf(request));
  const auto list = [&](db::Tx& tx) -> absl::StatusOr<std::vector<Theme>> {
    return LoadThemes(tx, page.after.key, page.size + 1);
  };
  ASSIGN_OR_RETURN(std::vector<Theme> themes,
                   db::Transact(*pool_, call.deadline, list));
  v1::ListThemesResponse response;
  response.set_next_page_token(
      rpc::CutPage(request, page, themes, [](const Theme& t) { return t.id; }));
  for (const Theme& theme : themes) {
    v1::Theme* entry = response.add_themes();
    entry->set_id(theme.id);
    *entry->mutable_label() = rpc::ToProto(theme.label);
    entry->set_broader(theme.broader);
  }
  return response;
}

}  // namespace lagnet::directory
