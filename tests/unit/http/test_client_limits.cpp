#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <thread>

#include "asking.h"

using namespace gate::http;
using gate::core::Duration;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

namespace {

std::vector<Request> questions(const Endpoint& endpoint, int count) {
  std::vector<Request> all;
  for (int i = 0; i < count; ++i) all.push_back(question(endpoint, "/" + std::to_string(i)));
  return all;
}

}  // namespace

TEST_CASE("no more questions are under way at one origin than it allows") {
  for (const int limit : {1, 4, 16}) {
    const Loopback server([&server](const std::string&) {
      server.pause(5);
      return http_answer("");
    });
    Endpoint endpoint = endpoint_at(server.url());
    endpoint.concurrency = limit;
    Client client{Options{}};
    for (const Got& got : ask_all(client, questions(endpoint, 64))) REQUIRE(got.status == 200);
    CHECK(server.most_at_once() <= limit);
    CHECK(server.most_at_once() > limit / 2);
    CHECK(server.requests().size() == 64);
  }
}

TEST_CASE("the deadline ends everything, and what was answered before stays") {
  const Loopback server([&server](const std::string& request) {
    if (!request.starts_with("GET /0")) server.pause(20000);
    return http_answer("in time");
  });
  Endpoint endpoint = endpoint_at(server.url());
  endpoint.timeout = Duration(60000);
  Options options;
  options.deadline = Duration(300);
  Client client(options);
  const auto begun = Clock::now();
  const auto all = ask_all(client, questions(endpoint, 40));
  CHECK(Clock::now() - begun < milliseconds(1300));
  CHECK(Clock::now() - begun >= milliseconds(300));
  CHECK(all.front().body == "in time");
  for (std::size_t i = 1; i < all.size(); ++i) REQUIRE(all[i].error.code == "RG1002");
}

TEST_CASE("an interruption ends everything at once, also from another thread") {
  const Loopback server([&server](const std::string&) {
    server.pause(20000);
    return http_answer("");
  });
  Client client{Options{}};
  const Endpoint endpoint = endpoint_at(server.url());
  std::thread other([&] {
    while (server.requests().empty()) std::this_thread::sleep_for(milliseconds(1));
    client.interrupt();
  });
  const auto begun = Clock::now();
  const auto all = ask_all(client, questions(endpoint, 40));
  other.join();
  CHECK(Clock::now() - begun < milliseconds(2000));
  for (const Got& got : all) REQUIRE(got.error.code == "RG1003");
  CHECK(ask(client, question(endpoint, "/after")).error.code == "RG1003");
}

TEST_CASE("an attempt has a time of its own") {
  int asked = 0;
  const Loopback server([&](const std::string&) {
    if (++asked == 1) server.pause(20000);
    return http_answer("second");
  });
  Endpoint endpoint = endpoint_at(server.url());
  endpoint.timeout = Duration(200);
  Client client{Options{}};
  const Got got = ask(client, question(endpoint, "/x"));
  CHECK(got.body == "second");
  CHECK(got.log.attempts == 2);
  CHECK(got.log.milliseconds >= 200.0);
}

TEST_CASE("a rate limit holds all questions to the origin back") {
  std::atomic<int> asked{0};
  const Loopback server([&asked](const std::string&) {
    return ++asked == 1 ? http_answer("", "429 Too Many Requests", "Retry-After: 1\r\n") : http_answer("");
  });
  Endpoint endpoint = endpoint_at(server.url());
  endpoint.concurrency = 1;
  Client client{Options{}};
  const auto begun = Clock::now();
  for (const Got& got : ask_all(client, questions(endpoint, 10))) REQUIRE(got.status == 200);
  CHECK(Clock::now() - begun >= milliseconds(1000));
  CHECK(asked == 11);
}

TEST_CASE("too long a wait is told at once, to everybody") {
  const Loopback server([](const std::string&) { return http_answer("", "429 Too Many Requests", "Retry-After: 3600\r\n"); });
  Endpoint endpoint = endpoint_at(server.url());
  endpoint.concurrency = 1;
  Client client{Options{}};
  const auto begun = Clock::now();
  for (const Got& got : ask_all(client, questions(endpoint, 10))) REQUIRE(got.error.code == "RG1040");
  CHECK(Clock::now() - begun < milliseconds(1000));
  CHECK(server.requests().size() == 1);
}

TEST_CASE("addresses where clouds hand out credentials are refused to files that are not trusted") {
  Options options;
  options.addresses = AddressPolicy::no_metadata_direct;
  Client client(options);
  for (const char* url : {"http://169.254.169.254/", "http://[fe80::1]/", "http://[fd00:ec2::254]/", "http://[fd00:ec2::23]/",
                          "http://[fd20:ce::254]/", "http://[::ffff:169.254.169.254]/", "http://[64:ff9b::a9fe:a9fe]/",
                          "http://100.100.100.200/", "http://168.63.129.16/"}) {
    INFO(url);
    CHECK(ask(client, question(endpoint_at(url), "/latest/meta-data")).error.code == "RG1053");
  }
  const Loopback server([](const std::string&) { return http_answer("fine"); });
  CHECK(ask(client, question(endpoint_at(server.url()), "/")).body == "fine");
}

TEST_CASE("what was recorded is replayed without the server") {
  std::string pattern = (std::filesystem::temp_directory_path() / "release-gate-client-XXXXXX").string();
  const std::string folder = ::mkdtemp(pattern.data());
  std::string url;
  std::vector<Got> live;
  {
    const Loopback server([](const std::string& request) {
      if (request.starts_with("GET /0")) return std::string();
      return http_answer("the-token", request.starts_with("GET /1") ? "404 Not Found" : "200 OK");
    });
    url = server.url();
    auto tape = Tape::open(folder, TapeMode::record);
    REQUIRE(tape.ok());
    Options options;
    options.tape = &tape.value();
    Client client(options);
    Endpoint endpoint = endpoint_at(url);
    endpoint.retries = 0;
    endpoint.bearer = gate::core::Secret("the-token", "env T");
    live = ask_all(client, questions(endpoint, 3));
  }
  auto tape = Tape::open(folder, TapeMode::replay);
  REQUIRE(tape.ok());
  Options options;
  options.tape = &tape.value();
  Client client(options);
  const auto again = ask_all(client, questions(endpoint_at(url), 4));
  for (std::size_t i = 0; i < live.size(); ++i) {
    CHECK(again[i].status == live[i].status);
    CHECK(again[i].body == live[i].body);
    CHECK(again[i].error.code == live[i].error.code);
    CHECK(again[i].error.message == live[i].error.message);
    CHECK(again[i].error.context == live[i].error.context);
    CHECK(again[i].log.milliseconds == live[i].log.milliseconds);
  }
  CHECK(live[0].error.code == "RG1023");
  CHECK(live[1].status == 404);
  CHECK(live[2].body == "***");
  CHECK(again[3].error.code == "RG1082");
  std::filesystem::remove_all(folder);
}
