// Settings as a gate file would give them, for tests.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/settings.h"

/// Texts; the table stands in line 7, and each key in a line of its own below it.
inline gate::core::Settings settings_of(const std::vector<std::pair<std::string, std::string>>& texts) {
  gate::core::Settings out;
  out.location_of_table = {"gate.toml", 7, 1, 1};
  std::uint32_t line = 8;
  for (const auto& [key, text] : texts) {
    gate::core::Setting setting;
    setting.key = key;
    setting.node.value = text;
    setting.node.location = {"gate.toml", line, 11, 3};
    setting.key_location = {"gate.toml", line, 1, 7};
    out.add(std::move(setting));
    ++line;
  }
  return out;
}

/// "RG1910 message / hint @line" of each.
inline std::vector<std::string> texts_of(const gate::core::Diagnostics& diagnostics) {
  std::vector<std::string> out;
  for (const auto& one : diagnostics) {
    out.push_back(one.error.code + " " + one.error.message + " / " + one.error.hint + " @" +
                  std::to_string(one.error.location.line));
  }
  return out;
}
