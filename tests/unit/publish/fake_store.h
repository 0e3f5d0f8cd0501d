// A store of comments in memory, with accidents to order.
#pragma once

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "publish/sticky.h"

namespace gate::publish::test {

class FakeStore : public CommentStore {
 public:
  std::vector<Comment> comments;
  std::string head;
  std::vector<std::string> log;       ///< "list", "create 7", "update 7", "remove 7"
  std::deque<std::string> on_create;  ///< for each create in turn: "", "lost" (made, and the answer lost), "dropped" (not made)
  std::vector<Comment> made_by_a_racer;  ///< appear when we create
  bool vanishes = false;                 ///< what is updated is not there any more

  http::Task<Listing> list() override {
    log.emplace_back("list");
    Listing out{comments, head};
    co_return out;
  }
  http::Task<Comment> create(std::string body) override {
    std::string accident;
    if (!on_create.empty()) accident = std::exchange(on_create.front(), ""), on_create.pop_front();
    for (Comment& racer : made_by_a_racer) comments.push_back(std::move(racer));
    made_by_a_racer.clear();
    Comment made{++next_, std::move(body), "url"};
    log.push_back("create " + std::to_string(made.id));
    if (accident != "dropped") comments.push_back(made);
    if (!accident.empty()) {
      core::Error error{"RG1023", "the connection was closed", "", {}, {}};
      throw core::SourceError(std::move(error));
    }
    co_return made;
  }
  http::Task<bool> update(std::int64_t id, std::string body) override {
    log.push_back("update " + std::to_string(id));
    for (Comment& one : comments) {
      if (one.id != id) continue;
      if (std::exchange(vanishes, false)) {
        std::erase_if(comments, [&](const Comment& other) { return other.id == id; });
        co_return false;
      }
      one.body = std::move(body);
      co_return true;
    }
    co_return false;
  }
  http::Task<void> remove(std::int64_t id) override {
    log.push_back("remove " + std::to_string(id));
    std::erase_if(comments, [&](const Comment& one) { return one.id == id; });
    co_return;
  }

 private:
  std::int64_t next_ = 100;
};

}  // namespace gate::publish::test
