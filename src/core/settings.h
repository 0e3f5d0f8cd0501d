// Settings: the keys of one source, or of one metric's question to a source, declared by the source and checked before any
// request.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/node.h"
#include "core/secret.h"
#include "core/time.h"

namespace gate::core {

/// What a key of a source holds. `text`, `duration` and `bytes` may also come from { env = … } or { file = … }; `secret` must,
/// and so must `secret_text`, which may have several lines; `headers` is a table of strings, each of which may.
enum class KeyType { text, text_list, boolean, integer, number, duration, bytes, secret, secret_text, headers, table, any };

/// One key that a source declares. `doc` is one line for `release-gate sources` and the docs.
struct KeySpec {
  std::string_view name;
  KeyType type = KeyType::text;
  std::string_view doc;
  enum class Need { optional, required } need = Need::optional;
  /// Who may write it into a metric. `trusted`: it names a file or an address, or words that could change something there, so
  /// that nobody may who only adds a metric to somebody else's sources.
  enum class Writer { anybody, trusted } writer = Writer::anybody;
};

class Settings;

/// What can be told from a question without asking it. A range is how far back the data behind one point reaches.
struct QueryFacts {
  Duration longest_range{};    ///< of the literal ranges in it; 0 when there is none
  Location range_location;     ///< of the longest range
  bool uses_step = false;      ///< {{step}} stands in it
  bool uses_window = false;    ///< {{window}} stands in it
  bool step_is_range = false;  ///< {{step}} stands where a range is given, so that the data behind a point reach one step back
  /// What the question is by nature, for a metric that names no kind: "samples", "value", "ratio", "count" or "status".
  std::string_view natural_kind = "samples";
  /// The unit that the answer is in whatever the author says ("%", "rating"); "" when that is not known.
  std::string_view natural_unit;
  bool latest = false;  ///< the system holds the present alone (an analysis, a scan): asked as Shape::latest, without windows
  bool finds = false;   ///< it asks for findings, which can be told apart by identity (kind = "findings")
  bool names_baseline = false;     ///< with `latest`: the question itself says what to compare with (another branch)
  Duration beyond_step{};          ///< what the data behind a point of one {{step}} reach further back than that
  std::string_view named_unit;     ///< "s" or "B" where a name in it says so ("…_seconds") and no number converts it; else ""
  Location named_unit_location;    ///< of that name
  std::vector<std::string> notes;  ///< what the author should know: "`offset` moves the data away from the window"
};

/// Another source that a question needs.
struct SourceReference {
  std::string id;
  Location location;
};

/// What a type of source says of itself to the rest of the program: everything outside its folder is derived from this.
struct SourceTypeSpec {
  std::string_view type;   ///< "prometheus"
  std::string_view title;  ///< "Prometheus and everything that speaks its API"
  std::vector<KeySpec> source_keys;
  std::vector<KeySpec> query_keys;  ///< keys of a metric or part that asks this source
  std::string_view
      text_part_key;  ///< the key that a part written as a bare string stands for, e.g. "query"; "" when it may not be one
  Duration default_ingest_delay{};
  /// Whether it hands out rows with times of their own (files) or points on a grid that was asked for (time series databases).
  enum class Data { points, rows } data = Data::points;
  bool has_columns = false;    ///< its rows have columns, by which they can be grouped (`cluster`)
  bool runs_programs = false;  ///< it starts programs that the gate file names: refused where the file is not trusted
  /// Names in {{…}} that stand for the window of a question and that the source itself puts in ("start"): left standing.
  std::vector<std::string_view> own_variables;
  bool has_buckets = false;         ///< it can answer with the buckets of a histogram (Question::wants_buckets)
  std::string_view usual_name;      ///< of a source of this type, as packs expect it and `init` writes it; "" is the type
  std::string_view source_example;  ///< for `init`: the keys of [sources.NAME] but `type`, in TOML
  std::string_view example;         ///< for `init`: the keys of a metric but `source`, in TOML
  /// Other sources that a question names, by their ids: they must exist and be of the same type. nullptr: none.
  std::vector<SourceReference> (*references)(const Settings& query) = nullptr;
  /// Reads a question's keys (with {{step}} and {{window}} still in them); nullptr when there is nothing to be told.
  QueryFacts (*facts)(const Settings& query) = nullptr;
};

/// A resolved value: references read, variables put in.
struct Setting {
  std::string key;
  Location key_location;
  Node node;
  Secret secret;                                        ///< for KeyType::secret and secret_text
  std::vector<std::pair<std::string, Secret>> headers;  ///< for KeyType::headers
  std::string reference;  ///< "env PROMETHEUS_URL" or "file token.txt" when the value came from there, else ""
};

/// The resolved keys of one table. The getters return nullopt for a key that is absent or of another type; types were
/// checked against the KeySpec.
class Settings {
 public:
  void add(Setting setting) { settings_.push_back(std::move(setting)); }
  [[nodiscard]] const std::vector<Setting>& all() const { return settings_; }
  [[nodiscard]] std::vector<Setting>& all() { return settings_; }
  [[nodiscard]] const Setting* find(std::string_view key) const;
  [[nodiscard]] bool has(std::string_view key) const { return find(key) != nullptr; }
  [[nodiscard]] std::optional<std::string> text(std::string_view key) const;
  [[nodiscard]] std::vector<std::string> text_list(std::string_view key) const;
  [[nodiscard]] std::optional<bool> boolean(std::string_view key) const;
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key) const;
  [[nodiscard]] std::optional<double> number(std::string_view key) const;
  [[nodiscard]] std::optional<Duration> duration(std::string_view key) const;
  [[nodiscard]] std::optional<std::int64_t> bytes(std::string_view key) const;
  [[nodiscard]] Secret secret(std::string_view key) const;
  [[nodiscard]] const Node* node(std::string_view key) const;
  /// Where `key` stands, or `fallback` when it is absent.
  [[nodiscard]] Location location(std::string_view key, const Location& fallback) const;

  Location location_of_table;

 private:
  std::vector<Setting> settings_;
};

}  // namespace gate::core
