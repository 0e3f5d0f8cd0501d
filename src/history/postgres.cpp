#include "history/postgres.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>

#include <array>
#include <charconv>
#include <map>

#include "core/text.h"

namespace gate::history {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int kNap = 50;                          ///< milliseconds between looks at interrupts
constexpr std::int64_t kMigrationLock = 726'479;  ///< any number that other programs in the database are unlikely to lock

// OIDs of the types that come back (pg_type.dat); everything else is text.
constexpr Oid kInt8 = 20;
constexpr Oid kInt2 = 21;
constexpr Oid kInt4 = 23;
constexpr Oid kFloat4 = 700;
constexpr Oid kFloat8 = 701;

struct Finish {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};
using Connection = std::unique_ptr<PGconn, Finish>;
struct Clear {
  void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, Clear>;

/// Keywords and values of `connection`; nullopt when it cannot be read. The message of libpq would quote it.
std::optional<std::map<std::string, std::string>> parts_of(const std::string& connection) {
  char* message = nullptr;
  PQconninfoOption* options = PQconninfoParse(connection.c_str(), &message);
  PQfreemem(message);
  if (options == nullptr) return std::nullopt;
  std::map<std::string, std::string> out;
  for (const PQconninfoOption* one = options; one->keyword != nullptr; ++one) {
    if (one->val != nullptr) out[one->keyword] = one->val;
  }
  PQconninfoFree(options);
  return out;
}

/// One line, without any of the secrets that the address holds.
std::string safe(std::string text, const Location& location) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  text = core::replace_all(std::move(text), "\n", "; ");
  for (const auto& [keyword, value] :
       parts_of(std::string(location.connection.reveal())).value_or(std::map<std::string, std::string>{})) {
    if ((keyword == "password" || keyword == "sslpassword") && !value.empty())
      text = core::replace_all(std::move(text), value, "***");
  }
  if (const char* password = std::getenv("PGPASSWORD"); password != nullptr && *password != '\0')
    text = core::replace_all(std::move(text), password, "***");
  return core::printable(text);
}

std::string hint_for(const std::string& state, const std::string& text) {
  if (text.find("authentication failed") != std::string::npos || text.find("no password supplied") != std::string::npos)
    return "check user and password; a password may also come from PGPASSWORD or PGPASSFILE";
  if (text.find("Connection refused") != std::string::npos || text.find("could not translate host name") != std::string::npos)
    return "check host and port, and whether the server runs";
  if (text.find("does not exist") != std::string::npos && state.empty()) return "create the database, or name another one";
  if (state == "42501") return "let its user make tables, or name a schema of its own: …?options=-csearch_path%3Dgate";
  if (state == "53100") return "make room";
  if (state == "25006") return "name the primary server";
  return "";
}

class Postgres final : public Database {
 public:
  Postgres(const Location& location, const Limits& limits)
      : location_(location), limits_(limits), until_(Clock::now() + limits.patience) {
    const std::string address(location.connection.reveal());
    const std::string patience = std::to_string(limits.patience.count());
    // What stands before dbname gives way to the address, what stands after it wins.
    const std::array<const char*, 5> keywords = {"tcp_user_timeout", "fallback_application_name", "dbname", "client_encoding",
                                                 nullptr};
    const std::array<const char*, 5> values = {patience.c_str(), "release-gate", address.c_str(), "UTF8", nullptr};
    connection_.reset(PQconnectStartParams(keywords.data(), values.data(), 1));
    if (!connection_) throw Trouble("out of memory");
    finish_connecting();
    // A server that stops reading must not hold a send.
    PQsetnonblocking(connection_.get(), 1);
    PQsetNoticeProcessor(
        connection_.get(), [](void*, const char*) {}, nullptr);
    run(fmt::format("SET statement_timeout = {}", limits.patience.count()));
    run(fmt::format("SET lock_timeout = {}", limits.patience.count()));
  }

  using Database::run;
  Answer run(const std::string& sql, const std::vector<Value>& values) override {
    std::vector<std::optional<std::string>> texts;
    std::vector<const char*> pointers;
    texts.reserve(values.size());
    pointers.reserve(values.size());
    for (const Value& value : values) texts.push_back(text_of(value));
    for (const auto& text : texts) pointers.push_back(text ? text->c_str() : nullptr);
    if (PQsendQueryParams(connection_.get(), sql.c_str(), static_cast<int>(pointers.size()), nullptr, pointers.data(), nullptr,
                          nullptr, 0) != 1)
      lost();
    Answer out;
    while (true) {
      await_answer();
      const Result result(PQgetResult(connection_.get()));
      if (!result) return out;
      take(out, *result);
    }
  }

  void begin() override { run("BEGIN ISOLATION LEVEL READ COMMITTED"); }
  void begin_migration() override {
    begin();
    run(fmt::format("SELECT pg_advisory_xact_lock({})", kMigrationLock));
  }
  bool has_table(const std::string& name) override {
    return !run("SELECT 1 FROM pg_catalog.pg_class WHERE oid = to_regclass($1)", {name}).rows.empty();
  }
  /// A database is shared with others as a rule.
  bool has_any_table() override { return false; }
  void prepare_new() override {}
  void check_writable() override {
    const Answer answer =
        run("SELECT CASE WHEN has_table_privilege('release_gate_runs', 'INSERT') AND "
            "has_table_privilege('release_gate_metrics', 'INSERT') "
            "AND NOT pg_is_in_recovery() THEN 1 ELSE 0 END");
    if (std::get<std::int64_t>(answer.rows.front().front()) == 1) return;
    throw Trouble("its user may not insert into the tables",
                  "GRANT SELECT, INSERT ON release_gate_runs, release_gate_metrics TO that user, and name the primary server");
  }

 private:
  static std::optional<std::string> text_of(const Value& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
    if (const auto* number = std::get_if<double>(&value)) return fmt::format("{}", *number);
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    return std::nullopt;
  }

  static Value value_of(const PGresult& result, int row, int field) {
    if (PQgetisnull(&result, row, field) == 1) return std::monostate{};
    const std::string text(PQgetvalue(&result, row, field), static_cast<std::size_t>(PQgetlength(&result, row, field)));
    const auto read = [&](auto number) {
      std::from_chars(text.data(), text.data() + text.size(), number);
      return number;
    };
    switch (PQftype(&result, field)) {
      case kInt2:
      case kInt4:
      case kInt8:
        return read(std::int64_t{0});
      case kFloat4:
      case kFloat8:
        return read(0.0);
      default:
        return text;
    }
  }

  void take(Answer& out, const PGresult& result) {
    const ExecStatusType status = PQresultStatus(&result);
    if (status == PGRES_TUPLES_OK) {
      for (int row = 0; row < PQntuples(&result); ++row) {
        Row values;
        for (int field = 0; field < PQnfields(&result); ++field) values.push_back(value_of(result, row, field));
        out.rows.push_back(std::move(values));
      }
    } else if (status != PGRES_COMMAND_OK) {
      refuse(result);
    }
    const std::string_view changed = PQcmdTuples(const_cast<PGresult*>(&result));
    std::from_chars(changed.data(), changed.data() + changed.size(), out.changed);
  }

  [[noreturn]] void refuse(const PGresult& result) {
    const auto field = [&](int which) {
      const char* text = PQresultErrorField(&result, which);
      return std::string(text == nullptr ? "" : text);
    };
    const std::string state = field(PG_DIAG_SQLSTATE);
    if (state.empty()) lost();
    const std::string text = field(PG_DIAG_MESSAGE_PRIMARY);
    if (state == "57014" || state == "55P03")
      throw Trouble("another writer holds what it needs", "see what holds its locks: SELECT * FROM pg_stat_activity");
    throw Trouble(safe(text, location_), hint_for(state, text));
  }

  /// The server is gone, or never was there.
  [[noreturn]] void lost() {
    const std::string text = PQerrorMessage(connection_.get());
    throw Trouble(safe(text, location_), hint_for("", text));
  }

  /// Waits a little for the socket, or gives up.
  void wait_for(short events) {
    pollfd socket{PQsocket(connection_.get()), events, 0};
    ::poll(&socket, 1, kNap);
    if (limits_.interrupted()) throw Trouble("it was interrupted");
    if (Clock::now() < until_) return;
    throw Trouble(fmt::format("no answer within {}", core::describe_duration(limits_.patience)),
                  "check host and port, and whether the server runs");
  }

  void finish_connecting() {
    PostgresPollingStatusType status = PGRES_POLLING_WRITING;
    while (true) {
      if (PQstatus(connection_.get()) == CONNECTION_BAD || status == PGRES_POLLING_FAILED) lost();
      if (status == PGRES_POLLING_OK) return;
      if (is_ready(status == PGRES_POLLING_READING ? POLLIN : POLLOUT)) status = PQconnectPoll(connection_.get());
    }
  }

  /// Whether the socket can be read or written, after a little while at most.
  bool is_ready(short events) {
    pollfd socket{PQsocket(connection_.get()), events, 0};
    if (::poll(&socket, 1, 0) > 0) return true;
    wait_for(events);
    return ::poll(&socket, 1, 0) > 0;
  }

  void await_answer() {
    while (PQisBusy(connection_.get()) == 1) {
      const int unsent = PQflush(connection_.get());
      wait_for(static_cast<short>(unsent == 1 ? POLLIN | POLLOUT : POLLIN));
      if (PQconsumeInput(connection_.get()) != 1) lost();
    }
  }

  const Location& location_;
  Limits limits_;
  Connection connection_;
  Clock::time_point until_;
};

}  // namespace

std::optional<std::string> shown_connection(const std::string& connection) {
  auto parts = parts_of(connection);
  if (!parts) return std::nullopt;
  std::string out = "postgres://";
  if (!(*parts)["user"].empty()) out += (*parts)["user"] + "@";
  out += (*parts)["host"].empty() ? (*parts)["hostaddr"] : (*parts)["host"];
  if (!(*parts)["port"].empty()) out += ":" + (*parts)["port"];
  if (!(*parts)["dbname"].empty()) out += "/" + (*parts)["dbname"];
  return core::printable(out);
}

std::unique_ptr<Database> connect_postgres(const Location& location, const Limits& limits) {
  return std::make_unique<Postgres>(location, limits);
}

}  // namespace gate::history
