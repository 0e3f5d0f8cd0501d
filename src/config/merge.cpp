#include "config/merge.h"

#include <algorithm>

namespace gate::config {
namespace {

bool is_reference(const core::Node& node) {
  const auto* members = node.table();
  if (members == nullptr || members->empty()) return false;
  return std::all_of(members->begin(), members->end(), [](const core::Member& member) {
    return member.key == "env" || member.key == "file" || member.key == "default";
  });
}

}  // namespace

void merge_over(core::Node& base, const core::Node& over) {
  const bool both_tables = base.table() != nullptr && over.table() != nullptr;
  if (!both_tables || is_reference(base) || is_reference(over)) {
    base = over;
    return;
  }
  base.location = over.location;
  for (const core::Member& member : *over.table()) {
    auto& members = *base.table();
    const auto found =
        std::find_if(members.begin(), members.end(), [&](const core::Member& existing) { return existing.key == member.key; });
    if (found == members.end()) {
      members.push_back(member);
    } else {
      found->key_location = member.key_location;
      merge_over(found->node, member.node);
    }
  }
}

void replace_members(core::Node& base, const core::Node& over) {
  auto& members = *base.table();
  for (const core::Member& member : *over.table()) {
    std::erase_if(members, [&](const core::Member& existing) { return existing.key == member.key; });
    members.push_back(member);
  }
}

}  // namespace gate::config
