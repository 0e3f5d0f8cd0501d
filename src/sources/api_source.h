// ApiSource: a source behind a vendor's API over HTTP. A vendor gives the requests of a question and what their answers mean;
// what all have in common is here.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sources/api_caller.h"
#include "sources/source.h"

namespace gate::sources {

/// One measure that a vendor's source knows. `unit` as core::parse_unit reads it, "" when it depends.
struct ApiMeasure {
  std::string_view name;
  std::string_view natural_kind;  ///< "value", "samples", "ratio", "count" or "status"
  std::string_view unit;
  std::string_view doc;
};

/// nullptr when there is none of that name.
const ApiMeasure* find_measure(std::span<const ApiMeasure> measures, std::string_view name);

/// "what is measured: incidents, time_to_resolve, …" for the key `measure`. Lives as long as the program.
std::string_view measures_doc(std::span<const ApiMeasure> measures);

/// The kind and the unit that `query`'s measure, or `usual` where it names none, has by nature.
core::QueryFacts measure_facts(std::span<const ApiMeasure> measures, const core::Settings& query, std::string_view usual = "");

/// RG1911: `measure` is missing, or none of these.
void check_measure(core::Diagnostics& diagnostics, std::string_view system, std::span<const ApiMeasure> measures,
                   const core::Settings& query);

/// RG1910: a mistake in the keys of a question or a source, at the place of `key` (or of the table, when it is absent).
void add_key_error(core::Diagnostics& diagnostics, const core::Settings& settings, std::string_view key, std::string message,
                   std::string hint);

/// RG1910: `key` is there, which the measure `measure` does not take.
void refuse_key(core::Diagnostics& diagnostics, const core::Settings& query, std::string_view key, std::string_view measure);

/// RG1910: `key` is there, and is neither `one` nor `other`. `more` is added to the hint that names these two.
void check_word(core::Diagnostics& diagnostics, const core::Settings& settings, std::string_view key, std::string_view one,
                std::string_view other, std::string_view more = "");

/// Whether `text` is of digits, and of nothing else.
bool is_digits(std::string_view text);
/// RG1910: `key` is there, and is not the number of a thing, such as `example`.
void check_number(core::Diagnostics& diagnostics, const core::Settings& query, std::string_view key, std::string_view example);

/// RG1910: `key` is there, and names no time zone.
void check_zone(core::Diagnostics& diagnostics, const core::Settings& settings, std::string_view key);

class ApiSource : public Source {
 public:
  ApiSource(const ApiSystem& system, http::Endpoint endpoint, const core::Settings& settings, const SourceContext& context);

  /// Remembers the first question.
  void prepare(std::span<const Question* const> questions) override;
  /// Authorizes, then lets the vendor's fetch() fill the answer. Throws core::SourceError.
  http::Task<core::Answer> ask(const Question& question) final;
  /// Authorizes, and sends probe(): an answer of 2xx is a credential that was accepted, and a permission that is there.
  http::Task<void> health(Health& found) override;

 protected:
  /// Gets a token where one has to be fetched first. By default there is nothing to do.
  virtual http::Task<void> authorize(core::Answer& answer);
  /// Fills `answer`, to which both outlive the task: series, absence, notes, `asked`, `graph_url`.
  virtual http::Task<void> fetch(core::Answer& answer, const Question& question) = 0;
  /// The cheapest request that needs the credential.
  [[nodiscard]] virtual http::Request probe() const = 0;

  ApiCaller& caller() { return caller_; }
  [[nodiscard]] const ApiCaller& caller() const { return caller_; }
  [[nodiscard]] const core::Settings& settings() const { return settings_; }
  /// What the run asks first: for a probe() that needs to know what the source is asked about. nullptr when it asks nothing.
  [[nodiscard]] const Question* first_question() const { return first_question_; }
  /// Its keys; none when it asks nothing.
  [[nodiscard]] const core::Settings& first_query() const;

 private:
  ApiCaller caller_;
  core::Settings settings_;
  const Question* first_question_ = nullptr;
};

}  // namespace gate::sources
