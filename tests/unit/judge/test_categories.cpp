#include <catch2/catch.hpp>

#include "judge/categories.h"

using gate::core::CategoryReport;
using gate::core::MetricReport;
using gate::core::Outcome;
using gate::core::Verdict;
using gate::judge::categories_of;

namespace {

enum class Need { required, optional };

MetricReport metric(const std::string& category, Verdict verdict, Need need = Need::required) {
  MetricReport out;
  out.category = category;
  out.verdict = verdict;
  out.required = need == Need::required;
  gate::core::CriterionReport criterion;
  criterion.outcome = verdict == Verdict::pass   ? Outcome::holds
                      : verdict == Verdict::fail ? Outcome::violated
                                                 : Outcome::not_evaluated;
  out.criteria = {criterion};
  return out;
}

CategoryReport find(const std::vector<MetricReport>& metrics, const std::string& name) {
  for (const CategoryReport& one : categories_of(metrics)) {
    if (one.name == name) return one;
  }
  throw std::runtime_error("no category " + name);
}

}  // namespace

TEST_CASE("the ten categories stand in their order, others behind them, nameless metrics last") {
  std::vector<std::string> names;
  for (const CategoryReport& one : categories_of({metric("", Verdict::pass), metric("cost", Verdict::pass)}))
    names.push_back(one.name);
  CHECK(names == std::vector<std::string>{"adoption", "performance", "scalability", "experience", "reliability", "security",
                                          "business", "maintainability", "delivery", "support", "cost", ""});
}

TEST_CASE("a category is what its worst required metric is") {
  struct Row {
    const char* what;
    std::vector<MetricReport> metrics;
    Verdict verdict;
    std::optional<std::size_t> deciding;
  };
  const std::vector<Row> rows = {
      {"worst wins",
       {metric("security", Verdict::pass), metric("security", Verdict::fail), metric("security", Verdict::error)},
       Verdict::fail,
       1},
      {"others do not matter", {metric("business", Verdict::fail), metric("security", Verdict::pass)}, Verdict::pass, 1},
      {"an optional failure warns",
       {metric("security", Verdict::pass), metric("security", Verdict::fail, Need::optional)},
       Verdict::warn,
       1},
      {"an optional failure hides behind no error",
       {metric("security", Verdict::fail, Need::optional), metric("security", Verdict::error)},
       Verdict::error,
       1},
      {"optional metrics alone pass", {metric("security", Verdict::pass, Need::optional)}, Verdict::pass, 0},
      {"or warn",
       {metric("security", Verdict::pass, Need::optional), metric("security", Verdict::error, Need::optional)},
       Verdict::warn,
       1},
      {"what was skipped is not green", {metric("security", Verdict::skipped)}, Verdict::skipped, std::nullopt},
      {"nor is what is not there", {}, Verdict::skipped, std::nullopt},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    const CategoryReport found = find(row.metrics, "security");
    CHECK(found.verdict == row.verdict);
    CHECK(found.deciding == row.deciding);
  }
}

TEST_CASE("a category counts what was to be judged and what data decided") {
  const std::vector<MetricReport> metrics = {metric("security", Verdict::pass), metric("security", Verdict::error),
                                             metric("security", Verdict::skipped)};
  CHECK(find(metrics, "security").metrics == 2);
  CHECK(find(metrics, "security").evaluated == 1);
  CHECK(find(metrics, "support").metrics == 0);
}

TEST_CASE("what waits is counted with the first of its days, whatever the metric's verdict is") {
  const gate::core::Time first = *gate::core::parse_time("2026-03-24T12:04:00Z");
  const gate::core::Time later = *gate::core::parse_time("2026-04-16T12:04:00Z");
  MetricReport skipped = metric("adoption", Verdict::skipped);
  skipped.criteria.front().due = later;
  MetricReport mixed = metric("adoption", Verdict::pass);
  mixed.criteria.push_back(skipped.criteria.front());
  mixed.criteria.back().due = first;
  MetricReport left_out = skipped;
  left_out.left_out = true;
  left_out.criteria.front().due = *gate::core::parse_time("2026-03-18T00:00:00Z");
  const CategoryReport found = find({skipped, mixed, left_out, metric("adoption", Verdict::pass)}, "adoption");
  CHECK(found.pending == 2);
  CHECK(found.due == first);
  CHECK(found.metrics == 2);
  CHECK(!find({metric("adoption", Verdict::pass)}, "adoption").due);
}
