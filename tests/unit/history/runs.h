// Runs for the tests of the history, and a file that is gone afterwards.
#pragma once

#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <string>

#include "history/run.h"

inline gate::core::Time day(int number) {
  return gate::core::Time(std::chrono::hours(24 * number));
}

/// A run of "shop" that judged its release an hour after it was deployed.
inline gate::history::Run make_run(const std::string& id, const std::string& release, int deployed_day,
                                   const std::string& verdict) {
  gate::history::Run run;
  run.id = id;
  run.gate = "shop";
  run.gate_sha256 = std::string(64, 'a');
  run.release = release;
  run.deployed_at = day(deployed_day);
  run.judged_at = day(deployed_day) + std::chrono::hours(1);
  run.started_at = run.judged_at;
  run.finished_at = run.judged_at + std::chrono::milliseconds(12);
  run.verdict = verdict;
  run.exit_code = verdict == "fail" ? 1 : 0;
  run.headline = "said";
  run.tool_version = "1.0";
  return run;
}

inline gate::history::RunMetric make_metric(const std::string& id, double value) {
  gate::history::RunMetric metric;
  metric.id = id;
  metric.title = id;
  metric.source = "prom";
  metric.estimand = "samples mean";
  metric.unit = "ms";
  metric.better = "lower";
  metric.required = true;
  metric.verdict = "pass";
  metric.evidence = "enough";
  metric.usable = true;
  metric.headline = "fine";
  metric.candidate.value = value;
  metric.candidate.samples = 120;
  metric.candidate.window = gate::core::Window{day(1), day(1) + std::chrono::minutes(30)};
  return metric;
}

/// A path in a folder of its own.
class Folder {
 public:
  Folder() : path_(std::filesystem::temp_directory_path() / ("release-gate-unit-" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};
