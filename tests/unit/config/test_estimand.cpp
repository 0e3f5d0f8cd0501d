// What of a metric's data is judged: aggregates with an interval, histograms, clusters.
#include <catch2/catch.hpp>

#include "support.h"

using namespace gate;
using namespace gate::config;
using namespace gate::config::test;

namespace {

const std::string kBuckets = "kind = 'histogram'\nbuckets = 'b'\n";

Metric only_metric(const std::string& body) {
  const Loaded loaded = World().load(with_metric(body));
  INFO(codes(loaded));
  REQUIRE(loaded.gate.has_value());
  return loaded.gate->metrics.front();
}

}  // namespace

TEST_CASE("a histogram asks for buckets, and judges one quantile of them") {
  const Metric metric = only_metric(kBuckets + "quantile = 0.99\nunit = 's'\nfail = { increase_over = '10%' }");
  CHECK(metric.kind == Kind::histogram);
  CHECK(metric.aggregate_quantile == 0.99);
  CHECK(metric.parts.contains("buckets"));
  CHECK_FALSE(is_quantile(metric));
  const Loaded shared = World().load(with_metric(kBuckets + "quantile = 0.99") +
                                     "[metrics.n]\nkind = 'histogram'\nquantile = 0.5\nbuckets = { metric = 'm' }\n");
  REQUIRE(shared.gate.has_value());
  CHECK(shared.gate->metrics[1].parts.at("buckets").query.text("query") == "b");
}

TEST_CASE("samples judged by a quantile") {
  CHECK(only_metric("query = 'q'\naggregate = 'p95'").aggregate_quantile == Approx(0.95));
  CHECK(is_quantile(only_metric("query = 'q'\naggregate = 'p95'")));
  CHECK(is_quantile(only_metric("query = 'q'\naggregate = 'median'")));
  CHECK(is_quantile(only_metric("query = 'q'\nmethod = 'median'")));
  CHECK(only_metric("query = 'q'\nmethod = 'median'").aggregate_quantile == 0.5);
  CHECK_FALSE(is_quantile(only_metric("query = 'q'\naggregate = 'mean'")));
  CHECK_FALSE(is_quantile(only_metric("query = 'q'\nkind = 'value'\naggregate = 'p95'")));
}

TEST_CASE("clusters are columns of rows") {
  const auto load = [&](const std::string& body, const std::string& before = "") {
    return World().load(kHead + before + "[metrics.m]\n" + body + "\n");
  };
  const Loaded own = load("source = 'r'\ncolumn = 'ms'\ncluster = 'user_id'");
  REQUIRE(own.gate.has_value());
  CHECK(own.gate->metrics.front().cluster == "user_id");
  // For all metrics: where it can be.
  const Loaded common = load("source = 'p'\nquery = 'q'", "[compare]\ncluster = 'user_id'\n");
  REQUIRE(common.gate.has_value());
  CHECK(common.gate->metrics.front().cluster.empty());
}

TEST_CASE("what cannot be judged so is refused") {
  struct Case {
    std::string body;
    const char* codes;
  };
  for (const Case& c : {
           Case{kBuckets, "RG0103"},
           Case{"buckets = 'b'\nquantile = 0.9", "RG0103"},
           Case{kBuckets + "quantile = 99", "RG0203"},
           Case{kBuckets + "quantile = 0", "RG0203"},
           Case{kBuckets + "quantile = 1.0", "RG0203"},
           Case{kBuckets + "quantile = '0.99'", "RG0102"},
           Case{kBuckets + "quantile = 0.9\naggregate = 'p90'", "RG0214"},
           Case{kBuckets + "quantile = 0.9\nmethod = 'rank'", "RG0215"},
           Case{kBuckets + "quantile = 0.9\nquery = 'q'", "RG0219"},
           Case{kBuckets + "quantile = 0.9\nevents = 'e'", "RG0219"},
           Case{"kind = 'histogram'\nquantile = 0.9", "RG0103"},
           Case{kBuckets + "quantile = 0.9\ncluster = 'user'", "RG0238"},
           Case{"kind = 'samples'\nquery = 'q'\nquantile = 0.9", "RG0219"},
           Case{"kind = 'samples'\nquery = 'q'\nbuckets = 'b'", "RG0219"},
           Case{"query = 'q'\naggregate = 'max'", "RG0214"},
           Case{"query = 'q'\naggregate = 'p95'\nmethod = 'mean'", "RG0215"},
           Case{"query = 'q'\naggregate = 'p95'\nmethod = 'median'", "RG0215"},
           Case{"query = 'q'\naggregate = 'median'\nmethod = 'rank'", "RG0215"},
           Case{"query = 'q'\ncluster = 'user'", "RG0238"},
           Case{"kind = 'value'\nquery = 'q'\ncluster = 'user'", "RG0238"},
           Case{"kind = 'histogram'\nquantile = 0.9\nbuckets = { source = 'r', column = 'c' }", "RG0237"},
       }) {
    INFO(c.body);
    CHECK(codes(World().load(with_metric(c.body))) == c.codes);
  }
}
