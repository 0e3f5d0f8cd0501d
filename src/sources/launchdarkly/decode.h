// What LaunchDarkly's answers about a flag say. No I/O.
// https://launchdarkly.com/docs/api/feature-flags
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/samples.h"
#include "core/time.h"
#include "sources/json_at.h"

namespace gate::sources::launchdarkly {

/// A flag in one environment.
struct Flag {
  bool has_environment = false;
  std::vector<std::string> environments;  ///< by their names
  bool on = false;
  bool has_rules = false;  ///< rules, targets or prerequisites: what is served to some is decided apart
  std::vector<std::vector<std::string>> variations;  ///< of each, what it may be called: its id, its name, its value
  std::optional<std::size_t> off_variation;
  std::vector<double> shares;  ///< of each variation in what everybody else is served, as fractions
};

/// Reads an answer of /api/v2/flags/P/F, or a version of a flag in an entry of the audit log. Throws the faults of `root`.
Flag decode_flag(const JsonAt& root, const std::string& environment);

/// The share of all users that are served `variation` now, as a fraction; of a flag of true and false, `true` by default.
/// Nothing, and the reason, when it is no share of all.
core::Result<double> rollout_of(const Flag& flag, const std::string& variation);

/// One line of the audit log.
struct Entry {
  std::string id;
  core::Time at{};
  std::vector<std::string> actions;
};

/// Reads a page of /api/v2/auditlog; `next` is the address of the one after, "" on the last.
std::vector<Entry> decode_entries(const JsonAt& root, std::string& next);

/// What a change did to the flag.
struct Change {
  bool turned_off = false;
  bool lowered = false;  ///< it stayed on, and the variation's share became less
};

/// Reads an answer of /api/v2/auditlog/ID: the versions before and after.
Change decode_change(const JsonAt& root, const std::string& environment, const std::string& variation);

/// "new", "active", "inactive", "launched" as a state: inactive is a warning, for nobody asks for the flag any more.
core::State decode_status(const JsonAt& root);

}  // namespace gate::sources::launchdarkly
