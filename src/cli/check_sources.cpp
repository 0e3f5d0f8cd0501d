// release-gate sources --check: can each source of a gate file be asked?
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/input.h"
#include "cli/session.h"
#include "cli/signals.h"
#include "core/text.h"
#include "measure/health.h"

namespace gate::cli {
namespace {

using Json = nlohmann::ordered_json;
using measure::SourceHealth;

/// Everything there is to say of one source.
struct Finding {
  const SourceHealth& health;
  std::vector<std::string> notes;
  std::vector<std::string> warnings;
};

/// What the gate file's reader noted about this source: a variable that is not set.
std::vector<std::string> notes_of_file(const config::Gate& gate, const std::string& id) {
  const std::string prefix = "sources." + id + ".";
  std::vector<std::string> notes;
  for (const std::string& note : gate.notes) {
    if (note.starts_with(prefix)) notes.push_back(note.substr(prefix.size()));
  }
  return notes;
}

std::vector<Finding> findings_of(const std::vector<SourceHealth>& all, const config::Gate& gate) {
  std::vector<Finding> findings;
  for (const SourceHealth& health : all) {
    Finding finding{health, notes_of_file(gate, health.id), {}};
    finding.notes.insert(finding.notes.end(), health.found.notes.begin(), health.found.notes.end());
    if (gate.find_source(health.id)->settings.boolean("insecure").value_or(false))
      finding.warnings.emplace_back("insecure = true: certificates are not checked");
    const std::string skew = health.clock_skew ? skew_words(*health.clock_skew) : "";
    if (!skew.empty()) finding.warnings.push_back(skew + "; the windows follow ours");
    findings.push_back(std::move(finding));
  }
  return findings;
}

std::optional<double> latency_of(const SourceHealth& health) {
  for (const core::RequestLog& request : health.found.requests) {
    if (request.status != 0) return request.milliseconds;
  }
  return std::nullopt;
}

std::string standing(const SourceHealth& health) {
  std::string words;
  const auto add = [&](std::string_view word) { words += fmt::format("{}{}", words.empty() ? "" : ", ", word); };
  if (health.reachable) add(*health.reachable ? "reachable" : "not reachable");
  if (health.found.authenticated) add(*health.found.authenticated ? "authenticated" : "not authenticated");
  if (health.found.permitted) add(*health.found.permitted ? "may read" : "may not read");
  if (const auto latency = latency_of(health)) add(fmt::format("first answer after {:.0f} ms", *latency));
  return words;
}

void print_request(const core::RequestLog& request, std::ostream& out) {
  out << fmt::format("         {} {} → {}, {:.0f} ms\n", request.method, request.url, request.status, request.milliseconds);
}

struct Widths {
  std::size_t id = 0;
  std::size_t type = 0;
};

void print_finding(const Finding& finding, const Widths& widths, const SourcesOptions& options, std::ostream& out) {
  const SourceHealth& health = finding.health;
  const char* word = health.error ? "error" : finding.warnings.empty() ? "ok" : "warn";
  std::string what = health.found.system;
  if (!health.found.identity.empty()) what += (what.empty() ? "" : " ") + health.found.identity;
  std::string head =
      fmt::format("{:<5}  {:<{}}  {:<{}}  {}", word, health.id, widths.id, health.type, widths.type, core::printable(what));
  head.erase(head.find_last_not_of(' ') + 1);
  out << head << "\n";
  if (const std::string words = standing(health); !words.empty()) out << "       " << words << "\n";
  if (options.verbose) {
    for (const core::RequestLog& request : health.found.requests) print_request(request, out);
  }
  for (const std::string& warning : finding.warnings) out << "       warning: " << core::printable(warning) << "\n";
  for (const std::string& note : finding.notes) out << "       note: " << core::printable(note) << "\n";
  if (!health.error) return;
  out << fmt::format("       error[{}]: {}\n", health.error->code, core::printable(health.error->message));
  for (const std::string& line : health.error->context) out << "         " << core::printable(line) << "\n";
  if (!health.error->hint.empty()) out << "         = next: " << core::printable(health.error->hint) << "\n";
}

void print_text(const std::vector<Finding>& findings, const SourcesOptions& options, std::ostream& out) {
  Widths widths;
  for (const Finding& finding : findings) {
    widths.id = std::max(widths.id, finding.health.id.size());
    widths.type = std::max(widths.type, finding.health.type.size());
  }
  for (const Finding& finding : findings) print_finding(finding, widths, options, out);
  const auto bad = std::count_if(findings.begin(), findings.end(), [](const Finding& one) { return one.health.error; });
  const auto all = static_cast<std::ptrdiff_t>(findings.size());
  out << fmt::format("\n{} of {} source{} can be asked\n", all - bad, all, all == 1 ? "" : "s");
}

template <typename T>
Json or_null(const std::optional<T>& value) {
  return value ? Json(*value) : Json();
}

Json to_json(const Finding& finding) {
  const SourceHealth& health = finding.health;
  Json out = {{"id", health.id},
              {"type", health.type},
              {"ok", !health.error},
              {"reachable", or_null(health.reachable)},
              {"authenticated", or_null(health.found.authenticated)},
              {"permitted", or_null(health.found.permitted)},
              {"latency_ms", or_null(latency_of(health))},
              {"clock_skew_ms", health.clock_skew ? Json(health.clock_skew->count()) : Json()},
              {"system", health.found.system},
              {"identity", health.found.identity},
              {"warnings", finding.warnings},
              {"notes", finding.notes},
              {"requests", Json::array()},
              {"error", nullptr}};
  for (const core::RequestLog& request : health.found.requests) {
    out["requests"].push_back({{"method", request.method},
                               {"url", request.url},
                               {"status", request.status},
                               {"attempts", request.attempts},
                               {"ms", request.milliseconds}});
  }
  if (health.error) {
    out["error"] = {{"code", health.error->code},
                    {"message", health.error->message},
                    {"hint", health.error->hint},
                    {"context", health.error->context}};
  }
  return out;
}

void print_json(const std::vector<Finding>& findings, int status, World& world) {
  Json out = {{"schema", "release-gate/sources/v1"}, {"exit_code", status}, {"sources", Json::array()}};
  for (const Finding& finding : findings) out["sources"].push_back(to_json(finding));
  world.out << out.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
}

/// RG0006: --only names a source that the file does not have.
std::optional<core::Error> unknown_source(const SourcesOptions& options, const config::Gate& gate) {
  std::vector<std::string> ids;
  for (const config::SourceConfig& source : gate.sources) ids.push_back(source.id);
  for (const std::string& id : options.only) {
    if (std::find(ids.begin(), ids.end(), id) != ids.end()) continue;
    const std::string near = core::nearest(id, ids);
    return core::Error{
        "RG0006",
        fmt::format("there is no source `{}` in the gate file", core::printable(id)),
        near.empty() ? fmt::format("it has {}", core::list_names(ids, "and")) : fmt::format("did you mean `{}`?", near),
        {},
        {}};
  }
  return std::nullopt;
}

int exit_status(const std::vector<SourceHealth>& all) {
  if (const int number = received_signal(); number != 0) return 128 + number;
  const bool bad = std::any_of(all.begin(), all.end(), [](const SourceHealth& health) { return health.error; });
  return bad ? kSourceError : kPass;
}

}  // namespace

int check_sources(const SourcesOptions& options, World& world) {
  const SignalGuard signals;
  const auto deadline = parse_duration_option("--deadline", options.deadline);
  if (!deadline) {
    print_error(deadline.error(), world);
    return kUsage;
  }
  GateOptions gate;
  gate.file = options.check;
  gate.settings = options.settings;
  gate.trust = options.trust;
  const auto input = read_input(gate, Deployment::assumed, world);
  if (!input) return kUsage;
  if (const auto problem = unknown_source(options, input->gate)) {
    print_error(*problem, world);
    return kUsage;
  }
  http::Options client_options = options_for(input->gate);
  client_options.deadline = *deadline;
  http::Client client(std::move(client_options));
  protect_secrets(client, input->gate);
  const Interruptible interruptible(client);
  const auto all = measure::check_health(input->gate, input->plan, client, options.only);
  const int status = exit_status(all);
  const auto findings = findings_of(all, input->gate);
  if (options.format == "json") {
    print_json(findings, status, world);
  } else {
    std::ostringstream out;
    print_text(findings, options, out);
    world.out << core::without_commands(out.str());
  }
  return status;
}

}  // namespace gate::cli
