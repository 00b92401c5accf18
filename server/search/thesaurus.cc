#include "server/search/thesaurus.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace lagnet::search {
namespace {

// A line is a group: the words in English, Georgian, Polish and Czech, then the
// themes. Single words, in their base form.
constexpr absl::string_view kGroups = R"(
wine, vineyard, viticulture, winemaking | ღვინო, ვენახი, მევენახეობა, მეღვინეობა | wino, winnica, winiarstwo | víno, vinice, vinařství | agri_competitiveness, local_food_quality
cheese | ყველი | ser | sýr | local_food_quality
honey, beekeeping, bee | თაფლი, მეფუტკრეობა, ფუტკარი | miód, pszczelarstwo, pszczoła | med, včelařství, včela | local_food_quality
tea | ჩაი | herbata | čaj | local_food_quality
bread, bakery | პური, საცხობი | chleb, piekarnia | chléb, pekárna | local_food_quality
milk, dairy | რძე | mleko, mleczarnia | mléko, mlékárna | local_food_quality
fruit, orchard | ხილი, ბაღი | owoc, sad | ovoce, sad | agri_competitiveness
vegetable | ბოსტნეული | warzywo | zelenina | agri_competitiveness
potato | კარტოფილი | ziemniak | brambora | agri_competitiveness
nut, hazelnut | თხილი | orzech | ořech | agri_competitiveness
sheep | ცხვარი | owca | ovce | agri_competitiveness
farmer, farm, farming, agriculture | ფერმერი, მეურნეობა, აგრარული | rolnik, rolnictwo, gospodarstwo | zemědělec, zemědělství, farma | agri_competitiveness
food, product, cuisine, culinary, gastronomy | სურსათი, საკვები, პროდუქტი, კულინარია | żywność, jedzenie, produkt, kuchnia, kulinarny | potravina, jídlo, produkt, kuchyně, kulinářský | local_food_quality
market, fair | ბაზარი, ბაზრობა | targ, targowisko, jarmark | trh, tržnice, jarmark | short_supply_chains
organic, bio, ecological | ბიო, ორგანული, ეკოლოგიური | ekologiczny, bio | ekologický, bio | organic
tourism, tourist, visitor | ტურიზმი, ტურისტი, ვიზიტორი | turystyka, turysta | turistika, turista, cestovní | rural_tourism
guesthouse, hostel, accommodation, agritourism | სასტუმრო, აგროტურიზმი | agroturystyka, nocleg, pensjonat | agroturistika, ubytování, penzion | agritourism
hiking, trail, path | ბილიკი, ლაშქრობა | szlak, ścieżka | stezka, trasa | rural_tourism
bike, bicycle, cycling | ველოსიპედი | rower, rowerowy | kolo, cyklostezka | rural_tourism, mobility_transport
mountain, hill | მთა | góra, górski | hora, horský | rural_tourism
forest, wood | ტყე | las, puszcza, leśny | les, lesní | forestry
lake | ტბა | jezioro | jezero | water
river | მდინარე | rzeka | řeka | water
fish, fishing, fisheries, trout | თევზი, თევზჭერა, მეთევზეობა, კალმახი | ryba, rybactwo, rybołówstwo, pstrąg | ryba, rybolov, rybářství, pstruh | fisheries_aquaculture
nature, environment | ბუნება, გარემო | przyroda, środowisko | příroda, prostředí | natural_heritage_protected_areas
park, reserve | პარკი, ნაკრძალი | park, rezerwat | park, rezervace | natural_heritage_protected_areas
animal, wildlife | ცხოველი | zwierzę | zvíře | biodiversity
climate | კლიმატი | klimat | klima, podnebí | climate_adaptation, climate_mitigation
flood, drought | წყალდიდობა, გვალვა | powódź, susza | povodeň, sucho | emergency_preparedness
fire, firefighter, rescue | ხანძარი, მაშველი | pożar, straż, strażak | požár, hasič | emergency_preparedness
energy, solar | ენერგია, ენერგეტიკა | energia, energetyka, słoneczny | energie, energetika, solární | renewable_energy_communities
waste, recycling | ნარჩენი | odpad, recykling | odpad, recyklace | waste
water | წყალი | woda | voda | water
craft, handicraft, artisan | ხელოსნობა, ხელობა, რეწვა | rzemiosło, rękodzieło | řemeslo | crafts
pottery, ceramics | თიხა, კერამიკა | garncarstwo, ceramika | hrnčířství, keramika | crafts
wool, weaving, felt | მატყლი, ქსოვა, თექა | wełna, tkactwo | vlna, tkaní | crafts
heritage, monument, history, castle | მემკვიდრეობა, ძეგლი, ისტორია, ციხე | dziedzictwo, zabytek, historia, zamek | dědictví, památka, historie, hrad, zámek | cultural_heritage
church, monastery | ეკლესია, ტაძარი, მონასტერი | kościół, klasztor | kostel, klášter | cultural_heritage
museum | მუზეუმი | muzeum | muzeum | cultural_heritage
tradition, folklore | ტრადიცია, ფოლკლორი | tradycja, folklor | tradice, folklor | cultural_heritage
culture, art, music | კულტურა, ხელოვნება, მუსიკა | kultura, sztuka, muzyka | kultura, umění, hudba | culture_leisure
festival, celebration | ფესტივალი, დღესასწაული | festiwal, święto | festival, slavnost | culture_leisure
sport | სპორტი | sport | sport | culture_leisure
border | საზღვარი | granica, pogranicze | hranice, pomezí | cross_border_identity
youth, young | ახალგაზრდა, ახალგაზრდობა | młodzież, młody | mládež, mladý | youth
child, children | ბავშვი | dziecko | dítě | education_training, youth
woman, women | ქალი | kobieta | žena | women
elderly, senior, pensioner | ხანდაზმული, პენსიონერი | senior, starszy | senior, důchodce | ageing
migrant, refugee, newcomer | მიგრანტი, დევნილი | migrant, uchodźca | migrant, uprchlík | newcomers_migration
poverty | სიღარიბე | ubóstwo, bieda | chudoba | poverty_reduction
disability, disabled | შშმ | niepełnosprawny, niepełnosprawność | postižený, postižení | social_inclusion
school, education, training, course | სკოლა, განათლება, სწავლება, ტრენინგი | szkoła, edukacja, szkolenie, kurs | škola, vzdělávání, školení, kurz | education_training
university, research | უნივერსიტეტი, კვლევა | uniwersytet, badanie | univerzita, výzkum | innovation_EIP
innovation | ინოვაცია | innowacja | inovace | innovation_EIP
job, employment, work | სამუშაო, დასაქმება | praca, zatrudnienie | práce, zaměstnání | jobs_skills
business, enterprise, company, entrepreneur | ბიზნესი, საწარმო, კომპანია, მეწარმე, მეწარმეობა | biznes, przedsiębiorstwo, firma, przedsiębiorca | podnik, firma, podnikatel, podnikání | sme_entrepreneurship
health, hospital, doctor | ჯანმრთელობა, ჯანდაცვა, საავადმყოფო, ექიმი | zdrowie, szpital, lekarz | zdraví, nemocnice, lékař | health_care
house, housing, home | სახლი, საცხოვრებელი | dom, mieszkanie | dům, bydlení | housing
road, transport, bus | გზა, ტრანსპორტი, ავტობუსი | droga, transport, autobus | silnice, doprava, autobus | mobility_transport
internet, digital, computer | ინტერნეტი, ციფრული, კომპიუტერი | internet, cyfrowy, komputer | internet, digitální, počítač | digital_broadband
village | სოფელი | wieś, wioska | vesnice, ves | smart_villages
town, city | ქალაქი | miasto | město |
land, country, countryside | მიწა, ქვეყანა, მხარე | ziemia, kraina, kraj | země, krajina, venkov |
region | რეგიონი, მხარე | region, województwo | kraj, region |
community | თემი, საზოგადოება | społeczność, wspólnota | komunita, společenství | community_capacity
participation, engagement, citizen | მონაწილეობა, ჩართულობა, მოქალაქე | partycypacja, uczestnictwo, obywatel | participace, účast, občan | participation_governance
budget | ბიუჯეტი | budżet | rozpočet | participatory_budgeting
election, board, assembly | არჩევნები, გამგეობა, კრება | wybory, zarząd, zebranie | volby, rada, shromáždění | participation_governance
network, federation | ქსელი, ფედერაცია | sieć, federacja | síť, federace |
association, union | ასოციაცია, კავშირი | stowarzyszenie, związek | sdružení, svaz |
partnership, partner | პარტნიორობა, პარტნიორი | partnerstwo, partner | partnerství, partner |
institute | ინსტიტუტი | instytut | institut, ústav |
foundation, fund | ფონდი | fundacja, fundusz | nadace, fond |
cooperation | თანამშრომლობა | współpraca | spolupráce |
strategy | სტრატეგია | strategia | strategie |
visit, study | ვიზიტი, სასწავლო | wizyta, studyjny | cesta, návštěva, studijní |
expert | ექსპერტი | ekspert | expert, odborník |
project | პროექტი | projekt | projekt |
grant, funding | გრანტი, დაფინანსება | grant, dotacja | grant, dotace |
georgian | ქართული | gruziński | gruzínský |
polish | პოლონური | polski | polský |
czech | ჩეხური | czeski | český |
latvian | ლატვიური | łotewski | lotyšský |
lithuanian | ლიტვური, ლიეტუვური | litewski | litevský |
difficulty, problem | სირთულე, პრობლემა | trudność, problem | potíž, problém |
)";

constexpr std::array<absl::string_view, 4> kLanguages{"en", "ka", "pl", "cs"};

std::vector<std::string> Split(absl::string_view list) {
  std::vector<std::string> words;
  for (const absl::string_view word :
       absl::StrSplit(list, ',', absl::SkipWhitespace())) {
    words.emplace_back(absl::StripAsciiWhitespace(word));
  }
  return words;
}

}  // namespace

Thesaurus::Thesaurus(const Analysis* analysis) {
  for (const absl::string_view line :
       absl::StrSplit(kGroups, '\n', absl::SkipEmpty())) {
    const std::vector<absl::string_view> columns = absl::StrSplit(line, '|');
    Related group;
    for (size_t i = 0; i < kLanguages.size() && i < columns.size(); ++i) {
      for (const std::string& word : Split(columns[i])) {
        for (std::string& term : analysis->TermsOf(word, kLanguages[i])) {
          // What only sounds alike is another word.
          if (LevelOf(term) == Level::kSound) continue;
          group.terms.push_back(std::move(term));
        }
      }
    }
    if (columns.size() > kLanguages.size()) {
      group.themes = Split(columns[kLanguages.size()]);
    }
    std::sort(group.terms.begin(), group.terms.end());
    group.terms.erase(std::unique(group.terms.begin(), group.terms.end()),
                      group.terms.end());
    for (const std::string& term : group.terms) {
      by_term_[term].push_back(groups_.size());
    }
    groups_.push_back(std::move(group));
  }
}

Thesaurus::Related Thesaurus::Of(const std::vector<std::string>& terms) const {
  Related related;
  std::vector<size_t> seen;
  for (const std::string& term : terms) {
    const auto groups = by_term_.find(term);
    if (groups == by_term_.end()) continue;
    for (const size_t group : groups->second) {
      if (std::find(seen.begin(), seen.end(), group) != seen.end()) continue;
      seen.push_back(group);
      related.terms.insert(related.terms.end(), groups_[group].terms.begin(),
                           groups_[group].terms.end());
      related.themes.insert(related.themes.end(), groups_[group].themes.begin(),
                            groups_[group].themes.end());
    }
  }
  return related;
}

}  // namespace lagnet::search
