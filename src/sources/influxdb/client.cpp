#include "sources/influxdb/client.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "core/text.h"
#include "http/url.h"
#include "sources/credential.h"
#include "sources/influxdb/annotated_csv.h"

namespace gate::sources::influxdb {
namespace {

constexpr ApiSystem kSystem = {
    "InfluxDB",
    "the user and password, or the token, that may read what is asked for",
    "the user needs READ on the database; the token needs to read the bucket",
    "check `url`, and with InfluxDB 2 `org` and the bucket in the query",
};

}  // namespace

InfluxDbSource::InfluxDbSource(http::Endpoint endpoint, const core::Settings& settings, const SourceContext& context)
    : ApiSource(kSystem, std::move(endpoint), settings, context), version_(version_of(settings)) {}

http::Request InfluxDbSource::influxql(const std::string& text, const std::string& database) const {
  return caller().get("/query", {{"db", database}, {"q", text}, {"epoch", "ms"}});
}

std::string InfluxDbSource::flux_path() const {
  return fmt::format("/api/v2/query?org={}", http::percent_encode(settings().text("org").value_or("")));
}

std::string InfluxDbSource::database_of(const Question& question) const {
  return question.query.text("database").value_or(settings().text("database").value_or(""));
}

http::Task<Decoded> InfluxDbSource::ask_influxql(core::Answer& answer, std::string text, std::string database,
                                                 std::string column) {
  http::Task<JsonAnswer> asking = caller().ask_json(answer, influxql(text, database));
  const JsonAnswer page = co_await asking;
  co_return decode_influxql(page.root(), column);
}

http::Task<Decoded> InfluxDbSource::ask_flux(core::Answer& answer, std::string text, std::string column) {
  const nlohmann::json body = {
      {"query", std::move(text)},
      {"type", "flux"},
      {"dialect", {{"header", true}, {"delimiter", ","}, {"annotations", {"datatype", "group", "default"}}}}};
  http::Request request = caller().post(flux_path(), body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  request.headers.emplace_back("Accept", "application/csv");
  http::Task<http::Response> asking = caller().ask(answer, std::move(request));
  const http::Response response = co_await asking;
  co_return decode_annotated_csv(response.body, column);
}

http::Task<void> InfluxDbSource::fetch(core::Answer& answer, const Question& question) {
  const core::Result<Asked> asked = asked_by(question, version_);
  if (!asked) throw caller().error(asked.error().code, asked.error().message, asked.error().hint);
  const std::string column = question.query.text("column").value_or("");
  Decoded decoded;
  try {
    http::Task<Decoded> asking = version_ == 1 ? ask_influxql(answer, asked->text, database_of(question), column)
                                               : ask_flux(answer, asked->text, column);
    decoded = co_await asking;
  } catch (const Unusable& found) {
    throw caller().error(found.code, caller().shown(found.message), found.hint);
  }
  for (const std::string& note : decoded.notes) answer.notes.push_back("InfluxDB says: " + caller().shown(note));
  check_partial(answer, question, decoded);
  std::size_t outside = 0;
  auto series = series_of(std::move(decoded.series), question, asked->stamp, outside);
  if (!series) throw caller().error(series.error().code, series.error().message, series.error().hint);
  answer.series = std::move(series).value();
  if (outside > 0) answer.notes.push_back(fmt::format("{} points that reach out of the window were left out", outside));
  if (answer.series.empty()) {
    answer.absence =
        "InfluxDB has no point that fits the query in this window; a measurement, field or tag that does not exist gives none, "
        "either";
  }
}

void InfluxDbSource::check_partial(core::Answer& answer, const Question& question, const Decoded& decoded) const {
  if (decoded.partial.empty()) return;
  if (question.partial_is_error) {
    throw caller().error("RG1924", "InfluxDB gives a part of what was asked for",
                         R"(ask for less, or accept partial answers with on_partial = "note")", decoded.partial);
  }
  answer.notes.insert(answer.notes.end(), decoded.partial.begin(), decoded.partial.end());
}

std::vector<PlannedRequest> InfluxDbSource::preview(const Question& question) const {
  const core::Result<Asked> asked = asked_by(question, version_);
  if (!asked) throw caller().error(asked.error().code, asked.error().message, asked.error().hint);
  const bool is_flux = version_ == 2;
  const std::string target = is_flux ? flux_path() : "/query?db=" + http::percent_encode(database_of(question));
  return {{is_flux ? "POST" : "GET", target, core::printable(asked->text)}};
}

http::Request InfluxDbSource::probe() const {
  if (version_ == 1) return influxql("SHOW MEASUREMENTS LIMIT 1", settings().text("database").value_or(""));
  return caller().get("/api/v2/buckets", {{"org", settings().text("org").value_or("")}, {"limit", "1"}});
}

http::Task<void> InfluxDbSource::health(Health& found) {
  core::Answer scratch;
  const KeepRequests keeping(scratch, found);
  http::Task<http::Response> asking = caller().ask(scratch, probe());
  http::Response response = co_await asking;
  const auto version = response.headers.find("x-influxdb-version");
  found.system = "InfluxDB";
  if (version != response.headers.end()) found.system += " " + caller().shown(version->second);
  const JsonAnswer page = caller().json_in(std::move(response), probe().path);
  if (version_ == 1) {
    for (const JsonAt& result : page.root().need("results").items()) {
      const std::string words = result.text_of("error");
      if (!words.empty()) throw caller().error("RG1976", "InfluxDB says: " + caller().shown(words), "check `database`");
    }
  }
  found.permitted = true;
  note_credential(found, caller().endpoint());
}

}  // namespace gate::sources::influxdb
