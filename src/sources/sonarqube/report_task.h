// report-task.txt: what the scanner leaves behind, so that its analysis can be waited for.
#pragma once

#include <string>

#include "core/result.h"

namespace gate::sources::sonarqube {

struct ReportTask {
  std::string task;     ///< the id of the background task
  std::string server;   ///< "serverUrl"
  std::string project;  ///< "projectKey"
};

/// Reads the lines key=value of `text`. RG1804 when there is no ceTaskId (and no id in ceTaskUrl). `path` is for the message.
core::Result<ReportTask> parse_report_task(const std::string& text, const std::string& path);

}  // namespace gate::sources::sonarqube
