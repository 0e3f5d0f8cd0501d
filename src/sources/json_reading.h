// JsonReading: one number, or items with times of their own, taken out of JSON by the pointers that a question gives. For
// sources whose answers have no form of their own. Not for where the JSON comes from.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/settings.h"
#include "sources/file/row_time.h"
#include "sources/json_at.h"
#include "sources/rows.h"
#include "sources/source.h"

namespace gate::sources {

/// Where a question's items are: in a list that `items` points to, or each on a line of its own.
enum class ItemsAre { listed, lines };

/// value, items, time, time_format, zone and on_missing.
std::vector<core::KeySpec> json_reading_keys();

/// RG1910: pointers that are none, `time` without `items` or `items` without `time`, forms of times and zones that there are
/// not.
void check_json_reading(core::Diagnostics& diagnostics, const core::Settings& query, ItemsAre items = ItemsAre::listed);

/// Whether `query` reads items, each with a time, and not one number.
bool reads_items(const core::Settings& query);

/// What a question that is read by pointers is by nature: one number ("value"), things that are counted ("count"), or amounts
/// of them ("samples"). Whether it is about the present is the source's to say.
core::QueryFacts json_reading_facts(const core::Settings& query, ItemsAre items = ItemsAre::listed);

/// The zone of `query`'s dates and of times without an offset; UTC without one.
core::Zone zone_of(const core::Settings& query);

class JsonReading {
 public:
  /// `query` was checked.
  explicit JsonReading(const core::Settings& query, ItemsAre items = ItemsAre::listed);

  /// Reads one document: the answer, one of its pages, or one line. Throws core::SourceError: the faults of `root` for what is
  /// of another type than it must be; RG1963 for what is missing, unless `on_missing` says that it is no data.
  void read(const JsonAt& root);
  /// Reads one item, which has a time of its own. Throws as read().
  void read_item(const JsonAt& item);
  /// The one number that the answer is, where no pointer leads to it.
  void take_number(double number) { number_ = number; }

  /// Puts what was read into `answer`. One number stands at the end of the window, or now; null is no data. Items are rows:
  /// those outside of the window are left out, those whose value is null or missing are dropped and counted.
  void put(core::Answer& answer, const Question& question) &&;

 private:
  /// What `pointer` leads to; nullopt for null and, where that is allowed, for what is missing.
  [[nodiscard]] std::optional<JsonAt> wanted(const JsonAt& from, const std::vector<std::string>& pointer,
                                             std::string_view key) const;

  std::vector<std::string> value_;
  std::vector<std::string> items_;
  std::vector<std::string> time_;
  bool has_value_ = false;
  bool reads_items_ = false;
  bool missing_is_no_data_ = false;
  file::TimeSpec times_;
  std::optional<double> number_;
  std::string absence_;
  std::vector<Row> rows_;
  std::size_t dropped_ = 0;
};

}  // namespace gate::sources
