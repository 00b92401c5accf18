#include "server/directory/reader.h"

#include <algorithm>

#include "server/directory/area.h"
#include "server/directory/life.h"

namespace lagnet::directory {
namespace {

bool IsStaffOf(const Reader::Staff& staff, const Organization& organization) {
  if (staff.network != organization.network) return false;
  return staff.region.empty() ||
         std::any_of(organization.territories.begin(),
                     organization.territories.end(), [&](const Territory& t) {
                       return LiesIn(t, organization.country, staff.region);
                     });
}

}  // namespace

bool MayRead(const Reader& reader, const Organization& organization) {
  if (!IsForFew(organization.life.state) || reader.runs_everything) {
    return true;
  }
  if (!reader.identity.empty() &&
      reader.identity == organization.life.creator) {
    return true;
  }
  if (std::find(reader.organizations.begin(), reader.organizations.end(),
                organization.id) != reader.organizations.end()) {
    return true;
  }
  return std::any_of(reader.staff.begin(), reader.staff.end(),
                     [&](const Reader::Staff& staff) {
                       return IsStaffOf(staff, organization);
                     });
}

}  // namespace lagnet::directory
