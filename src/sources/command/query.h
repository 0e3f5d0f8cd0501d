// What a question to a program says: its arguments, and how its output is read. No I/O.
#pragma once

#include <string>
#include <vector>

#include "core/question.h"
#include "core/settings.h"
#include "sources/source.h"

namespace gate::sources::command {

/// How the output is read.
enum class Format {
  number,     ///< it is one number
  json,       ///< one document, read by pointers
  json_lines  ///< an item a line, each with a time
};

/// `format`, or what follows from the other keys: a pointer means JSON.
Format format_of(const core::Settings& query);

/// command, format, and those of json_reading_keys().
std::vector<core::KeySpec> query_keys();
core::QueryFacts facts(const core::Settings& query);
/// RG1910.
core::Diagnostics check_query(const core::Settings& query, const core::Settings& source);

/// Whether {{start}} or {{end}} stands in the arguments: without them the answer is about now.
bool asks_for_window(const core::Settings& query);

/// The program and its arguments, with the window of `question` in them.
std::vector<std::string> arguments_of(const Question& question);

/// Arguments as a shell would take them, for people.
std::string shown_command(const std::vector<std::string>& arguments);

/// Puts what a program wrote into `answer`. `id` is the source's name. Throws core::SourceError: RG1970, the output is no
/// number and no JSON; RG1971, a value in it is of another type; RG1963.
void read_output(core::Answer& answer, const Question& question, const std::string& id, const std::string& output);

}  // namespace gate::sources::command
