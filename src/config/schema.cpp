#include "config/schema.h"

#include <nlohmann/json.hpp>

#include "config/gate.h"

namespace gate::config {
namespace {

using Json = nlohmann::ordered_json;

Json described(Json schema, std::string_view text) {
  schema["description"] = text;
  return schema;
}

Json string_type() {
  return {{"type", "string"}};
}
Json boolean_type() {
  return {{"type", "boolean"}};
}
Json any_of(std::vector<Json> options) {
  return {{"anyOf", std::move(options)}};
}
Json ref(const char* name) {
  return {{"$ref", std::string("#/$defs/") + name}};
}
/// One of `words`, or what becomes one of them: a variable or a reference.
Json choice(const std::vector<std::string>& words) {
  return any_of({{{"enum", words}}, ref("from_outside")});
}
Json closed(Json properties) {
  return {{"type", "object"}, {"properties", std::move(properties)}, {"additionalProperties", false}};
}
Json list_of(Json item) {
  return {{"type", "array"}, {"items", std::move(item)}};
}

Json reference() {
  const Json name = {{"type", "string"}, {"minLength", 1}};
  Json env = closed({{"env", name}, {"default", {{"type", {"string", "number", "boolean"}}}}});
  env["required"] = {"env"};
  Json file = closed({{"file", name}});
  file["required"] = {"file"};
  return any_of({std::move(env), std::move(file)});
}

Json text_or_reference() {
  return any_of({string_type(), {{"$ref", "#/$defs/reference"}}});
}

Json duration() {
  const Json text = {{"type", "string"},
                     {"pattern", "^(?=.)([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?([0-9]+ms)?$"},
                     {"description", "90s, 30m, 1h30m, 7d"}};
  return any_of({text, ref("from_outside")});
}

Json moment() {
  return any_of({string_type(), {{"type", {"number"}}}, ref("reference")});
}

/// One side: its window, and in a metric what it asks differently (`question`, empty elsewhere).
Json side(const char* offset, std::string_view what, const Json& question) {
  Json properties = {{"window", ref("duration")}, {offset, described(ref("duration"), what)}};
  properties.update(question);
  return closed(std::move(properties));
}

Json placebo() {
  Json properties;
  properties["every"] = described(ref("duration"), "whole days: 7d for the same day of earlier weeks");
  properties["days"] = choice({"weekdays"});
  properties["count"] = {{"type", "integer"}, {"minimum", 4}, {"maximum", 60}, {"description", "days that are looked for"}};
  properties["zone"] = described(text_or_reference(), "whose calendar: Europe/Berlin, +02:00; UTC if not said");
  properties["releases"] =
      described(any_of({string_type(), list_of(string_type())}), "days with one of these in their windows are left out");
  return any_of({{{"const", false}}, closed(std::move(properties))});
}

/// `question`: the keys that a metric's side may ask with; empty under [compare].
Json compare_keys(const Json& question) {
  const bool in_metric = !question.empty();
  Json out;
  out["design"] = choice({"before-after", "side-by-side", "snapshot", "previous-releases", "none"});
  Json baseline = side("gap", "the baseline ends this long before the rollout", question);
  Json candidate = side("settle", "the candidate starts this long after the deployment", question);
  out["baseline"] = in_metric ? any_of({string_type(), baseline}) : baseline;
  out["candidate"] = in_metric ? any_of({string_type(), candidate}) : candidate;
  out["step"] = ref("duration");
  out["ingest_delay"] = described(ref("duration"), "newest data that are not asked for yet");
  out["anchor"] = described(moment(), "deployed_at, now, or a time");
  out["early"] = choice({"wait", "shorten"});
  out["split"] = described(
      any_of({string_type(), {{"type", "number"}}, ref("reference"), {{"type", "object"}, {"required", {"source"}}}}),
      "side-by-side: the share of the units that the candidate should get, or the question to a source that knows it");
  out["placebo"] = described(placebo(), "before-after: the same difference on earlier days is what no release does");
  out["releases"] = {{"type", "integer"},
                     {"minimum", 5},
                     {"maximum", 1000},
                     {"description", "previous-releases: how many of the last that passed"}};
  out["anchor_release"] = described(text_or_reference(), "previous-releases: a version that is compared with, too");
  return out;
}

void add_statistics(Json& out) {
  out["method"] = choice({"auto", "mean", "median", "rank", "score", "newcombe", "kayenta", "point"});
  out["min_samples"] = {{"type", "integer"}, {"minimum", 0}};
  out["min_events"] = {{"type", "integer"}, {"minimum", 0}};
  out["autocorrelation"] = choice({"auto", "none"});
  out["dispersion"] = choice({"auto", "none"});
  out["on_nan"] = choice({"drop", "zero", "fail"});
  out["on_partial"] = choice({"error", "note"});
  out["range"] = ref("duration");
  out["cluster"] = text_or_reference();
  out["covariate"] =
      described(choice({"none", "baseline"}),
                "side-by-side with a cluster: what the same units did before the rollout explains a part of their spread");
}

Json kayenta() {
  const Json positive = {{"type", "number"}, {"minimum", 0}};
  Json out;
  out["direction"] = choice({"increase", "decrease", "either"});
  out["effect_size"] = choice({"mean-ratio", "cles"});
  for (const char* key :
       {"tolerance", "allowed_increase", "allowed_decrease", "critical_increase", "critical_decrease", "outlier_factor"})
    out[key] = positive;
  out["confidence"] = {{"type", "number"}, {"minimum", 0.5}, {"maximum", 0.9999}};
  for (const char* key : {"critical", "must_have_data"}) out[key] = boolean_type();
  out["nan"] = choice({"remove", "replace"});
  out["outliers"] = choice({"keep", "remove"});
  return described(closed(std::move(out)), "method = kayenta: what makes the metric High or Low");
}

void add_rules(Json& out) {
  const Json fallback = choice({"inconclusive", "fail", "warn", "pass"});
  out["confidence"] = {{"type", "number"}, {"exclusiveMinimum", 0.5}, {"exclusiveMaximum", 1}};
  out["on_no_data"] = fallback;
  out["on_pending"] = choice({"inconclusive", "skip"});
  out["on_few_releases"] = fallback;
  out["on_unproven"] = any_of({fallback, closed({{"within", fallback}, {"beyond", fallback}})});
}

Json criteria() {
  const Json bound = any_of({string_type(), {{"type", "number"}}, ref("reference")});
  const Json bounds = any_of({bound, {{"type", "array"}, {"items", bound}, {"minItems", 1}}});
  Json properties;
  for (const Rule rule : {Rule::above, Rule::below, Rule::equals, Rule::target, Rule::worse_than, Rule::increase_over,
                          Rule::decrease_over, Rule::change_over, Rule::improve_by}) {
    properties[std::string(name(rule))] = bounds;
  }
  properties["tolerance"] = bound;
  properties["burn_over"] = bound;
  properties["windows"] = list_of(ref("duration"));
  properties["windows"]["minItems"] = 1;
  properties["budget_left_below"] = bound;
  Json goal = closed({{"after", ref("duration")}, {"at_least", bound}, {"at_most", bound}});
  goal["required"] = {"after"};
  goal["oneOf"] = {{{"required", {"at_least"}}}, {{"required", {"at_most"}}}};
  properties["goals"] = list_of(std::move(goal));
  properties["goals"]["minItems"] = 1;
  properties["goals"]["description"] = "what is wanted so long after the release; the last one due counts";
  properties["from"] = moment();
  Json out = closed(std::move(properties));
  out["minProperties"] = 1;
  return out;
}

Json key_type(core::KeyType type) {
  switch (type) {
    case core::KeyType::text:
      return text_or_reference();
    case core::KeyType::text_list:
      return any_of({string_type(), list_of(string_type())});
    case core::KeyType::boolean:
      return boolean_type();
    case core::KeyType::integer:
      return any_of({{{"type", "integer"}, {"minimum", 0}}, {{"type", "string"}, {"pattern", R"(\{\{)"}}, ref("reference")});
    case core::KeyType::number:
      return {{"type", "number"}};
    case core::KeyType::duration:
      return ref("duration");
    case core::KeyType::bytes:
      return any_of({string_type(), {{"type", "integer"}}, ref("reference")});
    case core::KeyType::secret:
    case core::KeyType::secret_text:
      return described(ref("reference"), "a secret: never literal");
    case core::KeyType::headers:
      return {{"type", "object"}, {"additionalProperties", text_or_reference()}};
    case core::KeyType::table:
      return {{"type", "object"}};
    case core::KeyType::any:
      return Json::object();
  }
  return Json::object();
}

void add_keys(Json& properties, const std::vector<core::KeySpec>& keys) {
  for (const core::KeySpec& key : keys) {
    const std::string name(key.name);
    if (!properties.contains(name)) properties[name] = described(key_type(key.type), key.doc);
  }
}

Json source_of(const core::SourceTypeSpec& type) {
  Json properties = {{"type", {{"const", std::string(type.type)}}}};
  add_keys(properties, type.source_keys);
  Json required = Json::array({"type"});
  for (const core::KeySpec& key : type.source_keys) {
    if (key.need == core::KeySpec::Need::required) required.push_back(std::string(key.name));
  }
  Json out = described(closed(std::move(properties)), type.title);
  out["required"] = std::move(required);
  return out;
}

Json metric(const std::vector<const core::SourceTypeSpec*>& types) {
  Json part_keys = {{"source", string_type()}};
  for (const core::SourceTypeSpec* type : types) add_keys(part_keys, type->query_keys);
  Json borrowed = closed({{"metric", string_type()}});
  borrowed["required"] = {"metric"};
  const Json part = any_of({string_type(), closed(part_keys), borrowed});
  Json question = part_keys;
  Json out;
  question["events"] = question["total"] = question["exposure"] = question["buckets"] = part;
  for (const char* key : {"title", "category", "link", "stage", "source", "each", "unit"}) out[key] = text_or_reference();
  out["kind"] = choice({"samples", "value", "ratio", "count", "histogram", "slo", "derived", "status", "findings"});
  out["count"] = choice({"open", "new", "fixed"});
  out["better"] = choice({"lower", "higher"});
  out["aggregate"] = any_of(
      {{{"type", "string"}, {"pattern", R"(^(mean|median|min|max|sum|last|count|p[0-9]+(\.[0-9]+)?)$)"}}, ref("from_outside")});
  out["combine"] = choice({"sum", "mean", "max", "min"});
  out["on_new"] = out["on_gone"] = choice({"pass", "warn", "inconclusive", "fail"});
  for (const char* key : {"required", "enabled", "judge", "overlap"}) out[key] = boolean_type();
  out["weight"] = {{"type", "number"}, {"minimum", 0}};
  Json several = list_of(ref("criteria"));
  several["minItems"] = 1;
  out["fail"] = out["warn"] = any_of({ref("criteria"), std::move(several)});
  out["kayenta"] = kayenta();
  out["objective"] = any_of({string_type(), {{"type", "number"}}, ref("reference")});
  out["period"] = ref("duration");
  out["windows"] = list_of(ref("duration"));
  out["windows"]["minItems"] = 1;
  out["formula"] = text_or_reference();
  out["events"] = out["total"] = out["exposure"] = out["buckets"] = part;
  out["quantile"] = {{"type", "number"}, {"exclusiveMinimum", 0}, {"exclusiveMaximum", 1}};
  const Json compare = compare_keys(question);
  for (const auto& [key, value] : compare.items()) out[key] = value;
  add_statistics(out);
  add_rules(out);
  for (const core::SourceTypeSpec* type : types) add_keys(out, type->query_keys);
  Json metric = closed(std::move(out));
  // Only an SLO has several tables of bounds in one level.
  metric["if"] = {{"properties", {{"kind", {{"const", "slo"}}}}}, {"required", {"kind"}}};
  metric["else"] = {{"properties", {{"fail", {{"type", "object"}}}, {"warn", {{"type", "object"}}}}}};
  return metric;
}

Json id() {
  return {{"pattern", "^[A-Za-z0-9_-]+$"}};
}

Json sources(const std::vector<const core::SourceTypeSpec*>& types) {
  Json options = Json::array();
  for (const core::SourceTypeSpec* type : types) options.push_back(source_of(*type));
  return {{"type", "object"}, {"propertyNames", id()}, {"additionalProperties", {{"anyOf", std::move(options)}}}};
}

}  // namespace

std::string gate_schema(const std::vector<const core::SourceTypeSpec*>& types) {
  Json compare = compare_keys(Json::object());
  add_statistics(compare);
  const Json variables = {{"type", "object"},
                          {"additionalProperties", any_of({{{"type", {"string", "number", "boolean"}}}, ref("reference")})}};
  compare["tracks"] = closed({{"baseline", variables}, {"candidate", variables}});
  Json verdict;
  add_rules(verdict);
  verdict["family"] = choice({"none", "holm", "benjamini-hochberg"});
  verdict["pass_score"] = {{"type", "number"}, {"minimum", 0}, {"maximum", 100}};
  Json root;
  root["version"] = {{"const", 1}};
  root["name"] = text_or_reference();
  root["description"] = string_type();
  root["use"] = described(any_of({string_type(), list_of(string_type())}),
                          "packs by name or by path; variables may choose: performance-{{system}}");
  root["vars"] = variables;
  root["vars"]["propertyNames"] = {{"not", {{"enum", {"step", "window", "track"}}}}};
  root["release"] = closed({{"version", text_or_reference()},
                            {"previous_version", text_or_reference()},
                            {"deployed_at", moment()},
                            {"started_at", moment()}});
  root["compare"] = closed(std::move(compare));
  root["sources"] = sources(types);
  root["metrics"] = {{"type", "object"}, {"propertyNames", id()}, {"additionalProperties", ref("metric")}};
  root["verdict"] = closed(std::move(verdict));
  root["publish"] = closed({{"comment", {{"enum", {"quiet", "always"}}}}});
  Json out;
  out["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  out["title"] = "release-gate gate file, version 1";
  const Json body = closed(std::move(root));
  for (const auto& [key, value] : body.items()) out[key] = value;
  out["required"] = {"version"};
  out["$defs"] = {{"reference", reference()},
                  {"from_outside", any_of({{{"type", "string"}, {"pattern", R"(\{\{)"}}, ref("reference")})},
                  {"duration", duration()},
                  {"criteria", criteria()},
                  {"metric", metric(types)}};
  return out.dump(2) + "\n";
}

}  // namespace gate::config
