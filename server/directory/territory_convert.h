#ifndef LAGNET_SERVER_DIRECTORY_TERRITORY_CONVERT_H_
#define LAGNET_SERVER_DIRECTORY_TERRITORY_CONVERT_H_

#include "lagnet/directory/v1/territories.pb.h"
#include "server/directory/place.h"

namespace lagnet::directory {

v1::Territory ToProto(const Place& place);
v1::Outline OutlineToProto(const Place& place);

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_TERRITORY_CONVERT_H_
