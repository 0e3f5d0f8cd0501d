#include "config/estimand_reader.h"

#include <fmt/format.h>

#include <charconv>

namespace gate::config {
namespace {

/// "p95", "p99.9": a quantile.
std::optional<double> read_percentile(std::string_view word) {
  if (word.size() < 2 || word.front() != 'p') return std::nullopt;
  double percent = 0.0;
  const auto result = std::from_chars(word.data() + 1, word.data() + word.size(), percent);
  if (result.ec != std::errc() || result.ptr != word.data() + word.size() || percent <= 0.0 || percent >= 100.0)
    return std::nullopt;
  return percent / 100.0;
}

/// What an aggregate would do to a metric of this kind.
std::string_view instead_of_aggregate(Kind kind) {
  if (kind == Kind::derived) return "leave it out: the formula makes one number";
  if (kind == Kind::histogram) return "write quantile = 0.99";
  return "leave it out: the parts are summed";
}

std::string_view kind_of(Method method, Kind otherwise) {
  switch (method) {
    case Method::mean:
    case Method::median:
    case Method::rank:
    case Method::kayenta:
      return "samples";
    case Method::score:
    case Method::newcombe:
      return "ratio";
    case Method::automatic:
    case Method::point:
      break;
  }
  return name(otherwise);
}

/// Why what units did before cannot serve `metric`, and what could be done; two empty texts when it can.
std::pair<std::string, std::string> why_no_covariate(const Metric& metric) {
  if (metric.compare.design != Design::side_by_side) {
    return {fmt::format("design = \"{}\" has no two groups of users at the same time", name(metric.compare.design)),
            R"(it is for design = "side-by-side"; else leave `covariate` out)"};
  }
  const bool fits = metric.kind == Kind::samples || metric.kind == Kind::ratio;
  if (!fits || is_quantile(metric)) {
    const std::string what = fits ? "a quantile" : fmt::format("kind = \"{}\"", name(metric.kind));
    return {fmt::format("{} is no mean of what users did", what), "it is for ratios, and for samples judged by their mean"};
  }
  if (metric.method != Method::automatic && metric.method != Method::mean)
    return {"this `method` knows no covariate", "leave `method` out: the covariate brings its own"};
  if (metric.cluster.empty()) return {"nothing says whose a row is", R"(name the column of the users: cluster = "user_id")"};
  if (metric.compare.anchor && metric.compare.anchor->now)
    return {"anchor = \"now\" may lie after the rollout, which then moved what it should be compared with",
            "leave `anchor` out: the window before the rollout is taken"};
  return {};
}

bool has_clusters(const Metric& metric, const Gate& gate, const LoadOptions& options) {
  const SourceConfig* source = gate.find_source(metric.source);
  const SourceEntry* entry = source == nullptr ? nullptr : find_entry(options, source->type);
  // Where the source is named by the parts, they are looked at when the questions are put.
  return entry == nullptr || entry->spec->has_columns;
}

}  // namespace

void read_aggregate(TableReader& reader, Metric& metric, const ReadContext& context) {
  const auto word = reader.text("aggregate");
  if (!word) return;
  if (const auto quantile = read_percentile(*word)) {
    metric.aggregate = Aggregate::quantile;
    metric.aggregate_quantile = *quantile;
  } else if (const auto choice = reader.choice<Aggregate>("aggregate", {{"mean", Aggregate::mean},
                                                                        {"median", Aggregate::median},
                                                                        {"min", Aggregate::min},
                                                                        {"max", Aggregate::max},
                                                                        {"sum", Aggregate::sum},
                                                                        {"last", Aggregate::last},
                                                                        {"count", Aggregate::count}})) {
    metric.aggregate = *choice;
  } else {
    return;
  }
  const core::Location place = reader.value_place("aggregate");
  if (metric.kind == Kind::samples && *metric.aggregate != Aggregate::mean && !is_quantile(metric)) {
    context.error(
        "RG0214", fmt::format("there is no interval for `{}` of samples", *word), place,
        R"(judge the mean, the median or a quantile ("p95"), or use kind = "value" for one number without an interval)");
  } else if (metric.kind != Kind::value && metric.kind != Kind::samples) {
    context.error("RG0214", fmt::format("`aggregate` has no meaning for kind = \"{}\"", name(metric.kind)), place,
                  std::string(instead_of_aggregate(metric.kind)));
  }
}

void check_method(Metric& metric, const Statistics& statistics, const ReadContext& context) {
  if (metric.method == Method::median && metric.kind == Kind::samples && !metric.aggregate)
    metric.aggregate = Aggregate::median;
  if (!statistics.method_place) return;
  const std::string_view fits = kind_of(metric.method, metric.kind);
  if (fits != name(metric.kind)) {
    context.error("RG0215",
                  fmt::format("this method is for kind = \"{}\", and {} is \"{}\"", fits, metric.id, name(metric.kind)),
                  *statistics.method_place, "leave `method` out: the kind picks it");
    return;
  }
  const bool of_mean = metric.method == Method::mean && is_quantile(metric);
  const bool of_ranks = metric.method == Method::rank && metric.aggregate.has_value();
  const bool of_median = metric.method == Method::median && metric.aggregate != Aggregate::median;
  if (!of_mean && !of_ranks && !of_median) return;
  context.error("RG0215", fmt::format("this method contradicts the `aggregate` of {}", metric.id), *statistics.method_place,
                "leave `method` out: the aggregate picks it");
}

void read_quantile(TableReader& reader, Metric& metric, const ReadContext& context) {
  const bool is_there = reader.has("quantile");
  const auto quantile = reader.number("quantile");
  if (metric.kind != Kind::histogram) {
    if (!is_there) return;
    context.error("RG0219", fmt::format("`quantile` has no meaning for kind = \"{}\"", name(metric.kind)),
                  reader.key_place("quantile"), R"(it belongs to kind = "histogram"; of samples write aggregate = "p99")");
    return;
  }
  metric.aggregate = Aggregate::quantile;
  if (!is_there) {
    context.error("RG0103", fmt::format("[metrics.{}] has no `quantile`: kind = \"histogram\" needs it", metric.id),
                  metric.location, "write quantile = 0.99");
  } else if (quantile && *quantile > 0.0 && *quantile < 1.0) {
    metric.aggregate_quantile = *quantile;
  } else if (quantile) {
    const bool is_percent = *quantile > 1.0 && *quantile < 100.0;
    context.error("RG0203", fmt::format("`{}.quantile` must be between 0 and 1, both excluded", reader.path()),
                  reader.value_place("quantile"),
                  is_percent ? fmt::format("for p{} write quantile = {}", *quantile, *quantile / 100.0)
                             : "0.99 is the value that 99 % lie below");
  }
}

void settle_cluster(Metric& metric, const Statistics& statistics, const Gate& gate, const LoadOptions& options,
                    const ReadContext& context) {
  if (statistics.cluster.empty()) return;
  const bool fits = metric.kind == Kind::samples || metric.kind == Kind::ratio;
  const bool ranked = metric.method == Method::rank;
  if (fits && !ranked && has_clusters(metric, gate, options)) {
    metric.cluster = statistics.cluster;
    return;
  }
  if (!statistics.cluster_place) return;
  if (!fits) {
    context.error("RG0238", fmt::format("`cluster` has no meaning for kind = \"{}\"", name(metric.kind)),
                  *statistics.cluster_place, R"(it is for samples and ratios of rows: kind = "samples" or "ratio")");
  } else if (ranked) {
    context.error("RG0238", "`cluster` has no meaning for method = \"rank\"", *statistics.cluster_place,
                  "judge the mean, the median or a quantile");
  } else {
    context.error("RG0238",
                  fmt::format("[sources.{}] has no rows with columns, and `cluster` is the name of one", metric.source),
                  *statistics.cluster_place, R"(use a source of type "file", or leave `cluster` out)");
  }
}

void settle_covariate(Metric& metric, const Statistics& statistics, const ReadContext& context) {
  if (!statistics.covariate) return;
  const auto [because, hint] = why_no_covariate(metric);
  metric.covariate = because.empty();
  const bool is_told = metric.cluster.empty() && statistics.cluster_place.has_value();  // RG0238
  if (because.empty() || !statistics.covariate_place || is_told) return;
  context.error("RG0255", fmt::format("a covariate cannot serve {}: {}", metric.id, because), *statistics.covariate_place,
                hint);
}

}  // namespace gate::config
