#include "sources/pagerduty/incident.h"

#include "sources/api_values.h"

namespace gate::sources::pagerduty {
namespace {

std::optional<double> seconds_of(const JsonAt& value, std::string_view key) {
  const auto found = value.find(key);
  if (!found) return std::nullopt;
  const double seconds = found->number();
  if (seconds < 0.0) found->refuse("a length of time");
  return seconds;
}

}  // namespace

Incident read_listed(const JsonAt& value) {
  Incident incident;
  incident.id = value.need("id").text();
  incident.created = time_at(value.need("created_at"));
  if (const auto priority = value.find("priority")) incident.priority = priority->text_of("summary");
  if (value.need("status").text() != "resolved") return incident;
  // Not every account's incidents have `resolved_at`; the last change of one that is resolved is its resolution.
  const auto resolved_at = value.find("resolved_at");
  const JsonAt ended = resolved_at ? *resolved_at : value.need("last_status_change_at");
  const core::Time resolved = time_at(ended);
  if (resolved < incident.created) ended.refuse("a time after `created_at`");
  incident.resolved_after = std::chrono::duration<double>(resolved - incident.created).count();
  return incident;
}

Incident read_raw(const JsonAt& value, const core::Zone& zone) {
  Incident incident;
  incident.id = value.need("id").text();
  incident.created = time_at(value.need("created_at"), zone);
  incident.priority = value.text_of("priority_name");
  const bool is_open = value.text_of("status") == "triggered" || value.text_of("status") == "acknowledged";
  if (!is_open) incident.resolved_after = seconds_of(value, "seconds_to_resolve");
  incident.acked_after = seconds_of(value, "seconds_to_first_ack");
  return incident;
}

}  // namespace gate::sources::pagerduty
