#include "sources/junit/decode.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/text.h"
#include "sources/xml.h"

namespace gate::sources::junit {
namespace {

constexpr char kBorder = '\n';

/// "1,234.567" of older Surefires, with their separators for thousands.
std::string without_separators(std::string text) {
  const std::size_t point = std::min(text.find('.'), text.size());
  bool is_grouped = text.find(',') < point && text.find(',') <= 3;
  for (std::size_t at = text.find(','); is_grouped && at < point; at += 4) {
    is_grouped = text[at] == ',' && at + 4 <= point;
  }
  if (is_grouped) std::erase(text, ',');
  return text;
}

/// A suite that is open: what it says of itself, and what was found in it.
struct Suite {
  std::string name;
  std::string place;
  double declared = 0.0;  ///< failures and errors
  double listed = 0.0;
};

class Handler final : public XmlHandler {
 public:
  Handler(JunitReport& report, const std::string& file) : report_(report), file_(file) {}

  void open(std::string_view name, const XmlAttributes& attributes) override {
    if (++depth_ == 1 && name != "testsuites" && name != "testsuite") {
      throw_wrong_form(place(), fmt::format("it is no test report: its root is `{}`", core::printable(name)),
                       "JUnit XML begins with <testsuites> or <testsuite>");
    }
    if (name == "testsuites" || name == "testsuite") {
      open_suite(attributes);
    } else if (name == "testcase") {
      open_test(attributes);
    } else if (in_test_) {
      take_result(name);
    }
  }

  void close(std::string_view name) override {
    --depth_;
    if (name == "testcase") close_test();
    if (name == "testsuites" || name == "testsuite") close_suite();
  }

 private:
  double number(const XmlAttributes& attributes, std::string_view key) const {
    const auto text = attributes.find(key);
    if (!text || text->empty()) return 0.0;
    return amount_of(without_separators(std::string(*text)), fmt::format("`{}`", key), place());
  }

  void open_suite(const XmlAttributes& attributes) {
    suites_.push_back({attributes.text("name"), place(), number(attributes, "failures") + number(attributes, "errors"), 0.0});
    const auto written = core::parse_time(attributes.text("timestamp"));
    if (written) report_.made_at(*written);
  }

  void open_test(const XmlAttributes& attributes) {
    in_test_ = true;
    current_ = {};
    key_ = fmt::format("{}{}{}{}{}.{}", file_, kBorder, suites_.empty() ? "" : suites_.back().name, kBorder,
                       attributes.text("classname"), attributes.text("name"));
    current_.seconds = number(attributes, "time");
  }

  void take_result(std::string_view name) {
    if (name == "failure" || name == "error") current_.failures = 1;
    if (name == "skipped") current_.skips = 1;
    if (name == "flakyFailure" || name == "flakyError") current_.retried = true;
  }

  void close_test() {
    in_test_ = false;
    if (current_.failures > 0) {
      current_.skips = 0;
      for (Suite& suite : suites_) suite.listed += 1.0;
    }
    Test& test = report_.tests[key_];
    test.passes += current_.failures == 0 && current_.skips == 0 ? 1 : 0;
    test.failures += current_.failures;
    test.skips += current_.skips;
    test.retried = test.retried || current_.retried;
    test.seconds += current_.seconds;
  }

  /// A suite that broke before its tests began counts an error that no test has.
  void close_suite() {
    const Suite suite = std::move(suites_.back());
    suites_.pop_back();
    if (suite.declared <= suite.listed) return;
    throw_wrong_content(suite.place,
                        fmt::format("the suite `{}` counts {} failures and errors, and lists {}",
                                    core::shorten(core::printable(suite.name), 80), suite.declared, suite.listed),
                        "the suite itself broke, or the report was cut: what it does not list cannot be judged");
  }

  JunitReport& report_;
  const std::string& file_;
  std::vector<Suite> suites_;
  std::string key_;
  Test current_;
  bool in_test_ = false;
  int depth_ = 0;
};

Measured share(std::size_t passed, std::size_t failed) {
  if (passed + failed == 0) return Measured::none("every test was skipped");
  return Measured::one(100.0 * static_cast<double>(passed) / static_cast<double>(passed + failed));
}

std::string named(const std::vector<std::string>& names) {
  constexpr std::size_t kMost = 5;
  std::string out;
  for (std::size_t i = 0; i < std::min(names.size(), kMost); ++i) {
    out += (i == 0 ? "" : ", ") + core::shorten(core::printable(names[i]), 120);
  }
  if (names.size() > kMost) out += fmt::format(" and {} more", names.size() - kMost);
  return out;
}

Measured count(const std::vector<std::string>& names, std::string_view what) {
  Measured out = Measured::one(static_cast<double>(names.size()));
  if (!names.empty()) out.notes.push_back(fmt::format("{}: {}", what, named(names)));
  return out;
}

}  // namespace

std::string JunitReport::name_of(const std::string& key) {
  std::string name = key.substr(key.rfind(kBorder) + 1);
  if (name.starts_with('.')) name.erase(0, 1);
  return name;
}

std::vector<std::string> JunitReport::failed() const {
  std::vector<std::string> out;
  for (const auto& [key, test] : tests) {
    if (test.result() == Result::failed) out.push_back(name_of(key));
  }
  return out;
}

std::unique_ptr<const Report> read(std::vector<WorkspaceFile>& files, std::uint64_t max_bytes) {
  auto report = std::make_unique<JunitReport>();
  for (WorkspaceFile& one : files) {
    Handler handler(*report, one.path);
    read_xml(one, max_bytes, handler);
  }
  return report;
}

Measured measure(const ReportQuestion& question, const Report& report, const Report* before) {
  const auto& all = static_cast<const JunitReport&>(report);
  if (all.tests.empty()) return Measured::none("no test ran");
  std::size_t passed = 0;
  std::size_t skipped = 0;
  double seconds = 0.0;
  std::vector<std::string> flaky;
  for (const auto& [key, test] : all.tests) {
    passed += test.result() == Result::passed ? 1 : 0;
    skipped += test.result() == Result::skipped ? 1 : 0;
    if (test.is_flaky()) flaky.push_back(JunitReport::name_of(key));
    seconds += test.seconds;
  }
  std::vector<std::string> failed = all.failed();
  if (question.measure == "pass_rate") return share(passed, failed.size());
  if (question.measure == "failed") return count(failed, "failed");
  if (question.measure == "flaky") return count(flaky, "failed first and passed then");
  if (question.measure == "new_failed") {
    const std::vector<std::string> old = static_cast<const JunitReport&>(*before).failed();
    const std::set<std::string> known(old.begin(), old.end());
    std::erase_if(failed, [&](const std::string& name) { return known.contains(name); });
    return count(failed, "failed, and did not before");
  }
  if (question.measure == "passed") return Measured::one(static_cast<double>(passed));
  if (question.measure == "skipped") return Measured::one(static_cast<double>(skipped));
  if (question.measure == "duration") return Measured::one(seconds);
  return Measured::one(static_cast<double>(all.tests.size()));
}

}  // namespace gate::sources::junit
