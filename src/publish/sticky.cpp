#include "publish/sticky.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/text.h"
#include "publish/ask.h"
#include "publish/comment.h"

namespace gate::publish {
namespace {

/// Each round ends with a comment, or sees one vanish or a request lost.
constexpr int kMostRounds = 5;
constexpr core::Duration kPause{500};

std::vector<Comment> with_marker(Listing& listing, const std::string& gate_name) {
  std::vector<Comment> out = std::move(listing.own);
  std::erase_if(out, [&](const Comment& one) { return !has_marker(one.body, gate_name); });
  std::stable_sort(out.begin(), out.end(), [](const Comment& a, const Comment& b) { return a.id < b.id; });
  const auto twice = std::unique(out.begin(), out.end(), [](const Comment& a, const Comment& b) { return a.id == b.id; });
  out.erase(twice, out.end());
  return out;
}

/// The comment tells of `run`, whoever wrote it there.
bool tells_of(const Comment& comment, const PastRun& run) {
  const History history = read_history(comment.body);
  return std::any_of(history.latest_first.begin(), history.latest_first.end(),
                     [&](const PastRun& one) { return one.key == run.key; });
}

/// What is there is of the newest commit, and we are not.
bool is_outdated(const History& there, const Listing& listing, const Draft& draft) {
  if (listing.head.empty() || draft.run.commit.empty() || there.latest_first.empty()) return false;
  return draft.run.commit != listing.head && there.latest_first.front().commit == listing.head;
}

core::Error moved_on(const Draft& draft, const std::string& head) {
  return {"RG3004",
          fmt::format("the pull or merge request is at {}, not at {}",
                      head.empty() ? "a commit that is not known" : core::printable(head), draft.head),
          "nothing is written there: the report is of another commit, or names another request",
          {},
          {}};
}

/// What came of trying to make a comment.
struct Made {
  std::optional<Comment> comment;
  std::optional<core::Error> lost;  ///< why it is not known whether it was made
};

http::Task<Made> try_create(CommentStore& store, std::string body) {
  Made made;
  try {
    http::Task<Comment> creating = store.create(std::move(body));
    made.comment = co_await creating;
  } catch (const core::SourceError& problem) {
    if (!is_ambiguous(problem.error())) throw;
    made.lost = problem.error();
  }
  co_return made;
}

Written written(Written::What what, const Comment& comment, History history) {
  return {what, comment.url, std::move(history)};
}

}  // namespace

http::Task<Written> stick(http::Client& client, CommentStore& store, const Draft& draft) {
  std::optional<core::Error> lost;
  for (int round = 0; round < kMostRounds; ++round) {
    http::Task<Listing> listed = store.list();
    Listing listing = co_await listed;
    if (!draft.head.empty() && listing.head != draft.head) {
      core::Error error = moved_on(draft, listing.head);
      throw core::SourceError(std::move(error));
    }
    std::vector<Comment> ours = with_marker(listing, draft.gate_name);
    if (ours.empty() && draft.only_update) co_return written(Written::What::not_needed, {}, with_run({}, draft.run));
    if (ours.empty()) {
      http::Task<Made> creating = try_create(store, draft.text(with_run({}, draft.run)));
      Made made = co_await creating;
      lost = made.lost;
      if (lost) {
        http::Task<void> pause = client.sleep(kPause);
        co_await pause;
      }
      http::Task<Listing> listed_again = store.list();
      Listing now = co_await listed_again;
      if (made.comment) now.own.push_back(*made.comment);
      ours = with_marker(now, draft.gate_name);
      if (ours.empty()) continue;
      // Others that see ours as the oldest bring theirs here; some may have done so already.
      if (tells_of(ours.front(), draft.run))
        co_return written(Written::What::created, ours.front(), read_history(ours.front().body));
    }
    const Comment& kept = ours.front();
    const History there = read_history(kept.body);
    if (is_outdated(there, listing, draft)) co_return written(Written::What::outdated, kept, there);
    History history = with_run(there, draft.run);
    std::string body = draft.text(history);
    const bool is_same = same_text(body, kept.body);
    bool is_there = is_same;
    if (!is_same) {
      http::Task<bool> updating = store.update(kept.id, std::move(body));
      is_there = co_await updating;
    }
    if (!is_there) continue;
    for (std::size_t i = 1; i < ours.size(); ++i) {
      http::Task<void> removing = store.remove(ours[i].id);
      co_await removing;
    }
    co_return written(is_same ? Written::What::unchanged : Written::What::updated, kept, std::move(history));
  }
  core::Error error = lost.value_or(core::Error{
      "RG3003", "the comment vanishes as soon as it is made", "does another program remove comments of this account?", {}, {}});
  throw core::SourceError(std::move(error));
}

}  // namespace gate::publish
