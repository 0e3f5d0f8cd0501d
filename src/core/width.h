// How many columns text takes on a terminal.
#pragma once

#include <cstddef>
#include <string_view>

namespace gate::core {

/// The code point at `at`, which moves behind it. `text` is UTF-8, `at` the start of a character.
char32_t next_code_point(std::string_view text, std::size_t& at);

/// Unicode Standard Annex 11, by blocks: 2 for what terminals draw two columns wide, 0 for what they draw on the column before.
std::size_t width_of(char32_t point);

/// Columns that `text` takes on a terminal: combining marks 0, wide East Asian characters and emoji 2. `text` is printable
/// UTF-8.
std::size_t display_width(std::string_view text);

}  // namespace gate::core
