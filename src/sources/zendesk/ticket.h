// Ticket: one ticket of the incremental export with its metric set. Asks nothing.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/time.h"
#include "sources/json_at.h"
#include "sources/zendesk/query.h"

namespace gate::sources::zendesk {

struct Ticket {
  core::Time created;
  bool is_deleted = false;
  std::string group;
  std::string brand;
  std::vector<std::string> tags;
  std::optional<core::Time> solved;
  std::optional<double> first_reply;  ///< minutes by the clock that was asked for; absent until there is one
  std::optional<double> resolution;   ///< the same; absent until it is solved
};

/// By id: a ticket that changed while it was exported comes again, and the later one stands.
using Tickets = std::map<std::string, Ticket>;

/// Puts the tickets of one page of /api/v2/incremental/tickets/cursor?include=metric_sets into `out`. RG1902: of another form.
/// https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/
/// https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_metrics/
void take_page(const JsonAt& page, std::string_view clock, Tickets& out);

/// Whether `ticket` is one that `query` is about.
bool is_meant(const Ticket& ticket, const Query& query);

}  // namespace gate::sources::zendesk
