#include <catch2/catch.hpp>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "http/client.h"
#include "http/task.h"

using gate::core::Duration;
using gate::http::Client;
using gate::http::Options;
using gate::http::Task;

namespace {

Task<int> number(int value) {
  co_return value;
}

Task<std::unique_ptr<std::string>> boxed(std::string text) {
  co_return std::make_unique<std::string>(std::move(text));
}

Task<int> throwing(const char* words) {
  if (words != nullptr) throw std::runtime_error(words);
  co_return 0;
}

Task<int> sum(int depth) {
  if (depth == 0) co_return 0;
  Task<int> below = sum(depth - 1);
  const int rest = co_await below;
  co_return rest + depth;
}

Task<int> failing(int depth) {
  Task<int> below = depth == 0 ? throwing("from the bottom") : failing(depth - 1);
  co_return co_await below;
}

/// Counts how many of it are alive.
struct Counted {
  explicit Counted(int& count) : alive(count) { ++alive; }
  ~Counted() { --alive; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  int& alive;
};

Task<int> holding(int& alive, Client& client, Duration pause) {
  const Counted counted(alive);
  Task<void> nap = client.sleep(pause);
  co_await nap;
  co_return alive;
}

template <typename T>
Task<void> into(Task<T> task, T& out) {
  out = co_await task;
}

template <typename T>
T result_of(Task<T> task) {
  Client client{Options{}};
  T out{};
  std::vector<Task<void>> tasks;
  tasks.push_back(into(std::move(task), out));
  client.run(std::move(tasks));
  return out;
}

}  // namespace

TEST_CASE("a task gives its value, also one that can only be moved") {
  CHECK(result_of(number(42)) == 42);
  CHECK(*result_of(boxed("text")) == "text");
  CHECK(result_of(sum(500)) == 125250);
}

TEST_CASE("an exception of a task is thrown where it is awaited") {
  CHECK_THROWS_WITH(result_of(throwing("broken")), "broken");
  CHECK_THROWS_WITH(result_of(failing(50)), "from the bottom");
}

TEST_CASE("a task runs only when it is awaited, and its frame ends with it") {
  Client client{Options{}};
  int alive = 0;
  {
    const Task<int> never = holding(alive, client, Duration(0));
    CHECK(alive == 0);
  }
  CHECK(alive == 0);
  CHECK(result_of(number(1)) == 1);
}

TEST_CASE("a task is moved, never copied, and moving ends what was there") {
  static_assert(!std::is_copy_constructible_v<Task<int>>);
  static_assert(std::is_nothrow_move_constructible_v<Task<int>>);
  Task<int> one = number(1);
  Task<int> two = number(2);
  one = std::move(two);
  CHECK(result_of(std::move(one)) == 2);
}

TEST_CASE("tasks of one run go side by side") {
  Client client{Options{}};
  int alive = 0;
  std::vector<int> most(20, 0);
  std::vector<Task<void>> tasks;
  for (int& seen : most) tasks.push_back(into(holding(alive, client, Duration(30)), seen));
  const auto begun = std::chrono::steady_clock::now();
  client.run(std::move(tasks));
  CHECK(std::chrono::steady_clock::now() - begun < std::chrono::milliseconds(500));
  CHECK(most.front() == 20);
  CHECK(alive == 0);
}

TEST_CASE("the deadline and an interruption end a wait") {
  Options options;
  options.deadline = Duration(50);
  Client late(options);
  int alive = 0;
  CHECK_THROWS_AS(
      [&] {
        std::vector<Task<void>> tasks;
        tasks.push_back(late.sleep(Duration(60000)));
        late.run(std::move(tasks));
      }(),
      gate::core::SourceError);
  CHECK(late.time_left() == Duration(0));

  Client stopped{Options{}};
  stopped.interrupt();
  std::string code;
  std::vector<Task<void>> tasks;
  tasks.push_back([](Client& client, std::string& out) -> Task<void> {
    try {
      Task<void> nap = client.sleep(Duration(60000));
      co_await nap;
    } catch (const gate::core::SourceError& error) {
      out = error.error().code;
    }
  }(stopped, code));
  stopped.run(std::move(tasks));
  CHECK(code == "RG1003");
  CHECK(alive == 0);
}
