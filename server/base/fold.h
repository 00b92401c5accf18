#ifndef LAGNET_SERVER_BASE_FOLD_H_
#define LAGNET_SERVER_BASE_FOLD_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace lagnet {

// Texts as they are compared across alphabets and spellings: by the search,
// and where likely doubles are told. Pure and thread-safe. Any bytes may come
// in; what is no UTF-8 counts as a space.

// Lower case, without diacritics (also ł, đ, ø), Georgian in Latin letters by
// the national romanisation of 2002 without its apostrophes; Mtavruli and
// Asomtavruli capitals as the letters they are. What is neither letter nor
// digit parts words by one space, but an apostrophe or dot inside a word goes:
//   "Kraśnik, LGD" → "krasnik lgd"    "o.p.s." → "ops"
//   "ლაგოდეხი" → "lagodekhi"          "Ts'alka" → "tsalka"
// Letters of other scripts stay, in lower case.
std::string Fold(absl::string_view text);

// How a folded word sounds, roughly, in capitals: the usual spellings of one
// Georgian name in English, Polish, Czech and German, and the transliterations
// in use, share at least one of the skeletons.
//   kh x h ch → H     ts tz c cz tch ch → C     sh sz sch s → S
//   dz dzh dj j → J   z zh rz → Z               g gh → G      q k → K
//   v w → V           i y j → I                 t th → T      p ph → P
// Doubled letters count once, and vowels at the end, which change from language
// to language (Kakheti, Kachetie), only while fewer than four letters would be
// left. Where a spelling may be read in two ways there is a skeleton for each,
// at most eight: "chulo" gives HULO and CULO. Empty for a word without Latin
// letters.
std::vector<std::string> Skeletons(absl::string_view folded_word);

// What somebody wrote who typed Georgian on Latin keys as they lie on the
// Georgian keyboard: "walka" → "წალკა", "lagodexi" → "ლაგოდეხი". Capitals are
// the keys with shift: "Texi" → "თეხი". Empty unless all are Latin letters.
std::string FromGeorgianKeys(absl::string_view word);

// Whether a word has Georgian letters.
bool IsGeorgian(absl::string_view word);

}  // namespace lagnet

#endif  // LAGNET_SERVER_BASE_FOLD_H_
