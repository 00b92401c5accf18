#include "server/directory/outline.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace lagnet::directory {
namespace {

// The mean radius of the earth (IUGG).
constexpr double kEarthKm = 6371.0088;

double Radians(double degrees) { return degrees * std::numbers::pi / 180; }

Corner ParseCorner(absl::string_view text) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits(',', 1));
  Corner corner;
  if (!absl::SimpleAtoi(parts.first, &corner.longitude) ||
      !absl::SimpleAtoi(parts.second, &corner.latitude)) {
    return {};
  }
  return corner;
}

// Whether a line from `point` to the east crosses the segment. The southern
// end belongs to it and the northern does not, so that a corner counts once.
bool Crosses(const Corner& a, const Corner& b, double longitude,
             double latitude) {
  if ((a.latitude <= latitude) == (b.latitude <= latitude)) return false;
  const double share =
      (latitude - a.latitude) / static_cast<double>(b.latitude - a.latitude);
  return longitude < a.longitude + share * (b.longitude - a.longitude);
}

}  // namespace

Outline ParseOutline(absl::string_view text) {
  Outline outline;
  for (const absl::string_view part :
       absl::StrSplit(text, ';', absl::SkipEmpty())) {
    Ring ring;
    for (const absl::string_view corner : absl::StrSplit(part, ' ')) {
      ring.push_back(ParseCorner(corner));
    }
    outline.push_back(std::move(ring));
  }
  return outline;
}

bool Encloses(const Outline& outline, const Position& point) {
  const double longitude = point.longitude * 1000;
  const double latitude = point.latitude * 1000;
  bool is_inside = false;
  for (const Ring& ring : outline) {
    for (size_t i = 1; i < ring.size(); ++i) {
      if (Crosses(ring[i - 1], ring[i], longitude, latitude)) {
        is_inside = !is_inside;
      }
    }
  }
  return is_inside;
}

std::vector<Segment> SegmentsOf(const Outline& outline) {
  std::vector<Segment> segments;
  for (const Ring& ring : outline) {
    for (size_t i = 1; i < ring.size(); ++i) {
      segments.push_back(std::minmax(ring[i - 1], ring[i]));
    }
  }
  return segments;
}

double DistanceKm(const Position& a, const Position& b) {
  const double latitude = std::sin(Radians(b.latitude - a.latitude) / 2);
  const double longitude = std::sin(Radians(b.longitude - a.longitude) / 2);
  const double haversine =
      latitude * latitude + std::cos(Radians(a.latitude)) *
                                std::cos(Radians(b.latitude)) * longitude *
                                longitude;
  return 2 * kEarthKm * std::asin(std::sqrt(std::min(1.0, haversine)));
}

}  // namespace lagnet::directory
