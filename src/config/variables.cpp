#include "config/variables.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <system_error>

#include "core/text.h"

namespace gate::config {
namespace {

/// Gate files, packs and secrets are small; anything larger is a mistake, or /dev/zero.
constexpr std::size_t kLargestFile = 4U << 20U;
constexpr std::size_t kLongestText = 64U << 10U;
constexpr int kLongestSilence = 10'000;  ///< milliseconds between two pieces of what comes out of a pipe

bool is_name_start(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_';
}
bool is_name_char(char c) {
  return is_name_start(c) || std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.';
}

std::size_t skip_blanks(std::string_view text, std::size_t position) {
  while (position < text.size() && text[position] == ' ') ++position;
  return position;
}

std::string read_name(std::string_view text, std::size_t& position) {
  const std::size_t start = position;
  while (position < text.size() && is_name_char(text[position])) ++position;
  return std::string(text.substr(start, position - start));
}

core::Error unreadable(const std::string& path, std::string_view why, std::string hint) {
  return {"RG0405", fmt::format("cannot read {}: {}", path, why), std::move(hint), {}, {}};
}

/// Closes itself.
struct Descriptor {
  explicit Descriptor(int descriptor) : number(descriptor) {}
  ~Descriptor() {
    if (number >= 0) ::close(number);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number;
};

core::Result<std::string> read_whole(const std::string& path) {
  const auto failed = [&] {
    return unreadable(path, std::generic_category().message(errno), "check the path and its permissions");
  };
  // Without waiting: a pipe that nobody writes to would hold us for ever.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (file.number < 0) return failed();
  std::string bytes;
  std::array<char, 65536> buffer{};
  while (true) {
    pollfd readable{file.number, POLLIN, 0};
    const int ready = ::poll(&readable, 1, kLongestSilence);
    if (ready < 0) return failed();
    if (ready == 0) return unreadable(path, "nothing came out of it for 10 s", "does anybody write to this pipe?");
    const ssize_t got = ::read(file.number, buffer.data(), buffer.size());
    if (got < 0) return failed();
    if (got == 0) return bytes;
    bytes.append(buffer.data(), static_cast<std::size_t>(got));
    if (bytes.size() > kLargestFile) {
      return unreadable(path, fmt::format("it is larger than {} MiB", kLargestFile >> 20U), "is this the file that was meant?");
    }
  }
}

}  // namespace

Surroundings real_surroundings() {
  Surroundings real;
  real.environment = [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return std::string(value);
  };
  real.read_file = [](const std::string& path) -> core::Result<std::string> { return read_whole(path); };
  return real;
}

Surroundings no_surroundings() {
  Surroundings nothing;
  nothing.environment = [](const std::string&) { return std::nullopt; };
  nothing.read_file = [](const std::string& path) -> core::Result<std::string> {
    return core::Error{"RG1961",
                       fmt::format("{} must not be read for a gate file that is not trusted", core::printable(path)),
                       "write the value into the file, or leave --untrusted out",
                       {},
                       {}};
  };
  return nothing;
}

std::optional<Braces> braces_at(std::string_view text, std::size_t position) {
  if (position + 2 >= text.size() || text[position] != '{' || text[position + 1] != '{') return std::nullopt;
  std::size_t at = skip_blanks(text, position + 2);
  if (at >= text.size() || !is_name_start(text[at])) return std::nullopt;
  Braces braces;
  braces.name = read_name(text, at);
  at = skip_blanks(text, at);
  if (at < text.size() && text[at] == '|') {
    at = skip_blanks(text, at + 1);
    braces.filter = read_name(text, at);
    at = skip_blanks(text, at);
    if (braces.filter.empty()) braces.closed = false;
  }
  if (text.substr(at, 2) != "}}") braces.closed = false;
  braces.end = std::min(at + 2, text.size());
  return braces;
}

std::string quote_for_promql(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\' || c == '"' || c == '\'') out += '\\';
    if (c == '\n') {
      out += "\\n";
    } else {
      out += c;
    }
  }
  return out;
}

std::vector<std::string> Variables::names() const {
  std::vector<std::string> names(deferred_.begin(), deferred_.end());
  names.insert(names.end(), left_.begin(), left_.end());
  for (const auto& [name, variable] : values_) names.push_back(name);
  return names;
}

bool Variables::is_from_outside(const std::string& name) const {
  const auto found = values_.find(name);
  return found != values_.end() && found->second.is_from_outside;
}

Variables Variables::of_the_file(const std::set<std::string>& withheld) const {
  constexpr const char* kWhy = "it comes from outside of the policy, and this file is not trusted";
  Variables out = *this;
  for (auto& [name, variable] : out.values_) {
    if (!variable.is_from_outside) continue;
    variable.value.clear();
    variable.unset_because = kWhy;
  }
  for (const std::string& name : withheld) {
    out.deferred_.erase(name);
    out.values_[name] = {"", kWhy, {}, false, true};
  }
  return out;
}

core::Result<std::string> Variables::value_of(const Braces& braces, std::string_view written) const {
  if (braces.closed && left_.contains(braces.name)) return std::string(written);
  if (!braces.closed || (!braces.filter.empty() && braces.filter != "quote")) {
    return core::Error{"RG0404",
                       fmt::format("\"{}\" is not a variable", core::shorten(written, 40)),
                       "write {{name}}, or {{name|quote}} inside a PromQL string",
                       {},
                       {}};
  }
  if (deferred_.contains(braces.name)) return std::string(written);
  const auto found = values_.find(braces.name);
  if (found == values_.end()) {
    const std::string near = core::nearest(braces.name, names());
    return core::Error{"RG0401",
                       fmt::format("there is no variable `{}`", braces.name),
                       near.empty() ? "declare it under [vars]" : fmt::format("did you mean `{}`?", near),
                       {},
                       {}};
  }
  if (!found->second.unset_because.empty()) {
    return core::Error{"RG0402",
                       fmt::format("variable `{}` has no value: {}", braces.name, found->second.unset_because),
                       fmt::format("set it, give it a default, or pass --set {}=VALUE", braces.name),
                       {},
                       {}};
  }
  const std::string& value = found->second.value;
  if (braces.filter == "quote") return quote_for_promql(value);
  if (value.find_first_of("\"'`\\\n\r{}") == std::string::npos) return value;
  return core::Error{"RG0403",
                     fmt::format("the value of `{}` holds a quote, backslash, line break or brace", braces.name),
                     fmt::format("write {{{{{}|quote}}}} inside a PromQL string", braces.name),
                     {},
                     {}};
}

std::optional<std::string> Variables::expand(const core::Node& scalar, core::Diagnostics& diagnostics) const {
  const std::string text = core::scalar_text(scalar);
  std::string out;
  bool whole = true;
  for (std::size_t i = 0; i < text.size();) {
    const auto braces = braces_at(text, i);
    if (!braces) {
      out += text[i++];
      continue;
    }
    const auto known = values_.find(braces->name);
    if (known != values_.end() && known->second.broken) {
      whole = false;
      i = braces->end;
      continue;
    }
    const auto value = value_of(*braces, std::string_view(text).substr(i, braces->end - i));
    if (value && out.size() + value->size() > kLongestText) {
      diagnostics.push_back({core::Severity::error,
                             {"RG0417",
                              fmt::format("with its variables put in, the text is longer than {} KiB", kLongestText >> 10U),
                              "no system takes such a question: use shorter values",
                              {},
                              core::place_inside(scalar, i, braces->end - i)}});
      return std::nullopt;
    }
    if (value) {
      out += *value;
    } else {
      core::Error error = value.error();
      error.location = core::place_inside(scalar, i, braces->end - i);
      diagnostics.push_back({core::Severity::error, std::move(error)});
      whole = false;
    }
    i = braces->end;
  }
  if (!whole) return std::nullopt;
  return out;
}

}  // namespace gate::config
