#include "server/search/content.h"

#include <algorithm>
#include <optional>

namespace lagnet::search {

Content ContentOf(const Document& document, const Tags& tags) {
  Content content{.tags = tags.Of(document)};
  const auto add = [&](Field field, const LocalizedText& localized) {
    for (const auto& [language, translation] : localized) {
      const absl::string_view text = translation.text;
      for (const Word& at : SplitWords(text)) {
        content.words.push_back(
            {text.substr(at.begin, at.end - at.begin), language, field});
      }
    }
  };
  add(Field::kTitle, document.title);
  for (const auto& name : document.other_names) add(Field::kName, name);
  for (const auto& text : document.texts) add(Field::kText, text);
  return content;
}

void Lesson::Note(const Content& content, const Vocabulary& vocabulary) {
  for (const Content::Said& said : content.words) {
    if (vocabulary.FindWord(said.word, said.language)) continue;
    words_.try_emplace({said.word, said.language});
  }
}

void Lesson::Prepare(const Analysis& analysis) {
  for (auto& [word, terms] : words_) {
    terms = analysis.TermsOf(word.first, word.second);
  }
}

void Lesson::TeachTo(Vocabulary& vocabulary) const {
  for (const auto& [word, terms] : words_) {
    vocabulary.Learn(word.first, word.second, terms);
  }
}

std::vector<Posting> PostingsOf(const Content& content,
                                Vocabulary& vocabulary) {
  std::vector<Posting> postings;
  for (const Content::Said& said : content.words) {
    const auto word = vocabulary.FindWord(said.word, said.language);
    if (!word) continue;
    for (const TermId term : vocabulary.TermsOf(*word)) {
      postings.push_back({term, BitOf(said.field)});
    }
  }
  for (const Tags::Ref& ref : content.tags) {
    postings.push_back({vocabulary.Intern(Tags::TermOf(ref.type, ref.id)),
                        BitOf(Field::kTag)});
  }
  std::sort(postings.begin(), postings.end(),
            [](const Posting& a, const Posting& b) { return a.term < b.term; });
  size_t kept = 0;
  for (const Posting& posting : postings) {
    if (kept > 0 && postings[kept - 1].term == posting.term) {
      postings[kept - 1].fields |= posting.fields;
    } else {
      postings[kept++] = posting;
    }
  }
  postings.resize(kept);
  return postings;
}

}  // namespace lagnet::search
