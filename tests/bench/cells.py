"""What is measured: one cell is one kind of load for some seconds."""

import contextlib
import json
import os
import re
import subprocess
import sys

import machine
from installation import BUILD, HERE

DATABASE = "peer"  # Where peers work, in lagnetd's own PostgreSQL.
NODE_VISITS = 100  # Above those of the workload, pgbench's rushes below.


@contextlib.contextmanager
def serving(*command, **environment):
    """A peer that prints its port when it is ready: port and pid."""
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True,
                              env={**os.environ, **environment})
    try:
        yield {int(server.stdout.readline()): server.pid}
    finally:
        server.kill()
        server.wait()


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
        self._bytes = {}  # Of an answer, by cell.
        self._pgbench_runs = {}

    def _family(self, *pids):
        return lambda: _own_children() + sum(
            machine.cpu_of_family(pid) for pid in pids)

    def _load(self, name, kind, servers, *extra, visits="visits"):
        """Puts load on servers, by port and pid."""
        at, w = self._at, self._workload
        family = self._family(*servers.values(), at.database_pid)
        machine.wait_until_idle(self._patience)
        before = machine.busy_seconds(), family(), _clock()
        done = subprocess.run(
            [BUILD / "bench/bin/bench_load", "--kind", kind,
             "--port", *map(str, servers),
             "--server-pid", *map(str, servers.values()),
             "--key-file", at.key_file,
             "--visits", at.folder / visits,
             "--organizations", at.folder / "organizations",
             "--page-size", str(w["page_size"]),
             "--connections", str(w["connections"]),
             "--in-flight", str(w["in_flight"][name]),
             "--seconds", str(w["seconds"]), "--warm-up", str(w["warm_up"]),
             "--database-pid", str(at.database_pid), *extra],
            stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"bench_load failed for {name}")
        figures = json.loads(done.stdout)
        figures["others"] = _foreign(before, family)
        return figures

    def product(self, name, run):
        """One cell of lagnetd."""
        if name in ("get", "list"):
            figures = self._load(name, name, self._server())
        elif name == "two_servers":
            with self._at.second_server() as second:
                figures = self._sign_up(name, run, {
                    **self._server(), second.port: second.server_pid})
        else:
            figures = self._sign_up(name, run, self._server())
        self._bytes[name] = round(figures["answer_bytes"])
        return figures

    def _server(self):
        return {self._at.port: self._at.server_pid}

    def _sign_up(self, name, run, servers):
        at = self._at
        at.rest("lagnet")
        hot = name.startswith("rush")
        if hot:  # A fresh visit each time.
            at.lines("hot", [f"studyVisits/{name.replace('_', '-')}-{run}"])
        figures = self._load(
            name, "sign-up", servers, "--acknowledged",
            at.noted(f"told-{name}-{run}"), visits="hot" if hot else "visits")
        at.unanswered += figures["unanswered"]
        return figures

    def peer(self, peer, name, run):
        """The peer's cell beside cell `name`: the best of its variants."""
        if peer == "one server":
            return self._sign_up("spread", f"{run}-beside", self._server())
        if peer == "echo":
            return self._echo(name)
        if peer == "node":
            return self._node(name, run)
        # Once a run, however many are in flight at lagnetd.
        kind = "spread" if name == "spread" else "rush"
        if (kind, run) not in self._pgbench_runs:
            self._pgbench_runs[kind, run] = max(
                (self._pgbench(kind, run, clients)
                 for clients in self._workload["pgbench_clients"]),
                key=lambda figures: figures["per_second"])
        return self._pgbench_runs[kind, run]

    def _echo(self, name):
        # A list's answer is longer than any other: it stands beside the same
        # echo as a get.
        size = self._bytes.get("get" if name == "list" else name)
        if size is None:
            size = round(self.product("get", 0)["answer_bytes"])
        with serving(BUILD / "bench/bin/bench_echo", str(size)) as server:
            figures = self._load(name, "echo", server)
        return dict(figures, variant=f"{size} bytes")

    def _node(self, name, run):
        at, w = self._at, self._workload
        at.rest(DATABASE)
        at.lines("node", [f"studyVisits/bench-{w['visits'] + NODE_VISITS + run}"])
        with serving("node", HERE / "node/peer.js",
                      **at.libpq_environment(DATABASE)) as server:
            figures = self._load(name, "sign-up", server, "--acknowledged",
                                 "/dev/null", visits="node")
        if figures["errors"] or figures["wrong"] or figures["unanswered"]:
            sys.exit(f"the Node peer failed: {figures}")
        return dict(figures, variant="grpc-js")

    def prepare_peers(self):
        """Makes the database of pgbench and Node, with a visit for each rush.
        """
        w = self._workload
        self._at.psql("postgres", "-c", f"CREATE DATABASE {DATABASE}")
        self._at.psql(
            DATABASE, "-v", f"visits={w['visits'] + 2 * NODE_VISITS}",
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
