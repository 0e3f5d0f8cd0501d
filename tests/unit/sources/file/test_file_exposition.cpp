#include <catch2/catch.hpp>

#include "folder.h"

namespace gate::sources::file {
namespace {

using Rows = std::vector<std::string>;

ReadResult read(Format format, std::string_view text) {
  ReadOptions options;
  options.format = format;
  return read_text(options, text, {"__name__", "code", "time", "value"});
}

TEST_CASE("OpenMetrics: names, labels, values, times in seconds") {
  const ReadResult result = read(Format::openmetrics,
                                 "# TYPE http_requests counter\n# HELP http_requests Requests.\n"
                                 "http_requests_total{code=\"200\",path=\"/a\\\"b\\\\c\\nd\"} 1027 1773749040.5\n"
                                 "http_requests_total{path=\"/x,y}\", code=\"500\"} 3 1773749040\n"
                                 "up 1\n"
                                 "with_exemplar_bucket{le=\"1\"} 7 # {trace=\"x\"} 0.67 1773749040\n"
                                 "# EOF\n");
  CHECK(result.error.empty());
  CHECK(result.rows == Rows{"3: http_requests_total|200|1773749040.5|1027", "4: http_requests_total|500|1773749040|3",
                            "5: up|~|~|1", "6: with_exemplar_bucket|~|~|7"});
}

TEST_CASE("OpenMetrics without its end was cut off") {
  CHECK(read(Format::openmetrics, "up 1\n").error == "RG1406 : OpenMetrics ends with `# EOF`, this file does not");
}

TEST_CASE("Prometheus text: times in milliseconds, no end needed") {
  const ReadResult result = read(Format::prometheus_text, "a{code=\"1\"} NaN 1773749040250\r\nb +Inf\nbroken\nc{x=\"1\n");
  CHECK(result.error.empty());
  CHECK(result.rows == Rows{"1: a|1|1773749040.250|NaN", "2: b|~|~|+Inf", "3! it is no sample: name{labels} value [time]",
                            "4! its labels are not closed"});
}

TEST_CASE("saved answers of the Prometheus API: a row a point") {
  const ReadResult result = read(
      Format::prometheus_api,
      R"({"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"m","code":"500"},"values":[[1773749040,"1.5"],[1773749055.25,"NaN"]]},{"metric":{"code":"200"},"values":[[1773749040,"2"]]}]}})");
  CHECK(result.error.empty());
  CHECK(result.rows == Rows{"1: m|500|1773749040|1.5", "2: m|500|1773749055.25|nan", "3: ~|200|1773749040|2"});
}

TEST_CASE("saved answers that hold no data say so") {
  CHECK(read(Format::prometheus_api, R"({"status":"error","errorType":"bad_data","error":"parse error"})").error ==
        "RG1406 : the saved answer is an error of the server: parse error");
  CHECK(read(Format::prometheus_api, R"({"status":"success","data":{"resultType":"vector","result":[]}})").rows.empty());
  CHECK(read(Format::prometheus_api, "{").error.starts_with("RG1201 : the answer (1 bytes) is not JSON"));
}

}  // namespace
}  // namespace gate::sources::file
