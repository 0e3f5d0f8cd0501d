#include "publish/sticky.h"

#include <catch2/catch.hpp>
#include <optional>

#include "fake_store.h"

using namespace gate::publish;
using gate::publish::test::FakeStore;
namespace core = gate::core;
namespace http = gate::http;

namespace {

const std::string kMarker = "<!-- release-gate:g -->\n";
const std::string kHead(40, 'a');
const std::string kOlder(40, 'b');

std::string body_of(const History& history) {
  return kMarker + history_line(history, "") + "\n" + history_state(history);
}

Draft draft(char key, const std::string& commit = kHead) {
  Draft out;
  out.gate_name = "g";
  out.run = {"fail", commit, std::string(16, key)};
  out.text = body_of;
  return out;
}

Comment comment_of(std::int64_t id, char key, const std::string& commit = kHead) {
  return {id, body_of(with_run({}, {"pass", commit, std::string(16, key)})), "url"};
}

struct Done {
  std::optional<Written> written;
  std::optional<core::Error> error;
};

http::Task<void> run_stick(http::Client& client, FakeStore& store, const Draft& what, Done& done) {
  try {
    http::Task<Written> writing = stick(client, store, what);
    done.written = co_await writing;
  } catch (const core::SourceError& problem) {
    done.error = problem.error();
  }
}

Done stuck(FakeStore& store, const Draft& what) {
  http::Client client(http::Options{});
  Done done;
  std::vector<http::Task<void>> tasks;
  tasks.push_back(run_stick(client, store, what, done));
  client.run(std::move(tasks));
  return done;
}

using Log = std::vector<std::string>;

}  // namespace

TEST_CASE("none is there: one is made") {
  FakeStore store;
  const Done done = stuck(store, draft('1'));
  CHECK(done.written->what == Written::What::created);
  CHECK(store.log == Log{"list", "create 101", "list"});
  CHECK(done.written->history.runs == 1);
}

TEST_CASE("none is there and none is wanted") {
  FakeStore store;
  Draft quiet = draft('1');
  quiet.only_update = true;
  CHECK(stuck(store, quiet).written->what == Written::What::not_needed);
  CHECK(store.log == Log{"list"});
}

TEST_CASE("one is there: it is edited, or left as it is") {
  FakeStore store;
  store.comments = {comment_of(5, '1')};
  const Done done = stuck(store, draft('2'));
  CHECK(done.written->what == Written::What::updated);
  CHECK(done.written->history.runs == 2);
  CHECK(store.log == Log{"list", "update 5"});
  CHECK(stuck(store, draft('2')).written->what == Written::What::unchanged);
  CHECK(store.log == Log{"list", "update 5", "list"});
}

TEST_CASE("several are there: the oldest stays") {
  FakeStore store;
  store.comments = {comment_of(9, '3'), comment_of(5, '1'), {7, "of a person", ""}, comment_of(8, '2')};
  stuck(store, draft('4'));
  CHECK(store.log == Log{"list", "update 5", "remove 8", "remove 9"});
  CHECK(store.comments.size() == 2);
}

TEST_CASE("a race that an older comment wins: our text goes there, and ours away") {
  FakeStore store;
  store.made_by_a_racer = {comment_of(50, '1')};
  const Done done = stuck(store, draft('2'));
  CHECK(done.written->what == Written::What::updated);
  CHECK(store.log == Log{"list", "create 101", "list", "update 50", "remove 101"});
  CHECK(done.written->history.runs == 2);
}

TEST_CASE("a race that we win: others bring theirs here") {
  FakeStore store;
  store.made_by_a_racer = {comment_of(150, '1')};
  CHECK(stuck(store, draft('2')).written->what == Written::What::created);
  CHECK(store.log == Log{"list", "create 101", "list"});
}

TEST_CASE("an answer that was lost") {
  FakeStore made;
  made.on_create = {"lost"};
  CHECK(stuck(made, draft('1')).written->what == Written::What::created);
  CHECK(made.log == Log{"list", "create 101", "list"});
  FakeStore dropped;
  dropped.on_create = {"dropped"};
  CHECK(stuck(dropped, draft('1')).written->what == Written::What::created);
  CHECK(dropped.log == Log{"list", "create 101", "list", "list", "create 102", "list"});
  FakeStore never;
  never.on_create = {"dropped", "dropped", "dropped", "dropped", "dropped"};
  const Done done = stuck(never, draft('1'));
  REQUIRE(done.error);
  CHECK(done.error->code == "RG1023");
}

TEST_CASE("one that vanishes before it is edited is made anew") {
  FakeStore store;
  store.comments = {comment_of(5, '1')};
  store.vanishes = true;
  CHECK(stuck(store, draft('2')).written->what == Written::What::created);
  CHECK(store.log == Log{"list", "update 5", "list", "create 101", "list"});
}

TEST_CASE("a commit that is not the newest") {
  FakeStore store;
  store.head = kHead;
  store.comments = {comment_of(5, '1', kHead)};
  CHECK(stuck(store, draft('2', kOlder)).written->what == Written::What::outdated);
  CHECK(store.log == Log{"list"});
  // Nobody has told of the newest yet: an older one is better than a still older one.
  store.comments = {comment_of(5, '1', kOlder)};
  CHECK(stuck(store, draft('2', kOlder)).written->what == Written::What::updated);
}

TEST_CASE("a request at another commit than the one that is required") {
  FakeStore store;
  store.head = kHead;
  Draft required = draft('1');
  required.head = kOlder;
  const Done done = stuck(store, required);
  REQUIRE(done.error);
  CHECK(done.error->code == "RG3004");
  CHECK(store.comments.empty());
  store.head.clear();
  CHECK(stuck(store, required).error->code == "RG3004");
}
