# Every dependency comes from the system's packages (Debian 12 has them all); elsewhere, where a network is at hand, the same
# library is fetched from its public repository at a fixed tag.
include(FetchContent)

find_package(Threads REQUIRED)
find_package(CURL 7.85 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(SQLite3 3.35 REQUIRED)
find_package(PostgreSQL REQUIRED)

macro(gate_dependency NAME FETCH_NAME REPOSITORY TAG)
  find_package(${NAME} QUIET)
  if(NOT ${NAME}_FOUND)
    if(NOT RELEASE_GATE_FETCH)
      message(FATAL_ERROR "${NAME} is not installed and RELEASE_GATE_FETCH is off")
    endif()
    FetchContent_Declare(${FETCH_NAME} GIT_REPOSITORY ${REPOSITORY} GIT_TAG ${TAG} GIT_SHALLOW ON)
    FetchContent_MakeAvailable(${FETCH_NAME})
  endif()
endmacro()

gate_dependency(nlohmann_json json https://github.com/nlohmann/json.git v3.11.2)
gate_dependency(fmt fmt https://github.com/fmtlib/fmt.git 9.1.0)
gate_dependency(CLI11 cli11 https://github.com/CLIUtils/CLI11.git v2.1.2)
gate_dependency(tomlplusplus tomlplusplus https://github.com/marzer/tomlplusplus.git v3.3.0)
gate_dependency(simdjson simdjson https://github.com/simdjson/simdjson.git v3.0.1)
gate_dependency(pugixml pugixml https://github.com/zeux/pugixml.git v1.13)
find_package(Boost 1.74 REQUIRED)

if(RELEASE_GATE_TESTS)
  gate_dependency(Catch2 Catch2 https://github.com/catchorg/Catch2.git v2.13.10)
endif()
