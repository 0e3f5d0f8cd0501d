#include "serve/answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>

namespace gate::serve {
namespace {

constexpr int kRetryAfter_s = 5;

/// What the hooks that promote are told; the rollback hook swaps the two that are proven.
unsigned status_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
    case Verdict::warn:
      return 200;
    case Verdict::fail:
      return 412;
    case Verdict::inconclusive:
    case Verdict::pending:
      return 425;
    case Verdict::unusable:
      return 422;
    case Verdict::error:
    case Verdict::unfinished:
      return 424;
  }
  return 424;
}

unsigned rollback_status_of(Verdict verdict) {
  if (verdict == Verdict::fail) return 200;
  const unsigned status = status_of(verdict);
  return status == 200 ? 412 : status;
}

/// "FAIL checkout: p95 latency +40 %": one line.
std::string line_of(const Outcome& outcome) {
  std::string verdict = name(outcome.verdict);
  std::transform(verdict.begin(), verdict.end(), verdict.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return fmt::format("{}{}{}: {}", verdict, outcome.gate.empty() ? "" : " ", outcome.gate, outcome.headline);
}

Answer argo_answer(const Outcome& outcome) {
  const bool is_said = status_of(outcome.verdict) == 200 || outcome.verdict == Verdict::fail ||
                       outcome.verdict == Verdict::inconclusive || outcome.verdict == Verdict::pending;
  std::string result = "error";
  if (is_said) result = outcome.verdict == Verdict::fail ? "fail" : "inconclusive";
  if (status_of(outcome.verdict) == 200) result = "pass";
  const nlohmann::ordered_json body = {
      {"result", result},
      {"verdict", name(outcome.verdict)},
      {"gate", outcome.gate.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(outcome.gate)},
      {"headline", outcome.headline},
      {"exit_code", outcome.exit_code},
      {"metrics", outcome.blocking},
      {"due", outcome.due.empty() ? nlohmann::ordered_json() : nlohmann::ordered_json(outcome.due)}};
  Answer answer;
  answer.status = is_said ? 200 : status_of(outcome.verdict);
  answer.words = line_of(outcome);
  answer.content_type = "application/json";
  answer.body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  return answer;
}

}  // namespace

Answer answer_for(Hook hook, const Outcome& outcome) {
  if (hook == Hook::argo_web) return argo_answer(outcome);
  Answer answer;
  const bool rolls_back = hook == Hook::rollback && outcome.verdict == Verdict::fail;
  answer.status = hook == Hook::rollback ? rollback_status_of(outcome.verdict) : status_of(outcome.verdict);
  const std::string lead = hook != Hook::rollback ? "" : rolls_back ? "rollback: " : "no rollback: ";
  answer.words = lead + line_of(outcome);
  answer.body = answer.words + "\n";
  return answer;
}

Answer answer_for(const Refusal& refusal) {
  Answer answer;
  answer.status = refusal.status;
  answer.words = refusal.reason;
  answer.body = answer.words + "\n";
  answer.allow = refusal.allow;
  return answer;
}

Answer answer_healthy() {
  Answer answer;
  answer.status = 200;
  answer.body = "ok\n";
  return answer;
}

Answer answer_busy() {
  Answer answer = answer_for(Refusal{503, "as many evaluations run as may; ask again", ""});
  answer.retry_after_s = kRetryAfter_s;
  return answer;
}

Answer answer_unauthorized() {
  Answer answer = answer_for(Refusal{401, "the token is missing or not the right one", ""});
  answer.challenges = true;
  return answer;
}

}  // namespace gate::serve
