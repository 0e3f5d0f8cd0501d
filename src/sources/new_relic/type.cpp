// What the rest of the program is told of New Relic, and the offline checks of its keys.
#include <fmt/format.h>

#include <algorithm>

#include "core/settings.h"
#include "core/text.h"
#include "sources/http_settings.h"
#include "sources/new_relic/client.h"
#include "sources/new_relic/query.h"

namespace gate::sources::new_relic {
namespace {

using core::KeyType;
using core::Settings;

constexpr std::string_view kSourceExample = R"(account = { env = "NEW_RELIC_ACCOUNT_ID", default = "1234567" }
api_key = { env = "NEW_RELIC_API_KEY" }   # a user key (NRAK-…)
region  = "us"                            # or "eu"
)";

constexpr std::string_view kExample =
    R"(query  = "SELECT percentile(duration, 95) FROM Transaction WHERE appName = 'shop'"
unit   = "s"
better = "lower"
fail   = { increase_over = "10%" }
)";

/// https://docs.newrelic.com/docs/apis/nerdgraph/get-started/introduction-new-relic-nerdgraph/
std::string url_of(const Settings& settings) {
  const bool is_eu = settings.text("region").value_or("us") == "eu";
  return settings.text("url").value_or(is_eu ? "https://api.eu.newrelic.com" : "https://api.newrelic.com");
}

core::Diagnostics check_source(const Settings& settings) {
  core::Diagnostics out = check_http_settings(settings);
  const std::string account = settings.text("account").value_or("");
  const bool is_number = !account.empty() && account.size() <= 18 &&
                         std::all_of(account.begin(), account.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (settings.has("account") && !is_number)
    add_key_error(out, settings, "account", fmt::format("\"{}\" is no id of an account", core::printable(account)),
                  "digits: \"1234567\"");
  const std::string region = settings.text("region").value_or("us");
  if (region != "us" && region != "eu") {
    add_key_error(out, settings, "region", fmt::format("New Relic has no region \"{}\" here", core::printable(region)),
                  R"("us" or "eu"; another address is a `url`)");
  }
  if (settings.has("url") && settings.has("region"))
    add_key_error(out, settings, "region", "`url` and `region` exclude each other",
                  "`region` chooses one of New Relic's own addresses");
  const auto longest = settings.duration("query_timeout");
  if (longest && *longest <= core::Duration(0))
    add_key_error(out, settings, "query_timeout", "`query_timeout` must be longer than nothing", "2m is the default");
  return out;
}

std::unique_ptr<Source> make(const std::string& id, const Settings& settings, const SourceContext& context) {
  http::Endpoint endpoint = make_endpoint(id, settings, context.directory);
  endpoint.url = url_of(settings);
  if (const core::Setting* key = settings.find("api_key")) endpoint.credential_reference = key->reference;
  const core::Secret key = settings.secret("api_key");
  if (!key.empty()) endpoint.headers.emplace_back("API-Key", key);
  return std::make_unique<NewRelicSource>(std::move(endpoint), settings, context);
}

}  // namespace

SourceType make_type();

/// For the registry.
SourceType make_type() {
  SourceType type;
  type.spec.type = "new-relic";
  type.spec.usual_name = "newrelic";
  type.spec.title = "New Relic: NRQL by NerdGraph";
  type.spec.source_keys = with_http_keys({
      {"account", KeyType::text, "the id of the account that is asked about", core::KeySpec::Need::required},
      {"api_key", KeyType::secret, "a user key (NRAK-…), sent as API-Key"},
      {"region", KeyType::text, "us (the default) or eu: where the account's data lie"},
      {"url", KeyType::text, "another address than New Relic's own"},
      {"query_timeout", KeyType::duration, "how long a query may run in the background (2m)"},
  });
  type.spec.query_keys = {
      {"query", KeyType::text,
       "NRQL, without SINCE, UNTIL, TIMESERIES and LIMIT, which the gate writes, and without COMPARE WITH and SLIDE BY"},
      {"value", KeyType::text, "which of several results, by its name in the answer: what stands behind AS"},
      {"member", KeyType::text, "what of a result that has several values: a quantile (\"95\"), the \"score\" of apdex()"},
  };
  type.spec.text_part_key = "query";
  type.spec.default_ingest_delay = std::chrono::minutes(2);
  type.spec.data = core::SourceTypeSpec::Data::points;
  type.spec.source_example = kSourceExample;
  type.spec.example = kExample;
  type.spec.facts = facts;
  type.check_source = check_source;
  type.check_query = check_by_reading<read_query>;
  type.make = make;
  return type;
}

}  // namespace gate::sources::new_relic
