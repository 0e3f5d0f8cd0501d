// Number: what a cell of a file must be to count as one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gate::sources::file {

/// "12", "-3.5", "+1e3", "NaN", "+Inf", with blanks around it; nothing for anything else, "1,234" and "12 ms" among it.
std::optional<double> parse_number(std::string_view text);

/// Why `text` in `column` is no number, and what it may have been meant to be.
std::string not_a_number(std::string_view column, std::string_view text);

}  // namespace gate::sources::file
