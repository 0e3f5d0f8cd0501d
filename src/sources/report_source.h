// ReportSource: a source that measures reports of tools, one number a question, each set of files read once. A format (JUnit,
// SARIF, …) gives two functions: what is in the files, and what a measure of that is. Not for logs: those are the file
// source's.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sources/source.h"
#include "sources/workspace_file.h"

namespace gate::sources {

/// What was read of one set of files. Each format derives its own.
struct Report {
  Report() = default;
  virtual ~Report() = default;
  Report(const Report&) = delete;
  Report& operator=(const Report&) = delete;

  /// One of its files says that it was made at `time`.
  void made_at(core::Time time) {
    newest = std::max(newest.value_or(time), time);
    oldest = std::min(oldest.value_or(time), time);
  }

  std::optional<core::Time> newest;  ///< when it was made, by its own words; absent when it does not say
  std::optional<core::Time> oldest;  ///< when the oldest of its files was
  std::vector<std::string> notes;    ///< what the reader should know, whatever is asked
};

/// One measure that a format knows. `unit` as core::parse_unit reads it.
struct MeasureSpec {
  std::string_view name;
  std::string_view unit;
  std::string_view doc;
  /// It is a comparison with the baseline's files itself, and means nothing on that side. Some reports may have compared
  /// themselves.
  enum class Compares { no, needs_baseline, may_have_compared } compares = Compares::no;
};

/// What was measured. No value is no data, and `absence` says why in one clause.
struct Measured {
  std::map<std::string, double> values;  ///< by the value of `each`; of "" when one was asked for
  std::string absence;
  std::vector<std::string> notes;
  std::optional<core::FindingSet> findings{};  ///< where the question wants them

  static Measured one(double value) { return {{{"", value}}, "", {}, {}}; }
  static Measured none(std::string why) { return {{}, std::move(why), {}, {}}; }
};

struct ReportQuestion {
  std::string measure;
  std::string each;             ///< "" or one of ReportType::each
  const core::Settings& query;  ///< the format's own keys
  core::Time as_of;             ///< for what expires: the release, or when the report was made, by its own words or by its file
  bool wants_findings = false;  ///< beside the number, what it is made of
};

/// A kind of report: everything that is its own.
struct ReportType {
  std::string_view type;
  std::string_view title;
  std::string_view noun;  ///< "test report", for messages
  std::vector<MeasureSpec> measures;
  std::vector<core::KeySpec> source_keys;  ///< besides those that all have
  std::vector<core::KeySpec> query_keys;
  std::vector<std::string_view> each;  ///< what `each` may name
  std::string_view source_example;
  std::string_view example;
  std::uint64_t max_bytes = std::uint64_t{256} << 20;
  bool finds = false;  ///< its measures are of findings, which can be told apart by identity
  /// Reads the files, whose `sha256` it fills. Throws core::SourceError.
  std::unique_ptr<const Report> (*read)(std::vector<WorkspaceFile>& files, const Workspace& workspace,
                                        const core::Settings& source) = nullptr;
  /// Takes `question.measure` from `report`. `before` is the baseline's report for measures that compare, else nullptr. Throws
  /// core::SourceError.
  Measured (*measure)(const ReportQuestion& question, const Report& report, const Report* before) = nullptr;
  /// Offline: what is wrong with the format's own keys; may be nullptr.
  core::Diagnostics (*check)(const core::Settings& query) = nullptr;
  core::Diagnostics (*check_source)(const core::Settings& settings) = nullptr;
};

/// For RG1505 and RG1506: reports a mistake in the keys of a question or a source.
void report_key(core::Diagnostics& diagnostics, std::string code, std::string message, std::string hint,
                const core::Location& place);

class ReportSource : public Source {
 public:
  ReportSource(const ReportType& type, std::string id, const core::Settings& settings, const SourceContext& context);

  /// Throws core::SourceError: RG1401, RG1403, RG1414, RG1501 to RG1507.
  http::Task<core::Answer> ask(const Question& question) override;
  [[nodiscard]] std::vector<PlannedRequest> preview(const Question& question) const override;
  void prepare(std::span<const Question* const> questions) override;
  /// Whether the files are there, inside of the root and small enough: how many, how large, how old. Nothing in them is looked
  /// at.
  http::Task<void> health(Health& found) override;

 private:
  /// One set of files, read: or what was in the way.
  struct Loaded {
    std::vector<WorkspaceFile> files;
    std::unique_ptr<const Report> report;
    std::optional<core::Error> error;
  };

  const Loaded& load(const std::string& pattern);
  void compute(const Question& question, core::Answer& answer);
  void log_files(const Loaded& loaded, core::Answer& answer) const;
  [[nodiscard]] std::string staleness(const Loaded& loaded, const Question& question) const;
  [[nodiscard]] std::string identity(const Question& question) const;
  [[nodiscard]] std::string described(const Question& question) const;
  [[nodiscard]] Workspace workspace() const;
  void check_each(const Question& question) const;

  const ReportType& type_;
  std::string id_;
  core::Settings settings_;
  SourceContext context_;
  std::map<std::string, Loaded> loaded_;  ///< by their pattern
  std::vector<std::string> patterns_;
};

/// Parts of report_source_type().
core::SourceTypeSpec report_spec(const ReportType& type);
core::QueryFacts report_facts(const ReportType& type, const core::Settings& query);
core::Diagnostics check_report_query(const ReportType& type, const core::Settings& query);

/// The one of its kind.
template <ReportType (*kMake)()>
const ReportType& report_type_of() {
  static const ReportType type = kMake();
  return type;
}

/// The registry's entry of a format.
template <ReportType (*kMake)()>
SourceType report_source_type() {
  constexpr auto kOf = report_type_of<kMake>;
  SourceType out;
  out.spec = report_spec(kOf());
  out.spec.facts = [](const core::Settings& query) { return report_facts(kOf(), query); };
  out.check_source = kOf().check_source;
  out.check_query = [](const core::Settings& query, const core::Settings& /*source*/) {
    return check_report_query(kOf(), query);
  };
  out.make = [](const std::string& id, const core::Settings& settings,
                const SourceContext& context) -> std::unique_ptr<Source> {
    return std::make_unique<ReportSource>(kOf(), id, settings, context);
  };
  return out;
}

}  // namespace gate::sources
