// Keeps secrets out of plain text: a variable that is a credential somewhere must not be a query, a title or a URL elsewhere.
#pragma once

#include "config/gate.h"
#include "config/table_reader.h"

namespace gate::config {

/// RG0505 for each { env = … } and { file = … } in `tree` (the file with its packs) that a source of `gate` also reads as a
/// secret: as plain text its value would stand in reports and evidence.
void check_secret_use(const core::Node& tree, const Gate& gate, const ReadContext& context);

}  // namespace gate::config
