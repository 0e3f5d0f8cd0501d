#include "publish/parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/text.h"

namespace gate::publish {

std::span<const Target> targets() {
  static const std::vector<Target> kTargets = {
      {"github", "comment, check run and step summary", {Part::github_comment, Part::github_check, Part::github_summary}},
      {"github-comment", "the comment on the pull request", {Part::github_comment}},
      {"github-check", "a check run with annotations", {Part::github_check}},
      {"github-status", "a commit status", {Part::github_status}},
      {"github-summary", "step summary and outputs; asks nobody", {Part::github_summary}},
      {"gitlab", "the note on the merge request", {Part::gitlab_note}},
      {"gitlab-note", "the same", {Part::gitlab_note}},
      {"gitlab-status", "a commit status", {Part::gitlab_status}},
      {"slack", "a message to an incoming webhook", {Part::slack}},
      {"teams", "a card to a workflow's webhook", {Part::teams}},
      {"webhook", "the JSON report, signed", {Part::webhook}},
  };
  return kTargets;
}

std::string_view name(Part part) {
  switch (part) {
    case Part::github_comment:
      return "github-comment";
    case Part::github_check:
      return "github-check";
    case Part::github_status:
      return "github-status";
    case Part::github_summary:
      return "github-summary";
    case Part::gitlab_note:
      return "gitlab-note";
    case Part::gitlab_status:
      return "gitlab-status";
    case Part::slack:
      return "slack";
    case Part::teams:
      return "teams";
    case Part::webhook:
      break;
  }
  return "webhook";
}

core::Result<std::vector<Part>> parse_targets(const std::vector<std::string>& texts) {
  std::set<Part> chosen;
  for (const std::string& text : texts) {
    std::size_t start = 0;
    while (start <= text.size()) {
      const std::size_t comma = std::min(text.find(',', start), text.size());
      const std::string word = text.substr(start, comma - start);
      start = comma + 1;
      const auto all = targets();
      const auto found = std::find_if(all.begin(), all.end(), [&](const Target& one) { return one.name == word; });
      if (found != all.end()) {
        chosen.insert(found->parts.begin(), found->parts.end());
        continue;
      }
      std::vector<std::string> names;
      for (const Target& one : all) names.emplace_back(one.name);
      const std::string near = core::nearest(word, names);
      return core::Error{
          "RG0008",
          fmt::format("\"{}\" is nothing to publish to: there are {}", core::printable(word), core::list_names(names, "and")),
          near.empty() ? "several are given with commas between: github,slack" : fmt::format("did you mean `{}`?", near),
          {},
          {}};
    }
  }
  return std::vector<Part>(chosen.begin(), chosen.end());
}

}  // namespace gate::publish
