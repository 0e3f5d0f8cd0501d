// Query: the keys of a question to Tableau, read into values.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "sources/api_source.h"

namespace gate::sources::tableau {

/// A field or column, and the value that it must have.
using Filters = std::vector<std::pair<std::string, std::string>>;

struct Query {
  std::string view;    ///< LUID
  std::string column;  ///< of the view's data
  bool percent = false;
  std::string datasource;  ///< LUID
  std::string field;       ///< caption
  std::string function;    ///< "SUM", "AVG", …; "" for a field that is an aggregate already
  std::string date_field;  ///< by which the window's days are chosen; "" for all there is
  Filters filters;
  Filters baseline_filters;
  bool has_baseline_filters = false;

  [[nodiscard]] bool of_view() const { return !view.empty(); }
};

std::vector<core::KeySpec> query_keys();

/// `settings` must have passed check_query().
Query read_query(const core::Settings& settings);

/// The filters that hold for `question`: on the side before the release those of the baseline.
const Filters& filters_for(const Query& query, const Question& question);

/// RG1910: not exactly one of `view` and `datasource`, or a key without meaning beside it.
core::Diagnostics check_query(const core::Settings& query, const core::Settings& source);

core::QueryFacts query_facts(const core::Settings& query);

/// "Sales of the view 9dbd2263, Region = West".
std::string describe(const Query& query, const Question& question);

}  // namespace gate::sources::tableau
