// Sticky: one comment a gate, edited in place, whoever hosts it and however many runs race. Knows no API: that is a store's.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "http/client.h"
#include "publish/history.h"

namespace gate::publish {

struct Comment {
  std::int64_t id = 0;
  std::string body;
  std::string url;
};

struct Listing {
  /// Those of our own account that may be edited, on all pages; of a later one the id is larger.
  std::vector<Comment> own;
  std::string head;  ///< the commit that the pull or merge request is at, "" when unknown
};

/// Where comments are. Everything throws core::SourceError for what cannot be done.
class CommentStore {
 public:
  CommentStore() = default;
  CommentStore(const CommentStore&) = delete;
  CommentStore& operator=(const CommentStore&) = delete;
  virtual ~CommentStore() = default;
  virtual http::Task<Listing> list() = 0;
  /// Never asked twice by the store itself: an answer that was lost may have come of a comment that was made.
  virtual http::Task<Comment> create(std::string body) = 0;
  /// False when there is no such comment any more.
  virtual http::Task<bool> update(std::int64_t id, std::string body) = 0;
  /// One that is gone already is none to remove.
  virtual http::Task<void> remove(std::int64_t id) = 0;
};

/// What is to be written.
struct Draft {
  std::string gate_name;
  PastRun run;
  std::string head;          ///< the commit that must be the pull or merge request's, "" when that is not to be checked
  bool only_update = false;  ///< where there is no comment, none is made
  std::function<std::string(const History&)> text;
};

struct Written {
  enum class What { created, updated, unchanged, not_needed, outdated } what = What::not_needed;
  std::string url;
  History history;  ///< with this run
};

/// Leaves exactly one comment of the gate: the oldest of ours with its marker is edited, others of ours are removed, none makes
/// a new one. Of runs that race to make it, those that see an older comment than their own bring their text there and take
/// their own away. After an answer that was lost the comment is looked for before it is made again. A run of a commit that the
/// request has moved on from leaves the verdict of the newer commit alone (What::outdated). RG3004: the request is not at
/// `draft.head`.
http::Task<Written> stick(http::Client& client, CommentStore& store, const Draft& draft);

}  // namespace gate::publish
