#include "cli/bundle.h"

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
#include <stdexcept>

#include "cli/record_json.h"
#include "cli/write_file.h"
#include "core/text.h"
#include "http/digest.h"
#include "http/tape.h"
#include "release_gate_version.h"
#include "report/backtest.h"
#include "report/json.h"

namespace gate::cli {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr const char* kMask = "***";
constexpr const char* kSums = "SHA256SUMS";

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

std::string_view command_of(Recorded sort) {
  return sort == Recorded::backtest ? "backtest" : "check";
}

/// Every file below `directory` but the list itself, by relative name, sorted. What cannot be listed is missing from it.
std::vector<std::string> files_below(const fs::path& directory) {
  std::vector<std::string> names;
  std::error_code failed;
  fs::recursive_directory_iterator entry(directory, fs::directory_options::skip_permission_denied, failed);
  for (; !failed && entry != fs::recursive_directory_iterator(); entry.increment(failed)) {
    const std::string name = entry->path().lexically_relative(directory).generic_string();
    // A link is listed, whatever it leads to: a recording has none.
    if ((entry->is_symlink(failed) || !entry->is_directory(failed)) && name != kSums) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::map<std::string, std::string> digests(const fs::path& directory) {
  std::map<std::string, std::string> out;
  for (const std::string& name : files_below(directory)) {
    std::error_code failed;
    // What is no file (a pipe, a device, a link) may have no end.
    const bool is_file = fs::is_regular_file(fs::symlink_status(directory / name, failed));
    out[name] = is_file ? http::sha256_hex(slurp(directory / name)) : "none: it is no file";
  }
  return out;
}

/// As sha256sum writes them.
std::string checksums(const std::map<std::string, std::string>& digests) {
  std::string out;
  for (const auto& [name, digest] : digests) out += fmt::format("{}  {}\n", digest, name);
  return out;
}

/// An in-toto Statement v1 with a test-result predicate (https://github.com/in-toto/attestation,
/// spec/predicates/test-result.md) about every file of the evidence.
std::string statement(const RunRecord& run, const core::Report& report, const std::map<std::string, std::string>& digests) {
  Json out;
  out["_type"] = "https://in-toto.io/Statement/v1";
  out["subject"] = Json::array();
  for (const auto& [name, digest] : digests) out["subject"].push_back({{"name", name}, {"digest", {{"sha256", digest}}}});
  out["predicateType"] = "https://in-toto.io/attestation/test-result/v0.1";
  const char* result = report.verdict == core::Verdict::pass   ? "PASSED"
                       : report.verdict == core::Verdict::warn ? "WARNED"
                                                               : "FAILED";
  Json names[3] = {Json::array(), Json::array(), Json::array()};
  for (const core::MetricReport& metric : report.metrics) {
    if (metric.verdict == core::Verdict::skipped) continue;
    names[metric.verdict == core::Verdict::pass ? 0 : metric.verdict == core::Verdict::warn ? 1 : 2].push_back(metric.id);
  }
  out["predicate"] = {{"result", result},
                      {"configuration", Json::array({{{"name", run.gate_file}, {"digest", {{"sha256", report.gate_sha256}}}}})},
                      {"passedTests", names[0]},
                      {"warnedTests", names[1]},
                      {"failedTests", names[2]}};
  return out.dump(2) + "\n";
}

/// Which file the two lists of checksums do not agree on.
std::string changed_file(const std::string& kept, const std::string& found) {
  constexpr std::size_t kNameAt = 66;
  std::istringstream lines(kept);
  for (std::string line; std::getline(lines, line);) {
    if (found.find(line + "\n") != std::string::npos) continue;
    return line.size() > kNameAt ? core::printable(line.substr(kNameAt)) : std::string(kSums) + " itself";
  }
  return "a file was added, or the list was cut";
}

}  // namespace

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
  out.read_file = [files = record.files, gate = record.gate_file,
                   text = record.gate_text](const std::string& path) -> core::Result<std::string> {
    if (path == gate) return text;
    const auto found = files.find(path);
    if (found != files.end()) return found->second;
    return core::Error{"RG0405", fmt::format("{} is not part of the recorded run", core::printable(path)), "", {}, {}};
  };
  return out;
}

namespace {

constexpr std::string_view kVariable = "env ";
constexpr std::string_view kFile = "file ";

/// Where the value behind a reference ("env NAME", "file PATH") was kept. A path is as it was written, relative to the gate
/// file or to a pack, so that the file is known by its name and by what is in it.
std::string* recorded(RunRecord& record, const std::string& reference, std::string_view value) {
  if (reference.starts_with(kVariable)) {
    const auto found = record.environment.find(reference.substr(kVariable.size()));
    return found == record.environment.end() ? nullptr : &found->second;
  }
  if (!reference.starts_with(kFile)) return nullptr;
  const fs::path written(reference.substr(kFile.size()));
  for (auto& [name, text] : record.files) {
    const std::string_view bare = std::string_view(text).substr(0, text.find_last_not_of(" \r\n") + 1);
    if (fs::path(name).filename() == written.filename() && bare == value) return &text;
  }
  return nullptr;
}

void mask(RunRecord& record, const core::Secret& secret) {
  if (secret.empty()) return;
  // Several files may have this name and this content.
  for (std::string* kept = recorded(record, secret.name(), secret.reveal()); kept != nullptr && *kept != kMask;
       kept = recorded(record, secret.name(), secret.reveal())) {
    *kept = kMask;
  }
}

/// The user name and password of a proxy stand in its URL.
void mask_userinfo(std::string* url) {
  const std::size_t sign = url == nullptr ? std::string::npos : url->rfind('@');
  if (sign == std::string::npos) return;
  const std::size_t scheme = url->find("://");
  const std::size_t start = scheme < sign ? scheme + 3 : 0;
  url->replace(start, sign - start, kMask);
}

/// Replaces the values that `gate` uses as secrets by "***".
void mask_secrets(RunRecord& record, const config::Gate& gate) {
  for (const config::SourceConfig& source : gate.sources) {
    for (const core::Setting& setting : source.settings.all()) {
      mask(record, setting.secret);
      for (const auto& [name, secret] : setting.headers) mask(record, secret);
      if (setting.key == "proxy") mask_userinfo(recorded(record, setting.reference, core::scalar_text(setting.node)));
    }
  }
}

/// Makes the folder and checks that it is empty and can be written.
core::Result<bool> prepare_bundle(const std::string& directory) {
  std::error_code failure;
  fs::create_directories(directory, failure);
  if (failure) return cannot_write(directory, failure.message());
  const bool is_empty = fs::is_empty(directory, failure);
  if (failure) return cannot_write(directory, failure.message());
  if (!is_empty) return cannot_write(directory, "it is not empty");
  if (::access(directory.c_str(), W_OK | X_OK) != 0) return cannot_write(directory, std::strerror(errno));
  return true;
}

}  // namespace

void take_over(const RunRecord& record, GateOptions& options) {
  options.file = record.guest_file.empty() ? record.gate_file : record.guest_file;
  options.trust = record.trust;
  options.settings = record.settings;
  options.now = core::format_time(record.now);
  options.as_of.clear();
  options.deployed_at = record.deployed_at ? core::format_time(*record.deployed_at) : "";
  options.stage = record.stage;
  options.only = record.only;
}

void put_down(RunRecord& record, const GateOptions& options, const Input& input) {
  const bool has_guest = !options.trust.policy.empty();
  record.gate_file = has_guest ? options.trust.policy : options.file;
  record.guest_file = has_guest ? options.file : "";
  record.trust = options.trust;
  record.gate_text = input.text;
  record.files.erase(record.gate_file);
  record.tool_version = core::kVersion;
  record.settings = options.settings;
  record.stage = options.stage;
  record.only = options.only;
  mask_secrets(record, input.gate);
}

core::Result<std::optional<http::Tape>> open_tape(const std::string& record, const std::string& replay) {
  if (record.empty() && replay.empty()) return std::optional<http::Tape>();
  const bool recording = !record.empty();
  if (recording) {
    if (auto ready = prepare_bundle(record); !ready) return ready.error();
  }
  auto tape = http::Tape::open(recording ? record : replay, recording ? http::TapeMode::record : http::TapeMode::replay);
  if (!tape) return tape.error();
  return std::optional<http::Tape>(std::move(tape).value());
}

namespace {

using Named = std::vector<std::pair<std::string, std::string>>;

core::Result<bool> put_all(const fs::path& folder, const Named& texts) {
  for (const auto& [name, text] : texts) {
    if (auto written = write_whole((folder / name).string(), text); !written)
      return cannot_write(folder.string(), written.error().message);
  }
  return true;
}

Named common_files(const RunRecord& record, std::string report) {
  return {{"gate.toml", record.gate_text},
          {"run.json", record_to_json(record).dump(2, ' ', false, Json::error_handler_t::replace) + "\n"},
          {"report.json", std::move(report)}};
}

}  // namespace

core::Result<bool> write_bundle(const std::string& directory, const RunRecord& record, const core::Report& report) {
  if (auto put = put_all(directory, common_files(record, report::to_json(report))); !put) return put;
  std::map<std::string, std::string> sums = digests(directory);
  const std::string signable = statement(record, report, sums);
  sums["statement.json"] = http::sha256_hex(signable);
  return put_all(directory, {{"statement.json", signable}, {kSums, checksums(sums)}});
}

core::Result<bool> write_bundle(const std::string& directory, const RunRecord& record, const core::BacktestReport& report) {
  if (auto put = put_all(directory, common_files(record, report::backtest_to_json(report))); !put) return put;
  return put_all(directory, {{kSums, checksums(digests(directory))}});
}

core::Result<RunRecord> read_bundle(const std::string& directory, Recorded sort) {
  const fs::path folder(directory);
  std::error_code failed;
  if (!fs::is_regular_file(folder / "run.json", failed) || !fs::is_regular_file(folder / kSums, failed)) {
    return core::Error{"RG0021",
                       fmt::format("{} holds no recorded run", core::printable(directory)),
                       fmt::format("record one with: release-gate {} --record DIR", command_of(sort)),
                       {},
                       {}};
  }
  const std::string kept = slurp(folder / kSums);
  const std::string found = checksums(digests(folder));
  if (kept != found) {
    return core::Error{"RG0022",
                       fmt::format("the evidence in {} was changed since it was recorded", core::printable(directory)),
                       "a changed recording proves nothing: record again",
                       {changed_file(kept, found)},
                       {}};
  }
  try {
    RunRecord run = record_from_json(Json::parse(slurp(folder / "run.json")));
    run.gate_text = slurp(folder / "gate.toml");
    const Recorded found_sort = run.backtest ? Recorded::backtest : Recorded::run;
    if (found_sort == sort) return run;
    return core::Error{
        "RG0021",
        fmt::format("{} holds what `release-gate {}` recorded", core::printable(directory), command_of(found_sort)),
        fmt::format("replay it with: release-gate {} --replay {}", command_of(found_sort), core::printable(directory)),
        {},
        {}};
  } catch (const std::exception& error) {
    return core::Error{"RG0021",
                       fmt::format("{}/run.json cannot be read: {}", core::printable(directory), error.what()),
                       "record the run again with this version",
                       {},
                       {}};
  }
}

}  // namespace gate::cli
