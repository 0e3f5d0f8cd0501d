// Decode: the JSON answers of the Prometheus HTTP API as series. Sends nothing and judges nothing.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/samples.h"

namespace gate::sources::prometheus {

/// What the server says when it cannot answer: {"status":"error","errorType":…,"error":…}. The words are the server's, as they
/// came.
struct Refusal {
  std::string type;
  std::string message;
};

/// An answer of /api/v1/query or /api/v1/query_range. Series are sorted by their labels (`__name__` among them); values may be
/// NaN and ±Inf.
struct Decoded {
  std::vector<core::Series> series;
  std::vector<std::string> warnings;  ///< the server's words: something may be missing
  std::vector<std::string> infos;
  std::optional<Refusal> refusal;  ///< nothing else is set then
};

enum class NativeHistograms { refuse, keep };

struct DecodeLimits {
  std::size_t max_series = 10000;
  NativeHistograms histograms = NativeHistograms::refuse;  ///< kept: Series::histograms, and their counts as values
};

/// `body` with at least http::kBodyPadding bytes of capacity beyond its end is read in place, any other is copied.
/// Matrix, vector and scalar results are read. RG1201: not JSON, or cut off; RG1203: JSON of another form; RG1204: too many
/// series; RG1310: a string result; RG1311: native histograms, unless
/// they are kept; RG1312: times that do not ascend; RG1313: a value that is no
/// number. https://prometheus.io/docs/prometheus/latest/querying/api/
core::Result<Decoded> decode(const std::string& body, const DecodeLimits& limits = {});

/// What a server says of itself. `application` is "" for Prometheus, "Grafana Mimir" and the like for others.
struct BuildInfo {
  std::string version;
  std::string application;
};

/// An answer of /api/v1/status/buildinfo; empty when it is none.
BuildInfo decode_build_info(const std::string& body);

}  // namespace gate::sources::prometheus
