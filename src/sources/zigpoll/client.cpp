#include "sources/zigpoll/client.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "sources/api_values.h"
#include "sources/rows.h"

namespace gate::sources::zigpoll {
namespace {

/// "max 1000": https://v1.zigpoll.com, GET /responses; 50 without it.
constexpr std::string_view kPage = "1000";
constexpr std::size_t kShownBytes = 60;

/// There is a bound for the beginning alone, and it is exclusive: the end is kept by the source itself.
Parameters parameters_of(const Query& query, const Question& question) {
  Parameters parameters;
  parameters.emplace_back(query.slide.empty() ? "pollId" : "slideId", query.slide.empty() ? query.poll : query.slide);
  if (question.window)
    parameters.emplace_back("createdAfter", std::to_string(question.window->start.time_since_epoch().count() - 1));
  parameters.emplace_back("limit", std::string(kPage));
  return parameters;
}

}  // namespace

const ApiSystem kZigpoll{"Zigpoll", "an API key of the account, sent as it is, without \"Bearer\"",
                         "the key's account needs to own the poll", "check `url`: https://v1.zigpoll.com"};

http::Request ZigpollSource::probe() const {
  return caller().get("/me");
}

http::Task<void> ZigpollSource::require_known(core::Answer& answer, const Query& query) {
  const bool by_slide = !query.slide.empty();
  const std::string& id = by_slide ? query.slide : query.poll;
  const http::Request request = caller().get(by_slide ? "/slide" : "/poll", {{by_slide ? "slideId" : "pollId", id}});
  http::Task<http::Response> sending = caller().send(answer, request);
  http::Response response = co_await sending;
  if (response.status == 404) throw no_such_thing(caller(), by_slide ? "question" : "poll", id);
  if (response.status < 200 || response.status >= 300) throw core::SourceError(caller().refusal(request, response));
  const JsonAnswer body = caller().json_in(std::move(response), request.path);
  if (!body.root().is_object() || !body.root().find("_id")) throw no_such_thing(caller(), by_slide ? "question" : "poll", id);
}

http::Task<void> ZigpollSource::fetch(core::Answer& answer, const Question& question) {
  const Query query = read_query(question.query);
  refuse_counting(caller(), question, *query.measure);
  answer.asked = describe(query);
  http::Task<void> knowing = require_known(answer, query);
  co_await knowing;
  Gathered all;
  PageChain chain(caller());
  Parameters parameters = parameters_of(query, question);
  bool more = true;
  while (more) {
    http::Task<JsonAnswer> asking = caller().ask_json(answer, caller().get("/responses", parameters));
    const JsonAnswer page = co_await asking;
    for (const JsonAt& one : page.root().need("data").items()) take(one, query, question, all);
    more = page.root().need("hasNextPage").flag();
    if (!more) continue;
    const std::string cursor = page.root().need("endCursor").text();
    chain.follow(cursor);
    parameters = parameters_of(query, question);
    parameters.emplace_back("startCursor", cursor);
  }
  std::vector<Row> rows;
  for (const survey::Answer& one : all.answers.all()) rows.push_back({one.time, one.points});
  answer.notes.push_back(fmt::format("{} answers, {} blank, {} replaced by a later one of the same participant", rows.size(),
                                     all.blank, all.answers.replaced()));
  answer.dropped_rows = all.bad;
  if (rows.empty()) answer.absence = "nobody answered";
  put_rows(answer, question, std::move(rows));
}

void ZigpollSource::take(const JsonAt& response, const Query& query, const Question& question, Gathered& out) const {
  const core::Time created = time_at(response.need("createdAt"));
  if (question.window && !question.window->contains(created)) return;
  const std::string text = response.text_of("response");
  if (text.find_first_not_of(" \t\r\n") == std::string::npos) {
    ++out.blank;
    return;
  }
  const auto points = query.score ? survey::points(*query.score, query.scale, text) : std::optional(1.0);
  if (!points) {
    ++out.bad;
    if (query.drops_bad) return;
    throw caller().error(
        "RG1946", fmt::format("{}: an answer is \"{}\"", describe(query), core::shorten(caller().shown(text), kShownBytes)),
        R"(does `slide` name a question of this scale? `scale` says another one, on_bad_answer = "drop" leaves such answers out)",
        {response.place()});
  }
  const std::string participant = response.text_of("participantId");
  // Whoever answered two questions of a poll said two things.
  const std::string person = participant.empty() ? "" : participant + "/" + response.text_of("slideId");
  out.answers.add(person, {created, *points, ""});
}

std::vector<PlannedRequest> ZigpollSource::preview(const Question& question) const {
  const Query query = read_query(question.query);
  std::string when;
  for (const auto& [key, value] : parameters_of(query, question)) {
    if (key == "createdAfter") when = fmt::format("{}={}", key, value);
  }
  return {{"GET", query.slide.empty() ? "/poll" : "/slide", "is there such a one?"},
          {"GET", "/responses", describe(query), when}};
}

}  // namespace gate::sources::zigpoll
