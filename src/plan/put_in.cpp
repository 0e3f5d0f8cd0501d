#include "plan/put_in.h"

#include "config/table_reader.h"

namespace gate::plan {

core::Settings put_in(const config::Part& part, const Asked& asked, const config::Gate& gate, const core::SourceTypeSpec& spec,
                      core::Diagnostics& diagnostics) {
  config::Variables variables;
  variables.set("step", {core::format_duration(asked.step), "", {}, false});
  variables.set("window", {core::format_duration(asked.window), "", {}, false});
  const auto& tracks = asked.side == Side::baseline ? gate.baseline_variables : gate.candidate_variables;
  for (const auto& [name, value] : tracks) variables.set(name, {value, "", {}, false});
  for (const std::string_view own : spec.own_variables) variables.leave(own);
  static const config::Surroundings kNowhere{};
  std::vector<std::string> notes;
  const config::ReadContext context{diagnostics, variables, kNowhere, notes};
  core::Settings settings = part.query;
  for (core::Setting& setting : settings.all()) config::expand_strings(setting.node, context);
  return settings;
}

}  // namespace gate::plan
