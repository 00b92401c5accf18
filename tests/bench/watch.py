"""Many watches of one study visit: how soon they know, what they weigh."""

import json
import statistics
import subprocess
import sys

import machine
from installation import BUILD, Installation


def _run_once(at, settings, patience):
    """On a server that was just started, so that its memory is new."""
    at.restart()
    machine.wait_until_idle(patience)
    done = subprocess.run(
        [BUILD / "bench/bin/bench_watch", "--port", str(at.port),
         "--key-file", at.key_file, "--visit", "studyVisits/bench-1",
         "--organization", "organizations/bench-1",
         "--streams", str(settings["streams"]),
         "--connections", str(settings["connections"]),
         "--rounds", str(settings["rounds"]),
         "--server-pid", str(at.server_pid)],
        stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        sys.exit("bench_watch failed")
    return json.loads(done.stdout)


def run(workload, patience):
    """Medians over the runs, by key, and each run."""
    settings = workload["watch"]
    with Installation(workload, rush_visits=0) as at:
        runs = []
        for number in range(1, workload["runs"] + 1):
            print(f"run {number} of {workload['runs']}: watch",
                  file=sys.stderr)
            runs.append(_run_once(at, settings, patience))
    median = lambda key: statistics.median(run[key] for run in runs)
    figures = {
        "watch_10000_seconds": median("seconds"),
        "watch_slowest_seconds": max(run["slowest_seconds"] for run in runs),
        "watch_kib_per_stream": median("kib_per_stream"),
        "watch_open_seconds": median("open_seconds"),
        "watch_server_us": median("server_us"),
        "watch_trouble": sum(run["wrong"] + sum(run["errors"].values())
                             for run in runs),
    }
    return {"figures": figures, "runs": runs}
