#include "publish/publish.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <functional>
#include <utility>

#include "core/text.h"
#include "publish/comment.h"
#include "publish/github.h"
#include "publish/gitlab.h"
#include "publish/webhook.h"

namespace gate::publish {
namespace {

bool wants(const Prepared& prepared, Part part) {
  const auto& parts = prepared.options.parts;
  return std::find(parts.begin(), parts.end(), part) != parts.end();
}

/// What all parts of one run share.
struct Run {
  const Prepared& prepared;
  const core::Report& report;
  http::Client& client;
  Outcome outcome;
  bool kept_out = false;  ///< GitHub's token is read-only, as we knew it might be
  bool no_comment = false;
  History history;  ///< of the comment on GitHub, for the summary

  void note(const std::string& text) { outcome.notes.push_back(core::printable(text)); }
  void note(std::string_view who, std::string_view what, const std::string& url) {
    note(fmt::format("{}: {}{}{}", who, what, url.empty() ? "" : ", ", url));
  }
  void problem(core::Error error) { outcome.problems.push_back(std::move(error)); }
};

/// A task that ends with its exceptions turned into problems.
http::Task<void> guarded(Run& run, std::function<http::Task<void>(Run&)> part) {
  core::Error error;
  try {
    http::Task<void> doing = part(run);
    co_await doing;
    co_return;
  } catch (const core::SourceError& problem) {
    error = problem.error();
  } catch (const std::exception& bug) {
    error = {
        "RG9001", std::string("internal error while publishing: ") + bug.what(), "this is a bug: please report it", {}, {}};
  }
  run.problem(std::move(error));
}

std::string_view words_of(Written::What what) {
  switch (what) {
    case Written::What::created:
      return "comment made";
    case Written::What::updated:
      return "comment updated";
    case Written::What::unchanged:
      return "comment is as it should be";
    case Written::What::not_needed:
      return "no comment: everything passes, and there is none to update";
    case Written::What::outdated:
      break;
  }
  return "comment left alone: it tells of a newer commit";
}

Draft draft_of(const Run& run, const std::string& commit, const std::string& head, const std::string& url) {
  Draft draft;
  draft.gate_name = run.report.gate_name;
  draft.run = run_of(run.report, commit);
  draft.head = head;
  draft.only_update = run.prepared.options.comment == CommentMode::quiet && run.report.verdict == core::Verdict::pass;
  draft.text = [&report = run.report, url, mode = run.prepared.options.comment](const History& history) {
    return comment_text(report, history, url, mode);
  };
  return draft;
}

http::Task<void> github_comment(Run& run) {
  const GithubPlace& place = *run.prepared.github;
  if (!place.run.pull_request) {
    run.note("github: no comment: this run is not of a pull request (--pull-request names one)");
    co_return;
  }
  GithubComments comments(run.client, place);
  const Draft draft = draft_of(run, place.run.sha, place.run.expected_head, place.run.report_url);
  std::optional<core::Error> refusal;
  try {
    http::Task<Written> writing = stick(run.client, comments, draft);
    const Written done = co_await writing;
    run.history = done.history;
    run.note("github", words_of(done.what), done.url);
  } catch (const core::SourceError& problem) {
    refusal = problem.error();
  }
  if (!refusal) co_return;
  run.no_comment = true;
  if (refusal->code != "RG1103" || place.run.read_only.empty()) throw core::SourceError(*refusal);
  run.kept_out = true;
}

/// A personal token may make no check run at all, so that a status stands in for it.
http::Task<void> github_check(Run& run) {
  const GithubPlace& place = *run.prepared.github;
  std::optional<core::Error> refusal;
  try {
    http::Task<Posted> posting =
        post_check(run.client, place, run.report, path_in_repository(run.prepared.surroundings, run.report.gate_file));
    const Posted posted = co_await posting;
    run.note("github", posted.what, posted.url);
  } catch (const core::SourceError& problem) {
    refusal = problem.error();
  }
  if (!refusal) co_return;
  if (refusal->code != "RG1103") throw core::SourceError(*refusal);
  if (!place.run.read_only.empty()) {
    run.kept_out = true;
    co_return;
  }
  bool stands_in = true;
  try {
    http::Task<Posted> posting = post_status(run.client, place, run.report);
    co_await posting;
  } catch (const core::SourceError&) {
    stands_in = false;
  }
  if (!stands_in) throw core::SourceError(*refusal);
  run.note("github: commit status set, since the token may make no check run");
}

http::Task<void> github_status(Run& run) {
  const GithubPlace& place = *run.prepared.github;
  http::Task<Posted> posting = post_status(run.client, place, run.report);
  const Posted posted = co_await posting;
  run.note("github", posted.what, posted.url);
}

http::Task<void> gitlab_note(Run& run) {
  const GitlabPlace& place = *run.prepared.gitlab;
  if (!place.merge_request) {
    run.note("gitlab: no note: this pipeline is not of a merge request (--pull-request names one)");
    co_return;
  }
  GitlabNotes notes(run.client, place);
  const Draft draft = draft_of(run, place.sha, place.expected_head, place.report_url);
  http::Task<Written> writing = stick(run.client, notes, draft);
  const Written done = co_await writing;
  run.note("gitlab", words_of(done.what), done.url);
}

http::Task<void> gitlab_status(Run& run) {
  http::Task<void> posting = post_gitlab_status(run.client, *run.prepared.gitlab, run.report);
  co_await posting;
  run.note("gitlab: commit status set");
}

http::Task<void> slack(Run& run) {
  http::Task<void> posting =
      post_slack(run.client, *run.prepared.slack, slack_message(run.report, run.prepared.github_run.report_url));
  co_await posting;
  run.note("slack: message sent");
}

http::Task<void> teams(Run& run) {
  http::Task<void> posting =
      post_teams(run.client, *run.prepared.teams, teams_message(run.report, run.prepared.github_run.report_url));
  co_await posting;
  run.note("teams: card sent");
}

http::Task<void> webhook(Run& run) {
  const core::Time now = std::chrono::floor<core::Duration>(std::chrono::system_clock::now());
  http::Task<void> posting = post_webhook(run.client, *run.prepared.webhook, run.prepared.webhook_secret, run.report, now);
  co_await posting;
  run.note("webhook: report sent");
}

std::string notice_of(const Run& run) {
  if (!run.no_comment) return "";
  if (run.kept_out) {
    return fmt::format("No comment: {} token is read-only. The verdict and exit code are unchanged.",
                       run.prepared.github_run.read_only);
  }
  return "No comment: it could not be written, and the log says why. The verdict and exit code are unchanged.";
}

/// Whether the summary of the step could be written.
bool write_runner_files(Run& run, const Outputs& more) {
  const GithubRun& github = run.prepared.github_run;
  const std::string summary = variable(run.prepared.surroundings, "GITHUB_STEP_SUMMARY");
  const std::string output = variable(run.prepared.surroundings, "GITHUB_OUTPUT");
  bool is_written = false;
  if (!summary.empty()) {
    const std::string text = summary_text(run.report, run.history, github.report_url, notice_of(run)) + "\n";
    const auto done = append_to(summary, text, kMostSummaryBytes);
    if (done) run.note("github: step summary written");
    if (!done) run.problem(done.error());
    is_written = done.ok();
  }
  if (!output.empty()) {
    const auto text = outputs_text(outputs_of(run.report, more), new_delimiter());
    const auto done = text ? append_to(output, *text, kMostOutputBytes) : text.error();
    if (!done) run.problem(done.error());
  }
  return is_written;
}

core::Error read_only(const GithubRun& github) {
  return {"RG1103",
          fmt::format("github: nothing was written: {} token is read-only", github.read_only),
          "publish from a second workflow (workflow_run), or add the target github-summary",
          {},
          {}};
}

}  // namespace

Prepared prepare(Options options, Surroundings surroundings) {
  Prepared out;
  out.options = std::move(options);
  out.surroundings = std::move(surroundings);
  out.github_run = github_run(out.surroundings, out.options);
  const auto take = [&out](auto& slot, auto found) {
    if (found) {
      slot = std::move(found).value();
    } else {
      out.problems.push_back(found.error());
    }
  };
  const auto wants_any = [&out](std::initializer_list<Part> parts) {
    return std::any_of(parts.begin(), parts.end(), [&](Part part) { return wants(out, part); });
  };
  if (wants_any({Part::github_comment, Part::github_check, Part::github_status}))
    take(out.github, github_place(out.surroundings, out.options));
  if (wants_any({Part::gitlab_note, Part::gitlab_status})) take(out.gitlab, gitlab_place(out.surroundings, out.options));
  if (wants(out, Part::slack)) take(out.slack, hook_of(out.surroundings, "slack", "SLACK_WEBHOOK_URL"));
  if (wants(out, Part::teams)) take(out.teams, hook_of(out.surroundings, "teams", "TEAMS_WEBHOOK_URL"));
  if (wants(out, Part::webhook)) {
    auto secret = secret_of(out.surroundings, "webhook", {"RELEASE_GATE_WEBHOOK_SECRET"},
                            "the receiver verifies the signature with it: any long random text");
    if (secret) take(out.webhook, hook_of(out.surroundings, "webhook", "RELEASE_GATE_WEBHOOK_URL"));
    take(out.webhook_secret, std::move(secret));
  }
  return out;
}

Outcome publish(const Prepared& prepared, const core::Report& report, http::Client& client, const Outputs& more) {
  Run run{prepared, report, client, {}, false, false, {}};
  run.no_comment = wants(prepared, Part::github_comment) && !prepared.github && prepared.github_run.pull_request;
  std::vector<http::Task<void>> tasks;
  const auto add = [&](Part part, bool is_prepared, http::Task<void> (*task)(Run&)) {
    if (is_prepared && wants(prepared, part)) tasks.push_back(guarded(run, task));
  };
  add(Part::github_comment, prepared.github.has_value(), github_comment);
  add(Part::github_check, prepared.github.has_value(), github_check);
  add(Part::github_status, prepared.github.has_value(), github_status);
  add(Part::gitlab_note, prepared.gitlab.has_value(), gitlab_note);
  add(Part::gitlab_status, prepared.gitlab.has_value(), gitlab_status);
  add(Part::slack, prepared.slack.has_value(), slack);
  add(Part::teams, prepared.teams.has_value(), teams);
  add(Part::webhook, prepared.webhook.has_value(), webhook);
  if (!tasks.empty()) client.run(std::move(tasks));
  const bool in_summary = wants(prepared, Part::github_summary) && write_runner_files(run, more);
  if (run.kept_out && in_summary)
    run.note(fmt::format("github: {} token is read-only: the report is in the step summary", prepared.github_run.read_only));
  if (run.kept_out && !in_summary) run.problem(read_only(prepared.github_run));
  return std::move(run.outcome);
}

}  // namespace gate::publish
