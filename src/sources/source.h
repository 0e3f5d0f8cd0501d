// Source: one system that answers questions about metrics. A new one is a folder here, a line in registry.cpp, scenarios and a
// doc page. Nothing here judges: a source hands out what it was told, with what was missing or odd about it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/question.h"
#include "core/result.h"
#include "core/samples.h"
#include "core/settings.h"
#include "core/time.h"
#include "http/client.h"

namespace gate::sources {

using core::Question;
using core::Shape;

/// A request as `release-gate plan` shows it; nothing is sent.
struct PlannedRequest {
  std::string method;  ///< "POST", or "READ" for files
  std::string target;  ///< path, or file name pattern
  std::string text;    ///< the question in the system's own language
  std::string when{};  ///< its times as they are sent: "start=… end=… step=60"; "" when `text` says it all
};

/// What `release-gate sources --check` finds out. A source fills it step by step: what was found before an error stands.
struct Health {
  std::string system;                      ///< "Prometheus 2.42.0", "" when it does not say
  std::string identity;                    ///< "as jane@example.com", "" when there is none
  std::optional<bool> authenticated;       ///< whether the credential was accepted; absent: there is none, or it cannot be told
  std::optional<bool> permitted;           ///< whether it may read what the gate's questions need; absent: it cannot be told
  std::vector<std::string> notes;          ///< a permission that no question needs, a time zone, how old the files are
  std::vector<core::RequestLog> requests;  ///< those that were answered, the cheapest first
};

/// Hands the requests of `answer` over to `found` when it goes out of scope, by an error or otherwise.
class KeepRequests {
 public:
  KeepRequests(core::Answer& answer, Health& found) : answer_(answer), found_(found) {}
  ~KeepRequests() { found_.requests = std::move(answer_.requests); }
  KeepRequests(const KeepRequests&) = delete;
  KeepRequests& operator=(const KeepRequests&) = delete;

 private:
  core::Answer& answer_;
  Health& found_;
};

/// What a source needs from the run.
struct SourceContext {
  http::Client* client = nullptr;  ///< absent for `plan`, which only previews
  http::Tape* tape = nullptr;      ///< for sources that do not speak HTTP: what they read is put there, or taken from there
  std::string directory;           ///< of the gate file: relative paths start here
  /// The keys of another source of the file; nullptr for an unknown one. Outlives the source.
  std::function<const core::Settings*(std::string_view id)> settings_of;
  std::string within{};  ///< files outside of this folder are not read, links followed; "" allows all
};

class Source {
 public:
  Source() = default;
  virtual ~Source() = default;
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;

  /// All questions of this run, before the first is asked: for a source that can answer many in one pass. They outlive the
  /// source.
  virtual void prepare(std::span<const Question* const> questions) { (void)questions; }
  /// The answer to `question`, which outlives the task. Throws core::SourceError when there is none; an answer without a series
  /// means that the system has no data, which is no error.
  virtual http::Task<core::Answer> ask(const Question& question) = 0;
  /// The requests that ask() would send. Throws core::SourceError where ask() would and send none: no such step.
  [[nodiscard]] virtual std::vector<PlannedRequest> preview(const Question& question) const = 0;
  /// "Prometheus 2.42.0" for the evidence; "" when the system does not say. Never throws SourceError.
  virtual http::Task<std::string> version();
  /// Asks the cheapest question that needs the credentials, and whether they are enough for the questions given to prepare(),
  /// and fills `found`, which outlives the task. Throws core::SourceError with the sentence for the first thing that is wrong:
  /// not reachable, not authenticated, a permission missing. By default: what version() says.
  virtual http::Task<void> health(Health& found);
};

/// A kind of source: what it says of itself, and how one is made from its settings.
struct SourceType {
  core::SourceTypeSpec spec;
  /// Offline: what is wrong with the settings of a source (a URL that is none, keys that exclude each other).
  core::Diagnostics (*check_source)(const core::Settings& settings) = nullptr;
  /// Offline: what is wrong with a question's keys (both or none of two keys, a query that cannot be parsed).
  core::Diagnostics (*check_query)(const core::Settings& query, const core::Settings& source) = nullptr;
  std::unique_ptr<Source> (*make)(const std::string& id, const core::Settings& settings,
                                  const SourceContext& context) = nullptr;
};

/// SourceType::check_query where reading a question's keys with `kRead(query, diagnostics)` is all of the check.
template <auto kRead>
core::Diagnostics check_by_reading(const core::Settings& query, const core::Settings& /*source*/) {
  core::Diagnostics diagnostics;
  (void)kRead(query, diagnostics);
  return diagnostics;
}

/// SourceType::check_source, likewise.
template <auto kRead>
core::Diagnostics check_by_reading(const core::Settings& settings) {
  return check_by_reading<kRead>(settings, {});
}

/// Every type of source, in the order of the documentation. The one place that names them all.
std::span<const SourceType> registry();
/// nullptr when there is no such type.
const SourceType* find_type(std::string_view type);

}  // namespace gate::sources
