// A gate file read in memory: a source type of the test's own, an environment and files that are maps.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "config/load.h"

namespace gate::config::test {

using core::KeySpec;
using core::KeyType;

inline const core::SourceTypeSpec& points_type() {
  static const core::SourceTypeSpec spec = [] {
    core::SourceTypeSpec type;
    type.type = "points";
    type.title = "a source of points";
    type.source_keys = {{"url", KeyType::text, "where it is", KeySpec::Need::required},
                        {"token", KeyType::secret, "who asks"},
                        {"headers", KeyType::headers, "more headers"},
                        {"timeout", KeyType::duration, "how long"},
                        {"limit", KeyType::bytes, "how much"},
                        {"retries", KeyType::integer, "how often"},
                        {"insecure", KeyType::boolean, "trust all"},
                        {"share", KeyType::number, "of something"},
                        {"names", KeyType::text_list, "several"},
                        {"extra", KeyType::table, "a table"},
                        {"any", KeyType::any, "anything"}};
    type.query_keys = {{"query", KeyType::text, "the question", KeySpec::Need::required}, {"zone", KeyType::text, "where"}};
    type.text_part_key = "query";
    type.has_buckets = true;
    return type;
  }();
  return spec;
}

/// A type whose parts cannot be bare strings.
inline const core::SourceTypeSpec& rows_type() {
  static const core::SourceTypeSpec spec = [] {
    core::SourceTypeSpec type;
    type.type = "rows";
    type.title = "a source of rows";
    type.query_keys = {{"column", KeyType::text, "which column"}, {"where", KeyType::table, "which rows"}};
    type.data = core::SourceTypeSpec::Data::rows;
    type.has_columns = true;
    return type;
  }();
  return spec;
}

struct World {
  std::map<std::string, std::string> environment;
  std::map<std::string, std::string> files;
  std::map<std::string, std::string> packs;
  std::vector<std::pair<std::string, std::string>> settings;

  [[nodiscard]] Surroundings surroundings() const {
    Surroundings out;
    out.environment = [this](const std::string& name) -> std::optional<std::string> {
      const auto found = environment.find(name);
      return found == environment.end() ? std::nullopt : std::optional(found->second);
    };
    out.read_file = [this](const std::string& path) -> core::Result<std::string> {
      const auto found = files.find(path);
      if (found != files.end()) return found->second;
      return core::Error{"RG0405", "cannot read " + path, "h", {}, {}};
    };
    return out;
  }

  [[nodiscard]] Loaded load(const std::string& text, const std::string& path = "gate.toml") const {
    LoadOptions options;
    options.surroundings = surroundings();
    options.sources = {{&points_type(), nullptr, nullptr}, {&rows_type(), nullptr, nullptr}};
    options.packs = packs;
    options.settings = settings;
    return load_gate(text, path, options);
  }
};

inline const std::string kHead = "version = 1\n[sources.p]\ntype = 'points'\nurl = 'u'\n[sources.r]\ntype = 'rows'\n";

/// A file with one metric, `m`, whose table holds `body`.
inline std::string with_metric(const std::string& body, const std::string& before = "") {
  return kHead + before + "\n[metrics.m]\nsource = 'p'\n" + body + "\n";
}

/// "RG0104 7:1" for each diagnostic, with a "w " before warnings; space between.
inline std::string codes(const Loaded& loaded) {
  std::string out;
  for (const core::Diagnostic& diagnostic : loaded.diagnostics) {
    if (!out.empty()) out += " ";
    if (diagnostic.severity == core::Severity::warning) out += "w:";
    out += diagnostic.error.code;
  }
  return out;
}

}  // namespace gate::config::test
