// The dimension of a formula from those of its metrics: what may be added, and what comes out. Pure.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "config/formula.h"
#include "core/unit.h"

namespace gate::config {

/// Powers of base dimensions: {"EUR": 1, "time": -1}. Empty: a plain number. Never a power of 0.
using Dimension = std::map<std::string, int>;

/// Of a unit: "size/time" is {size: 1, time: -1}; shares and percentage points are plain numbers.
Dimension dimension_of(const core::Unit& unit);

/// In base units, as an author would write it: "s", "B/s", "EUR/req", "1/s", "EUR·s"; "1" for a plain number.
std::string unit_text(const Dimension& dimension);
/// "a duration", "a plain number", "an amount in \"EUR/req\"".
std::string describe(const Dimension& dimension);

/// The dimension of the whole formula, in which a metric has the unit that `unit_of` gives. A mistake when two sides of a sum
/// differ in dimension.
std::variant<Dimension, FormulaMistake> dimension_of(const Formula& formula,
                                                     const std::function<core::Unit(const std::string& metric)>& unit_of);

/// A mistake when something is divided by numbers alone that make zero.
std::optional<FormulaMistake> check_divisors(const Formula& formula);

}  // namespace gate::config
