#include <catch2/catch.hpp>

#include "serve/ask.h"

using namespace gate::serve;

namespace {

using Texts = std::vector<std::string>;

const Policy kOne{"gate.toml", "", {"deployed_at", "stage", "vars.version"}};
const Policy kMany{"", "/gates", {}};

std::variant<Ask, Refusal> post(Hook hook, const std::string& body, const Policy& policy) {
  return read_ask(hook, "POST", "/", body, policy);
}

}  // namespace

TEST_CASE("names are labels of Kubernetes") {
  for (const char* good : {"a", "checkout", "a-b", "9", "a1-2b"}) CHECK(is_name(good));
  CHECK(is_name(std::string(63, 'a')));
  for (const char* bad : {"", "-a", "a-", "a.b", "A", "a_b", "..", "/", "a/b", "a b", "ä"}) CHECK_FALSE(is_name(bad));
  CHECK_FALSE(is_name(std::string(64, 'a')));
  CHECK_FALSE(is_name(std::string_view("a\0b", 3)));
}

TEST_CASE("what a request sets becomes one argument each") {
  const auto read = post(Hook::rollout, R"({"name":"cart","namespace":"shop","phase":"Progressing","checksum":"1","metadata":
    {"vars.version":"--exit-zero","stage":"canary","deployed_at":"2026-03-17T12:04:00Z"}})",
                         kOne);
  const Ask& ask = std::get<Ask>(read);
  CHECK(ask.canary == "shop/cart");
  CHECK(ask.gates == Texts{"gate.toml"});
  CHECK(ask.arguments == Texts{"--deployed-at=2026-03-17T12:04:00Z", "--stage=canary", "--set=version=--exit-zero"});
}

TEST_CASE("gates by name") {
  const auto gates = [](Hook hook, const std::string& body) { return std::get<Ask>(post(hook, body, kMany)).gates; };
  CHECK(gates(Hook::rollout, R"({"name":"cart","namespace":"shop"})") == Texts{"/gates/shop.cart.toml", "/gates/cart.toml"});
  CHECK(gates(Hook::rollout, R"({"name":"cart","namespace":"shop","metadata":{"gate":"other"}})") ==
        Texts{"/gates/other.toml"});
  CHECK(gates(Hook::rollout, R"({"name":"cart","namespace":"shop","metadata":null})").size() == 2);
  CHECK(gates(Hook::argo_web, R"({"gate":"cart"})") == Texts{"/gates/cart.toml"});
}

TEST_CASE("the query of a GET") {
  const auto ask = [](const std::string& target) { return read_ask(Hook::argo_web, "GET", target, "", kOne); };
  CHECK(std::get<Ask>(ask("/argo-rollouts")).arguments.empty());
  CHECK(std::get<Ask>(ask("/argo-rollouts?stage=can%61ry&&vars.version=1+2%2B3")).arguments ==
        Texts{"--stage=canary", "--set=version=1 2+3"});
  CHECK(std::get<Ask>(ask("/argo-rollouts?vars.version")).arguments == Texts{"--set=version="});
  for (const char* bad :
       {"?stage=%", "?stage=%4", "?stage=%zz", "?stage=a&stage=b", "?gate=x", "?stage=a%2Fb", "?vars.version=%00"}) {
    CAPTURE(bad);
    CHECK(std::get<Refusal>(ask(std::string("/argo-rollouts") + bad)).status == 400);
  }
  CHECK(std::holds_alternative<Refusal>(read_ask(Hook::argo_web, "GET", "/argo-rollouts", "{}", kOne)));
}

TEST_CASE("times and stages") {
  const auto accepted = [](const std::string& key, const std::string& value) {
    const auto read = post(Hook::argo_web, "{\"" + key + "\":\"" + value + "\"}", kOne);
    return std::holds_alternative<Ask>(read);
  };
  for (const char* good : {"now", "1773749040", "1773749040.5", "2026-03-17T12:04:00+01:00", "2026-03-17 12:04:00Z"})
    CHECK(accepted("deployed_at", good));
  for (const char* bad : {"", "--now", "-1", "now;", "1`id`", "tomorrow"}) CHECK_FALSE(accepted("deployed_at", bad));
  CHECK(accepted("stage", "canary_25.a-b"));
  for (const char* bad : {"", "a b", "a/b", "ä"}) CHECK_FALSE(accepted("stage", bad));
}

TEST_CASE("keys that --accept can name") {
  for (const char* good : {"deployed_at", "stage", "vars.version", "vars.a_b-1"}) CHECK(is_acceptable_key(good));
  for (const char* bad : {"", "gate", "vars", "vars.", "vars.a=b", "vars.a b", "now", "Stage"})
    CHECK_FALSE(is_acceptable_key(bad));
}

TEST_CASE("routes") {
  CHECK(std::get<Hook>(route_of("POST", "/flagger/rollback")) == Hook::rollback);
  CHECK(std::get<Hook>(route_of("POST", "/flagger/rollout?x")) == Hook::rollout);
  CHECK(std::get<Hook>(route_of("GET", "/argo-rollouts?gate=a")) == Hook::argo_web);
  CHECK(std::holds_alternative<Health>(route_of("HEAD", "/healthz")));
  CHECK(std::get<Refusal>(route_of("post", "/flagger/rollback")).status == 405);
  CHECK(std::get<Refusal>(route_of("GET", "/flagger/rollback")).allow == "POST");
  CHECK(std::get<Refusal>(route_of("POST", "/flagger/rollback/")).status == 404);
}
