#include "history/database.h"

#include "history/postgres.h"
#include "history/sqlite.h"

namespace gate::history {

std::unique_ptr<Database> connect(const Location& location, Access access, const Limits& limits) {
  if (location.system == System::postgres) return connect_postgres(location, limits);
  return open_sqlite(location.path, access, limits);
}

Transaction::Transaction(Database& database, For purpose) : database_(database) {
  purpose == For::migrating ? database_.begin_migration() : database_.begin();
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    database_.run("ROLLBACK");
  } catch (const Trouble&) {
    // The connection is gone, or the database has rolled back by itself: either way nothing of it stays.
    return;
  }
}

void Transaction::commit() {
  database_.run("COMMIT");
  open_ = false;
}

}  // namespace gate::history
