#include "history/location.h"

#include <fmt/format.h>

#include <string_view>

#include "core/text.h"
#include "history/postgres.h"

namespace gate::history {
namespace {

constexpr std::string_view kSqlite = "sqlite:";
constexpr std::string_view kPostgres = "postgres:";
constexpr std::string_view kPostgresql = "postgresql:";

core::Error not_understood(std::string message, std::string hint) {
  return {"RG0601", std::move(message), std::move(hint), {}, {}};
}

core::Result<Location> postgres_location(std::string connection) {
  Location out;
  out.system = System::postgres;
  const auto shown = shown_connection(connection);
  if (!shown) {
    return not_understood("the address of the PostgreSQL history cannot be read",
                          "write postgres://USER@HOST:PORT/DATABASE, with %xx for special characters in user and password");
  }
  out.shown = *shown;
  out.connection = core::Secret(std::move(connection), "the address of the history");
  return out;
}

}  // namespace

core::Result<Location> parse_location(const std::string& text) {
  const std::string_view view(text);
  if (view.starts_with(kSqlite)) {
    Location out;
    out.path = text.substr(kSqlite.size());
    out.shown = "sqlite:" + core::printable(out.path);
    if (out.path.empty() || out.path == ":memory:")
      return not_understood("the SQLite history has no file", "name one: sqlite:history.db");
    return out;
  }
  for (const std::string_view scheme : {kPostgres, kPostgresql}) {
    if (!view.starts_with(scheme)) continue;
    const std::string_view rest = view.substr(scheme.size());
    return postgres_location(rest.starts_with("//") ? text : std::string(rest));
  }
  return not_understood("a history is sqlite:PATH or postgres://USER@HOST/DATABASE",
                        "for example: --history sqlite:history.db");
}

}  // namespace gate::history
