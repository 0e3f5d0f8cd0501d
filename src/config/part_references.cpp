#include "config/part_references.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"

namespace gate::config {
namespace {

/// The part of a metric that another metric may take over: its one question, or the events of a count.
std::string_view lendable(Kind kind) {
  switch (kind) {
    case Kind::samples:
    case Kind::value:
      return "value";
    case Kind::count:
      return "events";
    case Kind::histogram:
      return "buckets";
    case Kind::ratio:
    case Kind::findings:
    case Kind::status:
    case Kind::slo:
    case Kind::derived:
      return "";
  }
  return "";
}

std::string_view described(Kind kind) {
  if (kind == Kind::slo) return "an SLO";
  return kind == Kind::derived ? "derived from others" : "a ratio";
}

struct Resolving {
  Gate& gate;
  const std::vector<std::string>& declared;
  const ReadContext& context;

  /// The metric that `part` names, or a diagnostic; nullptr, too, when it could not be read itself.
  const Metric* lender(const Metric& borrower, const Part& part) const {
    const Metric* other = gate.find_metric(part.of_metric);
    if (other == nullptr) {
      if (std::find(declared.begin(), declared.end(), part.of_metric) != declared.end()) return nullptr;
      const std::string near = core::nearest(part.of_metric, declared);
      context.error("RG0515", fmt::format("there is no [metrics.{}]", part.of_metric), part.location,
                    near.empty() ? "name a metric of this file" : fmt::format("did you mean `{}`?", near));
      return nullptr;
    }
    if (lendable(other->kind).empty()) {
      context.error("RG0516",
                    fmt::format("{} is {}: it has no one question that could be a part", other->id, described(other->kind)),
                    part.location, "name a metric of kind samples, value or count");
      return nullptr;
    }
    if (other->id == borrower.id) {
      context.error("RG0516", fmt::format("{} cannot be a part of itself", other->id), part.location,
                    "ask its question directly");
      return nullptr;
    }
    return other;
  }

  /// The question behind `name` of `metric`, through as many metrics as it takes.
  const Part* question(const Metric& metric, const std::string& name, std::size_t depth) const {
    const auto found = metric.parts.find(name);
    if (found == metric.parts.end()) return nullptr;
    if (found->second.of_metric.empty()) return &found->second;
    const Metric* other = lender(metric, found->second);
    if (other == nullptr) return nullptr;
    if (depth == 0) {
      context.error("RG0516", fmt::format("{} is a part of itself: the metrics go in a circle", other->id),
                    found->second.location, "give one of them a question of its own");
      return nullptr;
    }
    const std::string name_there(lendable(other->kind));
    if (!other->parts.contains(name_there)) {
      context.error("RG0516",
                    fmt::format("{} asks each side differently: it has no one question that could be a part", other->id),
                    found->second.location, "write the question out");
      return nullptr;
    }
    return question(*other, name_there, depth - 1);
  }
};

}  // namespace

void resolve_parts(Gate& gate, const std::vector<std::string>& declared, const ReadContext& context) {
  const Resolving resolving{gate, declared, context};
  for (Metric& metric : gate.metrics) {
    std::map<std::string, Part> resolved;
    for (const auto& [name, part] : metric.parts) {
      if (const Part* found = resolving.question(metric, name, gate.metrics.size())) {
        resolved[name] = *found;
      }
    }
    metric.parts = std::move(resolved);
    if (metric.source.empty() && !metric.parts.empty()) metric.source = metric.parts.begin()->second.source;
  }
}

}  // namespace gate::config
