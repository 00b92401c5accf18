"""The machine that everything runs on: what it is, and how busy it is."""

import os
import platform
import subprocess
import time

_TICK = os.sysconf("SC_CLK_TCK")


def output(*command, default="unknown"):
    """The first line that a command prints, or `default`."""
    try:
        text = subprocess.run(
            command, capture_output=True, text=True, check=True).stdout
        return text.strip().splitlines()[0]
    except (OSError, subprocess.CalledProcessError, IndexError):
        return default


def busy_seconds():
    """CPU seconds that the whole machine has spent on anything."""
    with open("/proc/stat", encoding="ascii") as stat:
        fields = [int(f) for f in stat.readline().split()[1:9]]
    user, nice, system, _idle, _wait, irq, softirq, _steal = fields
    return (user + nice + system + irq + softirq) / _TICK


def busy_share(seconds=0.5):
    """How much of the machine is in use just now, from 0 to 1."""
    before = busy_seconds()
    time.sleep(seconds)
    return (busy_seconds() - before) / seconds / os.cpu_count()


def wait_until_idle(patience):
    """Waits for a moment of rest, at most `patience` seconds."""
    give_up = time.monotonic() + patience
    while busy_share() > 0.15 and time.monotonic() < give_up:
        pass


def _times(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
            fields = stat.read().rpartition(")")[2].split()
    except OSError:
        return 0, 0.0, 0.0
    own = int(fields[11]) + int(fields[12])
    ended_children = int(fields[13]) + int(fields[14])
    return int(fields[1]), own / _TICK, ended_children / _TICK


def cpu_of_family(pid):
    """CPU seconds of a process, its children, and those it had before."""
    _, own, ended = _times(pid)
    total = own + ended
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            parent, seconds, _ = _times(int(entry))
            if parent == pid:
                total += seconds
    return total


def _cpu_model():
    with open("/proc/cpuinfo", encoding="utf-8") as info:
        for line in info:
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


def _package(name):
    return output("dpkg-query", "-W", "-f=${Version}", name)


def facts():
    """What a figure depends on beside the code."""
    with open("/proc/meminfo", encoding="ascii") as info:
        memory_kib = int(info.readline().split()[1])
    return {
        "cpu": _cpu_model(),
        "cores": os.cpu_count(),
        "memory_gib": round(memory_kib / 2**20, 1),
        "kernel": platform.release(),
        "os": output("sh", "-c", ". /etc/os-release; echo $PRETTY_NAME"),
        "compiler": output("c++", "--version"),
        "grpc": _package("libgrpc++-dev"),
        "protobuf": _package("libprotobuf-dev"),
        "libpqxx": _package("libpqxx-dev"),
        "nghttp2": _package("libnghttp2-dev"),
    }


def commit():
    """The commit that is measured, and whether files differ from it."""
    changed = subprocess.run(
        ["git", "status", "--porcelain", "--untracked-files=no"],
        capture_output=True, text=True, check=False).stdout.strip()
    return {"commit": output("git", "rev-parse", "HEAD"),
            "changed": bool(changed)}
