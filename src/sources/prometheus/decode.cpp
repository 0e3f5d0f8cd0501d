#include "sources/prometheus/decode.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <utility>

namespace gate::sources::prometheus {
namespace {

namespace json = simdjson::ondemand;

/// Leaves the decoder for the one place that turns it into a Result.
struct DecodeFailure {
  core::Error error;
};

[[noreturn]] void fail(std::string code, std::string message, std::string hint = "") {
  throw DecodeFailure{{std::move(code), std::move(message), std::move(hint), {}, {}}};
}

[[noreturn]] void wrong_form(std::string_view what) {
  fail("RG1203", fmt::format("the answer is not one of the Prometheus API: {}", what),
       "does `url` point at Prometheus itself, and not at a dashboard or a proxy's page?");
}

/// JSON does not say which of two equal keys counts, so an answer with two can be read to mean anything.
void only_once(bool& seen, std::string_view what) {
  if (std::exchange(seen, true)) wrong_form(fmt::format("`{}` comes twice", what));
}

json::object object_of(json::value value, std::string_view what) {
  if (value.type() != json::json_type::object) wrong_form(fmt::format("`{}` is not an object", what));
  return value.get_object();
}

json::array array_of(json::value value, std::string_view what) {
  if (value.type() != json::json_type::array) wrong_form(fmt::format("`{}` is not an array", what));
  return value.get_array();
}

std::string string_of(json::value value, std::string_view what) {
  if (value.type() != json::json_type::string) wrong_form(fmt::format("`{}` is not a string", what));
  return std::string(std::string_view(value.get_string()));
}

/// "1.5", "NaN", "+Inf".
std::optional<double> parse_number(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(text.starts_with("+-") ? 0 : 1);
  double number = 0.0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

double number_of(std::string_view text) {
  const auto number = parse_number(text);
  if (!number) {
    fail("RG1313", fmt::format("a value is {} bytes of text that are no number", text.size()),
         "Prometheus writes numbers as strings such as \"1.5\", \"NaN\" or \"+Inf\"");
  }
  return *number;
}

core::Time time_of(double seconds) {
  constexpr double kMostSeconds = 1e11;
  if (!std::isfinite(seconds) || std::abs(seconds) > kMostSeconds) wrong_form("a time is out of range");
  return core::Time(core::Duration(std::llround(seconds * 1000.0)));
}

void check_ascending(const core::Series& series) {
  const std::size_t count = series.times.size();
  if (count > 1 && series.times[count - 1] <= series.times[count - 2]) {
    fail("RG1312", "the times of a series do not ascend", "the server or a proxy between mixed answers up");
  }
}

/// [1795458300, "0.75"]
void read_point(json::value value, core::Series& series) {
  json::array pair = array_of(value, "value");
  int position = 0;
  for (json::value part : pair) {
    if (position == 0) {
      if (part.type() != json::json_type::number) wrong_form("a time is not a number");
      series.times.push_back(time_of(part.get_double()));
    } else if (position == 1) {
      if (part.type() != json::json_type::string) wrong_form("a value is not a string");
      series.values.push_back(number_of(std::string_view(part.get_string())));
    }
    ++position;
  }
  if (position != 2) wrong_form("a point is not a pair of a time and a value");
  check_ascending(series);
}

core::Labels read_labels(json::value value) {
  core::Labels labels;
  for (auto field : object_of(value, "metric")) {
    std::string name(std::string_view(field.unescaped_key()));
    const bool is_new = labels.emplace(std::move(name), string_of(field.value(), "metric")).second;
    if (!is_new) wrong_form("a label comes twice");
  }
  return labels;
}

double text_number(json::value value, std::string_view what) {
  if (value.type() != json::json_type::string) wrong_form(fmt::format("`{}` is not a string", what));
  return number_of(std::string_view(value.get_string()));
}

/// [boundary rule, "lower", "upper", "count"]. Which of its ends belongs to a bucket matters to no interval.
core::Bucket read_bucket(json::value value) {
  core::Bucket bucket;
  int position = 0;
  for (json::value part : array_of(value, "bucket")) {
    if (position == 1) bucket.lower = text_number(part, "bucket");
    if (position == 2) bucket.upper = text_number(part, "bucket");
    if (position == 3) bucket.count = text_number(part, "bucket");
    ++position;
  }
  if (position != 4 || !(bucket.lower < bucket.upper)) wrong_form("a bucket is not a rule, two ascending bounds and a count");
  return bucket;
}

/// [1795458300, {"count": "3", "sum": "0.4", "buckets": […]}]
void read_histogram(json::value value, core::Series& series) {
  int position = 0;
  for (json::value part : array_of(value, "histogram")) {
    if (position == 0) {
      if (part.type() != json::json_type::number) wrong_form("a time is not a number");
      series.times.push_back(time_of(part.get_double()));
    } else if (position == 1) {
      std::vector<core::Bucket>& buckets = series.histograms.emplace_back();
      for (auto field : object_of(part, "histogram")) {
        if (std::string_view(field.unescaped_key()) != "buckets") continue;
        for (json::value bucket : array_of(field.value(), "buckets")) buckets.push_back(read_bucket(bucket));
      }
      series.values.push_back(std::accumulate(buckets.begin(), buckets.end(), 0.0,
                                              [](double sum, const core::Bucket& bucket) { return sum + bucket.count; }));
    }
    ++position;
  }
  if (position != 2) wrong_form("a histogram is not a pair of a time and its buckets");
  check_ascending(series);
}

core::Series read_series(json::value value, NativeHistograms wanted) {
  core::Series series;
  core::Series native;
  bool has_labels = false;
  bool has_points = false;
  bool has_histograms = false;
  for (auto field : object_of(value, "result[]")) {
    const std::string_view key = field.unescaped_key();
    if (key == "metric") {
      only_once(has_labels, "metric");
      series.labels = read_labels(field.value());
    } else if (key == "values" || key == "value") {
      only_once(has_points, key);
      if (key == "value") {
        read_point(field.value(), series);
      } else {
        for (json::value point : array_of(field.value(), "values")) read_point(point, series);
      }
    } else if (key == "histograms" || key == "histogram") {
      only_once(has_histograms, key);
      if (wanted == NativeHistograms::refuse) continue;
      if (key == "histogram") {
        read_histogram(field.value(), native);
      } else {
        for (json::value point : array_of(field.value(), "histograms")) read_histogram(point, native);
      }
    }
  }
  if (has_histograms && wanted == NativeHistograms::refuse) {
    fail("RG1311", "the answer holds native histograms, not numbers",
         "judge their quantile with kind = \"histogram\", or make numbers of them in the query: histogram_count(…), "
         "histogram_sum(…)");
  }
  if (has_histograms) {
    // Numbers beside them are from before the series became a native histogram.
    native.dropped = series.values.size();
    native.labels = std::move(series.labels);
    return native;
  }
  if (!has_points) wrong_form("a series has neither `value` nor `values`");
  return series;
}

/// The result of `data`: an array of series, or the pair of a scalar. resultType may come after it.
void read_result(json::value value, const DecodeLimits& limits, std::vector<core::Series>& out, bool& is_pair) {
  core::Series scalar;
  int position = 0;
  for (json::value item : array_of(value, "result")) {
    if (item.type() == json::json_type::object) {
      if (is_pair) wrong_form("`result` mixes series and points");
      if (out.size() >= limits.max_series) {
        fail("RG1204", fmt::format("the answer has more than {} series", limits.max_series),
             "aggregate in the query, for instance with sum by (…)");
      }
      out.push_back(read_series(item, limits.histograms));
      continue;
    }
    if (!out.empty() || position > 1) wrong_form("`result` mixes series and points");
    is_pair = true;
    if (position == 0) {
      if (item.type() != json::json_type::number) wrong_form("`result` holds neither series nor a point");
      scalar.times.push_back(time_of(item.get_double()));
    } else {
      const auto number = parse_number(string_of(item, "result"));
      if (!number) fail("RG1310", "the query gives a string, which cannot be judged", "ask for a number");
      scalar.values.push_back(*number);
    }
    ++position;
  }
  if (is_pair) {
    if (position != 2) wrong_form("`result` is half a point");
    out.push_back(std::move(scalar));
  }
}

void read_data(json::value value, const DecodeLimits& limits, Decoded& out) {
  bool has_result = false;
  bool has_type = false;
  bool is_pair = false;
  std::string type;
  for (auto field : object_of(value, "data")) {
    const std::string_view key = field.unescaped_key();
    if (key == "resultType") {
      only_once(has_type, key);
      type = string_of(field.value(), "resultType");
      if (type == "string") fail("RG1310", "the query gives a string, which cannot be judged", "ask for a number");
    } else if (key == "result") {
      only_once(has_result, key);
      read_result(field.value(), limits, out.series, is_pair);
    }
  }
  if (!has_result) wrong_form("`data` has no `result`");
  if (type != "matrix" && type != "vector" && type != "scalar") wrong_form("`resultType` is none that we know");
}

bool flag_of(json::value value, std::string_view what) {
  if (value.type() != json::json_type::boolean) wrong_form(fmt::format("`{}` is neither true nor false", what));
  return value.get_bool();
}

std::vector<std::string> read_texts(json::value value) {
  std::vector<std::string> texts;
  if (value.type() == json::json_type::null) return texts;
  for (json::value item : array_of(value, "warnings")) texts.push_back(string_of(item, "warnings"));
  return texts;
}

Decoded read_answer(json::document& document, const DecodeLimits& limits) {
  if (document.type() != json::json_type::object) wrong_form("it is not a JSON object");
  Decoded out;
  Refusal refusal;
  std::string status;
  bool has_status = false;
  bool has_data = false;
  bool has_warnings = false;
  bool has_partial = false;
  bool is_partial = false;
  for (auto field : document.get_object()) {
    const std::string_view key = field.unescaped_key();
    if (key == "status") {
      only_once(has_status, key);
      status = string_of(field.value(), "status");
    } else if (key == "data") {
      json::value data = field.value();
      if (status == "error" || data.type() == json::json_type::null) continue;
      only_once(has_data, key);
      read_data(data, limits, out);
    } else if (key == "errorType") {
      refusal.type = string_of(field.value(), "errorType");
    } else if (key == "error") {
      refusal.message = string_of(field.value(), "error");
    } else if (key == "isPartial") {
      only_once(has_partial, key);
      is_partial = flag_of(field.value(), "isPartial");
    } else if (key == "warnings") {
      only_once(has_warnings, key);
      out.warnings = read_texts(field.value());
    } else if (key == "infos") {
      out.infos = read_texts(field.value());
    }
  }
  // There is a location only when something is left to be read.
  if (document.current_location().error() == simdjson::SUCCESS) wrong_form("something follows the answer");
  if (status == "error") {
    Decoded refused;
    refused.refusal = std::move(refusal);
    return refused;
  }
  if (status != "success") wrong_form("`status` is neither success nor error");
  if (!has_data) wrong_form("there is no `data`");
  // VictoriaMetrics says it with a flag of its own where others warn.
  if (is_partial) out.warnings.emplace_back("isPartial");
  std::sort(out.series.begin(), out.series.end(),
            [](const core::Series& a, const core::Series& b) { return a.labels < b.labels; });
  const auto twin = std::adjacent_find(out.series.begin(), out.series.end(),
                                       [](const core::Series& a, const core::Series& b) { return a.labels == b.labels; });
  if (twin != out.series.end()) wrong_form("two series have the same labels");
  return out;
}

template <typename Read>
auto with_document(const std::string& body, Read read) {
  json::parser parser;
  if (body.capacity() >= body.size() + simdjson::SIMDJSON_PADDING) {
    json::document document = parser.iterate(body.data(), body.size(), body.capacity());
    return read(document);
  }
  const simdjson::padded_string padded(body);
  json::document document = parser.iterate(padded);
  return read(document);
}

}  // namespace

core::Result<Decoded> decode(const std::string& body, const DecodeLimits& limits) {
  try {
    return with_document(body, [&](json::document& document) { return read_answer(document, limits); });
  } catch (const DecodeFailure& failure) {
    return failure.error;
  } catch (const simdjson::simdjson_error&) {
    return core::Error{"RG1201",
                       fmt::format("the answer ({} bytes) is not JSON, or it was cut off", body.size()),
                       "a proxy between, or a server that died while it answered, is the usual cause",
                       {},
                       {}};
  }
}

BuildInfo decode_build_info(const std::string& body) {
  BuildInfo info;
  try {
    with_document(body, [&](json::document& document) {
      for (auto field : document["data"].get_object()) {
        const std::string_view key = field.unescaped_key();
        if (key == "version") info.version = std::string_view(field.value().get_string());
        if (key == "application") info.application = std::string_view(field.value().get_string());
      }
      return true;
    });
  } catch (const simdjson::simdjson_error&) {
    return {};
  }
  return info;
}

}  // namespace gate::sources::prometheus
