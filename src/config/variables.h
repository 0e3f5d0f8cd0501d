// {{name}} in strings, and values that stand elsewhere: { env = … } and { file = … }. Nothing here knows the gate language.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/node.h"
#include "core/result.h"

namespace gate::config {

/// The world outside the file, so that tests can give their own.
struct Surroundings {
  /// An environment variable's value; nullopt when it is not set. An empty value counts as not set everywhere.
  std::function<std::optional<std::string>(const std::string&)> environment;
  /// A file's bytes; an Error (RG0405) when it cannot be read. The path is relative to the working directory.
  std::function<core::Result<std::string>(const std::string&)> read_file;
  /// The value of an environment variable that `key` ("sources.prom.token"), a secret, may have and no other key; none when
  /// absent.
  std::function<std::optional<std::string>(const std::string& name, const std::string& key)> bound{};
};

/// Nothing: no environment variable is set, and no file may be read (RG1961). For texts that nobody vouches for.
Surroundings no_surroundings();

/// The process's own environment and file system.
Surroundings real_surroundings();

struct Variable {
  std::string value;
  std::string unset_because;  ///< why there is no value ("environment variable X is not set"), "" when there is one
  core::Location location;
  bool broken = false;           ///< its value is wrong, which was reported at its place: no use of it is reported again
  bool is_from_outside = false;  ///< of the environment or another file, or made of such a value
};

/// "name" in {{name}} at `position` of `text`, and where the braces end; nullopt when no variable starts there.
struct Braces {
  std::string name;
  std::string filter;
  std::size_t end = 0;
  bool closed = true;
};
std::optional<Braces> braces_at(std::string_view text, std::size_t position);

/// Puts variables into strings.
class Variables {
 public:
  /// `deferred` names are known but get their value later (step, window, track): they are left standing.
  explicit Variables(std::set<std::string> deferred = {}) : deferred_(std::move(deferred)) {}

  void set(const std::string& name, Variable variable) { values_[name] = std::move(variable); }
  /// `name` is left standing with whatever filter it has: the source that is asked puts it in.
  void leave(std::string_view name) { left_.emplace(name); }
  [[nodiscard]] std::vector<std::string> names() const;
  [[nodiscard]] bool is_from_outside(const std::string& name) const;
  /// The same variables, but those from outside have no value (RG0402), and neither have `withheld`: for a text that nobody
  /// vouches for.
  [[nodiscard]] Variables of_the_file(const std::set<std::string>& withheld) const;

  /// The text of `scalar` with {{name}} and {{name|quote}} replaced; nullopt when any of them is wrong, and a diagnostic for
  /// each that is, at its place. A value with quotes, backslashes, line breaks or braces is an error (RG0403) unless it is
  /// quoted: {{name|quote}} escapes it for the inside of a PromQL string. RG0401: no such variable. RG0402: it has no value.
  /// RG0404: the braces are not closed or the filter is not known. RG0417: the text would be longer than a question can be.
  [[nodiscard]] std::optional<std::string> expand(const core::Node& scalar, core::Diagnostics& diagnostics) const;

 private:
  [[nodiscard]] core::Result<std::string> value_of(const Braces& braces, std::string_view written) const;

  std::map<std::string, Variable> values_;
  std::set<std::string> deferred_;
  std::set<std::string> left_;
};

/// For the inside of a double-quoted PromQL string: backslash, quotes and line breaks escaped.
std::string quote_for_promql(std::string_view text);

}  // namespace gate::config
