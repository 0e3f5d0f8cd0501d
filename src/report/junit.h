// Junit: the report as JUnit XML, for the test pages of GitLab, Jenkins and Azure. A renderer: it computes nothing.
#pragma once

#include <string>

#include "core/report.h"

namespace gate::report {

/// A suite a category (or source, where a metric has none), a case a criterion: what fails is a failure, what could not be
/// asked an error, what is unproven, has no data, is not due or was left out is skipped with its reason; a warning passes and
/// says so in system-out. Sentences are the text of their elements, which is all that GitLab shows, and the message that
/// Jenkins shows, too. Names are unique within a suite, since readers drop the second of two. The form is what the readers of
/// Jenkins (junit-10.xsd of its xunit plugin) and GitLab take.
std::string to_junit(const core::Report& report);

}  // namespace gate::report
