#include "server/search/index.h"

#include <atomic>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/search/highlight.h"
#include "tests/search/lemmas.h"

namespace lagnet::search {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using testing::Pair;
using testing::SizeIs;
using testing::UnorderedElementsAre;

LocalizedText Text(const std::string& language, const std::string& text) {
  return {{language, {.text = text}}};
}

Document Lag(const std::string& id, const LocalizedText& title,
             const std::string& text = "") {
  Document document{.name = "organizations/" + id,
                    .version = 1,
                    .kind = "LAG",
                    .network = "georgia",
                    .country = "GE",
                    .title = title};
  if (!text.empty()) document.texts = {Text("en", text)};
  return document;
}

std::vector<Tag> TestTags() {
  return {
      {.type = Tag::Type::kKind,
       .id = "LAG",
       .names = {{"en", "LAG"}, {"pl", "LGD"}, {"ka", "ჯგუფი"}}},
      {.type = Tag::Type::kKind,
       .id = "MUNICIPALITY",
       .names = {{"en", "municipality"}, {"pl", "gmina"}}},
      {.type = Tag::Type::kTheme,
       .id = "tourism",
       .names = {{"en", "Rural tourism"}, {"pl", "Turystyka wiejska"}}},
      {.type = Tag::Type::kTheme,
       .id = "agritourism",
       .broader = "tourism",
       .names = {{"en", "Agritourism"}}},
      {.type = Tag::Type::kTerritory,
       .id = "GE-KA",
       .names = {{"en", "Kakheti"}, {"ka", "კახეთი"}, {"pl", "Kachetia"}}},
  };
}

class IndexTest : public testing::Test {
 protected:
  std::vector<std::string> Names(const Found& found) const {
    std::vector<std::string> names;
    for (const Hit& hit : found.hits) {
      names.push_back(hit.document->name.substr(14));
    }
    return names;
  }
  Found Look(const Search& search, bool sees_all = false) const {
    return index_.Find(search, {}, 100,
                       [sees_all](const Document&) { return sees_all; });
  }
  std::vector<std::string> Find(const std::string& text) const {
    return Names(Look({.text = text, .language = "en"}));
  }

  const Analysis analysis_{&TestLemmas()};
  const Thesaurus thesaurus_{&analysis_};
  const Tags tags_{TestTags(), &analysis_};
  Index index_{&analysis_, &tags_, &thesaurus_};
};

TEST_F(IndexTest, PutsTheBetterMeetingFirst) {
  index_.Put({Lag("in-text", Text("en", "Elsewhere"), "Near Lagodekhi."),
              Lag("misspelt", Text("en", "Lagodekhy")),
              Lag("sound", Text("pl", "Lagodechi")),
              Lag("exact", Text("en", "Lagodekhi")),
              Lag("inflected", Text("ka", "ლაგოდეხის"))});
  EXPECT_THAT(Find("lagodekhi"), ElementsAre("exact", "inflected", "misspelt",
                                             "sound", "in-text"));
}

TEST_F(IndexTest, PutsWhatHasAllWordsBeforeWhatLacksOne) {
  index_.Put({Lag("one", Text("en", "Wind of Gori")),
              Lag("two", Text("en", "Unrelated"), "Gori and its mills"),
              Lag("three", Text("en", "Mills"))});
  const Found found = Look({.text = "gori mills", .language = "en"});
  EXPECT_THAT(Names(found), ElementsAre("two", "one", "three"));
  EXPECT_TRUE(found.is_relaxed);
  EXPECT_GE(found.hits[0].score, 1);
  EXPECT_LT(found.hits[1].score, 1);
}

TEST_F(IndexTest, TakesNamesOfTagsForTags) {
  Document kakheti = Lag("kakheti", Text("ka", "ჯგუფი ერთი"));
  kakheti.territories = {"GE-KA"};
  kakheti.themes = {"agritourism"};
  Document other = Lag("other", Text("en", "Another"));
  other.kind = "MUNICIPALITY";
  other.themes = {"tourism"};
  index_.Put({kakheti, other});
  EXPECT_THAT(Find("Kachetia"), ElementsAre("kakheti"));
  EXPECT_THAT(Find("კახეთში"), ElementsAre("kakheti"));
  EXPECT_THAT(Find("turystyka wiejska"),
              UnorderedElementsAre("kakheti", "other"));
  EXPECT_THAT(Find("agritourism"), Contains("kakheti"));
  EXPECT_THAT(Find("gmina"), ElementsAre("other"));
  EXPECT_THAT(Find("LGD"), ElementsAre("kakheti"));
}

TEST_F(IndexTest, FiltersAndCounts) {
  Document a = Lag("a", Text("en", "Place a"));
  a.territories = {"PL815"};
  a.country = "PL";
  a.themes = {"agritourism"};
  Document b = Lag("b", Text("en", "Place b"));
  b.network = "ksow";
  b.kind = "MUNICIPALITY";
  index_.Put({a, b});
  const auto names = [&](Search search) {
    search.text = "place";
    search.language = "en";
    return Names(Look(search));
  };
  EXPECT_THAT(names({}), SizeIs(2));
  EXPECT_THAT(names({.kinds = {"MUNICIPALITY"}}), ElementsAre("b"));
  EXPECT_THAT(names({.kinds = {"MUNICIPALITY", "LAG"}}), SizeIs(2));
  EXPECT_THAT(names({.networks = {"ksow"}}), ElementsAre("b"));
  EXPECT_THAT(names({.themes = {"tourism"}}), ElementsAre("a"));
  EXPECT_THAT(names({.territories = {"PL8"}}), ElementsAre("a"));
  EXPECT_THAT(names({.territories = {"PL"}}), ElementsAre("a"));
  EXPECT_THAT(names({.territories = {"PL9"}}), IsEmpty());
  EXPECT_THAT(names({.collections = {"organizations"}}), SizeIs(2));
  EXPECT_THAT(names({.collections = {"studyVisits"}}), IsEmpty());
  EXPECT_THAT(names({.kinds = {"LAG"}, .networks = {"ksow"}}), IsEmpty());

  const Found found =
      Look({.text = "place", .language = "en", .with_facets = true});
  EXPECT_EQ(found.total, 2u);
  EXPECT_THAT(found.facets.kinds,
              UnorderedElementsAre(Pair("LAG", 1), Pair("MUNICIPALITY", 1)));
  EXPECT_THAT(found.facets.themes,
              UnorderedElementsAre(Pair("agritourism", 1), Pair("tourism", 1)));
  EXPECT_THAT(found.facets.territories, Contains(Pair("PL8", 1)));
  EXPECT_THAT(found.facets.networks,
              UnorderedElementsAre(Pair("georgia", 1), Pair("ksow", 1)));
}

TEST_F(IndexTest, OrdersNamesAsTheReaderDoes) {
  index_.Put({Lag("1", Text("cs", "Hora")), Lag("2", Text("cs", "Chata")),
              Lag("3", Text("cs", "Cesta")), Lag("4", Text("cs", "Ira"))});
  const auto ordered = [&](const char* language) {
    return Names(Look({.order = Order::kName, .language = language}));
  };
  EXPECT_THAT(ordered("cs"), ElementsAre("3", "1", "2", "4"));
  EXPECT_THAT(ordered("en"), ElementsAre("3", "2", "1", "4"));
}

TEST_F(IndexTest, OrdersByDistance) {
  Document tbilisi = Lag("tbilisi", Text("en", "Tbilisi"));
  tbilisi.position = Point{41.72, 44.79};
  Document warsaw = Lag("warsaw", Text("en", "Warsaw"));
  warsaw.position = Point{52.23, 21.01};
  index_.Put({Lag("nowhere", Text("en", "Nowhere")), warsaw, tbilisi});
  const Found found = Look({.order = Order::kDistance,
                            .language = "en",
                            .near = Point{41.83, 46.28}});
  EXPECT_THAT(Names(found), ElementsAre("tbilisi", "warsaw", "nowhere"));
  EXPECT_NEAR(found.hits[0].distance, 124'000, 2'000);
  EXPECT_NEAR(found.hits[1].distance, 2'210'000, 30'000);
}

TEST_F(IndexTest, ForgetsWhatIsGoneAndWhatWas) {
  index_.Put({Lag("a", Text("en", "Oldname"))});
  Document renamed = Lag("a", Text("en", "Newname"));
  renamed.version = 3;
  index_.Put({renamed});
  EXPECT_THAT(Find("oldname"), IsEmpty());
  EXPECT_THAT(Find("newname"), ElementsAre("a"));
  Document late = Lag("a", Text("en", "Latecomer"));
  late.version = 2;
  index_.Put({late});
  EXPECT_THAT(Find("latecomer"), IsEmpty());
  index_.Remove({"organizations/a", "organizations/never"});
  EXPECT_THAT(Find("newname"), IsEmpty());
  EXPECT_EQ(index_.size(), 0u);
  // The place in the table is used again.
  index_.Put({Lag("b", Text("en", "Another"))});
  EXPECT_THAT(Find("another"), ElementsAre("b"));
  EXPECT_THAT(Find("newname"), IsEmpty());
}

TEST_F(IndexTest, ShowsDraftsToTheirOwnOnly) {
  Document draft = Lag("draft", Text("en", "Hiddenplace"));
  draft.audience.is_public = false;
  index_.Put({draft, Lag("open", Text("en", "Hiddenplaces"))});
  const Search search{
      .text = "hiddenplace", .language = "en", .with_facets = true};
  EXPECT_THAT(Names(Look(search, /*sees_all=*/true)), Contains("draft"));
  const Found found = Look(search);
  EXPECT_THAT(Names(found), Not(Contains("draft")));
  EXPECT_EQ(found.total, found.hits.size());
  EXPECT_THAT(found.facets.kinds, testing::Each(Pair("LAG", found.total)));
  const auto suggested = index_.Suggest({.text = "hidd", .language = "en"}, 9,
                                        [](const Document&) { return false; });
  EXPECT_THAT(suggested.documents, SizeIs(1));
}

TEST_F(IndexTest, FindsWhatIsMadeOfTheSameStemIfNothingElseIsThere) {
  index_.Put({Lag("makers", Text("cs", "Město betlémářů"))});
  EXPECT_THAT(Find("betlémy"), ElementsAre("makers"));
  index_.Put({Lag("cribs", Text("cs", "Betlém"))});
  EXPECT_EQ(Find("betlém").front(), "cribs");
}

TEST_F(IndexTest, DoesNotCorrectToWhatIsHidden) {
  Document draft = Lag("draft", Text("en", "Confidential"));
  draft.audience.is_public = false;
  index_.Put({draft});
  const Found found = Look({.text = "confidentail", .language = "en"});
  EXPECT_THAT(found.question.words[0].forms, IsEmpty());
}

TEST_F(IndexTest, PagesShowEachOnce) {
  std::vector<Document> documents;
  for (int i = 0; i < 57; ++i) {
    documents.push_back(
        Lag(absl::StrCat("p-", i), Text("en", absl::StrCat("Page ", i % 5))));
    documents.back().position = Point{40.0 + i % 3, 44};
  }
  index_.Put(documents);
  for (const Order order :
       {Order::kRelevance, Order::kName, Order::kDistance}) {
    const Search search{.text = "page",
                        .order = order,
                        .language = "en",
                        .near = Point{41, 44}};
    std::set<std::string> seen;
    Place after;
    for (bool has_more = true; has_more;) {
      const Found found =
          index_.Find(search, after, 10, [](const Document&) { return false; });
      EXPECT_EQ(found.total, 57u);
      for (const Hit& hit : found.hits) {
        EXPECT_TRUE(seen.insert(hit.document->name).second);
      }
      has_more = found.has_more;
      after = found.hits.back().place;
    }
    EXPECT_THAT(seen, SizeIs(57));
  }
}

TEST_F(IndexTest, CompletesTitlesInAnyAlphabet) {
  index_.Put({Lag("lagodekhi", Text("ka", "ლაგოდეხის ჯგუფი")),
              Lag("kozienice", Text("pl", "Puszcza Kozienicka")),
              Lag("text", Text("en", "Other"), "Lagodekhi in the text only")});
  const auto suggest = [&](const char* text) {
    std::vector<std::string> names;
    for (const auto& document :
         index_
             .Suggest({.text = text, .language = "en"}, 9,
                      [](const Document&) { return false; })
             .documents) {
      names.push_back(document->name.substr(14));
    }
    return names;
  };
  EXPECT_THAT(suggest("lagod"), ElementsAre("lagodekhi"));
  EXPECT_THAT(suggest("ლაგ"), ElementsAre("lagodekhi"));
  EXPECT_THAT(suggest("lagodec"), ElementsAre("lagodekhi"));
  EXPECT_THAT(suggest("puszcza koz"), ElementsAre("kozienice"));
  EXPECT_THAT(suggest(""), IsEmpty());
  EXPECT_THAT(suggest("qqq"), IsEmpty());
}

TEST_F(IndexTest, SaysWhyAndWhatWasMeant) {
  Document lagodekhi = Lag("lagodekhi", {{"ka", {.text = "ლაგოდეხის ჯგუფი"}},
                                         {"en", {.text = "Lagodekhi LAG"}}});
  lagodekhi.territories = {"GE-KA"};
  index_.Put({lagodekhi});
  const auto reason = [&](const std::string& text,
                          const std::string& language = "en") {
    const Found found = Look({.text = text, .language = language});
    const auto reasons =
        ReasonsOf(found.question, lagodekhi, language, analysis_, tags_);
    return reasons.empty() ? Reason{} : reasons.front();
  };
  EXPECT_EQ(reason("lagodekhi").how, How::kExact);
  EXPECT_EQ(reason("lagodexis").how, How::kTransliterated);
  EXPECT_EQ(reason("ლაგოდეხში", "ka").how, How::kInflected);
  EXPECT_EQ(reason("Lagodechi").how, How::kSoundsAlike);
  EXPECT_EQ(reason("Lagodeki").how, How::kMisspelt);
  EXPECT_EQ(reason("Kachetia").how, How::kTerritory);
  EXPECT_EQ(reason("Kachetia").found, "Kakheti");
  EXPECT_EQ(reason("LGD").how, How::kKind);
  EXPECT_EQ(reason("lagodekhi").found, "Lagodekhi");

  const std::string typed = "group \"Lagodeki\"";
  const Found found = Look({.text = typed, .language = "en"});
  EXPECT_EQ(CorrectedText(typed, found.question, {&lagodekhi}),
            "group \"Lagodekhi\"");
  // In the alphabet of the one who asks, whichever the entry has first.
  const Document georgian_first =
      Lag("g", {{"ka", {.text = "ლაგოდეხის"}}, {"pl", {.text = "Lagodekhi"}}});
  EXPECT_EQ(CorrectedText(typed, found.question, {&georgian_first}),
            "group \"Lagodekhi\"");
  EXPECT_EQ(CorrectedText("Lagodekhi", Look({.text = "Lagodekhi"}).question,
                          {&lagodekhi}),
            "");
}

TEST_F(IndexTest, MarksWhatWasFoundAndNothingElse) {
  index_.Put({Lag("a", Text("pl", "Puszcza Kozienicka"))});
  const Found found = Look({.text = "puszczy", .language = "pl"});
  const Highlighter highlighter(found.written);
  const std::string text = "<b>Puszcza</b> & puszczyk, Kozienice";
  std::string joined;
  std::vector<std::string> marked;
  for (const Piece& piece : Mark(text, highlighter.Matches(text))) {
    joined += piece.text;
    if (piece.is_match) marked.push_back(piece.text);
  }
  EXPECT_EQ(joined, text);
  EXPECT_THAT(marked, ElementsAre("Puszcza"));
  std::string longer;
  for (int i = 0; i < 100; ++i) longer += "słowo ";
  longer += "Puszcza";
  const auto snippet = Snippet(longer, highlighter.Matches(longer), 40);
  EXPECT_EQ(snippet.front().text, "…");
  EXPECT_TRUE(snippet.back().is_match);
}

TEST_F(IndexTest, AnswersWhateverIsTyped) {
  index_.Put({Lag("a", Text("en", "Plain name"), "AND OR NOT NEAR")});
  for (const std::string& text : {
           std::string("\"unclosed"),
           std::string("a AND (b OR"),
           std::string("title:name* ^x -y +z"),
           std::string("NEAR(a b, 3) {title} : x"),
           std::string("'; DROP TABLE document; --"),
           std::string("%_\\*?[]{}()<>"),
           std::string(10'000, 'x'),
           std::string(10'000, '*'),
           std::string("a\0b\x01\x02\x7f", 7),
           std::string("\u202Eeman nialp\u202C \u200F\u200B"),
           std::string("\xff\xfe\xc3\x28"),
           std::string("🏔️ 👩‍🌾 ﷽"),
           std::string("gt gp gk elt e l t s"),
       }) {
    const Found found = Look({.text = text, .language = "en"});
    const Highlighter highlighter(found.written);
    (void)Snippet(text, highlighter.Matches(text), 40);
    (void)index_.Suggest({.text = text}, 9,
                         [](const Document&) { return false; });
  }
  EXPECT_THAT(Find("plain OR nothing"), ElementsAre("a"));
}

// Letters of many kinds, and what is none.
std::string RandomText(std::mt19937& random) {
  static const std::vector<std::string> parts = {
      "a",  "ż",    "č",  "ს",  "ლ",      "ო",  "kh", "sz", " ",  " ",
      "-",  "'",    "\"", "*",  "ო",      "ი",  "1",  "Ł",  "ß",  "\u0301",
      "日", "🏔", "(",  "OR", "\u202E", "აგ", "y",  "ch", "ის", "ů"};
  std::string text;
  for (size_t n = 1 + random() % 24; n > 0; --n) {
    text += parts[random() % parts.size()];
  }
  return text;
}

TEST_F(IndexTest, FindsEachDocumentByEachWordOfItsTitle) {
  std::mt19937 random(11);
  std::vector<Document> documents;
  const char* const languages[] = {"en", "ka", "pl", "cs", "lv", "und"};
  for (int i = 0; i < 150; ++i) {
    documents.push_back(Lag(absl::StrCat("r-", i),
                            Text(languages[i % 6], RandomText(random)),
                            RandomText(random)));
  }
  index_.Put(documents);
  for (const Document& document : documents) {
    const std::string& title = document.title.begin()->second.text;
    for (const Word& word : SplitWords(title)) {
      const std::string text = title.substr(word.begin, word.end - word.begin);
      if (analysis_.TermsOf(text, "").empty()) continue;
      EXPECT_THAT(Find(text), Contains(document.name.substr(14)))
          << text << " of " << title;
    }
    (void)Find(RandomText(random));
  }
  std::vector<std::string> names;
  for (const Document& document : documents) names.push_back(document.name);
  index_.Remove(names);
  EXPECT_EQ(index_.size(), 0u);
  for (const Document& document : documents) {
    EXPECT_THAT(Find(document.title.begin()->second.text), IsEmpty());
  }
}

TEST_F(IndexTest, ReadersDoNotDisturbTheWriter) {
  std::atomic<bool> done{false};
  std::vector<std::thread> readers;
  for (int t = 0; t < 3; ++t) {
    readers.emplace_back([&] {
      while (!done) {
        const Found found = Look({.text = "steady", .language = "en"});
        EXPECT_EQ(found.total, found.hits.size());
        for (const Hit& hit : found.hits) {
          EXPECT_EQ(hit.document->title.at("en").text.substr(0, 6), "Steady");
        }
      }
    });
  }
  for (int round = 1; round <= 40; ++round) {
    std::vector<Document> documents;
    for (int i = 0; i < 20; ++i) {
      documents.push_back(Lag(absl::StrCat("s-", i),
                              Text("en", absl::StrCat("Steady ", round))));
      documents.back().version = round;
    }
    index_.Put(std::move(documents));
  }
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_THAT(Find("steady"), SizeIs(20));
}

}  // namespace
}  // namespace lagnet::search
