#include "sources/opensearch/mapping.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/text.h"

namespace gate::sources::opensearch {
namespace {

constexpr std::string_view kUnmapped = "unmapped";
constexpr std::array<std::string_view, 13> kNumbers = {"long",
                                                       "integer",
                                                       "short",
                                                       "byte",
                                                       "double",
                                                       "float",
                                                       "half_float",
                                                       "scaled_float",
                                                       "unsigned_long",
                                                       "token_count",
                                                       "boolean",
                                                       "histogram",
                                                       "aggregate_metric_double"};

bool is_date(const FieldType& type) {
  return type.name == "date" || type.name == "date_nanos";
}

bool is_number(const FieldType& type) {
  return std::find(kNumbers.begin(), kNumbers.end(), type.name) != kNumbers.end();
}

class Examination {
 public:
  explicit Examination(const Mapping& mapping) : mapping_(mapping) {}

  /// The types of `field` where there is one; empty, and remembered as unknown with `hint`, when no index has it.
  std::vector<FieldType> known(const std::string& field, const std::string& hint) {
    std::vector<FieldType> types;
    const auto found = mapping_.fields.find(field);
    if (found != mapping_.fields.end()) types = found->second;
    std::erase_if(types, [](const FieldType& type) { return type.name == kUnmapped; });
    if (types.empty() && out_.unknown.empty()) {
      out_.unknown = field;
      out_.unknown_hint = hint;
    }
    return types;
  }

  template <typename Does>
  void require(const std::string& field, const std::string& named_by, std::string_view wanted, Does does,
               const std::string& hint) {
    for (const FieldType& type : known(field, named_by)) {
      if (does(type) || !out_.unusable.empty()) continue;
      out_.unusable = fmt::format("the field `{}` is of the type {}, and {} is wanted", core::printable(field),
                                  core::printable(type.name), wanted);
      out_.hint = hint;
    }
    note_gaps(field);
  }

  Doubts take() && { return std::move(out_); }

 private:
  void note_gaps(const std::string& field) {
    const auto found = mapping_.fields.find(field);
    if (found == mapping_.fields.end() || found->second.size() < 2) return;
    for (const FieldType& type : found->second) {
      if (type.name != kUnmapped || type.indices == 0) continue;
      out_.notes.push_back(fmt::format("{} of {} indices have no field `{}`: their documents are not in the number",
                                       type.indices, mapping_.indices, core::printable(field)));
    }
  }

  const Mapping& mapping_;
  Doubts out_;
};

}  // namespace

Mapping read_mapping(const JsonAt& root) {
  Mapping out;
  const JsonAt indices = root.need("indices");
  out.indices = indices.is_string() ? 1 : indices.items().size();
  for (const auto& [field, types] : root.need("fields").members()) {
    for (const auto& [name, type] : types.members()) {
      const auto aggregatable = type.find("aggregatable");
      out.fields[field].push_back({name, aggregatable && aggregatable->flag(), type.items_of("indices").size()});
    }
  }
  return out;
}

Doubts doubts_of(const Mapping& mapping, const Query& query, const std::string& each) {
  Examination examined(mapping);
  const std::string by_time_field =
      "`time_field` names it, in the metric or else in its source (@timestamp where neither does): take the field that says "
      "when a document's event happened";
  const std::string by_field = "`field` of the metric names it: take a field that the documents have";
  const std::string by_each = "`each` of the metric names it: take a field that the documents have";
  examined.require(query.time_field, by_time_field, "a date", is_date,
                   "`time_field` is the field that says when a document's event happened");
  const auto can_group = [](const FieldType& type) { return type.is_aggregatable; };
  const std::string by_keyword = "a text has its values whole in a field of its own, which is often called NAME.keyword";
  if (query.measure == Measure::cardinality) {
    examined.require(query.field, by_field, "one that can be counted by its values", can_group, by_keyword);
  } else if (query.measure != Measure::count) {
    examined.require(query.field, by_field, "a number", is_number, "name a field of numbers, or count documents");
  }
  if (!each.empty()) examined.require(each, by_each, "one that documents can be grouped by", can_group, by_keyword);
  if (!query.allow_unmapped) {
    const std::string by_query =
        "a search for it finds 0 documents, which is true of nothing; a field that comes with the first document that has it "
        "may "
        "be missing with allow_unmapped = true";
    for (const std::string& field : fields_of(query)) (void)examined.known(field, by_query);
  }
  return std::move(examined).take();
}

}  // namespace gate::sources::opensearch
