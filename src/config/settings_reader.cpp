// The part of TableReader that reads the keys a source declares.
#include <fmt/format.h>

#include <charconv>

#include "config/masking.h"
#include "config/table_reader.h"
#include "core/text.h"
#include "core/unit.h"

namespace gate::config {
namespace {

constexpr double kMostBytes = 1e15;
constexpr std::int64_t kMostInteger = 1'000'000'000;

}  // namespace

std::optional<core::Secret> TableReader::secret(const core::Member& member, bool literal_allowed, Lines lines) {
  const bool is_literal = member.node.table() == nullptr || member.node.find("default") != nullptr;
  if (is_literal && !literal_allowed) {
    context_.error("RG0501", fmt::format("`{}.{}` is a secret and must not stand in the file", path_, member.key),
                   member.node.location, fmt::format("write {} = {{ env = \"NAME\" }} or {{ file = \"path\" }}", member.key));
    return std::nullopt;
  }
  const std::string whole_key = fmt::format("{}.{}", path_, member.key);
  Surroundings surroundings = context_.surroundings;
  if (surroundings.bound) {
    surroundings.environment = [&](const std::string& name) { return context_.surroundings.bound(name, whole_key); };
  }
  const ReadContext bound{context_.diagnostics, context_.variables, surroundings, context_.notes, context_.references};
  const auto found = read_text(member.node, whole_key, bound);
  if (!found) return std::nullopt;
  if (context_.references != nullptr && !context_.references->empty() && member.node.table() != nullptr) {
    context_.references->back().secret = true;
  }
  if (!found->unset.empty()) {
    context_.notes.push_back(fmt::format("{}.{}: {} is not set, so requests go without it", path_, member.key, found->unset));
    return core::Secret("", "env " + found->unset);
  }
  const bool breaks = lines == Lines::one && found->text.find_first_of("\r\n") != std::string::npos;
  if (breaks || found->text.find('\0') != std::string::npos) {
    context_.error("RG0502", fmt::format("the value of `{}.{}` ({}) holds a line break", path_, member.key, found->reference),
                   member.node.location, "a header cannot carry it: store the bare token");
    return std::nullopt;
  }
  // Without a name it stood in the file for all to read.
  const bool from_file = found->reference.starts_with("default of ");
  return core::Secret(found->text, from_file ? "" : found->reference);
}

void TableReader::read_headers(const core::Member& member, core::Setting& setting) {
  const auto* table = member.node.table();
  if (table == nullptr) {
    wrong_type(member.key, "a table of header = value", member.node);
    return;
  }
  TableReader headers(member.node, path_ + "." + member.key, context_);
  for (const core::Member& header : *table) {
    auto value = headers.secret(header, !names_a_credential(header.key));
    if (value && !value->empty()) setting.headers.emplace_back(header.key, std::move(*value));
  }
}

/// A whole number, or a reference or variable that holds one.
bool TableReader::integer_setting(const std::string& key, core::Setting& setting) {
  const core::Location place = setting.node.location;
  const std::string* written = setting.node.string();
  const bool refers = setting.node.table() != nullptr || (written != nullptr && written->find("{{") != std::string::npos);
  if (!refers) return integer(key, 0, kMostInteger).has_value();
  const auto found = text_or_reference(key);
  if (!found) return false;
  if (!found->unset.empty()) {
    no_value(key, *found);
    return false;
  }
  const char* const end = found->text.data() + found->text.size();
  std::int64_t value = -1;
  const auto [rest, problem] = std::from_chars(found->text.data(), end, value);
  if (problem != std::errc() || rest != end || value < 0 || value > kMostInteger) {
    context_.error("RG0102",
                   fmt::format("`{}.{}` must be a whole number, not \"{}\"", path_, key, core::printable(found->text)), place,
                   found->reference.empty() ? "" : "it comes from " + found->reference);
    return false;
  }
  setting.node.value = value;
  setting.node.text_start = {};
  setting.reference = found->reference;
  return true;
}

void TableReader::read_setting(const core::KeySpec& spec, const core::Member& member, core::Settings& settings) {
  core::Setting setting;
  setting.key = member.key;
  setting.key_location = member.key_location;
  setting.node = member.node;
  const std::string key(spec.name);
  const auto keep_text = [&](const std::optional<Text>& found) {
    if (!found || !found->unset.empty()) return false;
    if (scalar_text(setting.node) != found->text) setting.node.text_start = {};
    setting.node.value = found->text;
    setting.reference = found->reference;
    return true;
  };
  switch (spec.type) {
    case core::KeyType::secret:
    case core::KeyType::secret_text: {
      auto value = secret(member, false, spec.type == core::KeyType::secret ? Lines::one : Lines::many);
      if (!value) return;
      setting.reference = value->name();
      setting.secret = std::move(*value);
      setting.node.value = std::monostate();
      break;
    }
    case core::KeyType::headers:
      read_headers(member, setting);
      break;
    case core::KeyType::text: {
      if (member.node.string() == nullptr && member.node.table() == nullptr) return wrong_type(key, "a string", member.node);
      const auto found = text_or_reference(key);
      if (found && !found->unset.empty()) {
        if (spec.need == core::KeySpec::Need::required) return no_value(key, *found);
        context_.notes.push_back(fmt::format("{}.{}: {} is not set", path_, key, found->unset));
      }
      if (!keep_text(found)) return;
      break;
    }
    case core::KeyType::duration:
      if (!duration(key) || !keep_text(text_or_reference(key))) return;
      break;
    case core::KeyType::bytes: {
      const auto found = text_or_reference(key);
      if (!found) return;
      if (!found->unset.empty()) return no_value(key, *found);
      const auto quantity = core::parse_quantity(found->text);
      if (!quantity || (!quantity->bare && quantity->unit.dimension != "size") || quantity->value <= 0 ||
          quantity->value * quantity->unit.scale > kMostBytes) {
        context_.error("RG0204", fmt::format("`{}.{}` must be a size", path_, key), member.node.location,
                       R"(write "64MiB", "1GB" or a number of bytes)");
        return;
      }
      if (!keep_text(found)) return;
      break;
    }
    case core::KeyType::boolean:
      if (!boolean(key)) return;
      break;
    case core::KeyType::integer:
      if (!integer_setting(key, setting)) return;
      break;
    case core::KeyType::number:
      if (!number(key)) return;
      break;
    case core::KeyType::text_list:
      if (!text_list(key)) return;
      expand_strings(setting.node, context_);
      break;
    case core::KeyType::table:
      if (member.node.table() == nullptr) {
        wrong_type(key, "a table", member.node);
        return;
      }
      expand_strings(setting.node, context_);
      break;
    case core::KeyType::any:
      expand_strings(setting.node, context_);
      break;
  }
  settings.add(std::move(setting));
}

void TableReader::settings(const std::vector<core::KeySpec>& specs, core::Settings& settings) {
  settings.location_of_table = node_.location;
  for (const core::KeySpec& spec : specs) {
    taken_.emplace(spec.name);
    const core::Member* found = member(spec.name);
    if (found != nullptr) {
      read_setting(spec, *found, settings);
    } else if (spec.need == core::KeySpec::Need::required) {
      context_.error("RG0103", fmt::format("[{}] has no `{}`", path_, spec.name), node_.location,
                     fmt::format("{}: {}", spec.name, spec.doc));
    }
  }
}

}  // namespace gate::config
