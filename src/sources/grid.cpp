#include "sources/grid.h"

namespace gate::sources {

Grid grid_of(const core::Question& question) {
  const core::Window window = *question.window;
  if (question.shape != core::Shape::range) return {window.start, window.length(), 1};
  const core::Duration room = window.length() - question.first;
  const std::int64_t more = room.count() < 0 ? 0 : room / question.step;
  return {window.start + question.first - question.step, question.step, static_cast<std::size_t>(more) + 1};
}

}  // namespace gate::sources
