// The table of docs/serve-hook.md: every verdict for every hook.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "serve/answer.h"

using gate::serve::answer_for;
using gate::serve::Hook;
using gate::serve::Outcome;
using gate::serve::Verdict;

namespace {

struct Row {
  Verdict verdict;
  unsigned promoting;
  unsigned rollback;
  unsigned argo;
  const char* result;
};

const Row kTable[] = {
    {Verdict::pass, 200, 412, 200, "pass"},
    {Verdict::warn, 200, 412, 200, "pass"},
    {Verdict::fail, 412, 200, 200, "fail"},
    {Verdict::inconclusive, 425, 425, 200, "inconclusive"},
    {Verdict::pending, 425, 425, 200, "inconclusive"},
    {Verdict::error, 424, 424, 424, "error"},
    {Verdict::unusable, 422, 422, 422, "error"},
    {Verdict::unfinished, 424, 424, 424, "error"},
};

Outcome outcome(Verdict verdict) {
  Outcome out;
  out.verdict = verdict;
  out.gate = "shop";
  out.headline = "p95 is \"up\"";
  return out;
}

}  // namespace

TEST_CASE("status by hook and verdict") {
  for (const Row& row : kTable) {
    CAPTURE(name(row.verdict));
    for (const Hook hook : {Hook::confirm_rollout, Hook::pre_rollout, Hook::rollout, Hook::confirm_traffic_increase,
                            Hook::confirm_promotion, Hook::post_rollout})
      CHECK(answer_for(hook, outcome(row.verdict)).status == row.promoting);
    CHECK(answer_for(Hook::rollback, outcome(row.verdict)).status == row.rollback);
    const auto argo = answer_for(Hook::argo_web, outcome(row.verdict));
    CHECK(argo.status == row.argo);
    const auto body = nlohmann::json::parse(argo.body);
    CHECK(body.at("result") == row.result);
    CHECK(body.at("headline") == "p95 is \"up\"");
  }
}

TEST_CASE("bodies are one line that says what was decided") {
  CHECK(answer_for(Hook::rollout, outcome(Verdict::fail)).body == "FAIL shop: p95 is \"up\"\n");
  CHECK(answer_for(Hook::rollback, outcome(Verdict::fail)).body == "rollback: FAIL shop: p95 is \"up\"\n");
  CHECK(answer_for(Hook::rollback, outcome(Verdict::pass)).body == "no rollback: PASS shop: p95 is \"up\"\n");
  Outcome nameless = outcome(Verdict::unusable);
  nameless.gate.clear();
  CHECK(answer_for(Hook::rollout, nameless).body == "UNUSABLE: p95 is \"up\"\n");
}

TEST_CASE("refusals") {
  CHECK(gate::serve::answer_unauthorized().challenges);
  CHECK(gate::serve::answer_unauthorized().status == 401);
  CHECK(gate::serve::answer_busy().status == 503);
  CHECK(gate::serve::answer_busy().retry_after_s == 5);
  CHECK(answer_for(gate::serve::Refusal{405, "no", "POST"}).allow == "POST");
}
