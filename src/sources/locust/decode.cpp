#include "sources/locust/decode.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/text.h"
#include "sources/report_rows.h"

namespace gate::sources::locust {
namespace {

constexpr const char* kHint =
    "locust --csv PREFIX writes PREFIX_stats.csv, PREFIX_stats_history.csv, PREFIX_failures.csv and PREFIX_exceptions.csv";
constexpr std::array<std::string_view, 2> kNames = {"Name", "Type"};

/// The columns of numbers that any version of Locust writes; a file may lack some.
std::vector<std::string> number_columns(bool history) {
  std::vector<std::string> out = {"50%", "66%",   "75%",    "80%",  "90%",        "95%",       "98%",
                                  "99%", "99.9%", "99.99%", "100%", "Requests/s", "Failures/s"};
  const std::vector<std::string> own =
      history ? std::vector<std::string>{"Timestamp", "User Count", "Total Request Count", "Total Failure Count"}
              : std::vector<std::string>{"Request Count",         "Failure Count",     "Median Response Time",
                                         "Average Response Time", "Min Response Time", "Max Response Time"};
  out.insert(out.end(), own.begin(), own.end());
  return out;
}

Row row_of(std::span<const file::Cell> cells, const std::vector<std::string>& columns,
           const std::function<std::string()>& place) {
  Row row;
  row.name = std::string(cells[0].text);
  row.type = std::string(cells[1].text);
  for (std::size_t i = kNames.size(); i < columns.size(); ++i) {
    const std::string_view text = cells[i].text;
    if (!cells[i].present || text.empty() || text == "N/A") continue;
    row.numbers[columns[i]] = amount_of(text, fmt::format("`{}`", columns[i]), place());
  }
  return row;
}

void read_rows(WorkspaceFile& file, bool history, std::vector<Row>& rows) {
  TableReading reading;
  reading.columns = number_columns(history);
  reading.columns.insert(reading.columns.begin(), kNames.begin(), kNames.end());
  reading.required = 1;
  reading.hint = kHint;
  reading.take = [&](std::span<const file::Cell> cells, const std::function<std::string()>& place) {
    rows.push_back(row_of(cells, reading.columns, place));
  };
  read_table(file, reading);
}

void read_failures(WorkspaceFile& file, LocustReport& report) {
  TableReading reading;
  reading.columns = {"Name", "Error", "Occurrences", "Method"};
  reading.required = 3;
  reading.hint = kHint;
  reading.take = [&](std::span<const file::Cell> cells, const std::function<std::string()>& place) {
    report.failures.push_back({std::string(cells[3].text), std::string(cells[0].text), std::string(cells[1].text),
                               amount_of(cells[2].text, "`Occurrences`", place())});
  };
  read_table(file, reading);
  report.has_failures_file = true;
}

void read_exceptions(WorkspaceFile& file, LocustReport& report) {
  TableReading reading;
  reading.columns = {"Count", "Message"};
  reading.required = 2;
  reading.hint = kHint;
  reading.take = [&](std::span<const file::Cell> cells, const std::function<std::string()>& place) {
    report.exceptions.push_back({std::string(cells[1].text), amount_of(cells[0].text, "`Count`", place())});
  };
  read_table(file, reading);
  std::vector<Counted> counted;
  for (const Exception& one : report.exceptions) {
    counted.emplace_back(one.count, "the script of the load test threw " + core::printable(one.message));
  }
  for (std::string& note : most_frequent(std::move(counted))) report.notes.push_back(std::move(note));
  report.has_exceptions_file = true;
}

void refuse_second(bool is_second, const WorkspaceFile& file) {
  if (!is_second) return;
  throw_wrong_content(core::printable(file.path), "it is of another run than the file before it", "name the files of one run");
}

}  // namespace

std::vector<std::string> most_frequent(std::vector<Counted> all) {
  constexpr std::size_t kMost = 5;
  constexpr std::size_t kMostCharacters = 200;
  std::stable_sort(all.begin(), all.end(), [](const Counted& a, const Counted& b) { return a.first > b.first; });
  std::vector<std::string> out;
  for (std::size_t i = 0; i < std::min(all.size(), kMost); ++i) {
    out.push_back(fmt::format("{} × {}", all[i].first, core::shorten(all[i].second, kMostCharacters)));
  }
  if (all.size() > kMost) out.push_back(fmt::format("and {} more", all.size() - kMost));
  return out;
}

std::unique_ptr<const Report> read(std::vector<WorkspaceFile>& files) {
  auto report = std::make_unique<LocustReport>();
  for (WorkspaceFile& one : files) {
    const std::string line = first_line(one);
    if (line.find("Timestamp") != std::string::npos && line.find("User Count") != std::string::npos) {
      refuse_second(!report->history.empty(), one);
      read_rows(one, true, report->history);
    } else if (line.find("Request Count") != std::string::npos) {
      refuse_second(!report->stats.empty(), one);
      read_rows(one, false, report->stats);
    } else if (line.find("Occurrences") != std::string::npos) {
      refuse_second(report->has_failures_file, one);
      read_failures(one, *report);
    } else if (line.starts_with("Count,Message")) {
      refuse_second(report->has_exceptions_file, one);
      read_exceptions(one, *report);
    } else {
      throw_wrong_form(core::printable(one.path), "its header is none of Locust's", kHint);
    }
  }
  for (const Row& row : report->history) {
    const auto time = row.numbers.find("Timestamp");
    if (time == row.numbers.end() || time->second > 1e11) continue;
    report->made_at(core::Time{std::chrono::seconds(static_cast<std::int64_t>(time->second))});
  }
  report->oldest = report->newest;
  return report;
}

}  // namespace gate::sources::locust
