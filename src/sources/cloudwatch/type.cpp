// What the rest of the program is told of CloudWatch, and the offline checks of its keys.
#include <utility>

#include "core/settings.h"
#include "sources/aws.h"
#include "sources/cloudwatch/client.h"
#include "sources/cloudwatch/query.h"

namespace gate::sources::cloudwatch {
namespace {

using core::KeySpec;
using core::KeyType;
using core::Settings;

constexpr std::string_view kSourceExample = R"(region        = { env = "AWS_REGION", default = "eu-west-1" }
access_key    = { env = "AWS_ACCESS_KEY_ID" }
secret_key    = { env = "AWS_SECRET_ACCESS_KEY" }
session_token = { env = "AWS_SESSION_TOKEN" }   # of temporary credentials
)";

constexpr std::string_view kExample = R"(namespace   = "AWS/ApplicationELB"
metric_name = "TargetResponseTime"
dimensions  = { LoadBalancer = "app/shop/50dc6c495c0c9188" }
stat        = "p95"
unit        = "s"
better      = "lower"
fail        = { increase_over = "10%" }
)";

std::unique_ptr<Source> make(const std::string& id, const Settings& settings, const SourceContext& context) {
  const std::string region = settings.text("region").value_or("");
  http::Endpoint endpoint =
      make_aws_endpoint(id, settings, context.directory, "monitoring", region, aws_url("monitoring", region));
  return std::make_unique<CloudWatchSource>(std::move(endpoint), region, settings, context);
}

}  // namespace

SourceType make_type();

/// For the registry.
SourceType make_type() {
  SourceType type;
  type.spec.type = "cloudwatch";
  type.spec.title = "Amazon CloudWatch: metrics, metric math and Metrics Insights";
  type.spec.source_keys = with_aws_keys({
      {"region", KeyType::text, "whose metrics are asked for: eu-west-1", KeySpec::Need::required},
  });
  type.spec.query_keys = {
      {"metric_name", KeyType::text, "the metric: RequestCount"},
      {"namespace", KeyType::text, "whose it is: AWS/ApplicationELB"},
      {"dimensions", KeyType::table, "all that it was reported with: LoadBalancer = \"app/…\""},
      {"stat", KeyType::text, "how a period becomes a number: Average, Sum, Minimum, Maximum, SampleCount, p95, …"},
      {"stat_period", KeyType::text,
       "the least length of a point (1m); \"{{step}}\", or \"{{window}}\" for one point a window"},
      {"zero_where", KeyType::text, "a metric of the same namespace and dimensions: no point is 0 where it has one"},
      {"expression", KeyType::text, "metric math over `queries`, SEARCH(…) or a Metrics Insights query, in place of a metric"},
      {"queries", KeyType::table, "what the expression refers to: m1 = { metric_name = \"…\", … }, or expressions"},
      {"account", KeyType::text, "the account whose metrics they are, asked in a monitoring account"},
  };
  type.spec.text_part_key = "metric_name";
  type.spec.default_ingest_delay = std::chrono::minutes(3);
  type.spec.data = core::SourceTypeSpec::Data::points;
  type.spec.source_example = kSourceExample;
  type.spec.example = kExample;
  type.spec.facts = facts;
  type.check_source = check_aws_settings;
  type.check_query = check_by_reading<read_query>;
  type.make = make;
  return type;
}

}  // namespace gate::sources::cloudwatch
