#ifndef LAGNET_SERVER_DIRECTORY_PROFILE_CONVERT_H_
#define LAGNET_SERVER_DIRECTORY_PROFILE_CONVERT_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "lagnet/directory/v1/organizations.pb.h"
#include "server/directory/profile.h"

namespace lagnet::directory {

// Fails with INVALID_FIELDS if a network's name or a date is none.
absl::StatusOr<Profile> ProfileFromProto(const v1::Organization& organization);
void FillProfile(const Profile& profile, v1::Organization& organization);

// An empty text is no day. Fails with INVALID_FIELDS that names `field`.
absl::StatusOr<Day> DayFromText(absl::string_view field,
                                const std::string& text);
std::string TextOf(const Day& day);

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_PROFILE_CONVERT_H_
