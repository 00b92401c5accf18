#ifndef LAGNET_SERVER_DIRECTORY_TERRITORY_STORE_H_
#define LAGNET_SERVER_DIRECTORY_TERRITORY_STORE_H_

#include <string>
#include <vector>

#include "server/db/tx.h"

namespace lagnet::directory {

// Which of the territories that organisations name lie in what `code` stands
// for, each as "scheme:country:code". The tree is the catalogue's: the
// database only tells what occurs.
std::vector<std::string> TerritoriesWithin(db::Tx& tx, const std::string& code);

}  // namespace lagnet::directory

#endif  // LAGNET_SERVER_DIRECTORY_TERRITORY_STORE_H_
