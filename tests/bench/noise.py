"""Organisations that look real and are not: what a search must look past.

Made from lists by numbers alone, so that each run makes the same ones. No two
have one name. They lie in regions, and are about things, that the judged
queries do not ask for (tests/search/judged), so that none of them is meant.

The first few are lures: they do lie where people look, and their names are a
letter or two off the words that people look for ("wine", "honey").
"""

import random

# Language, network, country, its regions, how a LAG's name is put together.
_PLACES = {
    "pl": {
        "begin": ["Brzo", "Choj", "Dąbr", "Głog", "Jarz", "Kalin", "Lipn",
                  "Malin", "Niesz", "Osiecz", "Piask", "Rudn", "Sokoł", "Tarn",
                  "Ustr", "Wierzb", "Zalesz", "Krosn", "Modrz", "Olsz",
                  "Pruszk", "Świerk", "Topol", "Żarn", "Bielsk", "Czarn",
                  "Gost", "Husz", "Iwan", "Łęcz"],
        "middle": ["", "", "imir", "osław", "ogor", "ewin", "oniec", "ylew",
                   "ospad", "etrzew"],
        "end": ["owo", "ów", "owice", "anka", "nica", "kowo", "ówka", "ewo",
                "in", "any", "iska", "no"],
        "more": ["", "", "", " Dolny", " Górny", " Stary", " Nowy", " Wielki",
                 " Mały", " Zdrój", " Podlaski", " Pomorski", " Śródleśny"],
    },
    "cs": {
        "begin": ["Bystř", "Chot", "Dobř", "Hlubok", "Jablon", "Kamen", "Lhot",
                  "Mlad", "Nový", "Ostr", "Písk", "Rudn", "Slav", "Třeb",
                  "Újezd", "Vrch", "Zámk", "Břez", "Čern", "Dubn", "Habr",
                  "Javor", "Křem", "Leden", "Mokř", "Nech", "Olš", "Polič",
                  "Rych", "Sucho"],
        "middle": ["", "", "omíř", "oslav", "ohor", "etín", "onín", "ykov",
                   "oved", "etrh"],
        "end": ["ice", "ov", "ovice", "ín", "any", "ná", "ka", "isko", "ec",
                "aves", "ínek", "ava"],
        "more": ["", "", "", " nad Labem", " pod Lesem", " nad Orlicí",
                 " u Lomu", " za Vodou", " pod Horou", " nad Moravou"],
    },
    "ka": {
        "begin": ["ახალ", "ზემო ", "ქვემო ", "დიდი ", "პატარა ", "შუა ", "ძველი ",
                  "წითელ", "თეთრ", "შავ", "მწვანე ", "გრძელ", "ღრმა ", "მაღალ",
                  "ნაძვ", "მუხ", "თელ", "კაკლ", "ვაშლ", "მსხლ"],
        "middle": ["", "", "ჯვარ", "ბაღ", "რკინა", "ვარდ", "ოქრო", "ქვა",
                   "სერ", "კლდე"],
        "end": ["უბანი", "ხევი", "მინდორი", "კარი", "გორა", "ველი", "ციხე",
                "ჭალა", "ბორცვი", "ნარი", "იანი", "თავი", "ხიდი", "ბოლო",
                "სერი"],
        "more": [""],
    },
    "en": {
        "begin": ["Bally", "Carrick", "Dun", "Glen", "Inver", "Kil", "Knock",
                  "Loch", "Rath", "Strath", "Tully", "Ard", "Clon", "Drum",
                  "Ennis", "Gort", "Lis", "Mullin", "Oran", "Temple"],
        "middle": ["", "", "na", "ma", "loch", "inish", "derry", "cross",
                   "glas", "torc"],
        "end": ["more", "brack", "doon", "ford", "garvan", "keel", "lara",
                "muck", "nagh", "patrick", "rea", "sallagh", "tubber",
                "gowan", "vara", "wick"],
        "more": ["", "", " North", " South", " Upper", " Lower", " Coast"],
    },
}

_LATIN = dict(zip("აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ", [
    "a", "b", "g", "d", "e", "v", "z", "t", "i", "k", "l", "m", "n", "o", "p",
    "zh", "r", "s", "t", "u", "p", "k", "gh", "q", "sh", "ch", "ts", "dz",
    "ts", "ch", "kh", "j", "h"]))

_COUNTRIES = {
    "pl": ("ksow", "PL", "NUTS", ["PL213", "PL414", "PL424", "PL523", "PL613",
                                  "PL621", "PL634", "PL711", "PL721", "PL824",
                                  "PL842"], (50.0, 54.3), (15.0, 23.5)),
    "cs": ("nsmascr", "CZ", "NUTS", ["CZ020", "CZ031", "CZ032", "CZ041",
                                     "CZ053", "CZ064", "CZ071", "CZ072",
                                     "CZ080"], (48.7, 50.9), (12.5, 18.6)),
    "ka": ("grdn", "GE", "ISO_3166_2", ["GE-SK"], (41.8, 42.3), (43.6, 44.4)),
    "en": ("transnational-demo", "IE", "NUTS", ["IE041", "IE042", "IE051",
                                                "IE052", "IE053", "IE063"],
           (51.6, 55.2), (-10.0, -6.2)),
}

_KINDS = {
    "pl": [("LAG", "Lokalna Grupa Działania „{}”", "LAG {}"),
           ("LAG", "LGD {}", "LAG {}"),
           ("LAG", "Stowarzyszenie {} – LGD", "LAG {}"),
           ("MUNICIPALITY", "Gmina {}", "Municipality of {}"),
           ("COUNTY", "Powiat {}", "County of {}"),
           ("CSO", "Fundacja {}", "{} Foundation"),
           ("BUSINESS", "Gospodarstwo {}", "{} Farm")],
    "cs": [("LAG", "MAS {}, z.s.", "LAG {}"),
           ("LAG", "Místní akční skupina {}, o.p.s.", "LAG {}"),
           ("LAG", "{}, z.s.", "LAG {}"),
           ("MUNICIPALITY", "Obec {}", "Municipality of {}"),
           ("CSO", "Spolek {}", "{} Association"),
           ("SOCIAL_ENTERPRISE", "Dílna {}", "{} Workshop")],
    "ka": [("LAG", "{}ს ადგილობრივი განვითარების ჯგუფი",
            "{} Local Action Group"),
           ("MUNICIPALITY", "{}ს მუნიციპალიტეტი", "{} Municipality"),
           ("CSO", "კავშირი „{}“", "{} Union"),
           ("BUSINESS", "კოოპერატივი „{}“", "{} Cooperative")],
    "en": [("LAG", "{} Local Development Company", "{} Local Action Group"),
           ("LAG", "LEADER {}", "LEADER {}"),
           ("MUNICIPALITY", "{} Council", "{} Council"),
           ("CSO", "{} Community Trust", "{} Community Trust"),
           ("RESEARCH", "{} Rural Studies Centre", "{} Rural Studies Centre")],
}

_SENTENCES = {
    "pl": ["Działa od {y} roku na terenie {n} gmin, między innymi {a} i {b}.",
           "Wspiera turystykę, lokalne produkty i mieszkańców wsi.",
           "Biuro mieści się w miejscowości {a}; partnerem jest {b}.",
           "Strategia obejmuje drogi rowerowe, szkoły i świetlice.",
           "Organizuje jarmark, warsztaty dla młodzieży i spotkania seniorów.",
           "Dofinansowała {n} projektów małych firm i stowarzyszeń."],
    "cs": ["Založena v roce {y}, sdružuje {n} obcí, například {a} a {b}.",
           "Podporuje cestovní ruch, místní výrobky a život na vesnici.",
           "Kancelář sídlí v obci {a}; partnerem je {b}.",
           "Strategie zahrnuje cyklostezky, školy a spolkový život.",
           "Pořádá trhy, dílny pro mládež a setkání seniorů.",
           "Podpořila {n} projektů malých firem a spolků."],
    "ka": ["მუშაობს {y} წლიდან და აერთიანებს {n} თემს, მათ შორის {a} და {b}.",
           "ხელს უწყობს ტურიზმს, ადგილობრივ პროდუქტს და სოფლის მოსახლეობას.",
           "ოფისი მდებარეობს სოფელ {a}; პარტნიორია {b}.",
           "სტრატეგია მოიცავს გზებს, სკოლებს და საზოგადოებრივ სივრცეებს.",
           "ატარებს ბაზრობას, ახალგაზრდულ სემინარებს და შეხვედრებს.",
           "დააფინანსა მცირე ბიზნესის {n} პროექტი."],
    "en": ["Founded in {y}, it covers {n} parishes, among them {a} and {b}.",
           "It supports tourism, local products and people in the countryside.",
           "Its office is in {a}; {b} is a partner.",
           "The strategy covers cycle paths, schools and village halls.",
           "It runs a fair, workshops for young people and meetings of seniors.",
           "It has funded {n} projects of small firms and associations."],
}

# Not those that a judged query asks for together with a country.
_THEMES = {
    "pl": ["rural_tourism", "digital_broadband", "mobility_transport", "water",
           "ageing", "jobs_skills", "waste", "smart_villages", "housing"],
    "cs": ["rural_tourism", "digital_broadband", "mobility_transport", "water",
           "ageing", "jobs_skills", "waste", "smart_villages", "biodiversity"],
    "ka": ["digital_broadband", "water", "jobs_skills", "waste", "housing",
           "emergency_preparedness", "smart_villages", "ageing"],
    "en": ["rural_tourism", "digital_broadband", "mobility_transport", "water",
           "women", "youth", "crafts", "smart_villages", "social_enterprise"],
}

_LURES = ["Wind Park", "Money Trust"]


def _lure(number):
    return {
        "name": f"organizations/noise-{number}",
        "network": "networks/grdn",
        "kind": "CSO",
        "displayName": {"texts": {"en": {"text": _LURES[number]}}},
        "country": "GE",
        "territories": [{"scheme": "ISO_3166_2", "code": "GE-KA"}],
        "themes": [],
        "languages": ["en"],
        "position": {"latitude": 41.65, "longitude": 45.69},
        "email": f"office@noise-{number}.example.org",
        "description": {"texts": {}},
    }


def _latin(text):
    words = "".join(_LATIN.get(letter, letter) for letter in text).split()
    return " ".join(word.capitalize() for word in words)


def _place(dice, language):
    parts = _PLACES[language]
    return "".join(dice.choice(parts[part])
                   for part in ("begin", "middle", "end", "more"))


def _text(dice, language, translate):
    a, b = _place(dice, language), _place(dice, language)
    year, number = dice.randint(1994, 2024), dice.randint(3, 60)
    chosen = dice.sample(range(6), 3)
    say = lambda of, change: " ".join(
        _SENTENCES[of][i].format(y=year, n=number, a=change(a), b=change(b))
        for i in chosen)
    return say(language, str), say("en", translate)


def organizations(count):
    """`count` organisations as deploy/demo writes them; the first ones are the
    same whatever the count."""
    dice = random.Random(2026)
    taken = set()
    for number in range(count):
        if number < len(_LURES):
            yield _lure(number)
            continue
        language = ("pl", "cs", "ka", "en")[number % 4]
        network, country, scheme, regions, south, west = _COUNTRIES[language]
        kind, pattern, english = dice.choices(
            _KINDS[language],
            [4] + [1] * (len(_KINDS[language]) - 1))[0]
        place = _place(dice, language)
        while (pattern.format(place)) in taken:
            place = f"{place} – {_place(dice, language)}"
        taken.add(pattern.format(place))
        translate = _latin if language == "ka" else str
        own, foreign = _text(dice, language, translate)
        texts = lambda mine, theirs: {"texts": {
            language: {"text": mine}, "en": {"text": theirs}}}
        territory = {"scheme": scheme, "code": dice.choice(regions)}
        if scheme == "NUTS":
            territory["version"] = "2021"
        yield {
            "name": f"organizations/noise-{number}",
            "network": f"networks/{network}",
            "kind": kind,
            "displayName": texts(pattern.format(place),
                                 english.format(translate(place))),
            "country": country,
            "territories": [territory],
            "themes": dice.sample(_THEMES[language], 3),
            "languages": [language],
            "position": {"latitude": round(dice.uniform(*south), 3),
                         "longitude": round(dice.uniform(*west), 3)},
            "email": f"office@noise-{number}.example.org",
            "description": texts(own, foreign),
        }
