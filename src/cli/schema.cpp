#include "config/schema.h"

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "report/schema.h"
#include "sources/source.h"

namespace gate::cli {

int print_schema(const std::string& which, World& world) {
  if (which == "report") {
    world.out << report::report_schema();
    return kPass;
  }
  std::vector<const core::SourceTypeSpec*> types;
  for (const sources::SourceType& type : sources::registry()) types.push_back(&type.spec);
  world.out << config::gate_schema(types);
  return kPass;
}

}  // namespace gate::cli
