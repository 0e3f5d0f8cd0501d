#include "sources/file/query.h"

#include <fmt/format.h>

#include "core/text.h"

namespace gate::sources::file {
namespace {

using core::KeyType;

class QueryReader {
 public:
  QueryReader(const core::Settings& settings, core::Diagnostics& diagnostics)
      : settings_(settings), diagnostics_(diagnostics) {}

  FileQuery read() {
    query_.path = settings_.text("path").value_or("");
    if (query_.path.empty()) {
      report("RG1403", "no `path` says which files are read", "add it to the source, or to the metric",
             settings_.location_of_table);
    }
    query_.value = settings_.text("value");
    query_.sum = settings_.text("sum");
    query_.distinct = settings_.text("distinct");
    read_counting();
    exclude("value", "sum");
    exclude("value", "distinct");
    exclude("sum", "distinct");
    if (const core::Node* where = settings_.node("where")) query_.where = read_where(*where, diagnostics_);
    if (const core::Node* map = settings_.node("map")) read_map(*map);
    if (const core::Node* in = settings_.node("in")) read_in(*in);
    return std::move(query_);
  }

 private:
  void report(std::string code, std::string message, std::string hint, const core::Location& place) {
    diagnostics_.push_back({core::Severity::error, {std::move(code), std::move(message), std::move(hint), {}, place}});
  }

  void exclude(std::string_view one, std::string_view other) {
    if (!settings_.has(one) || !settings_.has(other)) return;
    report("RG1413", fmt::format("`{}` and `{}` exclude each other", one, other),
           "value is a measurement a row, sum adds up rows that are counts, distinct counts different values",
           settings_.location(other, settings_.location_of_table));
  }

  void read_counting() {
    const auto word = settings_.text("counting");
    if (!word) return;
    const core::Location place = settings_.location("counting", settings_.location_of_table);
    if (*word == "hyperloglog") {
      query_.counting = Counting::hyperloglog;
    } else if (*word != "exact") {
      report("RG1413", fmt::format("there is no counting \"{}\"", core::printable(*word)),
             R"(it may be "exact", or "hyperloglog" with a standard error of 0.81 % in 16 KiB)", place);
    }
    if (!query_.distinct) report("RG1413", "`counting` stands without `distinct`", "rows are always counted exactly", place);
  }

  void read_map(const core::Node& map) {
    for (const core::Member& member : *map.table()) {
      if (member.node.is_number()) {
        query_.scores[member.key] = member.node.number();
      } else {
        report("RG1416", fmt::format("`map.{}` must be a number, not {}", core::printable(member.key), member.node.kind_name()),
               R"(map = { "yes" = 1, "no" = 0 })", member.node.location);
      }
    }
  }

  void read_in(const core::Node& in) {
    IdsOf ids;
    for (const core::Member& member : *in.table()) {
      const std::string* text = member.node.string();
      if (member.key == "where" && member.node.table() != nullptr) {
        ids.where = read_where(member.node, diagnostics_);
      } else if (member.key != "source" && member.key != "column" && member.key != "key") {
        const std::string near = core::nearest(member.key, {"source", "column", "key", "where"});
        report("RG0104", fmt::format("unknown key `{}` in `in`", core::printable(member.key)),
               near.empty() ? kInHint : fmt::format("did you mean `{}`?", near), member.key_location);
      } else if (text == nullptr) {
        report("RG1416", fmt::format("`in.{}` must be a string", member.key), kInHint, member.node.location);
      } else if (member.key == "source") {
        ids.source = *text;
        ids.source_location = member.node.location;
      } else {
        (member.key == "column" ? ids.column : ids.key) = *text;
      }
    }
    if (ids.source.empty() || ids.column.empty()) report("RG1416", "`in` needs `source` and `column`", kInHint, in.location);
    if (ids.key.empty()) ids.key = ids.column;
    query_.in = std::move(ids);
  }

  static constexpr const char* kInHint =
      R"(in = { source = "eligible", column = "user_id" }, with `key` when the own column is named differently)";

  const core::Settings& settings_;
  core::Diagnostics& diagnostics_;
  FileQuery query_;
};

}  // namespace

std::vector<core::KeySpec> query_keys() {
  return {
      {"path", KeyType::text, "other files than the source's", core::KeySpec::Need::optional, core::KeySpec::Writer::trusted},
      {"value", KeyType::text, "the column of the measurements (value)"},
      {"where", KeyType::table, "which rows: column = text, a list of texts, or { ge, gt, le, lt, not, matches }"},
      {"sum", KeyType::text, "for ratio and count: the column to add up, when a row is a count already"},
      {"distinct", KeyType::text, "for ratio, count and value: the column whose different values are counted"},
      {"counting", KeyType::text, "of distinct: exact, or hyperloglog for very many different values"},
      {"in", KeyType::table, "{ source, column, key, where }: only rows whose key is among the column of another source"},
      {"map", KeyType::table, "what the texts of `value` count as: { \"9\" = 100, \"8\" = 0 }"},
  };
}

FileQuery read_query(const core::Settings& query, core::Diagnostics& diagnostics) {
  return QueryReader(query, diagnostics).read();
}

std::string describe(const FileQuery& query, std::string_view value_column) {
  std::string out = query.sum              ? fmt::format("sum of {}", core::printable(*query.sum))
                    : query.distinct       ? fmt::format("distinct {}{}", core::printable(*query.distinct),
                                                   query.counting == Counting::exact ? "" : " by hyperloglog")
                    : value_column.empty() ? std::string("count of rows")
                                           : core::printable(value_column);
  if (!query.scores.empty()) {
    out += " as scores";
    for (const auto& [text, score] : query.scores) out += fmt::format(" {}={}", core::printable(text), score);
  }
  std::string where = describe(query.where);
  if (query.in) {
    where += fmt::format("{}{} is among {} of {}", where.empty() ? "" : " and ", core::printable(query.in->key),
                         core::printable(query.in->column), core::printable(query.in->source));
    if (!query.in->where.empty()) where += fmt::format(" ({})", describe(query.in->where));
  }
  return where.empty() ? out : out + " where " + where;
}

}  // namespace gate::sources::file
