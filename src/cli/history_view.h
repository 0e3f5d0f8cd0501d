// What `history` shows, as text for people and as JSON for programs. Private to history_command.cpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "history/store.h"
#include "report/layout.h"
#include "stats/change_points.h"

namespace gate::cli {

/// One metric over releases, with where it moved.
struct Trend {
  std::string gate;
  std::string metric;
  std::vector<history::TrendPoint> points;  ///< oldest first
  std::vector<stats::ChangePoint> changes;
  std::size_t unlike =
      0;  ///< releases that are left out: measured as something else than the newest, or in a unit that does not fit
};

/// How it is shown.
struct View {
  report::Charset charset = report::Charset::unicode;
  std::size_t columns = 100;
  core::Time now{};
};

using Marks = std::vector<history::Mark>;

std::string list_text(const std::vector<history::Run>& runs, const Marks& marks, const View& view);
std::string show_text(const history::Run& run, const Marks& marks, const View& view);
std::string trend_text(const Trend& trend, const Marks& marks, const View& view);

std::string list_json(const std::vector<history::Run>& runs, const Marks& marks);
std::string show_json(const history::Run& run, const Marks& marks);
std::string trend_json(const Trend& trend, const Marks& marks);
std::string mark_json(const history::Mark& mark, bool taken_away);
std::string prune_json(const history::Pruned& pruned, core::Time before, bool dry);

/// The mark of `run`'s release; nullptr when it has none.
const history::Mark* mark_of(const history::Run& run, const Marks& marks);

/// The JSON Schema of all of them.
std::string_view history_schema();

}  // namespace gate::cli
