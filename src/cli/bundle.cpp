#include "cli/bundle.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/text.h"
#include "http/tape.h"
#include "report/json.h"

namespace gate::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kSchema = "release-gate/run/v1";
constexpr const char* kMask = "***";

core::Error cannot_write(const std::string& path, const std::string& why) {
  return {"RG0020",
          fmt::format("the evidence cannot be written to {}: {}", core::printable(path), why),
          "name an empty folder that can be written",
          {},
          {}};
}

std::string slurp(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

Json to_json(const RunRecord& run) {
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
  out["exit_zero"] = run.exit_zero;
  out["override"] = {{"reason", run.override_reason}, {"actor", run.override_actor}};
  out["environment"] = run.environment;
  out["files"] = run.files;
  return out;
}

core::Time time_in(const Json& json, const char* key) {
  auto time = core::parse_time(json.at(key).get<std::string>());
  return time ? *time : core::Time{};
}

RunRecord run_from_json(const Json& json) {
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
  run.exit_zero = json.at("exit_zero").get<bool>();
  run.override_reason = json.at("override").at("reason").get<std::string>();
  run.override_actor = json.at("override").at("actor").get<std::string>();
  run.environment = json.at("environment").get<std::map<std::string, std::string>>();
  run.files = json.at("files").get<std::map<std::string, std::string>>();
  return run;
}

/// Every file below `directory` but the list itself, by relative name, sorted.
std::vector<std::string> files_below(const fs::path& directory) {
  std::vector<std::string> names;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    const std::string name = fs::relative(entry.path(), directory).generic_string();
    if (entry.is_regular_file() && name != "SHA256SUMS" && name != "statement.json") names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string checksums(const fs::path& directory) {
  std::string out;
  for (const std::string& name : files_below(directory))
    out += fmt::format("{}  {}\n", http::sha256_hex(slurp(directory / name)), name);
  return out;
}

/// An in-toto Statement v1 with a test-result predicate (https://github.com/in-toto/attestation,
/// spec/predicates/test-result.md).
std::string statement(const RunRecord& run, const core::Report& report, const std::string& sums) {
  Json out;
  out["_type"] = "https://in-toto.io/Statement/v1";
  out["subject"] = Json::array({{{"name", "SHA256SUMS"}, {"digest", {{"sha256", http::sha256_hex(sums)}}}}});
  out["predicateType"] = "https://in-toto.io/attestation/test-result/v0.1";
  const char* result = report.verdict == core::Verdict::pass   ? "PASSED"
                       : report.verdict == core::Verdict::warn ? "WARNED"
                                                               : "FAILED";
  Json names[2] = {Json::array(), Json::array()};
  for (const core::MetricReport& metric : report.metrics) {
    if (metric.verdict == core::Verdict::skipped) continue;
    names[metric.verdict == core::Verdict::pass || metric.verdict == core::Verdict::warn ? 0 : 1].push_back(metric.id);
  }
  out["predicate"] = {{"result", result},
                      {"configuration", Json::array({{{"name", run.gate_file}, {"digest", {{"sha256", report.gate_sha256}}}}})},
                      {"passedTests", names[0]},
                      {"failedTests", names[1]}};
  return out.dump(2) + "\n";
}

}  // namespace

core::Result<bool> write_whole(const std::string& path, const std::string& text) {
  const fs::path target(path);
  const fs::path folder = target.parent_path().empty() ? fs::path(".") : target.parent_path();
  const std::string temporary = fmt::format("{}/.{}.{}.tmp", folder.string(), target.filename().string(), ::getpid());
  const auto failed = [&](const char* what) {
    const std::string why = std::strerror(errno);
    ::unlink(temporary.c_str());
    return core::Error{"RG0010",
                       fmt::format("{} cannot be written: {}: {}", core::printable(path), what, why),
                       "name a file in a folder that can be written",
                       {},
                       {}};
  };
  const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return failed("opening it");
  std::size_t written = 0;
  while (written < text.size()) {
    const ssize_t count = ::write(file, text.data() + written, text.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) {
      ::close(file);
      return failed("writing it");
    }
    written += static_cast<std::size_t>(count);
  }
  if (::fsync(file) != 0 && errno != EINVAL && errno != EROFS) {
    ::close(file);
    return failed("writing it");
  }
  ::close(file);
  if (::rename(temporary.c_str(), path.c_str()) != 0) return failed("renaming it");
  return true;
}

config::Surroundings recording_surroundings(const config::Surroundings& inner, RunRecord& record) {
  config::Surroundings out;
  out.environment = [inner, &record](const std::string& name) {
    auto value = inner.environment(name);
    if (value) record.environment[name] = *value;
    return value;
  };
  out.read_file = [inner, &record](const std::string& path) {
    auto text = inner.read_file(path);
    if (text) record.files[path] = *text;
    return text;
  };
  return out;
}

config::Surroundings recorded_surroundings(const RunRecord& record) {
  config::Surroundings out;
  out.environment = [environment = record.environment](const std::string& name) -> std::optional<std::string> {
    const auto found = environment.find(name);
    if (found == environment.end()) return std::nullopt;
    return found->second;
  };
  out.read_file = [files = record.files](const std::string& path) -> core::Result<std::string> {
    const auto found = files.find(path);
    if (found != files.end()) return found->second;
    return core::Error{"RG0405", fmt::format("{} is not part of the recorded run", core::printable(path)), "", {}, {}};
  };
  return out;
}

void mask_secrets(RunRecord& record, const config::Gate& gate) {
  const auto mask = [&](const std::string& reference) {
    if (reference.starts_with("env ")) {
      const auto found = record.environment.find(reference.substr(4));
      if (found != record.environment.end()) found->second = kMask;
    } else if (reference.starts_with("file ")) {
      const std::string path = reference.substr(5);
      for (auto& [name, text] : record.files) {
        if (name == path || name == (fs::path(gate.directory) / path).string()) text = kMask;
      }
    }
  };
  for (const config::SourceConfig& source : gate.sources) {
    for (const core::Setting& setting : source.settings.all()) {
      if (!setting.secret.empty()) mask(setting.secret.name());
      for (const auto& [name, secret] : setting.headers) mask(secret.name());
    }
  }
}

core::Result<bool> prepare_bundle(const std::string& directory) {
  std::error_code failure;
  fs::create_directories(directory, failure);
  if (failure) return cannot_write(directory, failure.message());
  if (fs::exists(fs::path(directory) / "run.json")) return cannot_write(directory, "it holds the evidence of another run");
  if (::access(directory.c_str(), W_OK | X_OK) != 0) return cannot_write(directory, std::strerror(errno));
  return true;
}

core::Result<bool> write_bundle(const std::string& directory, const RunRecord& record, const core::Report& report) {
  const fs::path folder(directory);
  const auto put = [&](const char* name, const std::string& text) { return write_whole((folder / name).string(), text); };
  for (const auto& [name, text] : {std::pair<const char*, std::string>{"gate.toml", record.gate_text},
                                   {"run.json", to_json(record).dump(2, ' ', false, Json::error_handler_t::replace) + "\n"},
                                   {"report.json", report::to_json(report)}}) {
    if (auto written = put(name, text); !written) return cannot_write(directory, written.error().message);
  }
  const std::string sums = checksums(folder);
  if (auto written = put("SHA256SUMS", sums); !written) return cannot_write(directory, written.error().message);
  if (auto written = put("statement.json", statement(record, report, sums)); !written)
    return cannot_write(directory, written.error().message);
  return true;
}

core::Result<RunRecord> read_bundle(const std::string& directory) {
  const fs::path folder(directory);
  if (!fs::is_regular_file(folder / "run.json") || !fs::is_regular_file(folder / "SHA256SUMS")) {
    return core::Error{"RG0021",
                       fmt::format("{} holds no recorded run", core::printable(directory)),
                       "record one with: release-gate check --record DIR",
                       {},
                       {}};
  }
  if (slurp(folder / "SHA256SUMS") != checksums(folder)) {
    std::istringstream kept(slurp(folder / "SHA256SUMS"));
    const std::string now = checksums(folder);
    std::string line;
    while (std::getline(kept, line) && now.find(line) != std::string::npos) {
    }
    return core::Error{"RG0022",
                       fmt::format("the evidence in {} was changed since it was recorded", core::printable(directory)),
                       "a changed recording proves nothing: record again",
                       {line.size() > 66 ? line.substr(66) : std::string("a file was added")},
                       {}};
  }
  try {
    RunRecord run = run_from_json(Json::parse(slurp(folder / "run.json")));
    run.gate_text = slurp(folder / "gate.toml");
    return run;
  } catch (const Json::exception& error) {
    return core::Error{
        "RG0021", fmt::format("{}/run.json cannot be read: {}", core::printable(directory), error.what()), "", {}, {}};
  }
}

}  // namespace gate::cli
