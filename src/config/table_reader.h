// TableReader: typed reading of one table, every mistake a diagnostic with a place, unknown keys with the nearest name.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/references.h"
#include "config/variables.h"
#include "core/node.h"
#include "core/settings.h"

namespace gate::config {

/// What reading needs beside the table: where diagnostics go, what {{name}} means, where { env = … } looks.
struct ReadContext {
  core::Diagnostics& diagnostics;
  const Variables& variables;
  const Surroundings& surroundings;
  std::vector<std::string>& notes;               ///< what the reader should know and is no mistake
  std::vector<Reference>* references = nullptr;  ///< where values from outside are noted down

  void error(std::string code, std::string message, const core::Location& place, std::string hint = {}) const;
  void warning(std::string code, std::string message, const core::Location& place, std::string hint = {}) const;
};

/// A text that may have come from elsewhere. `unset` names the variable that had no value.
struct Text {
  std::string text;
  std::string reference;  ///< "env NAME", "file PATH", "default of env NAME", or ""
  std::string unset;
  core::Location location;
};

class TableReader {
 public:
  /// `path` is the table's name in messages: "metrics.latency.fail". A `node` that is no table is reported and read as empty.
  TableReader(const core::Node& node, std::string path, const ReadContext& context);

  /// The value of `key`, marked as known; nullptr when absent.
  const core::Node* take(std::string_view key);
  [[nodiscard]] bool has(std::string_view key) const;
  /// The place of `key`'s name, or of the table when it is absent.
  [[nodiscard]] core::Location key_place(std::string_view key) const;
  /// The place of `key`'s value, or of the table when it is absent.
  [[nodiscard]] core::Location value_place(std::string_view key) const;

  /// A string with its variables put in; { env } and { file } are followed. nullopt when absent or wrong; RG0407 when the
  /// environment variable that should give it is not set.
  std::optional<std::string> text(std::string_view key);
  /// The same, but an unset variable is the caller's to deal with: see Text::unset.
  std::optional<Text> text_or_reference(std::string_view key);
  std::optional<bool> boolean(std::string_view key);
  std::optional<double> number(std::string_view key);
  std::optional<std::int64_t> integer(std::string_view key, std::int64_t least, std::int64_t most);
  std::optional<core::Duration> duration(std::string_view key);
  std::optional<std::vector<std::string>> text_list(std::string_view key);

  /// One of `choices` (name, value); RG0202 with the nearest name otherwise.
  template <typename T>
  std::optional<T> choice(std::string_view key, const std::vector<std::pair<std::string, T>>& choices) {
    const auto word = text(key);
    if (!word) return std::nullopt;
    std::vector<std::string> names;
    for (const auto& [name, value] : choices) {
      if (name == *word) return value;
      names.push_back(name);
    }
    report_choice(key, *word, names);
    return std::nullopt;
  }

  /// Reads the keys that a source declares into `settings`; the others are left.
  void settings(const std::vector<core::KeySpec>& specs, core::Settings& settings);

  /// Names that count as known in suggestions although another reader reads them.
  void also_known(const std::vector<std::string>& names);
  /// Keys that belong elsewhere: should one of them stand here, `hint` says where it goes.
  void belongs_elsewhere(std::vector<std::string> names, std::string hint);
  /// Where the keys of this table are listed, when they are too many for a message: in docs/gate-file.md unless this says
  /// otherwise.
  void keys_are_listed(std::string where) { keys_listed_ = std::move(where); }
  /// RG0104 for every key that nobody took.
  void finish();
  /// Keys that nobody took yet.
  [[nodiscard]] std::vector<const core::Member*> rest() const;
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const core::Node& node() const { return node_; }

 private:
  const core::Member* member(std::string_view key) const;
  void wrong_type(std::string_view key, std::string_view expected, const core::Node& node);
  void no_value(std::string_view key, const Text& text);
  void report_choice(std::string_view key, const std::string& word, const std::vector<std::string>& names);
  bool integer_setting(const std::string& key, core::Setting& setting);
  void read_setting(const core::KeySpec& spec, const core::Member& member, core::Settings& settings);
  enum class Lines { one, many };
  std::optional<core::Secret> secret(const core::Member& member, bool literal_allowed, Lines lines = Lines::one);
  void read_headers(const core::Member& member, core::Setting& setting);

  const core::Node& node_;
  std::string path_;
  const ReadContext& context_;
  std::set<std::string, std::less<>> taken_;
  std::vector<std::string> known_;
  std::vector<std::string> misplaced_;
  std::string misplaced_hint_;
  std::string keys_listed_ = "all keys: docs/gate-file.md";
};

/// `node` as text: a scalar, or { env = …, default = … }, or { file = … }. nullopt (and a diagnostic) when it is neither.
std::optional<Text> read_text(const core::Node& node, const std::string& path, const ReadContext& context);

/// Puts variables into every string below `node`, in place.
void expand_strings(core::Node& node, const ReadContext& context);

}  // namespace gate::config
