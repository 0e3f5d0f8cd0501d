#include "serve/ask.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>

#include "core/text.h"

namespace gate::serve {
namespace {

using Json = nlohmann::json;
using Fields = std::map<std::string, std::string>;

struct Path {
  std::string_view path;
  Hook hook;
};

constexpr std::array kPaths = {
    Path{"/flagger/confirm-rollout", Hook::confirm_rollout},
    Path{"/flagger/pre-rollout", Hook::pre_rollout},
    Path{"/flagger/rollout", Hook::rollout},
    Path{"/flagger/confirm-traffic-increase", Hook::confirm_traffic_increase},
    Path{"/flagger/confirm-promotion", Hook::confirm_promotion},
    Path{"/flagger/post-rollout", Hook::post_rollout},
    Path{"/flagger/rollback", Hook::rollback},
    Path{"/argo-rollouts", Hook::argo_web},
};

constexpr std::size_t kLongestValue = 1024;  ///< bytes of one value of a request

bool is_one_of(char c, std::string_view more) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || more.find(c) != std::string_view::npos;
}

bool is_made_of(std::string_view text, std::string_view more, std::size_t longest) {
  return !text.empty() && text.size() <= longest &&
         std::all_of(text.begin(), text.end(), [&](char c) { return is_one_of(c, more); });
}

std::string_view path_of(std::string_view target) {
  return target.substr(0, target.find('?'));
}

Refusal bad(std::string reason) {
  return {400, std::move(reason), ""};
}

std::string shown(std::string_view text) {
  return core::printable(core::shorten(text, 60));
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// nullopt for a "%" that two hexadecimal digits do not follow. "+" is a blank, as in forms.
std::optional<std::string> percent_decode(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const int high = hex_value(text[i + 1]);
    const int low = hex_value(text[i + 2]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

std::variant<Fields, Refusal> fields_of_query(std::string_view target) {
  Fields fields;
  const std::size_t mark = target.find('?');
  std::string_view rest = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const std::size_t equals = pair.find('=');
    const auto name = percent_decode(pair.substr(0, equals));
    const auto value = percent_decode(equals == std::string_view::npos ? std::string_view() : pair.substr(equals + 1));
    if (!name || !value) return bad("the query of the address is not percent-encoded as it should be");
    if (!fields.emplace(*name, *value).second) return bad(fmt::format("`{}` is given twice", shown(*name)));
  }
  return fields;
}

std::variant<Fields, Refusal> fields_of_object(const Json& object, std::string_view what) {
  if (!object.is_object()) return bad(fmt::format("{} must be an object of strings", what));
  Fields fields;
  for (const auto& [key, value] : object.items()) {
    if (!value.is_string()) return bad(fmt::format("`{}` in {} must be a string", shown(key), what));
    fields.emplace(key, value.get<std::string>());
  }
  return fields;
}

/// Nothing that could not stand in an argument of a process, or would break a line of the log.
bool is_plain(std::string_view text) {
  return text.size() <= kLongestValue && core::is_utf8(text) &&
         std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

std::optional<std::string> wrong_value(const std::string& key, const std::string& value) {
  const bool is_time = value == "now" || (is_made_of(value, ":+.- ", 40) && value.front() >= '0' && value.front() <= '9');
  if (key == "deployed_at" && !is_time) return "is no time";
  if (key == "stage" && !is_made_of(value, "_.-", 64)) return "is no name of a stage";
  if (!is_plain(value)) return "is longer than 1024 bytes, or holds control characters";
  return std::nullopt;
}

/// "--set NAME=VALUE" and its like, each in one argument, so that no value can be taken for an option.
std::string argument_for(const std::string& key, const std::string& value) {
  if (key == "deployed_at") return "--deployed-at=" + value;
  if (key == "stage") return "--stage=" + value;
  return "--set=" + key.substr(std::string_view("vars.").size()) + "=" + value;
}

std::optional<Refusal> take_settings(const Fields& fields, const Policy& policy, Ask& ask) {
  for (const auto& [key, value] : fields) {
    if (key == "gate" && !policy.gates_folder.empty()) continue;
    if (!policy.accepted.contains(key)) {
      return bad(fmt::format("`{}` is not accepted from requests; what may be set is named with --accept", shown(key)));
    }
    if (const auto wrong = wrong_value(key, value)) return bad(fmt::format("`{}` {}", shown(key), *wrong));
    ask.arguments.push_back(argument_for(key, value));
  }
  return std::nullopt;
}

/// The files that `named`, or else the canary, may mean. Names are labels without a dot, so that "shop.checkout" has one
/// reading.
std::optional<Refusal> choose_gate(const Fields& fields, const Policy& policy, const std::string& name_space,
                                   const std::string& name, Ask& ask) {
  if (policy.gates_folder.empty()) {
    ask.gates = {policy.gate_file};
    return std::nullopt;
  }
  const auto file = [&](const std::string& stem) { return policy.gates_folder + "/" + stem + ".toml"; };
  if (const auto named = fields.find("gate"); named != fields.end()) {
    if (!is_name(named->second)) return bad("`gate` is no name: lower-case letters, digits and hyphens, at most 63");
    ask.gates = {file(named->second)};
    return std::nullopt;
  }
  if (name.empty()) return bad("`gate` is missing: which of the gates is asked?");
  ask.gates = {file(name_space + "." + name), file(name)};
  return std::nullopt;
}

std::variant<Ask, Refusal> finish(Ask ask, const Fields& fields, const Policy& policy, const std::string& name_space,
                                  const std::string& name) {
  if (auto refused = choose_gate(fields, policy, name_space, name, ask)) return std::move(*refused);
  if (auto refused = take_settings(fields, policy, ask)) return std::move(*refused);
  return ask;
}

std::variant<Ask, Refusal> read_flagger(Hook hook, const Json& payload, const Policy& policy) {
  if (!payload.is_object()) return bad("the body must be Flagger's payload: {name, namespace, phase, metadata}");
  Ask ask{hook, "", {}, {}};
  std::array<std::string, 2> names;
  constexpr std::array kKeys = {"namespace", "name"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    const auto found = payload.find(kKeys[i]);
    if (found == payload.end() || !found->is_string() || !is_name(found->get<std::string>())) {
      return bad(fmt::format("`{}` must be the name of a Kubernetes object", kKeys[i]));
    }
    names[i] = found->get<std::string>();
  }
  ask.canary = names[0] + "/" + names[1];
  Fields fields;
  if (const auto metadata = payload.find("metadata"); metadata != payload.end() && !metadata->is_null()) {
    auto read = fields_of_object(*metadata, "metadata");
    if (auto* refused = std::get_if<Refusal>(&read)) return std::move(*refused);
    fields = std::get<Fields>(std::move(read));
  }
  return finish(std::move(ask), fields, policy, names[0], names[1]);
}

std::variant<Ask, Refusal> read_argo(std::variant<Fields, Refusal> read, const Policy& policy) {
  if (auto* refused = std::get_if<Refusal>(&read)) return std::move(*refused);
  return finish({Hook::argo_web, "", {}, {}}, std::get<Fields>(read), policy, "", "");
}

}  // namespace

bool is_name(std::string_view text) {
  const auto is_inner = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
  return !text.empty() && text.size() <= 63 && text.front() != '-' && text.back() != '-' &&
         std::all_of(text.begin(), text.end(), is_inner);
}

bool is_acceptable_key(std::string_view key) {
  if (key == "deployed_at" || key == "stage") return true;
  return key.starts_with("vars.") && is_made_of(key.substr(std::string_view("vars.").size()), "_-", 64);
}

Route route_of(std::string_view method, std::string_view target) {
  const std::string_view path = path_of(target);
  if (path == "/healthz") {
    if (method == "GET" || method == "HEAD") return Health{};
    return Refusal{405, "the health check takes GET and HEAD", "GET, HEAD"};
  }
  for (const Path& one : kPaths) {
    if (one.path != path) continue;
    const bool is_argo = one.hook == Hook::argo_web;
    if (method == "POST" || (is_argo && method == "GET")) return one.hook;
    return Refusal{405, is_argo ? "the web metric takes GET and POST" : "hooks take POST", is_argo ? "GET, POST" : "POST"};
  }
  return Refusal{404, "there is nothing here: hooks are at /flagger/TYPE, the web metric at /argo-rollouts", ""};
}

std::variant<Ask, Refusal> read_ask(Hook hook, std::string_view method, std::string_view target, const std::string& body,
                                    const Policy& policy) {
  const bool has_query = target.find('?') != std::string_view::npos;
  if (method == "GET") return body.empty() ? read_argo(fields_of_query(target), policy) : bad("a GET has no body");
  if (has_query) return bad("what a POST asks stands in its body, not in the query of its address");
  const Json payload = Json::parse(body, nullptr, false);
  if (payload.is_discarded()) return bad("the body is not JSON");
  return hook == Hook::argo_web ? read_argo(fields_of_object(payload, "the body"), policy)
                                : read_flagger(hook, payload, policy);
}

}  // namespace gate::serve
