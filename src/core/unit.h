// Units of measure: reading "800ms", "10%", "64MiB", "5/h", converting, and writing numbers for people.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace gate::core {

/// A unit: values in it times `scale` are in the base unit of its dimension (s, B, 1, 1/s, or the word itself for free units
/// such as EUR). `symbol` is the text that the author wrote.
struct Unit {
  std::string symbol = "1";
  std::string dimension = "1";
  double scale = 1.0;

  [[nodiscard]] bool is_percent() const { return symbol == "%"; }
  /// Grades A (1, the best) to E (5), for people letters.
  [[nodiscard]] bool is_rating() const { return symbol == "rating"; }
  friend bool operator==(const Unit&, const Unit&) = default;
};

/// A number with its unit. `bare` when no unit was written.
struct Quantity {
  double value = 0.0;
  Unit unit;
  bool bare = false;
};

/// Reads a unit: "s", "ms", "%", "MiB", "1", "" (the same as "1"), "1/d", "/s", "B/s", "rating", "EUR", "req/s". RG0210 on
/// anything else.
Result<Unit> parse_unit(std::string_view text);

/// Reads a number and an optional unit, with or without a space between: "800ms", "-3 %", "0.2pp", "5/h", "12 EUR", "0.25".
/// Percentage points are the unit "pp" of dimension "pp" (scale 0.01). RG0212 when there is no finite number.
Result<Quantity> parse_quantity(std::string_view text);

/// `quantity` in `unit`: bare numbers are already in it; "5/h" fits any free word per time. RG0211 when the dimensions differ.
Result<double> convert(const Quantity& quantity, const Unit& unit);

/// "a duration", "a size", "a proportion", "a rate per time", "an amount of EUR": for messages.
std::string describe_dimension(const Unit& unit);

/// The number behind a letter from "A" (1) to "E" (5); nullopt for anything else.
std::optional<double> parse_rating(std::string_view letter);

enum class Rounding { nearest, down, up };
/// How many significant digits, and which way the last one is rounded: interval ends are rounded outward.
struct Digits {
  int significant = 3;
  Rounding rounding = Rounding::nearest;
};

/// For people: SI or binary prefix chosen by size: "312 ms", "1.2 k/s", "64 MiB", "0.11 %", "71.4 %"; a rating as its letter. A
/// proportion (unit 1, Style::proportion) is written in per cent.
enum class Style { plain, proportion };
std::string format_quantity(double value, const Unit& unit, Style style = Style::plain, Digits digits = {});
/// The same with a sign: "+5 ms", "−2.7 MiB", "0 s".
std::string format_signed_quantity(double value, const Unit& unit, Digits digits = {});

/// Three significant digits with a true minus sign: "0.0312", "−2.7", "18", "1.2e+09".
std::string format_number(double value, int significant_digits = 3);
std::string format_number(double value, Digits digits);
/// Signed: "+31", "−2.7", "0".
std::string format_signed(double value, Digits digits = {});

}  // namespace gate::core
