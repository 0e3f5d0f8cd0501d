#include "measure/histograms.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "measure/place.h"
#include "measure/reduce.h"
#include "stats/histogram.h"

namespace gate::measure {
namespace {

using plan::Side;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr const char* kBound = "le";

core::Error no_buckets(std::string message, std::string hint) {
  return {"RG2007", std::move(message), std::move(hint), {}, {}};
}

std::optional<double> bound_of(const std::string& text) {
  if (text == "+Inf" || text == "Inf") return kInfinity;
  double bound = 0.0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), bound);
  const bool is_number = problem == std::errc() && end == text.data() + text.size() && std::isfinite(bound);
  return is_number ? std::optional(bound) : std::nullopt;
}

/// Time → bound → how many values up to it.
using UpTo = std::map<core::Time, std::map<double, double>>;

std::optional<core::Error> read_classic(UpTo& out, std::span<const core::Series> series, const config::Metric& metric) {
  std::map<double, core::Labels> seen;
  for (const core::Series& one : series) {
    const auto label = one.labels.find(kBound);
    if (label == one.labels.end()) {
      return no_buckets("the query gives no buckets: a series has no label `le`",
                        "keep it: sum by (le) (increase(NAME_bucket[{{step}}])), or ask for native histograms");
    }
    const auto bound = bound_of(label->second);
    if (!bound)
      return no_buckets(fmt::format("`le` is \"{}\", which is no number", label->second), "it is the label of buckets");
    if (!seen.emplace(*bound, one.labels).second && metric.combine != config::Combine::sum) {
      core::Error error{
          "RG2001",
          fmt::format("the query returned several series with le=\"{}\", and one histogram is needed", label->second),
          R"(aggregate them in the query, sum by (le) (…), or combine = "sum")",
          {},
          {}};
      return error;
    }
    for (std::size_t i = 0; i < one.times.size(); ++i) {
      if (std::isfinite(one.values[i])) out[one.times[i]][*bound] += one.values[i];
    }
  }
  if (!seen.empty() && !seen.contains(kInfinity)) {
    return no_buckets("there is no bucket with le=\"+Inf\", and how many values lie above the others is not known",
                      "let the query keep all buckets");
  }
  return std::nullopt;
}

core::BucketCounts from_classic(const UpTo& up_to) {
  core::BucketCounts out;
  for (const auto& [time, counts] : up_to) {
    for (const auto& [bound, count] : counts) out.edges.push_back(bound);
  }
  std::sort(out.edges.begin(), out.edges.end());
  out.edges.erase(std::unique(out.edges.begin(), out.edges.end()), out.edges.end());
  out.counts.resize(out.edges.size());
  for (const auto& [time, counts] : up_to) {
    if (!counts.contains(kInfinity)) continue;
    out.times.push_back(time);
    double below = 0.0;
    for (std::size_t i = 0; i < out.edges.size(); ++i) {
      const auto found = counts.find(out.edges[i]);
      const double here = found == counts.end() ? below : std::max(below, found->second);
      out.counts[i].push_back(here - below);
      below = here;
    }
  }
  if (!out.edges.empty()) out.edges.insert(out.edges.begin(), out.edges.front() > 0.0 ? 0.0 : -kInfinity);
  return out;
}

/// Where the buckets of all slices can be cut without cutting one of them.
std::vector<double> common_edges(std::span<const core::Series> series) {
  std::vector<std::pair<double, double>> all;
  for (const core::Series& one : series) {
    for (const auto& histogram : one.histograms) {
      for (const core::Bucket& bucket : histogram) all.emplace_back(bucket.lower, bucket.upper);
    }
  }
  std::sort(all.begin(), all.end());
  std::vector<double> edges;
  double reach = -kInfinity;
  for (const auto& [lower, upper] : all) {
    if (lower >= reach) edges.push_back(lower);
    if (!edges.empty() && upper > reach) {
      if (lower < reach) edges.pop_back();  // a coarser one: what began inside it ends with it
      edges.push_back(upper);
      reach = upper;
    }
  }
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  return edges;
}

core::BucketCounts from_native(std::span<const core::Series> series) {
  core::BucketCounts out;
  out.grow_by_factor = true;
  out.edges = common_edges(series);
  if (out.edges.size() < 2) return out;
  std::map<core::Time, std::vector<double>> slices;
  for (const core::Series& one : series) {
    out.dropped += one.dropped;
    for (std::size_t i = 0; i < one.times.size(); ++i) {
      auto& slice = slices.try_emplace(one.times[i], out.edges.size() - 1, 0.0).first->second;
      for (const core::Bucket& bucket : one.histograms[i]) {
        const auto above = std::upper_bound(out.edges.begin(), out.edges.end(), bucket.lower);
        slice[static_cast<std::size_t>(above - out.edges.begin()) - 1] += std::max(bucket.count, 0.0);
      }
    }
  }
  // Around zero lies one bucket; without a negative value it starts at zero.
  if (out.edges[0] < 0.0 && out.edges[1] > 0.0) out.edges[0] = 0.0;
  out.counts.resize(out.edges.size() - 1);
  for (const auto& [time, slice] : slices) {
    out.times.push_back(time);
    for (std::size_t i = 0; i < slice.size(); ++i) out.counts[i].push_back(slice[i]);
  }
  return out;
}

std::size_t expected_slices(const plan::MetricPlan& plan, const core::Question& question) {
  if (plan.whole_window || !question.window) return 1;
  const core::Duration span = question.window->length() - question.first;
  return span.count() < 0 ? 0 : static_cast<std::size_t>(span / question.step) + 1;
}

/// The quantile of each slice, where it is a number.
void show(core::SideMeasurement& side, double probability) {
  const core::BucketCounts& all = side.buckets;
  for (std::size_t t = 0; t < all.times.size(); ++t) {
    std::vector<std::vector<double>> slice;
    for (const std::vector<double>& bucket : all.counts) slice.push_back({bucket[t]});
    const auto spread = all.grow_by_factor ? stats::Spread::geometric : stats::Spread::linear;
    const auto found = stats::quantile({all.edges, slice, spread}, probability);
    if (!found || found->at_least || found->at_most) continue;
    side.shown.times.push_back(all.times[t]);
    side.shown.values.push_back(found->value);
  }
}

/// The series of one histogram in each reply, by the value of `each`; all under "" without it.
using Parted = std::map<std::string, std::map<const Reply*, std::vector<core::Series>>>;

core::Result<Parted> part(const config::Metric& metric, const std::vector<Reply>& replies) {
  Parted out;
  for (const Reply& reply : replies) {
    for (core::Series series : reply.answer->series) {
      std::string value;
      if (!metric.each.empty()) {
        const auto label = series.labels.find(metric.each);
        if (label == series.labels.end()) {
          return with_place({"RG2003",
                             fmt::format("each = \"{}\": a series has no such label", metric.each),
                             "keep it beside the buckets' own: sum by (le, LABEL) (…)",
                             {},
                             {}},
                            *reply.ask);
        }
        value = label->second;
        series.labels.erase(label);
      }
      out[value][&reply].push_back(std::move(series));
    }
  }
  return out;
}

}  // namespace

core::Result<core::BucketCounts> buckets_of(std::span<const core::Series> series, std::size_t expected,
                                            const config::Metric& metric) {
  const auto is_native = [](const core::Series& one) { return !one.histograms.empty(); };
  const auto native = std::count_if(series.begin(), series.end(), is_native);
  core::BucketCounts out;
  if (native > 0) {
    if (static_cast<std::size_t>(native) != series.size())
      return no_buckets("the answer mixes native histograms and buckets with `le`", "ask for one of them");
    if (native > 1 && metric.combine != config::Combine::sum) {
      return core::Error{"RG2001",
                         fmt::format("the query returned {} native histograms, and one is needed", native),
                         R"(aggregate them in the query, sum(…), or combine = "sum")",
                         {},
                         {}};
    }
    out = from_native(series);
  } else {
    UpTo up_to;
    if (auto error = read_classic(up_to, series, metric)) return *error;
    out = from_classic(up_to);
  }
  out.dropped += expected > out.times.size() ? expected - out.times.size() : 0;
  return out;
}

std::vector<core::Measurement> fill_histograms(const core::Measurement& common, const plan::MetricPlan& plan,
                                               const std::vector<Reply>& replies) {
  const config::Metric& metric = *plan.metric;
  auto parted = part(metric, replies);
  core::Measurement failed = common;
  if (!parted) {
    failed.error = parted.error();
    return {failed};
  }
  if (parted->empty()) parted.value()[""];
  std::vector<core::Measurement> out;
  for (const auto& [value, series] : parted.value()) {
    core::Measurement one = common;
    if (!metric.each.empty() && !value.empty()) {
      one.metric = fmt::format("{}[{}={}]", metric.id, metric.each, value);
      one.parent = metric.id;
      one.labels[metric.each] = value;
    }
    for (const Reply& reply : replies) {
      const auto found = series.find(&reply);
      core::SideMeasurement& side = reply.ask->side == Side::baseline ? one.baseline : one.candidate;
      const std::vector<core::Series> none;
      auto buckets =
          buckets_of(found == series.end() ? none : found->second, expected_slices(plan, reply.ask->question), metric);
      if (!buckets) {
        one.error = with_place(buckets.error(), *reply.ask);
        break;
      }
      side.buckets = std::move(buckets).value();
      side.dropped = side.buckets.dropped;
      side.present = found != series.end();
      show(side, metric.aggregate_quantile);
    }
    out.push_back(std::move(one));
  }
  // A side without any series is no data, and no news of one series.
  for (const auto side : {&core::Measurement::baseline, &core::Measurement::candidate}) {
    if (std::any_of(out.begin(), out.end(), [side](const core::Measurement& one) { return (one.*side).present; })) continue;
    for (core::Measurement& one : out) (one.*side).present = true;
  }
  return out;
}

}  // namespace gate::measure
