#include "sources/audit/decode.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "core/text.h"
#include "sources/json_at.h"
#include "sources/report_rows.h"

namespace gate::sources::audit {
namespace {

constexpr std::array<std::string_view, 7> kColumns = {"id", "result", "where", "severity", "waived_until", "due", "title"};
constexpr const char* kForm =
    "an audit is CSV with the columns id, result, and where there are any where, severity, waived_until, due, title, or JSON "
    "with "
    "a list of controls that have these members";

/// One control as it is written, in the order of kColumns.
using Written = std::array<std::string, kColumns.size()>;

Result result_of(const std::string& text, const std::string& place) {
  constexpr std::array<std::pair<std::string_view, Result>, 4> kWords = {{{"passed", Result::passed},
                                                                          {"failed", Result::failed},
                                                                          {"waived", Result::waived},
                                                                          {"not_applicable", Result::not_applicable}}};
  const auto found = std::find_if(kWords.begin(), kWords.end(), [&](const auto& one) { return one.first == text; });
  if (found != kWords.end()) return found->second;
  throw_wrong_content(place, fmt::format("`result` is \"{}\"", core::shorten(core::printable(text), 60)),
                      "a control is passed, failed, waived or not_applicable");
}

FindingSeverity severity_of(const std::string& text, const std::string& place) {
  const FindingSeverity found = severity_of_word(text);
  if (text.empty() || found != FindingSeverity::unknown || text == "unknown") return found;
  throw_wrong_content(place, fmt::format("`severity` is \"{}\"", core::shorten(core::printable(text), 60)),
                      "it may be critical, high, medium, low, none or unknown");
}

class Reading {
 public:
  explicit Reading(AuditReport& report) : report_(report) {}

  void add(const Written& written, const std::string& place) {
    const auto& [id, result, where, severity, waived_until, due, title] = written;
    if (id.empty()) throw_wrong_content(place, "a control without an `id`", kForm);
    Control control{id, where, result_of(result, place), severity_of(severity, place), std::nullopt, std::nullopt};
    if (!waived_until.empty()) control.waived_until = end_of_day(waived_until, "waived_until", place);
    if (!due.empty()) control.due = end_of_day(due, "due", place);
    if (control.result == Result::waived && !control.waived_until) {
      throw_wrong_content(place, fmt::format("{} is waived without an end", core::printable(id)),
                          "write waived_until = 2026-06-30: what is waived for ever is never looked at again");
    }
    if (control.result == Result::failed && control.waived_until) {
      throw_wrong_content(place, fmt::format("{} has failed and has a `waived_until`", core::printable(id)),
                          "where it is waived, its result is waived");
    }
    if (!seen_.emplace(id, where).second) {
      throw_wrong_content(place, fmt::format("{} stands there twice", core::printable(id)),
                          "say with `where` on which system each was looked at");
    }
    note(control);
    report_.controls.push_back(std::move(control));
  }

 private:
  /// What is open, or will be when its waiver is over.
  void note(const Control& control) {
    if (control.result != Result::failed && control.result != Result::waived) return;
    Finding finding;
    finding.id = control.id;
    finding.where = control.where;
    finding.identity = control.id + "\n" + control.where;
    finding.severity = control.severity;
    finding.waived_until = control.waived_until;
    report_.findings.push_back(std::move(finding));
  }

  AuditReport& report_;
  std::set<std::pair<std::string, std::string>> seen_;
};

void read_csv(WorkspaceFile& file, Reading& reading) {
  TableReading table;
  table.columns.assign(kColumns.begin(), kColumns.end());
  table.required = 2;
  table.hint = kForm;
  table.take = [&](std::span<const file::Cell> cells, const std::function<std::string()>& place) {
    Written written;
    for (std::size_t i = 0; i < written.size(); ++i) written[i] = std::string(cells[i].text);
    reading.add(written, place());
  };
  read_table(file, table);
}

void read_json_file(WorkspaceFile& file, std::uint64_t max_bytes, Reading& reading, AuditReport& report) {
  read_json(file, max_bytes, [&](const JsonAt& root) {
    if (root.is_object()) {
      const std::string made = root.text_of("generated_at");
      if (!made.empty()) {
        const auto time = core::parse_time(made);
        if (!time) throw_wrong_content(root.place(), "`generated_at` is no time with an offset", "write 2026-03-17T12:00:00Z");
        report.made_at(*time);
      }
    }
    for (const JsonAt& control : root.is_array() ? root.items() : root.need("controls").items()) {
      Written written;
      for (std::size_t i = 0; i < written.size(); ++i) written[i] = control.text_of(kColumns[i]);
      reading.add(written, control.place());
    }
  });
}

bool is_json(const WorkspaceFile& file) {
  const std::string line = first_line(file);
  const std::size_t first = line.find_first_not_of(" \t");
  return file.path.ends_with(".json") || (first != std::string::npos && (line[first] == '{' || line[first] == '['));
}

}  // namespace

std::unique_ptr<const Report> read(std::vector<WorkspaceFile>& files, const Workspace& workspace,
                                   const core::Settings& /*source*/) {
  auto report = std::make_unique<AuditReport>();
  Reading reading(*report);
  for (WorkspaceFile& one : files) {
    if (is_json(one)) {
      read_json_file(one, workspace.max_bytes, reading, *report);
    } else {
      read_csv(one, reading);
    }
  }
  return report;
}

}  // namespace gate::sources::audit
