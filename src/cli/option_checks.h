// What CLI11 does not check of a value by itself. Each gives "" for a good one, else what is wrong.
#pragma once

#include <string>

namespace gate::cli {

/// CLI11 takes whatever follows an option for its value: after a variable that a shell found empty that is the next option.
std::string not_an_option(const std::string& text);
/// Not empty, and not an option.
std::string given(const std::string& text);
/// An empty reason is none, so that a pipeline can pass a variable that is mostly empty; blanks alone say nothing.
std::string reason(const std::string& text);

}  // namespace gate::cli
