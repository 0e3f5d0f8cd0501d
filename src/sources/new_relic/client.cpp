#include "sources/new_relic/client.h"

#include <fmt/format.h>

#include <charconv>
#include <utility>

#include "core/text.h"

namespace gate::sources::new_relic {
namespace {

constexpr ApiSystem kSystem = {
    "New Relic",
    "`api_key` is a user key (NRAK-…), not a licence or an ingest key, of the region that `region` names",
    "the key's user needs to see the account",
    "check `url` and `region`",
};

constexpr const char* kPath = "/graphql";
constexpr std::chrono::minutes kUsualLongest{2};

std::int64_t number_in(const std::string& text) {
  std::int64_t out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

Query query_of(const Question& question) {
  core::Diagnostics known;
  return read_query(question.query, known);
}

bool is_in_parts(const Question& question) {
  return question.shape == Shape::range;
}

}  // namespace

NewRelicSource::NewRelicSource(http::Endpoint endpoint, const core::Settings& settings, const SourceContext& context)
    : ApiSource(kSystem, std::move(endpoint), settings, context),
      account_(number_in(settings.text("account").value_or(""))),
      longest_(settings.duration("query_timeout").value_or(kUsualLongest)) {}

/// The parts of a ratio or a count are summed up over the window.
void NewRelicSource::refuse_parts(const Query& query, const Question& question) const {
  const std::string function = adds_up_not(query.said);
  if (question.part == "value" || function.empty() || !is_in_parts(question)) return;
  throw caller().error("RG1942", fmt::format("{}() cannot be counted: its numbers of several steps do not add up", function),
                       R"(count(*), sum(…) or filter(count(*), WHERE …); kind = "value" is one number of the whole window)");
}

void NewRelicSource::refuse_step(const Question& question, const Grid& grid) const {
  if (!is_in_parts(question) || grid.step.count() % 1000 == 0) return;
  throw caller().error("RG1983", fmt::format("New Relic makes no steps of {}", core::format_duration(grid.step)),
                       "give the metric a `step` of whole seconds");
}

http::Task<void> NewRelicSource::fetch(core::Answer& answer, const Question& question) {
  const Query query = query_of(question);
  refuse_parts(query, question);
  const Grid grid = grid_of(question);
  refuse_step(question, grid);
  Decoded decoded;
  for (const Grid& piece : pieces_of(grid)) {
    http::Task<JsonAnswer> running = run(answer, nrql_for(query, piece, is_in_parts(question)));
    const JsonAnswer page = co_await running;
    try {
      add_results(decoded, container_in(page.root()), query, piece, is_in_parts(question));
    } catch (const Unusable& found) {
      throw caller().error(found.code, caller().shown(found.message), found.hint);
    }
  }
  check(answer, question, query, decoded);
  if (!has_more_than_zero(decoded)) {
    http::Task<std::string> looking = absence_of(answer, query, grid);
    answer.absence = co_await looking;
    if (!answer.absence.empty()) co_return;
  }
  answer.series = series_of(decoded);
  if (answer.series.empty())
    answer.absence = "New Relic has no number for this window: no event that fits the query has what is asked for";
}

http::Task<JsonAnswer> NewRelicSource::run(core::Answer& answer, std::string nrql) {
  std::string body = start_body(account_, nrql);
  http::Reuse reuse = http::Reuse::within_run;
  core::Duration waited{0};
  for (;;) {
    http::Task<JsonAnswer> asking = ask_graph(answer, std::move(body), reuse);
    JsonAnswer page = co_await asking;
    const Progress progress = progress_of(container_in(page.root()));
    if (progress.is_done) co_return page;
    if (waited + progress.pause > longest_) {
      throw caller().error("RG1986", fmt::format("New Relic did not finish a query within {}", core::format_duration(longest_)),
                           "ask for less, or give the source a longer `query_timeout`",
                           {"the query: " + core::shorten(core::printable(nrql), 300)});
    }
    http::Task<void> sleeping = caller().client().sleep(progress.pause);
    co_await sleeping;
    waited += progress.pause;
    body = progress_body(account_, progress.query_id);
    reuse = http::Reuse::never;  // how far a query is changes
  }
}

http::Task<JsonAnswer> NewRelicSource::ask_graph(core::Answer& answer, std::string body, http::Reuse reuse) {
  http::Request request = caller().post(kPath, std::move(body));
  request.reuse = reuse;
  http::Task<JsonAnswer> asking = caller().ask_json(answer, std::move(request));
  JsonAnswer page = co_await asking;
  if (const auto refusal = refusal_in(page.root())) throw meaning_of(*refusal);
  co_return page;
}

core::SourceError NewRelicSource::meaning_of(const Refusal& refusal) const {
  std::vector<std::string> context = {"it said: " + caller().shown(refusal.words)};
  const bool is_denied =
      refusal.kind == "ACCESS_DENIED" || refusal.words.find("not authorized to query account") != std::string::npos;
  if (is_denied) {
    return caller().error("RG1103", fmt::format("the key may not ask about the account {}", account_),
                          std::string(caller().system().permission), std::move(context));
  }
  if (refusal.kind == "TIMEOUT") {
    return caller().error("RG1986", "New Relic gave a query up after its own time limit", "ask for less, or shorten the window",
                          std::move(context));
  }
  return caller().error(
      "RG1984",
      fmt::format("New Relic says{}: {}", refusal.kind.empty() ? "" : fmt::format(" ({})", caller().shown(refusal.kind)),
                  caller().shown(refusal.words)),
      "try the query in New Relic's query builder");
}

http::Task<std::string> NewRelicSource::absence_of(core::Answer& answer, Query query, Grid grid) {
  const std::string nrql = presence_nrql(query, grid);
  if (nrql.empty()) co_return "";
  http::Task<JsonAnswer> running = run(answer, nrql);
  const JsonAnswer page = co_await running;
  const auto rows = container_in(page.root()).need("results").items();
  if (rows.size() != 1) container_in(page.root()).need("results").refuse("one row");
  const std::string types = core::printable(fmt::format("{}", fmt::join(query.said.event_types, ", ")));
  if (rows.front().need("events").number() <= 0.0)
    co_return fmt::format("New Relic has no event of the type {} at all in this window", types);
  const auto values = rows.front().find("values");
  if (values && values->number() <= 0.0)
    co_return fmt::format("no event of the type {} has a `{}` in this window", types,
                          core::printable(*query.said.summed.begin()));
  co_return "";
}

void NewRelicSource::check(core::Answer& answer, const Question& question, const Query& query, const Decoded& decoded) const {
  for (const std::string& message : decoded.messages) answer.notes.push_back("New Relic says: " + caller().shown(message));
  if (decoded.outside > 0)
    answer.notes.push_back(fmt::format("{} steps that reach out of the window were left out", decoded.outside));
  if (!decoded.moved.empty()) {
    if (question.partial_is_error) {
      throw caller().error("RG1987", decoded.moved,
                           "it moves the edges of what is asked FROM Metric to those of its roll-ups: use a window that begins "
                           R"(and ends on them, or have it noted: on_partial = "note")");
    }
    answer.notes.push_back(decoded.moved);
  }
  if (!query.said.clauses.contains("FACET") || decoded.points.size() < kMostFacets) return;
  const std::string limit = fmt::format("FACET gives {} values, and no more: there may be others", kMostFacets);
  if (question.partial_is_error) {
    throw caller().error("RG1924", limit, R"(narrow the query, or accept partial answers with on_partial = "note")");
  }
  answer.notes.push_back(limit);
}

std::vector<PlannedRequest> NewRelicSource::preview(const Question& question) const {
  const Query query = query_of(question);
  refuse_parts(query, question);
  const Grid grid = grid_of(question);
  refuse_step(question, grid);
  std::vector<PlannedRequest> out;
  for (const Grid& piece : pieces_of(grid))
    out.push_back(
        {"POST", kPath, core::printable(core::replace_all(nrql_for(query, piece, is_in_parts(question)), "\n", " "))});
  return out;
}

http::Request NewRelicSource::probe() const {
  return caller().post(kPath, who_body(account_));
}

http::Task<void> NewRelicSource::health(Health& found) {
  core::Answer scratch;
  const KeepRequests keeping(scratch, found);
  http::Task<JsonAnswer> asking = ask_graph(scratch, who_body(account_), http::Reuse::within_run);
  const JsonAnswer page = co_await asking;
  const JsonAt actor = page.root().need("data").need("actor");
  found.system = "New Relic";
  if (const auto user = actor.find("user")) found.identity = "as " + caller().shown(user->text_of("name"));
  found.authenticated = true;
  const auto account = actor.find("account");
  if (!account) throw meaning_of({"ACCESS_DENIED", fmt::format("there is no account {} for this key", account_)});
  found.system += ", account " + caller().shown(account->text_of("name"));
  found.permitted = true;
}

}  // namespace gate::sources::new_relic
