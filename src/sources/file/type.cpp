// What the rest of the program is told of files, and the offline checks of their keys.
#include <utility>

#include "sources/file/client.h"
#include "sources/file/options.h"
#include "sources/file/query.h"
#include "sources/source.h"

namespace gate::sources::file {
namespace {

using core::Settings;

constexpr std::string_view kExample =
    R"(value  = "latency_ms"
where  = { route = "/pay" }
unit   = "ms"
better = "lower"
fail   = { increase_over = "10%" }
)";

core::QueryFacts facts(const Settings& query) {
  core::QueryFacts facts;
  // Different values do not add up over slices: who came in two of them would be counted twice.
  facts.uses_window = query.has("distinct");
  return facts;
}

std::vector<core::SourceReference> references(const Settings& query) {
  core::Diagnostics known;
  const FileQuery read = read_query(query, known);
  if (!read.in || read.in->source.empty()) return {};
  return {{read.in->source, read.in->source_location}};
}

std::unique_ptr<Source> make(const std::string& id, const Settings& settings, const SourceContext& context) {
  core::Diagnostics known;
  return std::make_unique<FileSource>(id, read_options(settings, known), context);
}

}  // namespace

SourceType make_type();

/// For the registry.
SourceType make_type() {
  SourceType type;
  type.spec.type = "file";
  type.spec.title = "Files: CSV, JSON Lines, JSON, OpenMetrics, Prometheus text, saved answers of the Prometheus API";
  type.spec.source_keys = source_keys();
  type.spec.query_keys = query_keys();
  type.spec.data = core::SourceTypeSpec::Data::rows;
  type.spec.has_columns = true;
  type.spec.source_example =
      R"(path = "requests-*.csv"                        # relative to this file; CSV, JSON Lines, JSON, OpenMetrics
time = { column = "time", format = "rfc3339" })";
  type.spec.example = kExample;
  type.spec.facts = facts;
  type.spec.references = references;
  type.check_source = check_by_reading<read_options>;
  type.check_query = check_by_reading<read_query>;
  type.make = make;
  return type;
}

}  // namespace gate::sources::file
