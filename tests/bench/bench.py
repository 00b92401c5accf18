#!/usr/bin/env python3
"""Measures lagnetd against pgbench, Node and a bare echo; see README.md."""

import argparse
import datetime
import json
import statistics
import sys

import machine
import search
import watch
import web
from cells import Cells
from installation import HERE, Installation

# In the order in which they are run.
CELLS = ["get", "list", "spread", "two_servers", "rush", "rush_1024"]


def parse_arguments(names):
    parser = argparse.ArgumentParser(
        prog="tests/bench/run.sh", description=__doc__)
    parser.add_argument("--only", metavar="NAME,...", default=",".join(names),
                        help=f"some of {','.join(names)}")
    parser.add_argument("--runs", type=int, help="medians of so many")
    parser.add_argument("--seconds", type=float, help="how long a cell takes")
    parser.add_argument("--json", metavar="FILE",
                        help="write all figures there")
    parser.add_argument("--judged", metavar="FILE",
                        help="other queries to judge the search by")
    parser.add_argument("--check", action="store_true",
                        help="fail unless each ratio reaches its figure")
    parser.add_argument("--patience", type=float, default=10,
                        help="seconds to wait for an idle machine")
    parser.add_argument("--no-build", action="store_true",
                        help="measure what was built before")
    arguments = parser.parse_args()
    arguments.only = arguments.only.split(",")
    for name in arguments.only:
        if name not in names:
            parser.error(f"there is no {name}; choose from {', '.join(names)}")
    return arguments


def measure(cells, to_reach, runs):
    """For each key its runs: a cell of ours beside one of the peer."""
    results = {key: [] for key in to_reach}
    # Reads first: sign-ups leave their traces.
    names = sorted({reach["cell"] for reach in to_reach.values()},
                   key=CELLS.index)
    for run in range(1, runs + 1):
        for name in names:
            print(f"run {run} of {runs}: {name}", file=sys.stderr)
            ours = cells.product(name, run)
            for key, reach in to_reach.items():
                if reach["cell"] != name:
                    continue
                peer = cells.peer(reach["peer"], name, run)
                results[key].append({
                    "ratio": ours["per_second"] / peer["per_second"],
                    "lagnet": ours, "peer": peer})
    return results


def cpu_of(figures):
    """Microseconds of CPU a call, clients left out."""
    return figures.get("server_us", 0) + figures["database_us"]


def summarize(key, runs, to_reach):
    """Medians over the runs; the ratio is the median of the runs' ratios."""
    def median(side, key):
        return statistics.median(run[side].get(key, 0) for run in runs)
    ratios = [run["ratio"] for run in runs]
    return {
        "name": key,
        "ratio": statistics.median(ratios),
        "lowest": min(ratios),
        "highest": max(ratios),
        "to_reach": to_reach["ratio"],
        "reached": statistics.median(ratios) >= to_reach["ratio"],
        "peer": to_reach["peer"],
        "lagnet_per_second": median("lagnet", "per_second"),
        "peer_per_second": median("peer", "per_second"),
        "p50_ms": median("lagnet", "p50_ms"),
        "p99_ms": median("lagnet", "p99_ms"),
        "server_us": median("lagnet", "server_us"),
        "database_us": median("lagnet", "database_us"),
        "client_us": median("lagnet", "client_us"),
        "peer_server_us": median("peer", "server_us"),
        "peer_database_us": median("peer", "database_us"),
        "cpu_ratio": statistics.median(
            cpu_of(run["peer"]) / cpu_of(run["lagnet"]) for run in runs),
        "others": max(max(run["lagnet"]["others"], run["peer"]["others"])
                      for run in runs),
    }


COLUMNS = [
    ("", lambda s: s["name"]),
    ("a second", lambda s: f"{s['lagnet_per_second']:,.0f}"),
    ("p50 ms", lambda s: f"{s['p50_ms']:.1f}"),
    ("p99 ms", lambda s: f"{s['p99_ms']:.1f}"),
    ("server us", lambda s: f"{s['server_us']:.0f}"),
    ("database us", lambda s: f"{s['database_us']:.0f}"),
    ("peer", lambda s: s["peer"]),
    ("a second", lambda s: f"{s['peer_per_second']:,.0f}"),
    ("its us", lambda s:
     f"{s['peer_server_us'] + s['peer_database_us']:.0f}"),
    ("ratio", lambda s: f"{s['ratio']:.2f}"),
    ("from - to", lambda s: f"{s['lowest']:.2f} - {s['highest']:.2f}"),
    ("CPU ratio", lambda s: f"{s['cpu_ratio']:.2f}"),
    ("to reach", lambda s:
     f"{s['to_reach']:.2f}{'' if s['reached'] else ' missed'}"),
    ("others", lambda s: f"{s['others']:.0%}"),
]


def print_table(summaries):
    rows = [[title for title, _ in COLUMNS]]
    rows += [[cell(s) for _, cell in COLUMNS] for s in summaries]
    widths = [max(len(row[i]) for row in rows) for i in range(len(COLUMNS))]
    for row in rows:
        print("  ".join(text.rjust(width) if i else text.ljust(width)
                        for i, (text, width) in enumerate(zip(row, widths))))


def print_figures(figures, to_reach):
    for key, value in figures.items():
        reach = f"  to reach {to_reach[key]}" if key in to_reach else ""
        print(f"{key:28}{value:12.3f}{reach}")


def collect_answers(results, to_reach):
    """Outcomes and trouble of all of our cells, added up, each cell once."""
    cells = {}
    for key, runs in results.items():
        cells[to_reach[key]["cell"]] = [run["lagnet"] for run in runs]
        if to_reach[key]["peer"] == "one server":
            cells["one_server"] = [run["peer"] for run in runs]
    answers, trouble = {}, {}
    for name, runs in cells.items():
        for ours in runs:
            for state, count in ours["outcomes"].items():
                key = f"{name} {state}"
                answers[key] = answers.get(key, 0) + count
            for status, count in ours["errors"].items():
                key = f"{name} grpc-status {status}"
                trouble[key] = trouble.get(key, 0) + count
            for kind in ("wrong", "unanswered"):
                if ours[kind]:
                    key = f"{name} {kind}"
                    trouble[key] = trouble.get(key, 0) + ours[kind]
    return answers, trouble


def run_cells(names, arguments, workload):
    """What is compared with a peer, each cell with its own."""
    to_reach = {key: reach for key, reach in workload["to_reach"].items()
                if reach["cell"] in names}
    signs_up = bool(set(names) - {"get", "list"})
    with Installation(workload, rush_visits=workload["runs"]) as installation:
        cells = Cells(installation, workload, arguments.patience)
        if signs_up:
            cells.prepare_peers()
        results = measure(cells, to_reach, workload["runs"])
        seats = installation.check_seats() if signs_up else {}
        rules = cells.check_rules() if signs_up else {}
        postgresql = installation.psql("lagnet", "-c",
                                       "SHOW server_version")[0][0]
    summaries = [summarize(key, results[key], reach)
                 for key, reach in to_reach.items()]
    answers, trouble = collect_answers(results, to_reach)
    broken = sum(count for key, count in seats.items()
                 if key != "acknowledged") + sum(rules.values())

    print_table(summaries)
    print("\nanswers:", ", ".join(f"{key} {count:,}" for key, count
                                  in answers.items()) or "reads only")
    print("trouble:", ", ".join(f"{key} {count:,}" for key, count
                                in trouble.items()) or "none")
    if signs_up:
        print(f"seats: {'BROKEN' if broken else 'in order'}:", ", ".join(
            f"{key} {count:,}" for key, count in seats.items()))
    missed = [s["name"] for s in summaries if not s["reached"]]
    report = {**{s["name"]: s["ratio"] for s in summaries},
              "postgresql": postgresql, "summary": summaries,
              "answers": answers, "trouble": trouble, "seats": seats,
              "peer_rules": rules, "runs": results}
    return report, missed, bool(broken or trouble)


def run_watch(arguments, workload):
    """How soon many watches know of a change, and what they weigh."""
    result = watch.run(workload, arguments.patience)
    figures = result["figures"]
    print_figures(figures, workload["watch"]["to_reach"])
    missed = [key for key, reach in workload["watch"]["to_reach"].items()
              if figures[key] > reach]
    return {**figures, "watch": result}, missed, bool(figures["watch_trouble"])


def run_search(arguments, workload):
    """How good, fast and large the search is."""
    to_reach = workload["search"]["to_reach"]
    result = search.run(workload, arguments.judged, arguments.patience)
    figures = result["figures"]
    print_figures(figures, to_reach)
    search.show_ways(result)
    return ({**figures, "search": result}, search.missed(figures, to_reach),
            bool(figures["trouble"]))


def run_web(arguments, workload):
    """What one web gateway does beside a bare route."""
    result = web.run(workload, arguments.patience)
    figures = result["figures"]
    to_reach = workload["web"]["to_reach"]
    print_figures(figures, to_reach)
    missed = [key for key, reach in to_reach.items() if figures[key] < reach]
    return {**figures, "web": result}, missed, bool(figures["web_trouble"])


def main():
    workload = json.loads((HERE / "workload.json").read_text())
    arguments = parse_arguments([*CELLS, "watch", "search", "web"])
    workload["seconds"] = arguments.seconds or workload["seconds"]
    workload["runs"] = arguments.runs or workload["runs"]
    report = {
        "date": datetime.datetime.now(datetime.timezone.utc)
                .isoformat(timespec="seconds"),
        **machine.commit(),
        "machine": machine.facts(), "workload": workload,
    }
    names = [name for name in arguments.only if name in CELLS]
    parts = []
    if names:
        parts.append(run_cells(names, arguments, workload))
    if "watch" in arguments.only:
        parts.append(run_watch(arguments, workload))
    if "search" in arguments.only:
        parts.append(run_search(arguments, workload))
    if "web" in arguments.only:
        parts.append(run_web(arguments, workload))
    missed = [key for _, keys, _ in parts for key in keys]
    failed = any(trouble for _, _, trouble in parts)
    for figures, _, _ in parts:
        report.update(figures)
    if arguments.check and missed:
        print("missed:", ", ".join(missed))
        failed = True
    if arguments.json:
        with open(arguments.json, "w", encoding="utf-8") as file:
            json.dump(report, file, indent=1)
            file.write("\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
