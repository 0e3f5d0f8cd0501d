// Displayed: numbers as a view shows them, and the rows of its data. Asks nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gate::sources::tableau {

/// "1,234", "-12.5", "12.5%": what `text` shows, the per-cent sign left out. Groups of thousands are of three digits, separated
/// by commas; anything else (another language's commas, a currency, "1.2K", "(12)") is refused with nullopt, not guessed.
std::optional<double> parse_displayed(std::string_view text);

/// True when it ends in "%".
bool is_percent(std::string_view text);

/// CSV by its header.
struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;

  /// The place of `column`; nullopt when there is none.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view column) const;
};

/// The table in `text` (RFC 4180, with or without a byte order mark); nullopt when it is cut off, or a row has not as many
/// fields as the header. An empty text is a table without columns.
std::optional<Table> parse_table(std::string_view text);

}  // namespace gate::sources::tableau
