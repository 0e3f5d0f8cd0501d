"""A loopback double of Graphite's render API in JSON, as graphite-web 1.1 answers over whisper files.

Whisper gives the points after `from`, up to and including `until`, dated at their starts; what is missing is null.
https://graphite.readthedocs.io/en/latest/render_api.html
"""

import fnmatch

from double import Double, answer


class Graphite(Double):
    """`series[name] = (step in seconds, value)`: value is a function of the start of a point, which may give None. A target with
    parentheses is looked up by its text; one without is a pattern of paths.
    """

    def __init__(self, port=0):
        super().__init__(port)
        self.series, self.tags = {}, {}

    def handle(self, request):
        if request.path != "/render":
            return answer(404, "<h1>Not Found</h1>", {"Content-Type": "text/html"})
        query = request.query
        if query.get("format") != "json" or "maxDataPoints" in query:
            return answer(400, "only JSON, of all points", {"Content-Type": "text/plain"})
        if query["from"].startswith("-"):
            return answer(200, [])
        start, end = int(query["from"]), int(query["until"])
        if start >= end:
            return answer(400, f"Invalid from/until time range: {start} - {end}", {"Content-Type": "text/plain"})
        out = []
        for name, (step, value) in self.series.items():
            if name != query["target"] and ("(" in name or not fnmatch.fnmatchcase(name, query["target"])):
                continue
            times = range(start - start % step + step, end + 1, step)
            out.append({"target": name, "tags": {"name": name, **self.tags.get(name, {})},
                        "datapoints": [[value(at), at] for at in times]})
        return answer(200, out)
