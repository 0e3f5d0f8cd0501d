#include "sources/cloudwatch/results.h"

#include <algorithm>
#include <cmath>

namespace gate::sources::cloudwatch {
namespace {

std::string message_of(const JsonAt& message) {
  const std::string code = message.text_of("Code");
  const std::string words = message.text_of("Value");
  return code.empty() || words.empty() ? code + words : code + ": " + words;
}

Result& result_for(Results& results, const std::string& id, const std::string& label) {
  const auto found = std::find_if(results.all.begin(), results.all.end(),
                                  [&](const Result& one) { return one.id == id && one.label == label; });
  if (found != results.all.end()) return *found;
  results.all.push_back({id, label, {}, "", {}});
  return results.all.back();
}

}  // namespace

void add_page(Results& results, const JsonAt& page) {
  const std::vector<JsonAt> found = page.need("MetricDataResults").items();
  for (const JsonAt& one : found) {
    const std::vector<JsonAt> times = one.items_of("Timestamps");
    const std::vector<JsonAt> values = one.items_of("Values");
    if (times.size() != values.size()) one.refuse("a result with as many times as values");
    Result& result = result_for(results, one.need("Id").text(), one.text_of("Label"));
    for (std::size_t i = 0; i < times.size(); ++i) {
      const core::Time time{core::Duration(static_cast<std::int64_t>(std::llround(times[i].numeric() * 1000.0)))};
      result.points[time] = values[i].numeric();
    }
    result.status = one.need("StatusCode").text();
    for (const JsonAt& message : one.items_of("Messages")) result.messages.push_back(message_of(message));
  }
  for (const JsonAt& message : page.items_of("Messages")) results.messages.push_back(message_of(message));
  results.next_token = page.text_of("NextToken");
}

}  // namespace gate::sources::cloudwatch
