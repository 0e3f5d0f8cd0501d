#include "report/annotations.h"

#include <fmt/format.h>

#include <utility>

#include "core/text.h"
#include "report/layout.h"

namespace gate::report {
namespace {

enum class Kind { error, warning };

/// One finding, before it is written as a command; all texts are printable.
struct Annotation {
  Kind kind = Kind::error;
  std::string file;
  std::uint32_t line = 0;  ///< 0: none
  std::string title;
  std::string text;
};

Annotation annotation_of(const core::Report& report, const core::MetricReport& metric, Kind kind) {
  const core::CriterionReport* criterion = deciding(metric);
  const std::string& file = criterion != nullptr ? criterion->file : metric.file;
  const std::uint32_t line = criterion != nullptr ? criterion->line : metric.line;
  std::string text = core::printable(metric.headline);
  if (!metric.next.empty()) text += " Next: " + core::printable(metric.next);
  return {kind, core::printable(marked_file(report)), file == report.gate_file ? line : 0,
          fmt::format("{} {}", word(metric), core::printable(metric.title)), std::move(text)};
}

/// As the toolkit of GitHub Actions escapes data and properties: github.com/actions/toolkit, packages/core/src/command.ts.
std::string github_data(std::string text) {
  text = core::replace_all(std::move(text), "%", "%25");
  text = core::replace_all(std::move(text), "\r", "%0D");
  return core::without_commands(core::replace_all(std::move(text), "\n", "%0A"));
}

std::string github_property(const std::string& text) {
  const std::string out = core::replace_all(github_data(text), ":", "%3A");
  return core::replace_all(out, ",", "%2C");
}

std::string on_github(const Annotation& one) {
  const std::string line = one.line > 0 ? fmt::format("line={},", one.line) : "";
  return fmt::format("::{} file={},{}title={}::{}\n", one.kind == Kind::error ? "error" : "warning", github_property(one.file),
                     line, github_property(one.title), github_data(one.text));
}

/// As the task library of Azure Pipelines escapes them: github.com/microsoft/azure-pipelines-task-lib, node/taskcommand.ts.
std::string azure_data(std::string text) {
  text = core::replace_all(std::move(text), "%", "%AZP25");
  text = core::replace_all(std::move(text), "\r", "%0D");
  return core::without_commands(core::replace_all(std::move(text), "\n", "%0A"));
}

std::string azure_property(const std::string& text) {
  const std::string out = core::replace_all(azure_data(text), "]", "%5D");
  return core::replace_all(out, ";", "%3B");
}

std::string on_azure(const Annotation& one) {
  const std::string line = one.line > 0 ? fmt::format("linenumber={};", one.line) : "";
  return fmt::format("##vso[task.logissue type={};sourcepath={};{}]{}: {}\n", one.kind == Kind::error ? "error" : "warning",
                     azure_property(one.file), line, azure_data(one.title), azure_data(one.text));
}

}  // namespace

std::string annotations(const core::Report& report, Pipeline pipeline) {
  std::size_t errors = 0;
  std::size_t warnings = 0;
  std::string out;
  for (const core::MetricReport* metric : worst_first(report)) {
    if (!needs_attention(*metric)) continue;
    const bool loud = metric->verdict == core::Verdict::fail || metric->verdict == core::Verdict::error;
    std::size_t& count = loud ? errors : warnings;
    if (++count > kMostAnnotations) continue;
    const Annotation one = annotation_of(report, *metric, loud ? Kind::error : Kind::warning);
    out += pipeline == Pipeline::github ? on_github(one) : on_azure(one);
  }
  const auto more = [&](std::size_t count, std::string_view what) {
    if (count <= kMostAnnotations) return;
    const std::size_t left = count - kMostAnnotations;
    out += fmt::format("{} more {}{} in the log above\n", left, what, left == 1 ? "" : "s");
  };
  more(errors, "error");
  more(warnings, "warning");
  return out;
}

}  // namespace gate::report
