#include "cli/record_json.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "cli/past_json.h"

namespace gate::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kSchema = "release-gate/run/v1";

Json to_json(const std::optional<WatchRecord>& watch) {
  if (!watch) return nullptr;
  Json out;
  out["opening"] = core::format_time(watch->looks.opening);
  out["every"] = core::format_duration(watch->looks.every);
  out["for"] = core::format_duration(watch->looks.longest);
  out["min"] = core::format_duration(watch->looks.least);
  out["past"] = watch->past;
  out["taken"] = watch->taken;
  out["signal"] = watch->signal;
  return out;
}

Json to_json(const RunRecord& run) {
  return {{"policy", run.trust.policy},
          {"guest", run.guest_file},
          {"allow_env", run.trust.allow_env},
          {"allow_host", run.trust.allow_host}};
}

void read_trust(const Json& json, RunRecord& run) {
  run.trust.untrusted = true;
  run.trust.policy = json.at("policy").get<std::string>();
  run.trust.allow_env = json.at("allow_env").get<std::vector<std::string>>();
  run.trust.allow_host = json.at("allow_host").get<std::vector<std::string>>();
  run.guest_file = json.at("guest").get<std::string>();
}

Json to_json(const BacktestRecord& backtest) {
  return {{"from", core::format_time(backtest.from)},
          {"to", core::format_time(backtest.to)},
          {"every", core::format_duration(backtest.every)},
          {"taken", backtest.taken},
          {"signal", backtest.signal}};
}

}  // namespace

nlohmann::ordered_json record_to_json(const RunRecord& run) {
  Json out;
  out["schema"] = kSchema;
  out["tool"] = {{"name", "release-gate"}, {"version", run.tool_version}};
  out["gate_file"] = run.gate_file;
  out["now"] = core::format_time(run.now);
  out["started_at"] = core::format_time(run.started_at);
  out["finished_at"] = core::format_time(run.finished_at);
  out["deployed_at"] = run.deployed_at ? Json(core::format_time(*run.deployed_at)) : Json();
  out["set"] = run.settings;
  out["stage"] = run.stage;
  out["only"] = run.only;
  if (run.trust.untrusted) out["trust"] = to_json(run);
  out["exit_zero"] = run.exit_zero;
  out["override"] = {{"reason", run.override_reason}, {"actor", run.override_actor}};
  out["watch"] = to_json(run.watch);
  out["environment"] = run.environment;
  out["files"] = run.files;
  out["run"] = run.run_id;
  out["revision"] = run.revision;
  out["history"] = run.past ? past_to_json(*run.past) : Json();
  if (run.backtest) out["backtest"] = to_json(*run.backtest);
  if (run.releases) out["releases"] = releases_to_json(*run.releases);
  return out;
}

namespace {

core::Time time_in(const Json& json, const char* key) {
  auto time = core::parse_time(json.at(key).get<std::string>());
  if (!time) throw std::invalid_argument(fmt::format("`{}` is no time", key));
  return *time;
}

core::Duration duration_in(const Json& json, const char* key) {
  const std::string text = json.at(key).get<std::string>();
  auto duration = core::parse_duration(text);
  if (!duration) throw std::invalid_argument(fmt::format("`{}` is no duration", key));
  return *duration;
}

WatchRecord watch_from_json(const Json& json) {
  WatchRecord watch;
  watch.looks = {time_in(json, "opening"), duration_in(json, "every"), duration_in(json, "for"), duration_in(json, "min")};
  watch.past = json.at("past").get<bool>();
  watch.taken = json.at("taken").get<std::vector<std::size_t>>();
  watch.signal = json.at("signal").get<int>();
  const bool usable = watch.looks.every > core::Duration(0) && watch.looks.longest >= watch.looks.every &&
                      std::is_sorted(watch.taken.begin(), watch.taken.end()) &&
                      (watch.taken.empty() || (watch.taken.front() > 0 && watch.taken.back() <= watch.looks.count()));
  if (!usable) throw std::invalid_argument("`watch` has looks that none can take");
  return watch;
}

BacktestRecord backtest_from_json(const Json& json) {
  BacktestRecord out{time_in(json, "from"), time_in(json, "to"), duration_in(json, "every"),
                     json.at("taken").get<std::size_t>(), json.at("signal").get<int>()};
  if (out.every <= core::Duration(0)) throw std::invalid_argument("`backtest` has times that none can take");
  return out;
}

}  // namespace

RunRecord record_from_json(const nlohmann::ordered_json& json) {
  if (json.at("schema") != kSchema) throw std::invalid_argument("it is of another version");
  RunRecord run;
  run.tool_version = json.at("tool").at("version").get<std::string>();
  run.gate_file = json.at("gate_file").get<std::string>();
  run.now = time_in(json, "now");
  run.started_at = time_in(json, "started_at");
  run.finished_at = time_in(json, "finished_at");
  if (!json.at("deployed_at").is_null()) run.deployed_at = time_in(json, "deployed_at");
  run.settings = json.at("set").get<std::vector<std::string>>();
  run.stage = json.at("stage").get<std::string>();
  run.only = json.at("only").get<std::vector<std::string>>();
  if (json.contains("trust")) read_trust(json.at("trust"), run);
  run.exit_zero = json.at("exit_zero").get<bool>();
  run.override_reason = json.at("override").at("reason").get<std::string>();
  run.override_actor = json.at("override").at("actor").get<std::string>();
  // Recordings of earlier versions have no looks.
  if (json.contains("watch") && !json["watch"].is_null()) run.watch = watch_from_json(json["watch"]);
  run.environment = json.at("environment").get<std::map<std::string, std::string>>();
  run.files = json.at("files").get<std::map<std::string, std::string>>();
  // Runs that were recorded before there was a history have none of these.
  run.run_id = json.value("run", "");
  run.revision = json.value("revision", "");
  if (json.contains("history") && !json.at("history").is_null()) run.past = past_from_json(json.at("history"));
  if (json.contains("backtest")) run.backtest = backtest_from_json(json.at("backtest"));
  if (json.contains("releases")) run.releases = releases_from_json(json.at("releases"));
  return run;
}

}  // namespace gate::cli
