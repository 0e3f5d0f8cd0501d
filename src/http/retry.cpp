#include "http/retry.h"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace gate::http {
namespace {

constexpr core::Duration kBase{200};
constexpr core::Duration kCap{5000};
constexpr double kFarthestSeconds = 1e8;

std::optional<double> number(const std::string& text) {
  double value = 0.0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size() || !std::isfinite(value) || value < 0.0) return std::nullopt;
  return value;
}

core::Time after(core::Time now, double seconds) {
  return now + core::Duration(static_cast<std::int64_t>(std::ceil(std::min(seconds, kFarthestSeconds) * 1000.0)));
}

std::optional<core::Time> http_date(const Headers& headers, const std::string& name) {
  const auto found = headers.find(name);
  if (found == headers.end()) return std::nullopt;
  const time_t date = curl_getdate(found->second.c_str(), nullptr);
  if (date == -1) return std::nullopt;
  return core::Time(std::chrono::seconds(date));
}

std::optional<core::Time> retry_after(const Headers& headers, core::Time now) {
  const auto found = headers.find("retry-after");
  if (found == headers.end()) return std::nullopt;
  if (const auto seconds = number(found->second)) return after(now, *seconds);
  const auto date = http_date(headers, "retry-after");
  if (!date) return std::nullopt;
  return now + std::max(core::Duration(0), *date - http_date(headers, "date").value_or(now));
}

std::optional<core::Time> rate_limit_reset(const std::string& text, core::Time now) {
  const auto value = number(text);
  if (!value) return std::nullopt;
  if (*value <= 1e9) return after(now, *value);
  const double milliseconds = *value > 1e14 ? *value / 1000.0 : *value > 1e12 ? *value : *value * 1000.0;
  if (milliseconds > 1e14) return std::nullopt;
  return std::max(now, core::Time(core::Duration(static_cast<std::int64_t>(std::ceil(milliseconds)))));
}

/// The server says that it did not begin.
bool is_untouched_status(int status) {
  return status == 408 || status == 425 || status == 429;
}

bool is_retried_status(int status) {
  return is_untouched_status(status) || (status >= 500 && status <= 599 && status != 501 && status != 505);
}

bool may_ask_again(const RetryInput& input) {
  if (input.attempt > input.retries) return false;
  switch (input.failure) {
    case Failure::permanent:
      return false;
    case Failure::connect:
      return true;
    case Failure::transfer:
      return input.idempotent;
    case Failure::none:
      break;
  }
  return is_retried_status(input.status) && (input.idempotent || is_untouched_status(input.status));
}

}  // namespace

std::optional<core::Time> answered_at(const Headers& headers) {
  return http_date(headers, "date");
}

std::optional<core::Time> asked_wait(int status, const Headers& headers, core::Time now) {
  if (!is_retried_status(status)) return std::nullopt;
  if (const auto time = retry_after(headers, now)) return time;
  if (status != 429) return std::nullopt;
  for (const char* name : {"x-ratelimit-reset", "ratelimit-reset"}) {
    if (const auto found = headers.find(name); found != headers.end()) {
      if (const auto time = rate_limit_reset(found->second, now)) return time;
    }
  }
  return std::nullopt;
}

core::Duration backoff(int attempt, double random) {
  const int doublings = std::clamp(attempt - 1, 0, 10);
  const core::Duration ceiling = std::min(kCap, kBase * (1 << doublings));
  return core::Duration(static_cast<std::int64_t>(random * static_cast<double>(ceiling.count())));
}

RetryDecision decide_retry(const RetryInput& input) {
  const bool asked = input.failure == Failure::none && is_retried_status(input.status) && input.asked;
  if (asked && *input.asked >= input.deadline) return {RetryAction::rate_limited, *input.asked};
  if (!may_ask_again(input)) return {RetryAction::stop, input.now};
  const core::Duration pause = backoff(input.attempt, input.random);
  if (asked) return {RetryAction::wait, *input.asked + pause < input.deadline ? *input.asked + pause : *input.asked};
  const core::Time until = input.now + pause;
  return {until >= input.deadline ? RetryAction::stop : RetryAction::wait, until};
}

}  // namespace gate::http
