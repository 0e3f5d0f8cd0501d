#!/usr/bin/env python3
"""What the program adds to the answers it waits for: start-up, one metric against curl, a hundred against a slow server.

Prints a table: what was measured, its floor or peer in the same run on the same machine, and the target of docs/scale.md. Runs of
the program and of its peer alternate; medians are shown. Needs curl, a C++ compiler and libcurl's headers.
    python3 tests/bench/http_overhead.py [PROGRAM]     (build/release/release-gate)
"""

import asyncio
import json
import math
import multiprocessing
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile
import time

PROGRAM = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else "build/release/release-gate")
NOW = 1767618000
FLOOR = "#include <curl/curl.h>\nint main() { return curl_global_init(CURL_GLOBAL_DEFAULT); }\n"
ENVIRONMENT = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}


def matrix():
    points = [[NOW - 3600 + 60 * i, str(1 + i % 7 / 10)] for i in range(60)]
    return json.dumps(
        {"status": "success", "data": {"resultType": "matrix", "result": [{"metric": {}, "values": points}]}}
    ).encode()


def serve(port_at, delay):
    """A server of ready-made answers, each after `delay` seconds; thousands at once."""
    body = matrix()
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)

    async def connection(reader, writer):
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                at = head.find(b"content-length:")
                if at >= 0:
                    await reader.readexactly(int(head[at + 15 : head.index(b"\r", at)]))
                if delay:
                    await asyncio.sleep(delay)
                writer.write(answer)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    async def main():
        server = await asyncio.start_server(connection, "127.0.0.1", 0, backlog=1024)
        port_at.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(main())


class Server:
    def __init__(self, delay=0.0):
        ours, theirs = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=serve, args=(theirs, delay), daemon=True)
        self.process.start()
        self.url = f"http://127.0.0.1:{ours.recv()}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.join()


def gate_file(folder, url, count, concurrency=16):
    path = folder / f"gate-{count}-{concurrency}.toml"
    head = f"""version = 1
[release]
deployed_at = "2026-01-05T12:30:00Z"
[compare]
baseline = {{ window = "20m" }}
candidate = {{ window = "20m" }}
[sources.prom]
type = "prometheus"
url = "{url}"
concurrency = {concurrency}
"""
    path.write_text(
        head
        + "".join(
            f'[metrics.m{i}]\nsource = "prom"\nquery = "sum(rate(requests_total{{n=\\"{i}\\"}}[1m]))"\nfail = {{ increase_over = "50%" }}\n'
            for i in range(count)
        )
    )
    return path


def check(path):
    return [PROGRAM, "check", str(path), "--now", "2026-01-05T13:00:00Z", "--quiet"]


def once(command):
    """(wall seconds, CPU seconds) of one run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    result = subprocess.run(
        command,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    wall = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if result.returncode not in (0, 1, 2, 3):
        raise SystemExit(f"exit {result.returncode}: {' '.join(command)}")
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def medians(runs, *commands):
    """Median (wall, CPU) of each command; they take turns."""
    seen = [[] for _ in commands]
    for _ in range(runs):
        for one, command in zip(seen, commands):
            one.append(once(command))
    return [tuple(statistics.median(column) for column in zip(*one)) for one in seen]


def row(job, measured, floor, target, ok):
    print(f"{job:<52} {measured:>12}  {floor:<30} {target:<18} {'met' if ok else 'MISSED'}")


def milliseconds(seconds):
    return f"{seconds * 1000:.1f} ms"


def start_up(folder):
    source = folder / "floor.cpp"
    source.write_text(FLOOR)
    floor = folder / "floor"
    subprocess.run(["c++", "-O2", "-o", floor, source, "-lcurl"], check=True)
    hundred = gate_file(folder, "http://127.0.0.1:1", 100)
    usage, validate, peer = medians(31, [PROGRAM, "nonsense"], [PROGRAM, "validate", str(hundred)], [str(floor)])
    said = f"curl_global_init {milliseconds(peer[0])}"
    row("start-up to a usage error", milliseconds(usage[0]), said, "≤ floor + 3 ms", usage[0] <= peer[0] + 0.003)
    row("validate, 100 metrics", milliseconds(validate[0]), said, "≤ floor + 15 ms", validate[0] <= peer[0] + 0.015)


def one_metric(folder):
    with Server() as server:
        path = gate_file(folder, server.url, 1)
        form = "query=up&start=1767614400&end=1767618000&step=60"
        curl = [
            "curl",
            "-s",
            "-d",
            form,
            f"{server.url}/api/v1/query_range",
            "--next",
            "-s",
            "-d",
            form,
            f"{server.url}/api/v1/query_range",
        ]
        ours, peer = medians(31, check(path), curl)
        ratio = ours[0] / peer[0]
        row(
            "check, 1 metric (2 queries)",
            milliseconds(ours[0]),
            f"curl {milliseconds(peer[0])}: {ratio:.2f} ×",
            "≤ 1.5 ×",
            ratio <= 1.5,
        )


def slow_server(folder):
    delay = 0.05
    with Server(delay) as server:
        for concurrency in (16, 200):
            path = gate_file(folder, server.url, 100, concurrency)
            ((wall, _),) = medians(7, check(path))
            rounds = math.ceil(200 / concurrency)
            bound = rounds * delay + 0.06
            row(
                f"check, 100 metrics, 50 ms server, {concurrency} at once",
                milliseconds(wall),
                f"{rounds} rounds: {milliseconds(rounds * delay)}",
                f"≤ {bound * 1000:.0f} ms",
                wall <= bound,
            )


def many_metrics(folder):
    with Server() as server:
        hundred, more = medians(9, check(gate_file(folder, server.url, 100)), check(gate_file(folder, server.url, 500)))
        ratio = more[1] / hundred[1]
        row(
            "check, 500 metrics, CPU",
            milliseconds(more[1]),
            f"100 metrics {milliseconds(hundred[1])}: {ratio:.2f} ×",
            "≤ 6 ×",
            ratio <= 6,
        )


def main():
    with tempfile.TemporaryDirectory(prefix="release-gate-bench-") as name:
        folder = pathlib.Path(name)
        print(f"{'job':<52} {'measured':>12}  {'floor or peer':<30} {'target':<18}")
        start_up(folder)
        one_metric(folder)
        slow_server(folder)
        many_metrics(folder)


if __name__ == "__main__":
    main()
