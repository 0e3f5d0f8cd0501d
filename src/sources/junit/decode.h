// JunitReport: what happened to each test, from the XML that JUnit, Surefire, Gradle, pytest, Jest and most others write.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sources/report_source.h"

namespace gate::sources::junit {

enum class Result { passed, failed, skipped };

/// One test. Every time it ran is in it: one that failed and passed is flaky, and passed.
struct Test {
  std::size_t passes = 0;
  std::size_t failures = 0;  ///< failures and errors
  std::size_t skips = 0;
  bool retried = false;  ///< Surefire's flakyFailure, flakyError: it passed at last
  double seconds = 0.0;  ///< of all its runs

  [[nodiscard]] Result result() const {
    if (passes > 0) return Result::passed;
    return failures > 0 ? Result::failed : Result::skipped;
  }
  [[nodiscard]] bool is_flaky() const { return result() == Result::passed && (retried || failures > 0); }
};

struct JunitReport final : Report {
  std::map<std::string, Test> tests;  ///< by "class name" of the file's suite; two files or suites are two tests
  /// The names ("class.name") of tests that failed: what is compared between two versions.
  [[nodiscard]] std::vector<std::string> failed() const;
  /// The name in a key of `tests`.
  static std::string name_of(const std::string& key);
};

/// Reads test reports. Throws core::SourceError: RG1401, RG1502, RG1503 (not XML, or no test report), RG1504 (a time that is
/// none, a suite that counts more failures than it lists). https://github.com/testmoapp/junitxml,
/// https://maven.apache.org/surefire/maven-surefire-plugin/xsd/surefire-test-report.xsd
std::unique_ptr<const Report> read(std::vector<WorkspaceFile>& files, std::uint64_t max_bytes);

/// tests, passed, failed, new_failed, skipped, flaky (counts), pass_rate (% of those that passed or failed), duration (s).
Measured measure(const ReportQuestion& question, const Report& report, const Report* before);

}  // namespace gate::sources::junit
