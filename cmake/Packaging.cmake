# What is installed, and the .deb that CPack makes of it; cmake/make-release.sh is the one script that makes a release's files.
#
# Two components: the program with its completions, manual page and papers; and `libraries`, left out unless it is asked for: the shared
# libraries whose names differ between distributions, which the tarball brings along.
include(GNUInstallDirs)

set(gate_maintainer "release-gate maintainers <maintainers@release-gate.example>")
set(gate_doc_dir ${CMAKE_INSTALL_DATADIR}/doc/release-gate)
install(TARGETS release-gate RUNTIME_DEPENDENCY_SET gate_libraries RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)
install(DIRECTORY gates/ DESTINATION ${CMAKE_INSTALL_DATADIR}/release-gate/gates COMPONENT program)
install(RUNTIME_DEPENDENCY_SET gate_libraries
  PRE_INCLUDE_REGEXES "^lib(fmt|pugixml|simdjson)\\." PRE_EXCLUDE_REGEXES ".*"
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}/release-gate COMPONENT libraries EXCLUDE_FROM_ALL)

if(CMAKE_CROSSCOMPILING OR RELEASE_GATE_SANITIZE OR RELEASE_GATE_COVERAGE)
  return()
endif()

# The program writes its own completions and manual page.
set(package_dir ${PROJECT_BINARY_DIR}/package)
set(package_files "")
foreach(completion "bash;release-gate;bash-completion/completions" "zsh;_release-gate;zsh/vendor-completions"
    "fish;release-gate.fish;fish/vendor_completions.d")
  list(GET completion 0 shell)
  list(GET completion 1 name)
  list(GET completion 2 folder)
  add_custom_command(OUTPUT ${package_dir}/${shell}/${name} DEPENDS release-gate VERBATIM
    COMMAND ${CMAKE_COMMAND} -E make_directory ${package_dir}/${shell}
    COMMAND release-gate completion ${shell} > ${package_dir}/${shell}/${name})
  list(APPEND package_files ${package_dir}/${shell}/${name})
  install(FILES ${package_dir}/${shell}/${name} DESTINATION ${CMAKE_INSTALL_DATADIR}/${folder} COMPONENT program)
endforeach()

find_program(HELP2MAN_PROGRAM help2man)
find_program(GZIP_PROGRAM gzip)
if(HELP2MAN_PROGRAM AND GZIP_PROGRAM)
  add_custom_command(OUTPUT ${package_dir}/release-gate.1.gz DEPENDS release-gate VERBATIM
    COMMAND ${CMAKE_COMMAND} -E env LC_ALL=C.UTF-8 ${HELP2MAN_PROGRAM} --no-info
      "--name=judge a release by its metrics" --output=${package_dir}/release-gate.1 $<TARGET_FILE:release-gate>
    COMMAND ${GZIP_PROGRAM} -9nf ${package_dir}/release-gate.1)
  list(APPEND package_files ${package_dir}/release-gate.1.gz)
  install(FILES ${package_dir}/release-gate.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT program)
endif()
if(GZIP_PROGRAM)
  # Debian's form wants a date: that of the release when make-release.sh configures, else none that changes from build to build.
  string(TIMESTAMP gate_changelog_date "%a, %d %b %Y %H:%M:%S +0000" UTC)
  if(NOT DEFINED ENV{SOURCE_DATE_EPOCH})
    set(gate_changelog_date "Thu, 01 Jan 1970 00:00:00 +0000")
  endif()
  configure_file(${PROJECT_SOURCE_DIR}/cmake/changelog.in ${package_dir}/changelog @ONLY)
  add_custom_command(OUTPUT ${package_dir}/changelog.gz DEPENDS ${package_dir}/changelog VERBATIM
    COMMAND ${GZIP_PROGRAM} -9nc ${package_dir}/changelog > ${package_dir}/changelog.gz)
  list(APPEND package_files ${package_dir}/changelog.gz)
  install(FILES ${package_dir}/changelog.gz DESTINATION ${gate_doc_dir} COMPONENT program)
endif()
configure_file(${PROJECT_SOURCE_DIR}/cmake/copyright.in ${package_dir}/copyright @ONLY)
install(FILES ${package_dir}/copyright DESTINATION ${gate_doc_dir} COMPONENT program)
add_custom_target(package_files ALL DEPENDS ${package_files})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME release-gate)
set(CPACK_PACKAGE_VENDOR "release-gate")
set(CPACK_PACKAGE_CONTACT "${gate_maintainer}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "judges a release by its metrics: one command for a pipeline")
set(CPACK_PACKAGE_DESCRIPTION_FILE ${PROJECT_SOURCE_DIR}/cmake/description.txt)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_INSTALL_CMAKE_PROJECTS "${PROJECT_BINARY_DIR};release-gate;program;/")
include(CPack)
