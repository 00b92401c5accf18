#ifndef LAGNET_SERVER_VISITS_WORDS_H_
#define LAGNET_SERVER_VISITS_WORDS_H_

#include <map>
#include <string>
#include <vector>

#include "server/base/messages.h"
#include "server/visits/sign_up.h"
#include "server/visits/visit.h"
#include "server/visits/why.h"

namespace lagnet::visits {

// Rules and reasons in plain words, in English, Georgian, Polish and Czech.

// What server/visits/messages says.
const Messages& VisitMessages();

// What organisations and territories are called in the reader's language, by
// id and by code. What is missing is called by its id or code.
struct Names {
  std::map<std::string, std::string> organizations;
  std::map<std::string, std::string> territories;
};

// "people from Lubelskie, civil society".
std::string SayGroup(const std::string& language, const Group& group,
                     const Names& names);

// The rules of a visit as the recruitment regulations that a funder asks for:
// a heading and a list, in Markdown.
std::string SayRules(const std::string& language, const StudyVisit& visit,
                     const Names& names);

// Why a party waits, a sentence a line.
std::string SayWhy(const std::string& language, const StudyVisit& visit,
                   const SignUp& sign_up, const Explanation& explanation,
                   const Names& names);

}  // namespace lagnet::visits

#endif  // LAGNET_SERVER_VISITS_WORDS_H_
