#include "cli/past_json.h"

#include <nlohmann/json.hpp>
#include <stdexcept>

namespace gate::cli {
namespace {

using Json = nlohmann::ordered_json;

Json to_json(const core::PastRelease& release) {
  return {{"run", release.run},
          {"version", release.version},
          {"released_at", core::format_time(release.released_at)},
          {"value", release.value},
          {"samples", release.samples},
          {"window_ms", release.window ? Json(release.window->count()) : Json()}};
}

core::PastRelease release_in(const Json& json) {
  core::PastRelease out;
  out.run = json.at("run").get<std::string>();
  out.version = json.at("version").get<std::string>();
  const auto at = core::parse_time(json.at("released_at").get<std::string>());
  if (!at) throw std::invalid_argument("`released_at` is no time");
  out.released_at = *at;
  out.value = json.at("value").get<double>();
  out.samples = json.at("samples").get<std::size_t>();
  if (!json.at("window_ms").is_null()) out.window = core::Duration(json.at("window_ms").get<std::int64_t>());
  return out;
}

Json to_json(const std::optional<core::PastFindings>& findings) {
  if (!findings) return {};
  Json open = Json::array();
  for (const core::KnownFinding& one : findings->open) open.push_back({one.fingerprint, one.id, one.count});
  return {{"run", findings->run},
          {"version", findings->version},
          {"released_at", core::format_time(findings->released_at)},
          {"open", std::move(open)}};
}

core::PastFindings findings_in(const Json& json) {
  core::PastFindings out;
  out.run = json.at("run").get<std::string>();
  out.version = json.at("version").get<std::string>();
  const auto at = core::parse_time(json.at("released_at").get<std::string>());
  if (!at) throw std::invalid_argument("`released_at` is no time");
  out.released_at = *at;
  for (const Json& one : json.at("open"))
    out.open.push_back({one.at(0).get<std::string>(), one.at(1).get<std::string>(), one.at(2).get<std::size_t>()});
  return out;
}

Json to_json(const core::PastReleases& past) {
  Json last = Json::array();
  for (const core::PastRelease& one : past.last) last.push_back(to_json(one));
  return {{"labels", past.labels},
          {"last", std::move(last)},
          {"in_newest", past.in_newest},
          {"unlike", past.unlike},
          {"anchor", past.anchor ? to_json(*past.anchor) : Json()},
          {"findings", to_json(past.findings)}};
}

core::PastReleases releases_in(const Json& json) {
  core::PastReleases out;
  out.labels = json.at("labels").get<core::Labels>();
  for (const Json& one : json.at("last")) out.last.push_back(release_in(one));
  out.in_newest = json.at("in_newest").get<bool>();
  out.unlike = json.at("unlike").get<std::size_t>();
  if (!json.at("anchor").is_null()) out.anchor = release_in(json.at("anchor"));
  // Evidence that older programs recorded knows none.
  if (const auto found = json.find("findings"); found != json.end() && !found->is_null()) out.findings = findings_in(*found);
  return out;
}

Json to_json(const std::optional<core::Error>& error) {
  if (!error) return {};
  return {{"code", error->code}, {"message", error->message}, {"hint", error->hint}, {"context", error->context}};
}

std::optional<core::Error> error_in(const Json& json) {
  if (json.is_null()) return std::nullopt;
  return core::Error{json.at("code").get<std::string>(),
                     json.at("message").get<std::string>(),
                     json.at("hint").get<std::string>(),
                     json.at("context").get<std::vector<std::string>>(),
                     {}};
}

}  // namespace

Json past_to_json(const core::Past& past) {
  Json metrics = Json::object();
  for (const auto& [id, one] : past.metrics) metrics[id] = to_json(one);
  return {{"metrics", std::move(metrics)}, {"error", to_json(past.error)}};
}

core::Past past_from_json(const Json& json) {
  core::Past out;
  for (const auto& [id, one] : json.at("metrics").items()) out.metrics[id] = releases_in(one);
  out.error = error_in(json.at("error"));
  return out;
}

Json releases_to_json(const core::Releases& releases) {
  Json at = Json::array();
  for (const core::Time one : releases.at) at.push_back(core::format_time(one));
  return {{"at", std::move(at)}, {"known", releases.known}, {"error", to_json(releases.error)}};
}

core::Releases releases_from_json(const Json& json) {
  core::Releases out;
  for (const Json& one : json.at("at")) {
    const auto time = core::parse_time(one.get<std::string>());
    if (!time) throw std::invalid_argument("`at` has what is no time");
    out.at.push_back(*time);
  }
  out.known = json.at("known").get<bool>();
  out.error = error_in(json.at("error"));
  return out;
}

}  // namespace gate::cli
