// Grid: the parts of a window that are asked for.
#include <catch2/catch.hpp>

#include "sources/grid.h"

namespace gate::sources {
namespace {

constexpr core::Duration kSecond{1000};
const core::Time kStart{kSecond * 1'773'749'057};  // 17 s behind a minute

core::Question question_of(core::Shape shape, core::Duration first, core::Duration step, core::Duration length) {
  core::Question question;
  question.shape = shape;
  question.window = core::Window{kStart, kStart + length};
  question.first = first;
  question.step = step;
  return question;
}

}  // namespace

TEST_CASE("grid: the parts of a window end at the points that are wanted") {
  const core::Duration minute = 60 * kSecond;
  struct Row {
    core::Duration first, step, length;
    core::Duration after;
    std::size_t count;
  };
  for (const Row& row :
       {Row{minute, minute, 30 * minute, core::Duration(0), 30},
        Row{minute, minute, 30 * minute + kSecond, core::Duration(0), 30}, Row{5 * minute, minute, 30 * minute, 4 * minute, 26},
        Row{minute, minute, minute, core::Duration(0), 1}}) {
    CAPTURE(row.first.count(), row.length.count());
    const Grid grid = grid_of(question_of(core::Shape::range, row.first, row.step, row.length));
    CHECK(grid.start == kStart + row.after);
    CHECK(grid.count == row.count);
    CHECK(grid.end() <= kStart + row.length);
  }
  const Grid whole = grid_of(question_of(core::Shape::instant, minute, minute, 30 * minute));
  CHECK(whole.start == kStart);
  CHECK(whole.end() == kStart + 30 * minute);
}

}  // namespace gate::sources
