"""One web gateway: its page of a visit, and many who sign up at once."""

import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import time

import machine
from cells import serving
from installation import BUILD, HERE, Installation

GATEWAY = HERE.parent.parent / "clients/web/dist/src/main.js"
READY = "lagnet web is ready: "


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def _gateway(at):
    """A gateway before lagnetd; gives its address."""
    lagnet = [BUILD / "release/bin/lagnet", "--server", at.address,
              "--key-file", at.key_file]
    key = at.folder / "web.key"
    for words in (
            ["account", "create", "web-gateway", "--network", "bench",
             "--kind", "system", "--display-name", "Web gateway"],
            ["account", "grant", "web-gateway", "--role", "gateway",
             "--network", "bench"],
            ["key", "create", "web-gateway", "--out", key]):
        subprocess.run([*lagnet, *words], check=True,
                       stdout=subprocess.DEVNULL)
    listen = f"127.0.0.1:{_free_port()}"
    log = at.folder / "web.log"
    with open(log, "wb") as out:
        server = subprocess.Popen(
            ["node", GATEWAY], stdout=out, stderr=out,
            env={**os.environ, "LAGNET_SERVER": at.address,
                 "LAGNET_KEY_FILE": str(key), "LAGNET_WEB_LISTEN": listen})
    try:
        while READY not in log.read_text(errors="replace"):
            if server.poll() is not None:
                sys.exit(f"the gateway did not start: {log.read_text()}")
            time.sleep(0.1)
        yield f"http://{listen}"
    finally:
        server.terminate()
        server.wait()


def _load(kind, url, workload, patience):
    """What many browsers at once got."""
    browsers = workload["web"][f"{kind.replace('-', '_')}_browsers"]
    machine.wait_until_idle(patience)
    done = subprocess.run(
        ["node", HERE / "node/browsers.js", kind, url, str(browsers),
         str(workload["seconds"]), str(workload["warm_up"]),
         str(workload["organizations"])],
        stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"browsers.js failed for {kind}")
    figures = json.loads(done.stdout)
    if not figures["taken"]:
        sys.exit(f"nobody was answered: {kind} at {url}")
    return figures


def _lost(at, taken):
    """What was acknowledged and is not there."""
    stored = int(at.psql("lagnet", "-c",
                         "SELECT count(*) FROM visits.sign_up")[0][0])
    return max(0, taken - stored)


def run(workload, patience):
    """Medians over the runs, by key, and each run."""
    def load(kind, url):
        return _load(kind, url, workload, patience)
    runs = []
    with Installation(workload, rush_visits=workload["runs"]) as at, \
            _gateway(at) as gateway:
        page = f"{gateway}/en/visits/bench-1"
        for number in range(1, workload["runs"] + 1):
            print(f"run {number} of {workload['runs']}: web", file=sys.stderr)
            ours = load("page", page)
            with serving("node", HERE / "node/bare.js", page) as ports:
                bare = load("page", f"http://127.0.0.1:{next(iter(ports))}/")
            signed_up = load(
                "sign-up", f"{gateway}/en/visits/rush-{number}/sign-up")
            runs.append({"page": ours, "bare": bare, "sign_up": signed_up})
        lost = _lost(at, sum(run["sign_up"]["taken"] for run in runs))
        oversold = at.check_seats()["oversold"]

    def median(kind, key):
        return statistics.median(run[kind][key] for run in runs)
    figures = {
        "web_visit_page_vs_bare": statistics.median(
            run["page"]["per_second"] / run["bare"]["per_second"]
            for run in runs),
        "web_visit_page_per_second": median("page", "per_second"),
        "web_visit_page_p99_ms": median("page", "p99_ms"),
        "web_bare_per_second": median("bare", "per_second"),
        "web_bare_p99_ms": median("bare", "p99_ms"),
        "web_sign_up_per_second": median("sign_up", "per_second"),
        "web_sign_up_p99_ms": median("sign_up", "p99_ms"),
        "web_trouble": lost + oversold + sum(
            cell["trouble"] for run in runs for cell in run.values()),
    }
    return {"figures": figures, "runs": runs}
