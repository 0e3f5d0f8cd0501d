#include <fmt/format.h>

#include <algorithm>

#include "cli/bundle.h"
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "cli/history_io.h"
#include "cli/input.h"
#include "cli/publishing.h"
#include "cli/session.h"
#include "cli/signals.h"
#include "cli/write_file.h"
#include "core/text.h"
#include "report/annotations.h"
#include "report/formats.h"
#include "report/log.h"
#include "report/terminal.h"

namespace gate::cli {
namespace {

constexpr const char* kTerminal = "terminal";

std::vector<std::string> format_names() {
  std::vector<std::string> out = {kTerminal};
  for (const report::Format& one : report::formats()) out.emplace_back(one.name);
  return out;
}

struct Target {
  std::string format;
  std::string path;  ///< "-" is standard output
};

/// "FORMAT=PATH"; RG0007 for an unknown format, RG0003 without "=".
core::Result<Target> parse_target(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals + 1 == text.size()) {
    return core::Error{"RG0003",
                       fmt::format("--report {}: a report is given as FORMAT=PATH", core::printable(text)),
                       "for example: --report json=report.json",
                       {},
                       {}};
  }
  Target target{text.substr(0, equals), text.substr(equals + 1)};
  if (target.format == kTerminal || report::find_format(target.format) != nullptr) return target;
  const std::vector<std::string> names = format_names();
  const std::string near = core::nearest(target.format, names);
  return core::Error{"RG0007",
                     fmt::format("--report {}: the format is {}", core::printable(text), core::list_names(names)),
                     near.empty() ? "" : fmt::format("did you mean `{}`?", near),
                     {},
                     {}};
}

core::Result<std::vector<Target>> targets_of(const CheckOptions& options) {
  std::vector<Target> out;
  if (!options.output.quiet) out.push_back({options.output.format, "-"});
  for (const std::string& text : options.output.reports) {
    auto target = parse_target(text);
    if (!target) return target.error();
    // Found before anything is asked: a report that could not be written would be lost.
    if (target->path != "-") {
      if (auto writable = check_writable(target->path); !writable) return writable.error();
    }
    // A report on standard output takes the place of the terminal's, so that it can be piped.
    if (target->path == "-" && !out.empty() && out.front().path == "-") out.erase(out.begin());
    out.push_back(std::move(target).value());
  }
  return out;
}

/// The log of a CI job: nobody sits before it, and lines are searched. Azure Pipelines and TeamCity do not set CI.
bool is_ci_log(const World& world) {
  if (world.out_is_terminal) return false;
  const std::string ci = environment(world, "CI");
  if (!ci.empty()) return ci != "false" && ci != "0";
  return environment(world, "TF_BUILD") == "True" || !environment(world, "TEAMCITY_VERSION").empty();
}

std::string annotations_for(const World& world, const core::Report& report) {
  if (environment(world, "GITHUB_ACTIONS") == "true") return report::annotations(report, report::Pipeline::github);
  if (environment(world, "TF_BUILD") == "True") return report::annotations(report, report::Pipeline::azure);
  return "";
}

/// The report for a person: on standard output as the terminal or the CI log wants it, in a file plain.
std::string for_person(const Target& target, const core::Report& report, const CheckOptions& options, const World& world) {
  const bool to_stdout = target.path == "-";
  const report::Colour colour =
      to_stdout ? colour_for(options.output.no_color, world.out_is_terminal, world) : report::Colour::off;
  const report::Detail detail = options.output.verbose ? report::Detail::full : report::Detail::short_;
  if (to_stdout && is_ci_log(world)) return report::to_log(report, colour, detail) + annotations_for(world, report);
  report::TerminalOptions out;
  out.columns = static_cast<std::size_t>(world.columns);
  out.colour = colour;
  out.detail = detail;
  out.charset = charset_of(world);
  // Nothing is redrawn there, and a URL is copied or clicked.
  out.urls = to_stdout && world.out_is_terminal ? report::Urls::cut : report::Urls::whole;
  return report::to_terminal(report, out);
}

std::string render(const Target& target, const core::Report& report, const CheckOptions& options, const World& world) {
  if (const report::Format* format = report::find_format(target.format)) return format->render(report);
  return for_person(target, report, options, world);
}

/// Writes one report; what goes wrong is told on stderr and never changes the verdict.
bool write(const Target& target, const std::string& text, World& world) {
  if (target.path != "-") {
    const auto written = write_whole(target.path, text);
    if (!written) print_error(written.error(), world);
    return written.ok();
  }
  world.out << text;
  world.out.flush();
  if (world.out.good()) return true;
  print_error({"RG0012", "the report cannot be written to standard output", "the exit code holds the verdict", {}, {}}, world);
  return false;
}

/// After the reports, which must not wait for it. A run that was interrupted says nothing of its release, and is not kept.
bool keep(const Session& session, const CheckOptions& options, World& world) {
  if (!session.history || received_signal() != 0) return true;
  return keep_run(session, options.output.quiet, world);
}

/// The exit code of a run that should have been kept and is not: an error, which a failure still beats.
int without_history(int status, const CheckOptions& options) {
  const bool blocks = !options.exit_zero && options.override_reason.empty();
  return blocks && (status == kPass || status == kInconclusive) ? kSourceError : status;
}

/// What was found missing before anything was asked is told by now; where publishing is required it ends the run.
core::Result<std::optional<Publishing>> publishing_of(const CheckOptions& options, World& world) {
  auto publishing = prepare_publishing(options.publish, world);
  if (!publishing || !publishing.value() || !options.publish.required) return publishing;
  if (publishing.value()->prepared.problems.empty()) return publishing;
  return core::Error{"RG3007",
                     "publishing is required, and what it needs is not there: nothing was asked",
                     "the warnings above say what is missing",
                     {},
                     {}};
}

/// Every report that was written to a file is an output of the step.
publish::Outputs outputs_of(const std::vector<Target>& targets) {
  publish::Outputs out;
  for (const Target& target : targets) {
    if (target.path != "-") out.emplace_back("report-" + target.format, target.path);
  }
  return out;
}

/// The exit code after publishing: `status`, which it was before, unless publishing is required and failed.
int publish_verdict(Publishing& publishing, const Session& session, const CheckOptions& options,
                    const std::vector<Target>& targets, int status, World& world) {
  if (received_signal() != 0) {
    world.err << "interrupted: nothing is published\n";
    return status;
  }
  if (options.publish.comment.empty() && session.input.gate.always_comment)
    publishing.prepared.options.comment = publish::CommentMode::always;
  const Told told = options.output.quiet ? Told::problems : Told::all;
  const bool published = publish(publishing, session.report, outputs_of(targets), told, world);
  if (published || !options.publish.required) return status;
  return status == kPass || status == kInconclusive ? kSourceError : status;
}

}  // namespace

int check(const CheckOptions& options, World& world) {
  const SignalGuard signals;
  const auto targets = targets_of(options);
  if (!targets) {
    print_error(targets.error(), world);
    return kUsage;
  }
  auto publishing = publishing_of(options, world);
  if (!publishing) {
    print_error(publishing.error(), world);
    return kUsage;
  }
  int status = kUsage;
  const auto session = evaluate(options, world, status);
  if (!session) return received_signal() == 0 ? status : 128 + received_signal();
  bool written = true;
  for (const Target& target : *targets)
    written = write(target, render(target, session->report, options, world), world) && written;
  if (!options.record.empty()) {
    const auto kept = write_bundle(options.record, session->record, session->report);
    if (!kept) print_error(kept.error(), world);
    written = written && kept.ok();
  }
  if (!keep(*session, options, world) && options.require_history) status = without_history(status, options);
  if (!written) {
    world.err << core::without_commands(
        fmt::format("verdict: {}: {}\n", core::name(session->report.verdict), core::printable(session->report.headline)));
  }
  if (!publishing.value()) return status;
  return publish_verdict(*publishing.value(), *session, options, *targets, status, world);
}

}  // namespace gate::cli
