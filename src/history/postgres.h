// The history in a PostgreSQL database, through libpq. Private to history.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "history/database.h"

namespace gate::history {

/// "postgres://user@host:port/database" of `connection`, for people: never the password, whichever way it was given. nullopt
/// when libpq cannot read it.
std::optional<std::string> shown_connection(const std::string& connection);

/// Connects without blocking longer than `limits` say; what the address leaves out is taken from PGHOST, PGPASSWORD,
/// PGPASSFILE, … as by every libpq program (https://www.postgresql.org/docs/15/libpq-envars.html). Throws Trouble.
std::unique_ptr<Database> connect_postgres(const Location& location, const Limits& limits);

}  // namespace gate::history
