#include "core/unit.h"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <charconv>
#include <cmath>

namespace gate::core {
namespace {

struct KnownUnit {
  std::string_view symbol;
  std::string_view dimension;
  double scale;
};

constexpr std::array<KnownUnit, 34> kKnownUnits = {{
    {"1", "1", 1},
    {"", "1", 1},
    {"%", "1", 0.01},
    {"pp", "pp", 0.01},
    {"ns", "time", 1e-9},
    {"us", "time", 1e-6},
    {"µs", "time", 1e-6},
    {"ms", "time", 1e-3},
    {"s", "time", 1},
    {"m", "time", 60},
    {"min", "time", 60},
    {"h", "time", 3600},
    {"d", "time", 86400},
    {"w", "time", 604800},
    {"B", "size", 1},
    {"kB", "size", 1e3},
    {"KB", "size", 1e3},
    {"MB", "size", 1e6},
    {"GB", "size", 1e9},
    {"TB", "size", 1e12},
    {"PB", "size", 1e15},
    {"KiB", "size", 1024},
    {"MiB", "size", 1048576},
    {"GiB", "size", 1073741824.0},
    {"TiB", "size", 1099511627776.0},
    {"PiB", "size", 1125899906842624.0},
    {"bit", "bits", 1},
    {"kbit", "bits", 1e3},
    {"Mbit", "bits", 1e6},
    {"Gbit", "bits", 1e9},
    {"core", "core", 1},
    {"mcore", "core", 1e-3},
    {"Hz", "1/time", 1},
    {"kHz", "1/time", 1e3},
}};

bool is_word(std::string_view text) {
  if (text.empty() || std::isalpha(static_cast<unsigned char>(text[0])) == 0) return false;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_') return false;
  }
  return true;
}

/// A unit without a slash; a free word is a dimension of its own.
bool parse_atom(std::string_view text, Unit& unit) {
  for (const KnownUnit& known : kKnownUnits) {
    if (known.symbol == text) {
      unit = Unit{std::string(text), std::string(known.dimension), known.scale};
      return true;
    }
  }
  if (!is_word(text)) return false;
  unit = Unit{std::string(text), std::string(text), 1.0};
  return true;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

bool is_free_word(std::string_view dimension) {
  for (const KnownUnit& known : kKnownUnits) {
    if (known.dimension == dimension) return false;
  }
  return true;
}

}  // namespace

Result<Unit> parse_unit(std::string_view text) {
  text = trim(text);
  const Error bad{
      "RG0210", fmt::format("\"{}\" is not a unit", text), "write \"ms\", \"s\", \"%\", \"MiB\", \"1/d\", \"EUR\"", {}, {}};
  const std::size_t slash = text.find('/');
  Unit unit;
  if (slash == std::string_view::npos) {
    if (!parse_atom(text, unit)) return bad;
    if (unit.symbol.empty()) unit.symbol = "1";
    return unit;
  }
  Unit per;
  if (!parse_atom(text.substr(0, slash), unit) || !parse_atom(text.substr(slash + 1), per) || slash + 1 == text.size())
    return bad;
  return Unit{std::string(text), unit.dimension + "/" + per.dimension, unit.scale / per.scale};
}

Result<Quantity> parse_quantity(std::string_view text) {
  const std::string_view trimmed = trim(text);
  const Error bad{"RG0212",
                  fmt::format("\"{}\" is not a quantity", text),
                  "write a number and a unit: \"800ms\", \"10%\", \"5/h\"",
                  {},
                  {}};
  std::string_view digits = trimmed;
  if (digits.starts_with('+') && !digits.starts_with("+-")) digits.remove_prefix(1);
  double value = 0;
  const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (code != std::errc() || !std::isfinite(value) || end == digits.data()) return bad;
  const std::string_view unit_text = trim(std::string_view(end, static_cast<std::size_t>(digits.data() + digits.size() - end)));
  if (unit_text.empty()) return Quantity{value, Unit{}, true};
  auto unit = parse_unit(unit_text);
  if (!unit) return bad;
  return Quantity{value, std::move(unit).value(), false};
}

Result<double> convert(const Quantity& quantity, const Unit& unit) {
  if (quantity.bare) return quantity.value;
  const double base = quantity.value * quantity.unit.scale;
  if (quantity.unit.dimension == unit.dimension) return base / unit.scale;
  const std::string& from = quantity.unit.dimension;
  const std::size_t slash = unit.dimension.find('/');
  if (from.starts_with("1/") && slash != std::string::npos && from.substr(1) == unit.dimension.substr(slash) &&
      is_free_word(unit.dimension.substr(0, slash))) {
    return base / unit.scale;
  }
  return Error{"RG0211",
               fmt::format("\"{}{}\" is {}, but the metric is in {}", fmt::format("{}", quantity.value), quantity.unit.symbol,
                           describe_dimension(quantity.unit), describe_dimension(unit)),
               fmt::format("write it in \"{}\"", unit.symbol),
               {},
               {}};
}

std::string describe_dimension(const Unit& unit) {
  if (unit.dimension == "time") return "a duration";
  if (unit.dimension == "size") return "a size";
  if (unit.dimension == "1") return unit.is_percent() ? "a percentage" : "a plain number";
  if (unit.dimension == "pp") return "a number of percentage points";
  if (unit.is_rating()) return "a rating from A to E";
  if (unit.dimension.ends_with("/time")) return fmt::format("a rate (\"{}\")", unit.symbol);
  return fmt::format("an amount in \"{}\"", unit.symbol);
}

namespace {

/// `value` with `digits` significant digits and no exponent where people would not use one.
std::string plain_digits(double value, int digits) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "∞" : "-∞";
  if (value == std::floor(value) && std::abs(value) < 1e9) return fmt::format("{:.0f}", value == 0.0 ? 0.0 : value);
  const double magnitude = std::floor(std::log10(std::abs(value)));
  if (magnitude >= 9 || magnitude < -6) return fmt::format("{:.{}e}", value, digits - 1);
  const int decimals = std::max(0, digits - 1 - static_cast<int>(magnitude));
  std::string text = fmt::format("{:.{}f}", value, decimals);
  // 9.995 rounds to 10.00: the digit count has grown by one.
  const double rounded = std::abs(std::strtod(text.c_str(), nullptr));
  if (rounded > 0 && std::floor(std::log10(rounded)) > magnitude && decimals > 0)
    text = fmt::format("{:.{}f}", value, decimals - 1);
  return text;
}

std::string with_minus(std::string text) {
  if (text.starts_with('-')) text.replace(0, 1, "−");
  return text;
}

double rounded_towards(double value, int digits, Rounding rounding) {
  if (rounding == Rounding::nearest || value == 0.0 || !std::isfinite(value)) return value;
  const double magnitude = std::floor(std::log10(std::abs(value)));
  const double unit = std::pow(10.0, magnitude - digits + 1);
  // The tolerance keeps a value that already has these digits from moving by a whole unit for its last bit.
  const double scaled = value / unit;
  return (rounding == Rounding::down ? std::floor(scaled + 1e-9) : std::ceil(scaled - 1e-9)) * unit;
}

struct Prefix {
  double factor;
  std::string_view symbol;
};

std::string with_prefix(double value, std::string_view suffix, Digits digits) {
  constexpr std::array<Prefix, 4> kPrefixes = {{{1e12, "T"}, {1e9, "G"}, {1e6, "M"}, {1e3, "k"}}};
  for (const Prefix& prefix : kPrefixes) {
    if (std::abs(value) >= prefix.factor * 0.9995) {
      return fmt::format("{}{}{}", format_number(value / prefix.factor, digits), prefix.symbol, suffix);
    }
  }
  return fmt::format("{}{}", format_number(value, digits), suffix);
}

std::string format_seconds(double seconds, Digits digits) {
  const double size = std::abs(seconds);
  if (size == 0.0) return "0 s";
  if (size < 0.9995e-6) return format_number(seconds * 1e9, digits) + " ns";
  if (size < 0.9995e-3) return format_number(seconds * 1e6, digits) + " µs";
  if (size < 0.9995) return format_number(seconds * 1e3, digits) + " ms";
  if (size < 120) return format_number(seconds, digits) + " s";
  if (size < 7200) return format_number(seconds / 60, digits) + " min";
  if (size < 172800) return format_number(seconds / 3600, digits) + " h";
  return format_number(seconds / 86400, digits) + " d";
}

std::string format_bytes(double bytes, std::string_view per, Digits digits) {
  constexpr std::array<Prefix, 5> kBinary = {
      {{1125899906842624.0, "PiB"}, {1099511627776.0, "TiB"}, {1073741824.0, "GiB"}, {1048576.0, "MiB"}, {1024.0, "KiB"}}};
  for (const Prefix& prefix : kBinary) {
    if (std::abs(bytes) >= prefix.factor)
      return fmt::format("{} {}{}", format_number(bytes / prefix.factor, digits), prefix.symbol, per);
  }
  return fmt::format("{} B{}", format_number(bytes, digits), per);
}

/// A mean of several ratings has no letter.
std::string format_rating(double value, Digits digits) {
  constexpr std::string_view kLetters = "ABCDE";
  const double place = value - 1.0;
  if (place != std::floor(place) || place < 0.0 || place >= static_cast<double>(kLetters.size()))
    return format_number(value, digits);
  return std::string(1, kLetters[static_cast<std::size_t>(place)]);
}

}  // namespace

std::string format_number(double value, Digits digits) {
  return with_minus(plain_digits(rounded_towards(value, digits.significant, digits.rounding), digits.significant));
}

std::string format_number(double value, int significant_digits) {
  return format_number(value, Digits{significant_digits, Rounding::nearest});
}

std::string format_signed(double value, Digits digits) {
  if (!std::isfinite(value)) return value > 0 ? "+∞" : "−∞";
  const std::string text = format_number(value, digits);
  return value > 0 ? "+" + text : text;
}

std::optional<double> parse_rating(std::string_view letter) {
  if (letter.size() != 1 || letter.front() < 'A' || letter.front() > 'E') return std::nullopt;
  return letter.front() - 'A' + 1;
}

std::string format_quantity(double value, const Unit& unit, Style style, Digits digits) {
  if (style == Style::proportion) return format_number(value * 100, digits) + " %";
  if (unit.dimension == "time") return format_seconds(value * unit.scale, digits);
  if (unit.dimension == "size") return format_bytes(value * unit.scale, "", digits);
  if (unit.dimension == "size/time") return format_bytes(value * unit.scale, "/s", digits);
  if (unit.symbol == "%") return format_number(value, digits) + " %";
  if (unit.is_rating()) return format_rating(value, digits);
  if (unit.symbol == "1") return with_prefix(value, "", digits);
  const std::size_t slash = unit.symbol.find('/');
  if (slash != std::string::npos) {
    const std::string_view per = std::string_view(unit.symbol).substr(slash);
    const std::string_view what = std::string_view(unit.symbol).substr(0, slash);
    return with_prefix(value, what.empty() || what == "1" ? std::string(per) : fmt::format(" {}{}", what, per), digits);
  }
  return fmt::format("{} {}", format_number(value, digits), unit.symbol);
}

std::string format_signed_quantity(double value, const Unit& unit, Digits digits) {
  if (!std::isfinite(value)) return value > 0 ? "+∞" : "−∞";
  if (unit.is_rating()) return format_signed(value, digits);
  const std::string text = format_quantity(value, unit, Style::plain, digits);
  return value > 0 ? "+" + text : text;
}

}  // namespace gate::core
