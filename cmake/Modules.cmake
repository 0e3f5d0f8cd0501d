# One static library per module: a module sees only the headers of what it names here, so a step against the one-way street of
# docs/architecture.md does not compile.

add_library(gate_flags INTERFACE)
target_compile_options(gate_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
  -fstack-protector-strong -fno-omit-frame-pointer)
# GCC 12 sees overlapping copies in string concatenation that are none (bug 105651).
target_compile_options(gate_flags INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
target_link_options(gate_flags INTERFACE -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
if(CMAKE_BUILD_TYPE MATCHES "Release|RelWithDebInfo" AND NOT RELEASE_GATE_SANITIZE)
  target_compile_options(gate_flags INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3)
endif()
if(RELEASE_GATE_SANITIZE)
  target_compile_options(gate_flags INTERFACE -fsanitize=${RELEASE_GATE_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(gate_flags INTERFACE -fsanitize=${RELEASE_GATE_SANITIZE})
endif()
if(RELEASE_GATE_COVERAGE)
  target_compile_options(gate_flags INTERFACE --coverage)
  target_link_options(gate_flags INTERFACE --coverage)
endif()

# Precompiled headers: one set for the modules and one, with Catch2, for their tests. -fPIC on both, since GCC takes a precompiled
# header only for code of the same kind.
set(gate_common_headers <algorithm> <array> <chrono> <cmath> <cstdint> <filesystem> <functional> <limits> <map> <memory> <optional>
  <set> <span> <sstream> <string> <string_view> <utility> <variant> <vector> <fmt/format.h>)
function(gate_precompile NAME)
  if(NOT RELEASE_GATE_PCH)
    return()
  endif()
  file(GENERATE OUTPUT ${PROJECT_BINARY_DIR}/generated/${NAME}.cpp CONTENT "")
  add_library(${NAME} OBJECT ${PROJECT_BINARY_DIR}/generated/${NAME}.cpp)
  target_precompile_headers(${NAME} PRIVATE ${gate_common_headers} ${ARGN})
  target_compile_options(${NAME} PRIVATE -fpch-preprocess)
  target_link_libraries(${NAME} PRIVATE gate_flags fmt::fmt)
endfunction()
function(gate_use_precompiled TARGET NAME)
  if(RELEASE_GATE_PCH)
    target_precompile_headers(${TARGET} REUSE_FROM ${NAME})
    target_compile_options(${TARGET} PRIVATE -fPIC -fpch-preprocess)
    # From a precompiled header, GCC 12 no longer knows libstdc++'s strings as a system header's, and reports overflows there that
    # are none; real ones are the sanitizer build's to find.
    target_compile_options(${TARGET} PRIVATE "$<$<CXX_COMPILER_ID:GNU>:-Wno-stringop-overflow;-Wno-stringop-overread;-Wno-array-bounds>")
    # A precompiled header is refused where a macro differs; fmt's is defined for all, whether they link it or not.
    target_compile_definitions(${TARGET} PRIVATE $<TARGET_PROPERTY:fmt::fmt,INTERFACE_COMPILE_DEFINITIONS>)
  endif()
endfunction()
gate_precompile(gate_pch)

# gate_module(NAME SOURCES files… [DEPENDS modules…] [LIBRARIES targets…] [PRIVATE_LIBRARIES targets…])
# Headers are included as "core/time.h": each module's folder is reached through a link of its own under <build>/include/NAME,
# so that only the modules named in DEPENDS are on the include path.
function(gate_module NAME)
  cmake_parse_arguments(M "" "" "SOURCES;DEPENDS;LIBRARIES;PRIVATE_LIBRARIES" ${ARGN})
  set(include_root ${PROJECT_BINARY_DIR}/include/${NAME})
  file(MAKE_DIRECTORY ${include_root})
  file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${include_root}/${NAME} SYMBOLIC)
  add_library(gate_${NAME} STATIC ${M_SOURCES})
  target_include_directories(gate_${NAME} PUBLIC ${include_root})
  foreach(dependency IN LISTS M_DEPENDS)
    target_link_libraries(gate_${NAME} PUBLIC gate_${dependency})
  endforeach()
  target_link_libraries(gate_${NAME} PUBLIC ${M_LIBRARIES} PRIVATE ${M_PRIVATE_LIBRARIES} gate_flags)
  gate_use_precompiled(gate_${NAME} gate_pch)
endfunction()
