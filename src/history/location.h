// Where a history lies: a SQLite file or a PostgreSQL database, as --history names it.
#pragma once

#include <string>

#include "core/result.h"
#include "core/secret.h"

namespace gate::history {

enum class System { sqlite, postgres };

struct Location {
  System system = System::sqlite;
  std::string path;         ///< of the SQLite file
  core::Secret connection;  ///< to PostgreSQL: a URL or keywords and values, as libpq reads them
  std::string shown;        ///< for people; never holds a password
};

/// Reads "sqlite:PATH", "postgres://USER@HOST/DATABASE" (or postgresql://), "postgres:KEYWORD=VALUE …". RG0601 on anything
/// else; what could not be read is not quoted, since it may hold a password.
core::Result<Location> parse_location(const std::string& text);

}  // namespace gate::history
