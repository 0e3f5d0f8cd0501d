#include "sources/command/client.h"

#include <fmt/format.h>

#include "core/text.h"
#include "sources/command/query.h"

namespace gate::sources::command {

CommandSource::CommandSource(std::string id, Limits limits, const SourceContext& context)
    : id_(id), runner_(std::move(id), std::move(limits), context.client, context.tape) {}

void CommandSource::prepare(std::span<const Question* const> questions) {
  for (const Question* question : questions) {
    const std::vector<std::string> arguments = arguments_of(*question);
    if (!arguments.empty()) programs_.insert(arguments.front());
  }
}

std::vector<PlannedRequest> CommandSource::preview(const Question& question) const {
  const std::vector<std::string> arguments = arguments_of(question);
  return {{"RUN", arguments.empty() ? "" : core::printable(arguments.front()), shown_command(arguments)}};
}

http::Task<core::Answer> CommandSource::ask(const Question& question) {
  core::Answer answer;
  const std::vector<std::string> arguments = arguments_of(question);
  answer.asked = shown_command(arguments);
  if (question.before) {
    throw core::SourceError({"RG1965",
                             id_ + ": this question is about now, and its past cannot be asked for",
                             R"(put {{start}} and {{end}} into `command`, or compare with a bound alone: design = "none")",
                             {},
                             {}});
  }
  if (!question.window && asks_for_window(question.query)) {
    throw core::SourceError(
        {"RG1965",
         id_ + ": this question holds the window, and what is asked beside it is about now, so that there is none",
         "put {{start}} and {{end}} into both commands, or into neither",
         {},
         {}});
  }
  http::Task<std::string> running = runner_.output_of(arguments);
  const std::string output = co_await running;
  read_output(answer, question, id_, output);
  answer.requests.push_back({"RUN", answer.asked, 0, 1, 0.0});
  co_return answer;
}

http::Task<void> CommandSource::health(Health& found) {
  for (const std::string& program : programs_) {
    if (auto missing = runner_.missing(program)) throw core::SourceError(*std::move(missing));
  }
  found.permitted = true;
  found.notes.emplace_back("the programs are there; none was started");
  co_return;
}

}  // namespace gate::sources::command
