#ifndef LAGNET_SERVER_BASE_REQUEST_KEY_H_
#define LAGNET_SERVER_BASE_REQUEST_KEY_H_

#include <string>

namespace lagnet {

// What makes a mutation the same one when it is repeated.
struct RequestKey {
  std::string caller;       // The account, not the key it used: keys rotate.
  std::string request_id;   // The caller's UUID.
  std::string method;       // "lagnet.visits.v1.SignUpService/CreateSignUp".
  std::string fingerprint;  // 16 bytes: a hash of what is asked for.
};

}  // namespace lagnet

#endif  // LAGNET_SERVER_BASE_REQUEST_KEY_H_
