#ifndef LAGNET_SERVER_DIRECTORY_OUTLINE_H_
#define LAGNET_SERVER_DIRECTORY_OUTLINE_H_

#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/directory/organization.h"

namespace lagnet::directory {

// A corner of an outline, in thousandths of a degree, WGS 84.
struct Corner {
  int32_t longitude = 0;
  int32_t latitude = 0;

  bool operator==(const Corner&) const = default;
  bool operator<(const Corner& other) const {
    return longitude != other.longitude ? longitude < other.longitude
                                        : latitude < other.latitude;
  }
};

// A closed line: the last corner is the first again.
using Ring = std::vector<Corner>;

// The border of a territory, simplified to some 2 km; holes and islands are
// rings of their own. Empty if none is known.
using Outline = std::vector<Ring>;

// Reads `lon,lat lon,lat …;lon,lat …`, as outlines.tsv has it.
Outline ParseOutline(absl::string_view text);

// Whether a point lies inside: within an odd number of rings.
bool Encloses(const Outline& outline, const Position& point);

// The pieces of border between two corners. Neighbours have some in common,
// whichever way round they go.
using Segment = std::pair<Corner, Corner>;
std::vector<Segment> SegmentsOf(const Outline& outline);

// The distance over the earth's surface in kilometres, on a sphere: off by
// 0.5 % at most.
double DistanceKm(const Position& a, const Position& b);

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_OUTLINE_H_
