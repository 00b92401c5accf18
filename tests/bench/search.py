"""The search: how good it is, how fast, how large."""

import json
import math
import pathlib
import statistics
import subprocess
import sys

import machine
import noise
from installation import BUILD, HERE, Installation

DEMO = HERE.parent.parent / "deploy/demo"
JUDGED = HERE.parent / "search/judged/demo.tsv"
LANGUAGES = ("en", "ka", "pl", "cs")
# As in organizations.proto and types.proto.
KINDS = {"LAG": 1, "MUNICIPALITY": 2, "COUNTY": 3, "CSO": 5,
         "SOCIAL_ENTERPRISE": 6, "BUSINESS": 7, "RESEARCH": 8}
SCHEMES = {"NUTS": 1, "ISO_3166_2": 2}


class Searchable(Installation):
    """lagnetd with the demo network and organisations of noise."""

    def __init__(self, workload):
        super().__init__(workload, rush_visits=0)
        self._noise = 0

    def _load(self):
        self.lagnet("import", *sorted(DEMO.glob("[123]0-*.json")))
        self.grow(self._workload["search"]["noise"])

    def lagnet(self, *arguments):
        return subprocess.run(
            [BUILD / "release/bin/lagnet", "--server", self.address,
             "--key-file", self.key_file, *arguments],
            check=True, stdout=subprocess.PIPE, text=True).stdout

    def grow(self, count):
        """Adds noise until there is `count` of it, and starts anew."""
        path = self.folder / "organizations.jsonl"
        with open(path, "w", encoding="utf-8") as file:
            for number, entry in enumerate(noise.organizations(count)):
                if number < self._noise:
                    continue
                entry["kindNumber"] = KINDS[entry["kind"]]
                territory = entry["territories"][0]
                territory["schemeNumber"] = SCHEMES[territory["scheme"]]
                file.write(json.dumps(entry, ensure_ascii=False) + "\n")
        self._noise = count
        self.psql("lagnet", sql="CREATE TEMP TABLE line (entry jsonb);\n"
                  f"\\copy line FROM '{path}' CSV QUOTE E'\\x01'"
                  " DELIMITER E'\\x02'\n"
                  + (HERE / "sql/load_organizations.sql").read_text())
        self.restart()

    def ready(self):
        """What lagnetd said of its index when it started."""
        log = pathlib.Path(self.log).read_text(encoding="utf-8")
        lines = [line for line in log.splitlines() if '"search_ready"' in line]
        return json.loads(lines[-1])

    def find(self, query, language):
        answer = json.loads(self.lagnet(
            "org", "search", "--json", "--language", language,
            "--limit", "10", "--", query))
        return [result["name"] for result in answer.get("results", [])]


def read_judged(path):
    judged = []
    for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        skill, language, query, grades = line.split("\t")
        judged.append({
            "skill": skill, "language": language, "query": query,
            "grades": {name: int(grade) for name, grade in
                       (entry.split("=") for entry in grades.split())}})
    return judged


def judge(judged, names):
    """NDCG@10, hit@1 and recall@10; see tests/search/judged/README.md."""
    grades = judged["grades"]
    best = sorted(grades.values(), reverse=True)
    gain = lambda values: sum((2 ** grade - 1) / math.log2(rank + 2)
                              for rank, grade in enumerate(values[:10]))
    found = [grades.get(name, 0) for name in names[:10]]
    good = sum(grade >= 2 for grade in best)
    return (gain(found) / gain(best),
            float(bool(found) and found[0] == best[0]),
            sum(grade >= 2 for grade in found) / good if good else 1.0)


def judge_all(judged, find):
    """Means of all, and the NDCG of each skill."""
    figures = [judge(one, find(one)) for one in judged]
    ndcg, hit, recall = (statistics.mean(column) for column in zip(*figures))
    skills = {}
    for one, figure in zip(judged, figures):
        skills.setdefault(one["skill"], []).append(figure[0])
    return {"ndcg10": ndcg, "hit1": hit, "recall10": recall,
            "ndcg10_by_skill": {skill: statistics.mean(values)
                                for skill, values in sorted(skills.items())}}


def territory_names(at):
    """Code and name, as the search itself knows them."""
    rows = set()
    for language in LANGUAGES:
        answer = json.loads(at.lagnet("org", "search", "--json", "--facets",
                                      "--language", language, "--limit", "1"))
        for count in answer["facets"]["territories"]:
            if count["displayName"] != count["value"]:
                rows.add((count["value"], count["displayName"]))
    return sorted(rows)


def judge_postgres(at, judged):
    """The best of PostgreSQL's own ways; all of them by name."""
    path = at.folder / "territory_names.csv"
    path.write_text("".join(f"{code}\t{name}\n"
                            for code, name in territory_names(at)))
    at.psql("lagnet", sql="CREATE TEMP TABLE territory_name (code text,"
            f" name text);\n\\copy territory_name FROM '{path}'\n"
            + (HERE / "sql/search_baseline.sql").read_text())
    queries = at.folder / "queries.tsv"
    queries.write_text("".join(f"{n}\t{one['query']}\n"
                               for n, one in enumerate(judged)))
    ways = {}
    for way, by_dictionary in (("simple, unaccent, trigrams", "false"),
                               ("hunspell, unaccent, trigrams", "true")):
        # One session: each reads the dictionaries anew, which takes a second.
        rows = at.psql(
            "lagnet", sql="CREATE TEMP TABLE asked (n int, query text);\n"
            f"\\copy asked FROM '{queries}'\n"
            "SELECT n, name FROM asked, bench.find(query, "
            f"{by_dictionary}) WITH ORDINALITY AS found (name, rank) "
            "ORDER BY n, rank;\n")
        found = {}
        for number, name in rows:
            found.setdefault(int(number), []).append("organizations/" + name)
        answers = [found.get(n, []) for n in range(len(judged))]
        ways[way] = judge_all(judged,
                              lambda one: answers[judged.index(one)])
    at.psql("lagnet", "-c", "DROP SCHEMA bench CASCADE")
    return ways


def load(at, workload, kind, in_flight, server_pid, port, patience):
    machine.wait_until_idle(patience)
    done = subprocess.run(
        [BUILD / "bench/bin/bench_load", "--kind", kind, "--port", str(port),
         "--key-file", at.key_file, "--visits", at.folder / "queries",
         "--organizations", at.folder / "queries",
         "--page-size", str(workload["page_size"]),
         "--connections", str(workload["connections"]),
         "--in-flight", str(in_flight), "--seconds", str(workload["seconds"]),
         "--warm-up", str(workload["warm_up"]),
         "--server-pid", str(server_pid),
         "--database-pid", str(at.database_pid)],
        stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"bench_load failed for {kind}")
    return json.loads(done.stdout)


def echo(at, workload, size, in_flight, patience):
    server = subprocess.Popen(
        [BUILD / "bench/bin/bench_echo", str(size)],
        stdout=subprocess.PIPE, text=True)
    try:
        port = int(server.stdout.readline())
        return load(at, workload, "echo", in_flight, server.pid, port, patience)
    finally:
        server.kill()
        server.wait()


def measure_speed(at, workload, patience):
    """Medians over the runs, search and echo one after the other."""
    settings = workload["search"]
    calm, full, ratios = [], [], []
    for _ in range(workload["runs"]):
        calm.append(load(at, workload, "search", settings["calm_in_flight"],
                         at.server_pid, at.port, patience))
        ours = load(at, workload, "search", settings["in_flight"],
                    at.server_pid, at.port, patience)
        peer = echo(at, workload, round(ours["answer_bytes"]),
                    settings["in_flight"], patience)
        full.append(ours)
        ratios.append(ours["per_second"] / peer["per_second"])
    median = lambda runs, key: statistics.median(run[key] for run in runs)
    return {
        "search_p50_ms_50k": median(calm, "p50_ms"),
        "search_p99_ms_50k": median(calm, "p99_ms"),
        "search_vs_echo": statistics.median(ratios),
        "search_per_second": median(full, "per_second"),
        "search_server_us": median(full, "server_us"),
        "answer_bytes": median(full, "answer_bytes"),
        "trouble": sum(run["wrong"] + run["unanswered"]
                       + sum(run["errors"].values()) for run in calm + full),
    }


def run(workload, judged_path, patience):
    """All figures by key."""
    settings = workload["search"]
    judged = read_judged(judged_path or JUDGED)
    with Searchable(workload) as at:
        at.lines("queries", [one["query"] for one in judged])
        ours = judge_all(judged,
                         lambda one: at.find(one["query"], one["language"]))
        ways = judge_postgres(at, judged)
        best = max(way["ndcg10"] for way in ways.values())
        at.grow(settings["documents"])
        ready = at.ready()
        figures = {
            "search_queries": len(judged),
            "search_ndcg10": ours["ndcg10"],
            "search_hit1": ours["hit1"],
            "search_recall10": ours["recall10"],
            "search_ndcg10_postgres": best,
            "search_bytes_per_document": ready["bytes"] / ready["documents"],
            "search_rebuild_seconds": ready["seconds"],
            **measure_speed(at, workload, patience),
        }
    return {"figures": figures, "by_skill": ours["ndcg10_by_skill"],
            "postgres": ways}


def missed(figures, to_reach):
    """The keys that are not reached; those of time must be below."""
    return [key for key, reach in to_reach.items()
            if (figures[key] > reach if "_ms_" in key
                else figures[key] < reach)]


def show_ways(result):
    for skill, value in result["by_skill"].items():
        print(f"  NDCG@10 {skill:20}{value:12.3f}")
    for way, figures in result["postgres"].items():
        print(f"  PostgreSQL, {way}: NDCG@10 {figures['ndcg10']:.3f}, "
              f"hit@1 {figures['hit1']:.3f}, recall@10 "
              f"{figures['recall10']:.3f}")
