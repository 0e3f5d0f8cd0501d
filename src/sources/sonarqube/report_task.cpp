#include "sources/sonarqube/report_task.h"

#include <fmt/format.h>

#include <sstream>

#include "core/text.h"

namespace gate::sources::sonarqube {

core::Result<ReportTask> parse_report_task(const std::string& text, const std::string& path) {
  ReportTask out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.ends_with('\r')) line.pop_back();
    const std::size_t equals = line.find('=');
    if (equals == std::string::npos) continue;
    const std::string key = line.substr(0, equals);
    const std::string value = line.substr(equals + 1);
    if (key == "ceTaskId") out.task = value;
    if (key == "serverUrl") out.server = value;
    if (key == "projectKey") out.project = value;
    // The address may point anywhere: only the id is taken from it, and asked at the configured server.
    if (key == "ceTaskUrl" && out.task.empty()) {
      const std::size_t id = value.rfind("id=");
      if (id != std::string::npos) out.task = value.substr(id + 3);
    }
  }
  if (!out.task.empty()) return out;
  return core::Error{"RG1804",
                     fmt::format("{} names no analysis: it has no ceTaskId", core::printable(path)),
                     "it is written by the scanner as .scannerwork/report-task.txt (Maven: target/sonar, Gradle: build/sonar)",
                     {},
                     {}};
}

}  // namespace gate::sources::sonarqube
