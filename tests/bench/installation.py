"""A throw-away installation of lagnet, with the visits of the workload."""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
BUILD = HERE.parent.parent / "build"
READY = "lagnet is ready: grpc "


def _text(text):
    return {"texts": {language: {"text": f"{text} ({language})"}
                      for language in ("en", "pl")}}


def _visit(name, day, workload):
    """As long as real ones are: two languages, two days of three stops."""
    stop = {
        "host": "organizations/bench-1",
        "place": "Blachownia",
        "theme": "rural_tourism",
        "funds": ["EAFRD"],
    }
    return {
        "name": f"studyVisits/{name}",
        "network": "networks/bench",
        "hosts": ["organizations/bench-1", "organizations/bench-2"],
        "title": _text(f"Study visit {name}"),
        "description": _text("What was done, with which funds, and what was "
                             "learnt at each place on the way. " * 4),
        "timeZone": "Europe/Warsaw",
        "start": f"@+{day}dT09:00",
        "end": f"@+{day + 1}dT16:00",
        "seats": workload["seats"],
        "seatsPerOrganization": workload["seats_per_organization"],
        "languages": ["pl", "en"],
        "covered": ["TRANSPORT", "MEALS", "LODGING"],
        "contactEmail": "office@bench.example.org",
        "days": [{
            "date": f"@+{day + n}d",
            "title": _text(f"Day {n + 1}"),
            "stops": [dict(stop, title=_text(f"Stop {s + 1}"))
                      for s in range(3)],
        } for n in range(2)],
        "state": "PUBLISHED",
    }


def _organization(n):
    return {
        "name": f"organizations/bench-{n}",
        "network": "networks/bench",
        "kind": "LAG",
        "displayName": _text(f"LAG {n}"),
        "country": "PL",
        "languages": ["pl"],
        "email": f"lag-{n}@bench.example.org",
        "territories": [
            {"scheme": "NUTS", "version": "2021", "code": "PL432"}],
    }


NETWORK = {
    "name": "networks/bench",
    "kind": "NATIONAL",
    "displayName": _text("A network to be measured"),
    "countries": ["PL"],
    "languages": ["pl", "en"],
    "currency": "PLN",
    "timeZone": "Europe/Warsaw",
}


class Installation:
    """lagnetd on a free port with a data folder of its own; use with `with`."""

    def __init__(self, workload, rush_visits):
        self._workload = workload
        self._rush_visits = rush_visits
        self._server = None
        self._told = []  # Files with acknowledged sign-ups.
        self.unanswered = 0

    def __enter__(self):
        try:
            self._start()
            self._load()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="lagnet-bench-"))
        self.folder.chmod(0o755)  # lagnetd gives up root.
        self.data = self.folder / "data"
        self._serve()

    def _serve(self, *options):
        self._log = open(self.folder / "lagnetd.log", "ab")
        self._server = subprocess.Popen(
            [BUILD / "release/bin/lagnetd", "serve", "--data", self.data,
             "--listen", "127.0.0.1:0", "--metrics", "off",
             "--rate-limit", "0", *options],
            stdout=subprocess.PIPE, stderr=self._log, text=True)
        line = self._server.stdout.readline()
        if not line.startswith(READY):
            log = pathlib.Path(self._log.name).read_text(errors="replace")
            sys.exit(f"lagnetd did not start: {log[-2000:]}")
        self.address = line.removeprefix(READY).strip()
        self.port = int(self.address.rpartition(":")[2])
        self.server_pid = self._server.pid
        if options:  # The database is not its own.
            return
        with open(self.data / "pg/postmaster.pid", encoding="ascii") as pid:
            lines = pid.read().splitlines()
        self.database_pid, self._socket = int(lines[0]), lines[4]

    @contextlib.contextmanager
    def second_server(self):
        """Another lagnetd on the same database."""
        second = Installation(self._workload, 0)
        second.folder = self.folder / "second"
        second.data = second.folder / "data"
        second.data.mkdir(parents=True)
        for key in ("server.key", "admin.key"):
            shutil.copy2(self.data / key, second.data / key)
        owner = self.data.stat()
        for path in (second.data, *second.data.iterdir()):
            os.chown(path, owner.st_uid, owner.st_gid)
        try:
            second._serve("--database", self.dsn("lagnet"))
            yield second
        finally:
            second.__exit__()

    def restart(self):
        """The same data, read again."""
        self._stop()
        self._serve()

    def _stop(self):
        self._server.send_signal(signal.SIGTERM)
        self._server.wait(30)
        self._log.close()

    def __exit__(self, *_):
        if self._server is not None:
            self._stop()
        shutil.rmtree(self.folder)

    def _load(self):
        count = self._workload["visits"]
        visits = [_visit(f"bench-{n}", 60 + n * 365 // count, self._workload)
                  for n in range(1, count + 1)]
        visits += [_visit(f"{rush}-{n}", 60, self._workload)
                   for rush in ("rush", "rush-1024")
                   for n in range(1, self._rush_visits + 1)]
        organizations = [
            _organization(n)
            for n in range(1, self._workload["organizations"] + 1)]
        file = self.folder / "workload.json"
        file.write_text(json.dumps({
            "networks": [NETWORK], "organizations": organizations,
            "studyVisits": visits}))
        subprocess.run(
            [BUILD / "release/bin/lagnet", "--server", self.address,
             "--key-file", self.key_file, "import", file],
            check=True, stdout=subprocess.DEVNULL)
        self.lines("visits", [f"studyVisits/bench-{n}"
                              for n in range(1, count + 1)])
        self.lines("organizations", [o["name"] for o in organizations])

    @property
    def log(self):
        return self._log.name

    @property
    def key_file(self):
        return self.data / "admin.key"

    def lines(self, name, lines):
        """A file with one name a line, for the load generator."""
        path = self.folder / name
        path.write_text("\n".join(lines) + "\n")
        return path

    def libpq_environment(self, database):
        return {"PGHOST": self._socket, "PGUSER": "lagnet",
                "PGDATABASE": database}

    def dsn(self, database):
        return f"host={self._socket} user=lagnet dbname={database}"

    def psql(self, database, *arguments, sql=None):
        """Runs psql; the rows as lists of text."""
        done = subprocess.run(
            ["psql", "-X", "-q", "-A", "-t", "-F", "\t",
             "-v", "ON_ERROR_STOP=1", self.dsn(database), *arguments],
            input=sql, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"psql: {done.stderr}")
        return [line.split("\t") for line in done.stdout.splitlines()]

    def rest(self, database):
        """Leaves nothing behind of the run before."""
        self.psql(database, "-c", "VACUUM ANALYZE", "-c", "CHECKPOINT")

    def noted(self, name):
        """A file for the names of acknowledged sign-ups."""
        self._told.append(self.folder / name)
        return self._told[-1]

    def check_seats(self):
        """Compares the database with what clients were told."""
        copies = "".join(f"\\copy acknowledged from '{path}'\n"
                         for path in self._told if path.exists())
        names = ["oversold", "over_share", "waits_wrongly", "twice_told",
                 "lost", "unknown", "acknowledged"]
        rows = self.psql(
            "lagnet",
            sql="CREATE TEMP TABLE acknowledged (name text, state text);\n"
            + copies + "ANALYZE acknowledged;\n"
            + (HERE / "sql/check_seats.sql").read_text())
        found = dict(zip(names, map(int, rows[-1])))
        # What was not answered may have been done, and may not.
        found["unknown"] = max(0, found["unknown"] - self.unanswered)
        return found
