// The tables of a history and how they came to be: a list of steps, of which a database has done the first so many. Private to
// history.
#pragma once

#include <cstdint>
#include <vector>

#include "history/database.h"

namespace gate::history {

/// The statements of one step.
using Migration = std::vector<const char*>;

/// Every step since the first; the version of a schema is how many of them were done.
const std::vector<Migration>& migrations();

/// The version of `database`: 0 without tables. Throws Trouble (no_history) when it is something else's.
std::int64_t version_of(Database& database);

/// Brings `database` to the newest version, step by step, all of them or none; several programs may try at once. With
/// Access::read an empty one is left as it is. Throws Trouble: newer, when a newer program has been there; older, when it may
/// not be changed.
void migrate(Database& database, Access access, const std::vector<Migration>& steps = migrations());

}  // namespace gate::history
