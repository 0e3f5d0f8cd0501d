// Selector: what a metric selector of Dynatrace's names. Knows no transport, and does not compute it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gate::sources::dynatrace {

struct Selector {
  std::vector<std::string> keys;             ///< of metrics, as written: builtin:service.response.time, "my key"
  std::vector<std::string> transformations;  ///< their names, in the order they stand: splitBy, avg
  std::vector<std::string> unaggregated;     ///< of `keys`, those that no aggregation follows: Dynatrace takes the metric's own
  bool is_list = false;                      ///< it chooses several metrics, whose series would be mixed
  bool is_quotient = false;                  ///< something is divided by a metric, or two metrics are multiplied
};

/// The metrics and transformations in `text`, a metric selector or an expression of several; nullopt when it cannot be read,
/// which Dynatrace itself may still do.
/// https://docs.dynatrace.com/docs/dynatrace-api/environment-api/metric-v2/metric-selector,
/// https://docs.dynatrace.com/docs/dynatrace-api/environment-api/metric-v2/metric-expressions
std::optional<Selector> read_selector(std::string_view text);

}  // namespace gate::sources::dynatrace
