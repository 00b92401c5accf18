"""What is measured: one cell is one kind of load for some seconds."""

import json
import os
import re
import subprocess
import sys

import machine
from installation import BUILD, HERE

DATABASE = "peer"  # Where pgbench works, in lagnetd's own PostgreSQL.


def _foreign(before, family):
    """The share of the machine that others used, given CPU seconds before."""
    busy, own, wall = before
    used = machine.busy_seconds() - busy - (family() - own)
    return max(0.0, used / (_clock() - wall) / os.cpu_count())


def _clock():
    return os.times().elapsed


def _own_children():
    times = os.times()
    return times.children_user + times.children_system


class Cells:
    """Runs cells on one installation."""

    def __init__(self, installation, workload, patience):
        self._at = installation
        self._workload = workload
        self._patience = patience
        self._get_bytes = None

    def _family(self, *pids):
        return lambda: _own_children() + sum(
            machine.cpu_of_family(pid) for pid in pids)

    def _load(self, name, kind, port, server_pid, *extra, visits="visits"):
        at, w = self._at, self._workload
        pids = [server_pid, at.database_pid]
        family = self._family(*pids)
        machine.wait_until_idle(self._patience)
        before = machine.busy_seconds(), family(), _clock()
        done = subprocess.run(
            [BUILD / "bench/bin/bench_load", "--kind", kind,
             "--port", str(port), "--key-file", at.key_file,
             "--visits", at.folder / visits,
             "--organizations", at.folder / "organizations",
             "--page-size", str(w["page_size"]),
             "--connections", str(w["connections"]),
             "--in-flight", str(w["in_flight"][name]),
             "--seconds", str(w["seconds"]), "--warm-up", str(w["warm_up"]),
             "--server-pid", str(server_pid),
             "--database-pid", str(at.database_pid), *extra],
            stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"bench_load failed for {name}")
        figures = json.loads(done.stdout)
        figures["others"] = _foreign(before, family)
        at.unanswered += figures["unanswered"] if kind == "sign-up" else 0
        return figures

    def product(self, name, run):
        """One cell of lagnetd: rush, spread, get or list."""
        at = self._at
        if name in ("get", "list"):
            figures = self._load(name, name, at.port, at.server_pid)
            if name == "get":
                self._get_bytes = round(figures["answer_bytes"])
            return figures
        at.rest("lagnet")
        if name == "rush":  # A fresh visit each time.
            at.lines("rush", [f"studyVisits/rush-{run}"])
        return self._load(name, "sign-up", at.port, at.server_pid,
                          "--acknowledged", at.noted(f"told-{name}-{run}"),
                          visits="rush" if name == "rush" else "visits")

    def peer(self, name, run):
        """The peer's cell for `name`: the best of its variants."""
        if self._workload["to_reach"][name]["peer"] == "echo":
            return self._echo(name, run)
        tried = [self._pgbench(name, run, clients)
                 for clients in self._workload["pgbench_clients"]]
        return max(tried, key=lambda figures: figures["per_second"])

    def _echo(self, name, run):
        if self._get_bytes is None:  # With --only list.
            self.product("get", run)
        server = subprocess.Popen(
            [BUILD / "bench/bin/bench_echo", str(self._get_bytes)],
            stdout=subprocess.PIPE, text=True)
        try:
            port = int(server.stdout.readline())
            figures = self._load(name, "echo", port, server.pid)
        finally:
            server.kill()
            server.wait()
        return dict(figures, variant=f"{self._get_bytes} bytes")

    def prepare_pgbench(self):
        """Makes the peer's database, with a visit for each rush."""
        w = self._workload
        self._at.psql("postgres", "-c", f"CREATE DATABASE {DATABASE}")
        self._at.psql(
            DATABASE, "-v", f"visits={w['visits'] + 100}",
            "-v", f"seats={w['seats']}",
            "-v", f"share={w['seats_per_organization']}",
            "-v", f"organizations={w['organizations']}",
            "-f", HERE / "sql/rules.sql")

    def _pgbench(self, name, run, clients):
        at, w = self._at, self._workload
        first, last = 1, w["visits"]
        if name == "rush":  # A fresh visit each time.
            variants = w["pgbench_clients"]
            first = last = (w["visits"] + 1 + variants.index(clients)
                            + (run - 1) * len(variants))
        command = [
            "pgbench", "-n", "-M", "prepared", "-c", str(clients),
            "-j", str(min(clients, os.cpu_count())),
            "-D", f"first_visit={first}", "-D", f"last_visit={last}",
            "-D", f"organizations={w['organizations']}",
            "-f", HERE / "sql/sign_up.pgbench", at.dsn(DATABASE), "-T"]
        at.rest(DATABASE)
        machine.wait_until_idle(self._patience)
        self._run_pgbench(command + [str(max(1, round(w["warm_up"])))])
        family = self._family(at.server_pid, at.database_pid)
        database = machine.cpu_of_family(at.database_pid)
        before = machine.busy_seconds(), family(), _clock()
        text = self._run_pgbench(command + [str(round(w["seconds"]))])
        others = _foreign(before, family)
        database = machine.cpu_of_family(at.database_pid) - database
        calls = int(re.search(r"actually processed: (\d+)", text)[1])
        return {
            "variant": f"{clients} clients",
            "calls": calls,
            "per_second": float(re.search(r"tps = ([\d.]+)", text)[1]),
            "mean_ms": float(
                re.search(r"latency average = ([\d.]+)", text)[1]),
            "database_us": database / max(1, calls) * 1e6,
            "others": others,
        }

    @staticmethod
    def _run_pgbench(command):
        done = subprocess.run(
            command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"pgbench: {done.stderr}")
        return done.stdout

    def check_rules(self):
        """Whether pgbench kept the rules too."""
        rows = self._at.psql(DATABASE, "-f", HERE / "sql/check_rules.sql")
        return dict(zip(["oversold", "over_share"], map(int, rows[-1])))
