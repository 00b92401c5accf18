#ifndef LAGNET_SERVER_RPC_FINGERPRINT_H_
#define LAGNET_SERVER_RPC_FINGERPRINT_H_

#include <initializer_list>
#include <string>

#include "google/protobuf/message.h"

namespace lagnet::rpc {

// 16 bytes that are equal for requests that ask for the same: BLAKE2b over
// the deterministic serialisation (maps sorted) without the given fields. What
// is kept and may be about people needs a secret `key`.
std::string Fingerprint(const google::protobuf::Message& request,
                        std::initializer_list<const char*> without,
                        const std::string& key = "");

}  // namespace lagnet::rpc

#endif  // LAGNET_SERVER_RPC_FINGERPRINT_H_
