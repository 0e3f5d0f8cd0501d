#include "plan/identity.h"

#include <algorithm>

namespace gate::plan {
namespace {

bool same_node(const core::Node& a, const core::Node& b) {
  if (a.value.index() != b.value.index()) return false;
  if (const auto* items = a.array()) {
    return std::equal(items->begin(), items->end(), b.array()->begin(), b.array()->end(), same_node);
  }
  if (const auto* members = a.table()) {
    const auto same = [](const core::Member& x, const core::Member& y) { return x.key == y.key && same_node(x.node, y.node); };
    return std::equal(members->begin(), members->end(), b.table()->begin(), b.table()->end(), same);
  }
  return core::scalar_text(a) == core::scalar_text(b);
}

}  // namespace

std::string_view name(Side side) {
  return side == Side::baseline ? "baseline" : "candidate";
}

bool same_query(const Ask& a, const Ask& b) {
  const auto same = [](const core::Setting& x, const core::Setting& y) { return x.key == y.key && same_node(x.node, y.node); };
  const auto& left = a.question.query.all();
  const auto& right = b.question.query.all();
  return a.source == b.source && a.part == b.part && std::equal(left.begin(), left.end(), right.begin(), right.end(), same);
}

}  // namespace gate::plan
