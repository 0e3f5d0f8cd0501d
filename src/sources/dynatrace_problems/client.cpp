#include "sources/dynatrace_problems/client.h"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "sources/api_values.h"
#include "sources/dynatrace_api.h"
#include "sources/rows.h"

namespace gate::sources::dynatrace_problems {
namespace {

constexpr ApiSystem kSystem = {
    "Dynatrace",
    kDynatraceCredential,
    "the access token needs the scope problems.read",
    kDynatraceAddress,
};

constexpr const char* kPath = "/api/v2/problems";
constexpr int kPage = 500;
constexpr std::chrono::days kYear{365};

}  // namespace

DynatraceProblemsSource::DynatraceProblemsSource(http::Endpoint endpoint, const core::Settings& settings,
                                                 const SourceContext& context)
    : ApiSource(kSystem, std::move(endpoint), settings, context) {}

http::Request DynatraceProblemsSource::probe() const {
  return caller().get(kPath, {{"from", "now-1m"}, {"pageSize", "1"}});
}

http::Task<void> DynatraceProblemsSource::fetch(core::Answer& answer, const Question& question) {
  const Query query = read_query(question.query);
  refuse_counting(caller(), question, *query.measure);
  answer.asked = describe(query);
  http::Task<std::vector<Problem>> asking = listed(answer, query, question);
  const std::vector<Problem> problems = co_await asking;
  if (problems.empty() && query.is_narrow() && question.window) {
    http::Task<bool> looking = was_ever(answer, query, *question.window);
    const bool was = co_await looking;
    if (!was) {
      answer.absence =
          "no problem of the window, and of the year before it, fits the selectors: misspelt ones fit none, either; where "
          "there "
          "really was none, on_no_data says what that counts as";
      co_return;
    }
  }
  put(answer, query, question, problems);
}

http::Task<std::vector<Problem>> DynatraceProblemsSource::listed(core::Answer& answer, Query query, const Question& question) {
  std::vector<Problem> out;
  std::set<std::string> seen;
  DynatraceWarnings warnings;
  PageChain chain(caller());
  Parameters parameters = parameters_of(query, question.window, kPage);
  for (bool more = true; more;) {
    http::Task<DynatraceAnswer> asking = ask_dynatrace(caller(), answer, caller().get(kPath, parameters));
    const DynatraceAnswer page = co_await asking;
    const JsonAt& root = page.json.root();
    for (const JsonAt& one : root.need("problems").items()) {
      Problem problem = read_problem(one);
      const bool inside = !question.window || question.window->contains(problem.began);
      if (inside && seen.insert(problem.id).second) out.push_back(std::move(problem));
    }
    warnings.read(root);
    const std::string next = root.text_of("nextPageKey");
    more = !next.empty();
    if (!more) continue;
    chain.follow(next);
    parameters = dynatrace_page(next);
  }
  warnings.report(caller(), answer, question);
  co_return out;
}

http::Task<bool> DynatraceProblemsSource::was_ever(core::Answer& answer, Query query, const core::Window& window) {
  const core::Window year{window.start - kYear, window.start};
  http::Task<DynatraceAnswer> asking = ask_dynatrace(caller(), answer, caller().get(kPath, parameters_of(query, year, 1)));
  const DynatraceAnswer page = co_await asking;
  co_return !page.json.root().need("problems").items().empty();
}

void DynatraceProblemsSource::put(core::Answer& answer, const Query& query, const Question& question,
                                  const std::vector<Problem>& problems) {
  const bool counts = query.measure->name == "problems";
  std::vector<Row> rows;
  for (const Problem& one : problems) {
    if (counts) {
      rows.push_back({one.began, 1.0});
    } else if (one.lasted) {
      rows.push_back({one.began, std::chrono::duration<double>(*one.lasted).count()});
    }
  }
  if (const std::size_t open = problems.size() - rows.size(); open > 0)
    answer.notes.push_back(fmt::format("{} of {} problems are still open and have no time", open, problems.size()));
  if (rows.empty())
    answer.absence = problems.empty() ? "no problem began in the window" : "none of the window's problems is closed yet";
  put_rows(answer, question, std::move(rows));
}

std::vector<PlannedRequest> DynatraceProblemsSource::preview(const Question& question) const {
  const Query query = read_query(question.query);
  const std::string when = question.window ? fmt::format("from={} to={}", core::format_time(question.window->start),
                                                         core::format_time(question.window->end))
                                           : "from=0";
  return {{"GET", kPath, describe(query), when}};
}

}  // namespace gate::sources::dynatrace_problems
