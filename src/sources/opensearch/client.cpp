#include "sources/opensearch/client.h"

#include <fmt/format.h>

#include <utility>

#include "core/text.h"
#include "sources/api_values.h"
#include "sources/credential.h"
#include "sources/opensearch/mapping.h"

namespace gate::sources::opensearch {
namespace {

constexpr ApiSystem kSystem = {
    "OpenSearch",
    "the `user` and `password`, the `api_key`, or the keys of AWS that may read the index",
    "the user needs the privilege `read` on the index (indices:data/read/search and indices:data/read/field_caps)",
    "check `url` and `index`",
};

/// What _field_caps is asked for.
std::set<std::string> needed_fields(const Query& query, const std::string& each) {
  std::set<std::string> out = fields_of(query);
  for (const std::string& field : {query.time_field, query.field, each}) {
    if (!field.empty()) out.insert(field);
  }
  return out;
}

bool is_in_parts(const Question& question) {
  return question.shape == Shape::range;
}

}  // namespace

OpenSearchSource::OpenSearchSource(http::Endpoint endpoint, const core::Settings& settings, const SourceContext& context)
    : ApiSource(kSystem, std::move(endpoint), settings, context) {}

Query OpenSearchSource::query_of(const Question& question) const {
  core::Diagnostics known;
  return read_query(question.query, settings(), known);
}

/// The parts of a ratio or a count are summed up over the window.
void OpenSearchSource::refuse_parts(const Query& query, const Question& question) const {
  if (question.part == "value" || adds_up(query.measure) || !is_in_parts(question)) return;
  throw caller().error("RG1942",
                       fmt::format("measure = \"{}\" cannot be counted: the numbers of several minutes do not add up",
                                   core::printable(query.measure_name)),
                       R"(count documents or take a `sum`; kind = "value" is one number of the whole window)");
}

http::Task<void> OpenSearchSource::fetch(core::Answer& answer, const Question& question) {
  const Query query = query_of(question);
  answer.asked = describe(query);
  refuse_parts(query, question);
  http::Task<void> knowing = require_known(answer, query, question.each);
  co_await knowing;
  const Grid grid = grid_of(question);
  http::Task<JsonAnswer> asking = search(answer, query.index, search_body(query, grid, is_in_parts(question), question.each));
  const JsonAnswer page = co_await asking;
  const Found found = read_found(page.root());
  check_partial(answer, question, found.partial);
  if (found.documents <= 0.0) {
    http::Task<bool> looking = has_documents(answer, question, query);
    if (!co_await looking) {
      answer.absence = fmt::format("no document of {} at all has a `{}` in this window", query.index, query.time_field);
      co_return;
    }
    if (!has_zero(query.measure)) {
      answer.absence = "no document of this window fits the query";
      co_return;
    }
  }
  Decoded decoded = read_series(page.root(), query, grid, is_in_parts(question), question.each);
  check_partial(answer, question, decoded.partial);
  answer.notes.insert(answer.notes.end(), decoded.notes.begin(), decoded.notes.end());
  answer.series = std::move(decoded.series);
  if (decoded.is_field_missing && answer.series.empty())
    answer.absence =
        fmt::format("no document that fits the query has a `{}`", query.field.empty() ? question.each : query.field);
}

http::Task<void> OpenSearchSource::require_known(core::Answer& answer, Query query, std::string each) {
  const http::Request request = caller().get(fields_path(query.index, needed_fields(query, each)));
  http::Task<http::Response> sending = caller().send(answer, request);
  http::Response response = co_await sending;
  const bool is_no_index = response.status == 404 && response.body.find("index_not_found") != std::string::npos;
  if (is_no_index) throw no_such_thing(caller(), "index", query.index);
  caller().check(request, response);
  const JsonAnswer page(std::move(response.body), caller().id() + ": _field_caps");
  const Mapping mapping = read_mapping(page.root());
  if (mapping.indices == 0) throw no_such_thing(caller(), "index", query.index);
  const Doubts doubts = doubts_of(mapping, query, each);
  if (!doubts.unknown.empty()) {
    throw caller().error(
        "RG1940", fmt::format("no index of {} has a field `{}`", core::printable(query.index), core::printable(doubts.unknown)),
        doubts.unknown_hint);
  }
  if (!doubts.unusable.empty()) throw caller().error("RG1982", doubts.unusable, doubts.hint);
  answer.notes.insert(answer.notes.end(), doubts.notes.begin(), doubts.notes.end());
}

http::Task<JsonAnswer> OpenSearchSource::search(core::Answer& answer, std::string index, std::string body) {
  http::Task<JsonAnswer> asking = caller().ask_json(answer, caller().post(search_path(index), std::move(body)));
  co_return co_await asking;
}

http::Task<bool> OpenSearchSource::has_documents(core::Answer& answer, const Question& question, Query query) {
  http::Task<JsonAnswer> asking = search(answer, query.index, presence_body(query, grid_of(question)));
  const JsonAnswer page = co_await asking;
  const Found found = read_found(page.root());
  check_partial(answer, question, found.partial);
  co_return found.documents > 0.0;
}

void OpenSearchSource::check_partial(core::Answer& answer, const Question& question,
                                     const std::vector<std::string>& partial) const {
  if (partial.empty()) return;
  std::vector<std::string> said;
  said.reserve(partial.size());
  for (const std::string& words : partial) said.push_back(caller().shown(words));
  if (question.partial_is_error) {
    throw caller().error("RG1924", "OpenSearch gives a part of what was asked for",
                         R"(ask for less, or accept partial answers with on_partial = "note")", std::move(said));
  }
  answer.notes.insert(answer.notes.end(), said.begin(), said.end());
}

std::vector<PlannedRequest> OpenSearchSource::preview(const Question& question) const {
  const Query query = query_of(question);
  refuse_parts(query, question);
  const std::string body = search_body(query, grid_of(question), is_in_parts(question), question.each);
  return {{"GET", fields_path(query.index, needed_fields(query, question.each)), "are there such fields?"},
          {"POST", search_path(query.index), core::printable(body)}};
}

http::Request OpenSearchSource::probe() const {
  if (first_question() != nullptr) {
    const Query query = query_of(*first_question());
    return caller().get(fields_path(query.index, {query.time_field}));
  }
  return caller().get("/");
}

http::Task<void> OpenSearchSource::health(Health& found) {
  core::Answer scratch;
  const KeepRequests keeping(scratch, found);
  http::Task<http::Response> asking = caller().ask(scratch, probe());
  (void)co_await asking;
  found.system = "OpenSearch";
  found.permitted = true;
  note_credential(found, caller().endpoint());
  // The name and the version want a permission of the cluster, which a question does not need.
  http::Task<http::Response> naming = caller().send(scratch, caller().get("/"));
  http::Response response = co_await naming;
  if (response.status != 200 || http::is_html(response)) co_return;
  const JsonAnswer page(std::move(response.body), caller().id() + ": /");
  const auto version = page.root().find("version");
  if (!version) co_return;
  const bool is_opensearch = version->text_of("distribution") == "opensearch";
  found.system =
      fmt::format("{} {}", is_opensearch ? "OpenSearch" : "Elasticsearch", caller().shown(version->text_of("number")));
}

}  // namespace gate::sources::opensearch
