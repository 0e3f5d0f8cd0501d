#include "plan/split.h"

#include <fmt/format.h>

#include "plan/put_in.h"

namespace gate::plan {

void add_split(MetricPlan& out, const config::Gate& gate, const core::SourceTypeSpec& spec, core::Diagnostics& diagnostics) {
  const config::Part& part = *out.metric->split;
  const core::QueryFacts facts = spec.facts == nullptr ? core::QueryFacts() : spec.facts(part.query);
  const bool one_number = facts.latest || facts.natural_kind == "value" || spec.data == core::SourceTypeSpec::Data::points;
  if (!one_number) {
    diagnostics.push_back(
        {core::Severity::error,
         {"RG0310",
          fmt::format("the split of {} is one value, but [sources.{}] has many rows", out.metric->id, part.source),
          "ask for one number: the rollout of a flag, or a query of a time series database",
          {},
          part.location}});
    return;
  }
  const core::Duration length = out.candidate ? out.candidate->length() : core::Duration(0);
  Ask ask;
  ask.side = Side::candidate;
  ask.part = std::string(kSplitPart);
  ask.source = part.source;
  ask.question.metric = out.metric->id;
  ask.question.part = ask.part;
  ask.question.query = put_in(part, {ask.side, length, length}, gate, spec, diagnostics);
  ask.question.shape = facts.latest ? core::Shape::latest : core::Shape::instant;
  if (!facts.latest) {
    ask.question.window = out.candidate;
    ask.question.step = length;
    ask.question.first = length;
  }
  out.split_unit = facts.natural_unit == "%" ? 0.01 : 1.0;
  out.asks.push_back(std::move(ask));
}

}  // namespace gate::plan
