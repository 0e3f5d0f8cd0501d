#include <catch2/catch.hpp>
#include <cmath>

#include "http/client.h"
#include "sources/prometheus/decode.h"

using namespace gate::sources::prometheus;

namespace {

std::string success(const std::string& type, const std::string& result) {
  return R"({"status":"success","data":{"resultType":")" + type + R"(","result":)" + result + "}}";
}

std::string matrix(const std::string& values) {
  return success("matrix", R"([{"metric":{},"values":)" + values + "}]");
}

}  // namespace

TEST_CASE("native histograms are kept where they are wanted") {
  DecodeLimits limits;
  limits.histograms = NativeHistograms::keep;
  const std::string one = R"({"count":"5","sum":"9","buckets":[[3,"-0.001","0.001","2"],[0,"1","2.5","3"]]})";
  const auto range =
      decode(success("matrix", R"([{"metric":{},"histograms":[[60,)" + one + R"(],[120,{"count":"0","sum":"0"}]]}])"), limits);
  REQUIRE(range.ok());
  REQUIRE(range->series.size() == 1);
  CHECK(range->series[0].values == std::vector<double>{5, 0});
  REQUIRE(range->series[0].histograms.size() == 2);
  CHECK(range->series[0].histograms[0][1].lower == 1.0);
  CHECK(range->series[0].histograms[0][1].upper == 2.5);
  CHECK(range->series[0].histograms[0][1].count == 3.0);
  CHECK(range->series[0].histograms[1].empty());
  const auto instant = decode(success("vector", R"([{"metric":{},"histogram":[60,)" + one + "]}]"), limits);
  REQUIRE(instant.ok());
  CHECK(instant->series[0].values == std::vector<double>{5});
  // Numbers from before the series became a histogram are left out, and counted.
  const auto both = decode(success("matrix", R"([{"metric":{},"values":[[30,"1"]],"histograms":[[60,)" + one + "]]}]"), limits);
  REQUIRE(both.ok());
  CHECK(both->series[0].times.size() == 1);
  CHECK(both->series[0].dropped == 1);
  for (const char* bad : {R"([[60,{"buckets":[[0,"2","1","3"]]}]])", R"([[60,{"buckets":[[0,"1","2"]]}]])",
                          R"([[60,{"buckets":[[0,1,"2","3"]]}]])", R"([[60]])", R"([["60",{}]])"})
    CHECK(decode(success("matrix", std::string(R"([{"metric":{},"histograms":)") + bad + "}]"), limits).error().code ==
          "RG1203");
  CHECK(decode(success("matrix", R"([{"metric":{},"histograms":[[60,{}],[60,{}]]}])"), limits).error().code == "RG1312");
}

TEST_CASE("matrix, vector and scalar are read as series") {
  struct Case {
    std::string body;
    std::vector<std::int64_t> times;
    std::vector<double> values;
  };
  for (const Case& c : {
           Case{matrix(R"([[1795458300,"0.75"],[1795458360.5,"-1e-3"]])"), {1795458300000, 1795458360500}, {0.75, -0.001}},
           Case{matrix("[]"), {}, {}},
           Case{success("vector", R"([{"metric":{"a":"b"},"value":[1795458900.123,"6.666666666666667"]}])"),
                {1795458900123},
                {6.666666666666667}},
           Case{success("scalar", R"([1795459245.823,"2"])"), {1795459245823}, {2.0}},
           Case{R"({"data":{"result":[1795459245.823,"2"],"resultType":"scalar"},"status":"success"})", {1795459245823}, {2.0}},
           Case{R"( {"status":"success","isPartial":false,"stats":{"x":[1,{"y":2}]},"data":{"resultType":"matrix","result":)"
                R"([{"values":[[1,"1"]],"metric":{},"more":[{}]}],"more":null}} )",
                {1000},
                {1.0}},
           Case{matrix(R"([[1e3,"1E3"]])"), {1000000}, {1000.0}},
       }) {
    INFO(c.body);
    const auto decoded = decode(c.body);
    REQUIRE(decoded.ok());
    REQUIRE(decoded->series.size() == 1);
    std::vector<std::int64_t> times;
    for (const auto time : decoded->series[0].times) times.push_back(time.time_since_epoch().count());
    CHECK(times == c.times);
    CHECK(decoded->series[0].values == c.values);
  }
}

TEST_CASE("values that are no finite numbers are kept for whoever counts them") {
  const auto decoded = decode(matrix(R"([[1,"NaN"],[2,"+Inf"],[3,"-Inf"],[4,"Inf"]])"));
  REQUIRE(decoded.ok());
  const auto& values = decoded->series[0].values;
  REQUIRE(values.size() == 4);
  CHECK(std::isnan(values[0]));
  CHECK(values[1] == INFINITY);
  CHECK(values[2] == -INFINITY);
  CHECK(values[3] == INFINITY);
}

TEST_CASE("an empty answer has no series") {
  for (const char* type : {"matrix", "vector"}) {
    const auto decoded = decode(success(type, "[]"));
    REQUIRE(decoded.ok());
    CHECK(decoded->series.empty());
    CHECK_FALSE(decoded->refusal.has_value());
  }
}

TEST_CASE("series are sorted by their labels, whatever order the server gives") {
  const auto decoded = decode(success("vector", R"([{"metric":{"a":"2"},"value":[1,"2"]},{"metric":{},"value":[1,"0"]},)"
                                                R"({"metric":{"a":"1","b":"\u00e9\n"},"value":[1,"1"]}])"));
  REQUIRE(decoded.ok());
  REQUIRE(decoded->series.size() == 3);
  CHECK(decoded->series[0].values == std::vector<double>{0.0});
  CHECK(decoded->series[1].labels == gate::core::Labels{{"a", "1"}, {"b", "\xC3\xA9\n"}});
  CHECK(decoded->series[2].labels == gate::core::Labels{{"a", "2"}});
}

TEST_CASE("warnings, infos and refusals are told") {
  const auto decoded =
      decode(R"({"status":"success","warnings":["a","b"],"infos":["c"],"data":{"resultType":"vector","result":[]}})");
  REQUIRE(decoded.ok());
  CHECK(decoded->warnings == std::vector<std::string>{"a", "b"});
  CHECK(decoded->infos == std::vector<std::string>{"c"});
  CHECK(decode(R"({"status":"success","warnings":null,"data":{"resultType":"vector","result":[]}})").ok());
  for (const char* body : {R"({"status":"error","errorType":"bad_data","error":"no"})",
                           R"({"error":"no","errorType":"bad_data","status":"error","data":{"resultType":"?"}, "x":1})",
                           R"({"status":"error","errorType":"bad_data","error":"no","data":null})"}) {
    const auto refused = decode(body);
    REQUIRE(refused.ok());
    REQUIRE(refused->refusal.has_value());
    CHECK(refused->refusal->type == "bad_data");
    CHECK(refused->refusal->message == "no");
    CHECK(refused->series.empty());
  }
}

TEST_CASE("what cannot be used is named") {
  const std::string histogram = R"([{"metric":{},"histograms":[[1,{"count":"3","sum":"1"}]]}])";
  const std::string both = R"([{"metric":{},"values":[[1,"1"]],"histograms":[]}])";
  struct Case {
    std::string body;
    const char* code;
  };
  for (const Case& c : {
           Case{"", "RG1201"},
           Case{"{", "RG1201"},
           Case{R"({"status":"success")", "RG1201"},
           Case{success("matrix", R"([{"metric":{},"values":[[1,"1"],[2,"2")"), "RG1201"},
           Case{matrix(R"([[1,"1"],[2,"2"]])").substr(0, 60), "RG1201"},
           Case{"\xFF\xFE", "RG1201"},
           Case{R"({"status":"success","warnings":[")"
                "\xC3\x28"
                R"("],"data":{"resultType":"vector","result":[]}})",
                "RG1201"},
           Case{success("vector", "[]") + "x", "RG1201"},
           Case{success("vector", "[]") + success("vector", "[]"), "RG1203"},
           Case{"[]", "RG1203"},
           Case{"null", "RG1203"},
           Case{"{}", "RG1203"},
           Case{"\"text\"", "RG1203"},
           Case{R"({"status":"success"})", "RG1203"},
           Case{R"({"status":"maybe","data":{"resultType":"vector","result":[]}})", "RG1203"},
           Case{R"({"status":"success","data":[]})", "RG1203"},
           Case{R"({"status":"success","data":{}})", "RG1203"},
           Case{R"({"status":"success","data":{"result":[]}})", "RG1203"},
           Case{R"({"status":1,"data":{"resultType":"vector","result":[]}})", "RG1203"},
           Case{R"({"status":"success","warnings":"a","data":{"resultType":"vector","result":[]}})", "RG1203"},
           Case{R"({"status":"success","data":{"resultType":"vector","result":[]},"data":{"resultType":"vector","result":[]}})",
                "RG1203"},
           Case{R"({"status":"success","data":{"resultType":"vector","result":[],"result":[]}})", "RG1203"},
           Case{success("streams", "[]"), "RG1203"},
           Case{success("vector", "{}"), "RG1203"},
           Case{success("vector", "[1]"), "RG1203"},
           Case{success("vector", "[\"a\",\"b\"]"), "RG1203"},
           Case{success("scalar", "[1]"), "RG1203"},
           Case{success("scalar", R"([1,"2","3"])"), "RG1203"},
           Case{success("scalar", R"([1,2])"), "RG1203"},
           Case{success("vector", R"([{"metric":{},"value":[1,"1"]},1])"), "RG1203"},
           Case{success("vector", R"([{"metric":{}}])"), "RG1203"},
           Case{success("vector", R"([{"metric":[],"value":[1,"1"]}])"), "RG1203"},
           Case{success("vector", R"([{"metric":{"a":1},"value":[1,"1"]}])"), "RG1203"},
           Case{success("vector", R"([{"metric":{},"value":[1,"1"],"values":[]}])"), "RG1203"},
           Case{matrix(R"([1])"), "RG1203"},
           Case{matrix(R"([[1]])"), "RG1203"},
           Case{matrix(R"([[1,"1",2]])"), "RG1203"},
           Case{matrix(R"([["1","1"]])"), "RG1203"},
           Case{matrix(R"([[1,1]])"), "RG1203"},
           Case{matrix(R"([[null,"1"]])"), "RG1203"},
           Case{matrix(R"([[1,null]])"), "RG1203"},
           Case{matrix(R"([[1e300,"1"]])"), "RG1203"},
           Case{matrix(R"([[-1e12,"1"]])"), "RG1203"},
           Case{success("string", R"([1795459245.845,"s"])"), "RG1310"},
           Case{R"({"status":"success","data":{"result":[1,"s"],"resultType":"string"}})", "RG1310"},
           Case{R"({"status":"success","data":{"result":[1,"5"],"resultType":"string"}})", "RG1310"},
           Case{success("matrix", histogram), "RG1311"},
           Case{success("vector", R"([{"metric":{},"histogram":[1,{}]}])"), "RG1311"},
           Case{success("matrix", both), "RG1311"},
           Case{matrix(R"([[2,"1"],[1,"2"]])"), "RG1312"},
           Case{matrix(R"([[1,"1"],[1,"2"]])"), "RG1312"},
           Case{matrix(R"([[1,""]])"), "RG1313"},
           Case{matrix(R"([[1,"1,5"]])"), "RG1313"},
           Case{matrix(R"([[1,"1 "]])"), "RG1313"},
           Case{matrix(R"([[1,"0x1p3"]])"), "RG1313"},
           Case{matrix(R"([[1,"+-1"]])"), "RG1313"},
           Case{matrix(R"([[1,"++1"]])"), "RG1313"},
           Case{matrix(R"([[1,"1e999"]])"), "RG1313"},
       }) {
    INFO(c.body);
    const auto decoded = decode(c.body);
    REQUIRE_FALSE(decoded.ok());
    CHECK(decoded.error().code == c.code);
  }
}

TEST_CASE("a body that is cut anywhere is an error, never a shorter series") {
  const std::string whole =
      success("matrix", R"([{"metric":{"a":"b"},"values":[[1,"1"],[2,"2.5"]]},{"metric":{},"values":[]}])");
  REQUIRE(decode(whole).ok());
  for (std::size_t length = 0; length < whole.size(); ++length) {
    INFO(length);
    CHECK_FALSE(decode(whole.substr(0, length)).ok());
  }
}

TEST_CASE("more series than the limit are refused, deep nesting is no danger") {
  const std::string two = success("vector", R"([{"metric":{"a":"1"},"value":[1,"1"]},{"metric":{"a":"2"},"value":[1,"1"]}])");
  CHECK(decode(two, {2}).ok());
  const auto refused = decode(two, {1});
  REQUIRE_FALSE(refused.ok());
  CHECK(refused.error().code == "RG1204");
  const std::string deep = R"({"status":"success","x":)" + std::string(100000, '[') + std::string(100000, ']') +
                           R"(,"data":{"resultType":"vector","result":[]}})";
  CHECK(decode(deep).ok());
}

TEST_CASE("a body with room behind it is read in place, with the same result") {
  std::string body = matrix(R"([[1,"0.5"],[2,"NaN"]])");
  body.reserve(body.size() + gate::http::kBodyPadding);
  const auto in_place = decode(body);
  std::string exact = body;
  exact.shrink_to_fit();
  const auto copied = decode(exact);
  REQUIRE(in_place.ok());
  REQUIRE(copied.ok());
  CHECK(in_place->series[0].times == copied->series[0].times);
  CHECK(in_place->series[0].values[0] == copied->series[0].values[0]);
}

TEST_CASE("what a server says of itself") {
  CHECK(decode_build_info(R"({"status":"success","data":{"version":"2.42.0","revision":"x"}})").version == "2.42.0");
  CHECK(decode_build_info(R"({"data":{"version":"2.9","application":"Grafana Mimir"}})").application == "Grafana Mimir");
  for (const char* body : {"", "{}", "[]", "x", R"({"data":[]})", R"({"data":{"version":3}})", R"({"data":{}})"}) {
    INFO(body);
    CHECK(decode_build_info(body).version.empty());
  }
}
