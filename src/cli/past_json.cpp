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

Json to_json(const core::PastReleases& past) {
  Json last = Json::array();
  for (const core::PastRelease& one : past.last) last.push_back(to_json(one));
  return {{"labels", past.labels},
          {"last", std::move(last)},
          {"in_newest", past.in_newest},
          {"unlike", past.unlike},
          {"anchor", past.anchor ? to_json(*past.anchor) : Json()}};
}

core::PastReleases releases_in(const Json& json) {
  core::PastReleases out;
  out.labels = json.at("labels").get<core::Labels>();
  for (const Json& one : json.at("last")) out.last.push_back(release_in(one));
  out.in_newest = json.at("in_newest").get<bool>();
  out.unlike = json.at("unlike").get<std::size_t>();
  if (!json.at("anchor").is_null()) out.anchor = release_in(json.at("anchor"));
  return out;
}

}  // namespace

Json past_to_json(const core::Past& past) {
  Json metrics = Json::object();
  for (const auto& [id, one] : past.metrics) metrics[id] = to_json(one);
  Json error;
  if (past.error) {
    error = {{"code", past.error->code},
             {"message", past.error->message},
             {"hint", past.error->hint},
             {"context", past.error->context}};
  }
  return {{"metrics", std::move(metrics)}, {"error", std::move(error)}};
}

core::Past past_from_json(const Json& json) {
  core::Past out;
  for (const auto& [id, one] : json.at("metrics").items()) out.metrics[id] = releases_in(one);
  const Json& error = json.at("error");
  if (error.is_null()) return out;
  out.error = core::Error{error.at("code").get<std::string>(),
                          error.at("message").get<std::string>(),
                          error.at("hint").get<std::string>(),
                          error.at("context").get<std::vector<std::string>>(),
                          {}};
  return out;
}

}  // namespace gate::cli
