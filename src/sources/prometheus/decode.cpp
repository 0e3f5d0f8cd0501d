#include "sources/prometheus/decode.h"

#include <fmt/format.h>
#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include "sources/prometheus/json_cursor.h"

namespace gate::sources::prometheus {
namespace {

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

void must_be(JsonCursor& json, JsonKind kind, std::string_view what) {
  if (json.kind() == kind) return;
  const char* name = kind == JsonKind::object   ? "an object"
                     : kind == JsonKind::array  ? "an array"
                     : kind == JsonKind::string ? "a string"
                                                : "a number";
  wrong_form(fmt::format("`{}` is not {}", what, name));
}

std::string string_of(JsonCursor& json, std::string_view what) {
  must_be(json, JsonKind::string, what);
  return json.string();
}

bool is_null(JsonCursor& json) {
  return json.kind() == JsonKind::literal;
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

core::Time time_of(JsonCursor& json) {
  const auto milliseconds = json.milliseconds();
  if (!milliseconds) wrong_form("a time is out of range");
  return core::Time(core::Duration(*milliseconds));
}

/// [1795458300, "0.75"]
void read_point(JsonCursor& json, core::Series& series, std::string& buffer) {
  must_be(json, JsonKind::array, "a point");
  int position = 0;
  json.array([&] {
    if (position == 0) {
      must_be(json, JsonKind::number, "the time of a point");
      series.times.push_back(time_of(json));
    } else if (position == 1) {
      must_be(json, JsonKind::string, "the value of a point");
      series.values.push_back(number_of(json.string_view(buffer)));
    } else {
      wrong_form("a point is more than a time and a value");
    }
    ++position;
  });
  if (position != 2) wrong_form("a point is not a pair of a time and a value");
  const std::size_t count = series.times.size();
  if (count > 1 && series.times[count - 1] <= series.times[count - 2]) {
    fail("RG1312", "the times of a series do not ascend", "the server or a proxy between mixed answers up");
  }
}

core::Labels read_labels(JsonCursor& json) {
  core::Labels labels;
  must_be(json, JsonKind::object, "metric");
  json.object([&](const std::string& name) { labels[name] = string_of(json, "metric"); });
  return labels;
}

/// `points_before`: of the series before this one, since series of one answer are mostly of one length.
core::Series read_series(JsonCursor& json, std::size_t points_before) {
  core::Series series;
  bool has_points = false;
  bool has_histograms = false;
  std::string buffer;
  json.object([&](const std::string& key) {
    if (key == "metric") {
      series.labels = read_labels(json);
    } else if (key == "values" || key == "value") {
      if (has_points) wrong_form("a series has points twice");
      has_points = true;
      if (key == "value") return read_point(json, series, buffer);
      must_be(json, JsonKind::array, "values");
      series.times.reserve(points_before);
      series.values.reserve(points_before);
      json.array([&] { read_point(json, series, buffer); });
    } else {
      has_histograms = has_histograms || key == "histograms" || key == "histogram";
      json.skip();
    }
  });
  if (has_histograms) {
    fail("RG1311", "the answer holds native histograms, not numbers",
         "make numbers of them in the query: histogram_quantile(0.95, …), histogram_count(…) or histogram_sum(…)");
  }
  if (!has_points) wrong_form("a series has neither `value` nor `values`");
  return series;
}

/// The result of `data`: an array of series, or the pair of a scalar. resultType may come after it.
void read_result(JsonCursor& json, const DecodeLimits& limits, std::vector<core::Series>& out) {
  core::Series scalar;
  int position = 0;
  must_be(json, JsonKind::array, "result");
  json.array([&] {
    if (json.kind() == JsonKind::object) {
      if (position > 0) wrong_form("`result` mixes series and points");
      if (out.size() >= limits.max_series) {
        fail("RG1204", fmt::format("the answer has more than {} series", limits.max_series),
             "aggregate in the query, for instance with sum by (…)");
      }
      out.push_back(read_series(json, out.empty() ? 0 : out.back().times.size()));
      return;
    }
    if (!out.empty() || position > 1) wrong_form("`result` mixes series and points");
    if (position == 0) {
      must_be(json, JsonKind::number, "result[0]");
      scalar.times.push_back(time_of(json));
    } else {
      const auto number = parse_number(string_of(json, "result[1]"));
      if (!number) fail("RG1310", "the query gives a string, which cannot be judged", "ask for a number");
      scalar.values.push_back(*number);
    }
    ++position;
  });
  if (position == 0) return;
  if (position != 2) wrong_form("`result` is half a point");
  out.push_back(std::move(scalar));
}

void read_data(JsonCursor& json, const DecodeLimits& limits, Decoded& out) {
  bool has_result = false;
  std::string type;
  must_be(json, JsonKind::object, "data");
  json.object([&](const std::string& key) {
    if (key == "resultType") {
      type = string_of(json, "resultType");
      if (type == "string") fail("RG1310", "the query gives a string, which cannot be judged", "ask for a number");
    } else if (key == "result") {
      if (has_result) wrong_form("`result` comes twice");
      has_result = true;
      read_result(json, limits, out.series);
    } else {
      json.skip();
    }
  });
  if (!has_result) wrong_form("`data` has no `result`");
  if (type != "matrix" && type != "vector" && type != "scalar") wrong_form("`resultType` is none that we know");
}

std::vector<std::string> read_texts(JsonCursor& json, std::string_view what) {
  std::vector<std::string> texts;
  if (is_null(json)) {
    json.skip();
    return texts;
  }
  must_be(json, JsonKind::array, what);
  json.array([&] { texts.push_back(string_of(json, what)); });
  return texts;
}

Decoded read_answer(JsonCursor& json, const DecodeLimits& limits) {
  if (json.kind() != JsonKind::object) wrong_form("it is not a JSON object");
  Decoded out;
  Refusal refusal;
  std::string status;
  bool has_data = false;
  json.object([&](const std::string& key) {
    if (key == "status") {
      status = string_of(json, "status");
    } else if (key == "data") {
      if (status == "error" || is_null(json)) return json.skip();
      if (has_data) wrong_form("`data` comes twice");
      has_data = true;
      read_data(json, limits, out);
    } else if (key == "errorType") {
      refusal.type = string_of(json, "errorType");
    } else if (key == "error") {
      refusal.message = string_of(json, "error");
    } else if (key == "warnings") {
      out.warnings = read_texts(json, "warnings");
    } else if (key == "infos") {
      out.infos = read_texts(json, "infos");
    } else {
      json.skip();
    }
  });
  if (!json.at_end()) wrong_form("something follows the answer");
  if (status == "error") {
    Decoded refused;
    refused.refusal = std::move(refusal);
    return refused;
  }
  if (status != "success") wrong_form("`status` is neither success nor error");
  if (!has_data) wrong_form("there is no `data`");
  std::sort(out.series.begin(), out.series.end(),
            [](const core::Series& a, const core::Series& b) { return a.labels < b.labels; });
  return out;
}

core::Error not_json(const std::string& body, const char* why) {
  return {"RG1201",
          fmt::format("the answer ({} bytes) is not JSON, or it was cut off: {}", body.size(), why),
          "a proxy between, or a server that died while it answered, is the usual cause",
          {},
          {}};
}

/// The value that comes next, when it is text; other kinds are left out.
std::string text_or_nothing(JsonCursor& json) {
  if (json.kind() == JsonKind::string) return json.string();
  json.skip();
  return "";
}

}  // namespace

core::Result<Decoded> decode(const std::string& body, const DecodeLimits& limits) {
  if (!simdjson::validate_utf8(body)) return not_json(body, "it is no valid UTF-8");
  try {
    JsonCursor json(body);
    return read_answer(json, limits);
  } catch (const DecodeFailure& failure) {
    return failure.error;
  } catch (const JsonError& failure) {
    return not_json(body, fmt::format("{}, at byte {}", failure.what(), failure.offset()).c_str());
  }
}

BuildInfo decode_build_info(const std::string& body) {
  BuildInfo info;
  if (!simdjson::validate_utf8(body)) return info;
  try {
    JsonCursor json(body);
    json.object([&](const std::string& key) {
      if (key != "data") return json.skip();
      json.object([&](const std::string& name) {
        std::string text = text_or_nothing(json);
        if (name == "version")
          info.version = std::move(text);
        else if (name == "application")
          info.application = std::move(text);
      });
    });
  } catch (const JsonError&) {
    return {};
  }
  return info;
}

}  // namespace gate::sources::prometheus
