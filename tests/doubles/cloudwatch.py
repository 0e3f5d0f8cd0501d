"""A loopback double of Amazon CloudWatch: GetMetricData over JSON 1.0, with the signature of every request checked.

Shapes follow the API's reference (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html). Points start
at StartTime, rounded down to a minute, and then every Period (an engineer of AWS in boto/boto3#3457); newest first.
Run it by hand: `python3 tests/doubles/cloudwatch.py --port 8126`.
"""

import math
import re

import sigv4
from double import Double, answer, serve

KEY, SECRET, TOKEN = "AKIDEXAMPLEEXAMPLE01", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "session-token-of-the-double=="
TARGET = "GraniteServiceVersion20100801.GetMetricData"
REDUCE = {"Sum": sum, "Average": lambda v: sum(v) / len(v), "Minimum": min, "Maximum": max, "SampleCount": len}


def refusal(kind, words, status=400):
    return answer(status, {"__type": f"com.amazonaws.cloudwatch.v2010_08_01#{kind}", "message": words})


def reduced(values, stat):
    if stat.startswith("p"):
        return sorted(values)[max(0, math.ceil(len(values) * float(stat[1:]) / 100) - 1)]
    return REDUCE[stat](values)


class CloudWatch(Double):
    """`metrics[(namespace, name, ((dimension, value), …))]` is a function of a minute (seconds since 1970) that gives the list of values
    reported in it. `page_size` cuts a result into pages; `status` is the StatusCode of the last one, `messages` what is said of all.
    """

    def __init__(self, port=0):
        super().__init__(port)
        self.key, self.secret, self.token, self.region = KEY, SECRET, TOKEN, "eu-west-1"
        self.metrics, self.page_size, self.status, self.messages, self.result_messages = {}, 100800, "Complete", [], []

    def handle(self, request):
        fault = sigv4.fault(request, self.key, self.secret, self.region, "monitoring", self.token)
        if fault:
            return refusal(fault, "The security token included in the request is invalid.")
        if request.method != "POST" or request.path != "/" or request.headers["X-Amz-Target"] != TARGET:
            return refusal("UnknownOperationException", "")
        if request.headers["Content-Type"] != "application/x-amz-json-1.0":
            return refusal("SerializationException", "Content-Type")
        body = request.json()
        if body["StartTime"] >= body["EndTime"]:
            return refusal("InvalidParameterValueException", "The parameter StartTime must be less than the parameter EndTime.")
        return self.get(body)

    def points(self, query, body, named):
        """(start, value) of a query, oldest first."""
        if "Expression" in query:
            return self.calculated(query["Expression"], body, named)
        metric = query["MetricStat"]["Metric"]
        dimensions = tuple(sorted((one["Name"], one["Value"]) for one in metric.get("Dimensions", [])))
        values = self.metrics.get((metric["Namespace"], metric["MetricName"], dimensions))
        period, stat = query["MetricStat"]["Period"], query["MetricStat"]["Stat"]
        out = []
        for start in range(body["StartTime"] // 60 * 60, body["EndTime"], period):
            found = [value for minute in range(start, start + period, 60) for value in (values(minute) if values else [])]
            if found:
                out.append((start, reduced(found, stat)))
        return out

    def calculated(self, expression, body, named):
        if not re.fullmatch(r"[a-z0-9_ +\-*/().]+", expression):
            raise ValueError(f"Error in expression 'gate_result' [{expression}]")
        names = set(re.findall(r"[a-z][a-z0-9_]*", expression))
        found = {name: dict(self.points(named[name], body, named)) for name in names}
        times = set.intersection(*(set(points) for points in found.values()))
        return [(time, eval(expression, {}, {name: found[name][time] for name in names})) for time in sorted(times)]  # nosec: a test's own

    def get(self, body):
        named = {query["Id"]: query for query in body["MetricDataQueries"]}
        if len(named) != len(body["MetricDataQueries"]) or any(query.get("MetricStat", query)["Period"] % 60 for query in named.values()):
            return refusal("InvalidParameterCombinationException", "The parameter Period must be a multiple of 60.")
        start = int(body.get("NextToken", "0").rsplit("-", 1)[-1])
        results, more = [], False
        for name, query in named.items():
            if not query["ReturnData"]:
                continue
            try:
                points = self.points(query, body, named)[::-1]
            except (ValueError, KeyError) as problem:
                return refusal("ValidationError", str(problem))
            page = points[start:start + self.page_size]
            rest = len(points) > start + self.page_size
            more = more or rest
            result = {"Id": name, "Label": query.get("MetricStat", {}).get("Metric", {}).get("MetricName", name),
                      "Timestamps": [time for time, _ in page], "Values": [value for _, value in page],
                      "StatusCode": "PartialData" if rest else self.status}
            if self.result_messages:
                result["Messages"] = self.result_messages
            results.append(result)
        out = {"MetricDataResults": results, "Messages": self.messages}
        if more:
            out["NextToken"] = f"token-{start + self.page_size}"
        return answer(200, out)


if __name__ == "__main__":
    serve(CloudWatch, __doc__)
