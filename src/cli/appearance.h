// How text for people looks on a stream: in colour, in which characters. From the environment and the options.
#pragma once

#include "cli/streams.h"
#include "report/layout.h"
#include "report/terminal.h"

namespace gate::cli {

/// NO_COLOR and --no-color win over CLICOLOR_FORCE, which wins over what the stream is.
report::Colour colour_for(bool no_color, bool is_terminal, const World& world);
/// By LC_ALL, LC_CTYPE and LANG.
report::Charset charset_of(const World& world);

}  // namespace gate::cli
