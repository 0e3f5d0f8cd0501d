#include "sources/zendesk/ticket.h"

#include <algorithm>

#include "sources/api_values.h"

namespace gate::sources::zendesk {
namespace {

std::optional<double> minutes_of(const JsonAt& metrics, std::string_view key, std::string_view clock) {
  const auto both = metrics.find(key);
  const auto found = both ? both->find(clock) : std::nullopt;
  if (!found) return std::nullopt;
  const double minutes = found->number();
  if (minutes < 0.0) found->refuse("a length of time");
  return minutes;
}

Ticket read_ticket(const JsonAt& value) {
  Ticket ticket;
  ticket.created = time_at(value.need("created_at"));
  ticket.is_deleted = value.text_of("status") == "deleted";
  ticket.group = id_of(value, "group_id");
  ticket.brand = id_of(value, "brand_id");
  for (const JsonAt& tag : value.items_of("tags")) ticket.tags.push_back(tag.text());
  return ticket;
}

}  // namespace

void take_page(const JsonAt& page, std::string_view clock, Tickets& out) {
  for (const JsonAt& one : page.need("tickets").items()) {
    const std::string id = id_of(one, "id");
    if (id.empty()) one.refuse("a ticket with an `id`");
    out[id] = read_ticket(one);
  }
  for (const JsonAt& one : page.need("metric_sets").items()) {
    const auto ticket = out.find(id_of(one, "ticket_id"));
    if (ticket == out.end()) continue;
    if (const auto solved = one.find("solved_at")) ticket->second.solved = time_at(*solved);
    ticket->second.first_reply = minutes_of(one, "reply_time_in_minutes", clock);
    ticket->second.resolution = minutes_of(one, "full_resolution_time_in_minutes", clock);
  }
}

bool is_meant(const Ticket& ticket, const Query& query) {
  if (ticket.is_deleted) return false;
  if (!query.group.empty() && ticket.group != query.group) return false;
  if (!query.brand.empty() && ticket.brand != query.brand) return false;
  return std::all_of(query.tags.begin(), query.tags.end(), [&](const std::string& tag) {
    return std::find(ticket.tags.begin(), ticket.tags.end(), tag) != ticket.tags.end();
  });
}

}  // namespace gate::sources::zendesk
