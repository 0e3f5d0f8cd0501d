// The history in a SQLite file. Private to history.
#pragma once

#include <memory>
#include <string>

#include "history/database.h"

namespace gate::history {

/// Opens `path`; with Access::write it is made when it is not there, in WAL mode, so that readers and one writer do not wait
/// for each other (https://sqlite.org/wal.html). A file that cannot be written is opened for reading. Throws Trouble.
std::unique_ptr<Database> open_sqlite(const std::string& path, Access access, const Limits& limits);

}  // namespace gate::history
