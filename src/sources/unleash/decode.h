// What Unleash's answers about a flag say. No I/O.
// https://docs.getunleash.io/reference/api/unleash
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/result.h"
#include "core/samples.h"
#include "core/time.h"
#include "sources/json_at.h"

namespace gate::sources::unleash {

/// One way in which a flag is on for some.
struct Strategy {
  std::string name;
  bool is_for_some = false;  ///< it has constraints or segments, or decides by something else than a share
  double share = 1.0;        ///< of the users that it is for, as a fraction
  std::vector<std::pair<std::string, double>> variants;  ///< and their weights, as fractions
};

/// A flag in one environment.
struct Flag {
  bool has_environment = false;
  std::vector<std::string> environments;  ///< by their names
  bool enabled = false;
  bool stale = false;
  bool archived = false;
  std::vector<Strategy> strategies;  ///< those that are not disabled
};

/// Reads an answer of /api/admin/projects/P/features/F. Throws the faults of `root`.
Flag decode_flag(const JsonAt& root, const std::string& environment);

/// The share of all users for whom the flag is on now, as a fraction; with `variant`, of those who get it. Nothing, and the
/// reason, when it is no share of all: constraints, or several strategies whose shares overlap in a way that is not told.
core::Result<double> rollout_of(const Flag& flag, const std::string& variant);

/// What became of an hour's evaluations.
struct Hour {
  core::Time start{};
  double exposed = 0.0;  ///< answered with yes, or with the variant
  double evaluated = 0.0;
};

/// Evaluations by the hour, of all applications.
struct Evaluations {
  std::vector<Hour> hours;
  std::optional<core::Time> first;  ///< the oldest hour that the answer has
  std::size_t applications = 0;
};

/// Reads an answer of /api/admin/client-metrics/features/F/raw: its hours in `environment`.
Evaluations decode_evaluations(const JsonAt& root, const std::string& environment, const std::string& variant);

/// A change of a flag.
struct Event {
  core::Time at{};
  std::string type;
  double lowered_by = 0.0;  ///< of a strategy's rollout, in percentage points; 0 when it was not lowered
};

/// Reads a page of /api/admin/search/events; `total` is how many there are.
std::vector<Event> decode_events(const JsonAt& root, std::size_t& total);

/// What Unleash says of the flag: stale is a warning, archived an error.
core::State state_of(const Flag& flag);

}  // namespace gate::sources::unleash
