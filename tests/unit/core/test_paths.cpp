#include <catch2/catch.hpp>

#include "core/paths.h"

using gate::core::path_from;

TEST_CASE("paths: a file from the root of a checkout") {
  struct Case {
    const char *root, *folder, *file, *inside;
  };
  const Case cases[] = {
      {"/w/shop", "/w/shop", "gate.toml", "gate.toml"},
      {"/w/shop", "/w/shop/deploy", "gate.toml", "deploy/gate.toml"},
      {"/w/shop/", "/w/shop/deploy", "../gates/./a.toml", "gates/a.toml"},
      {"/w/shop", "/tmp", "/w/shop/gates/a.toml", "gates/a.toml"},
      {"/w/shop", "/w/shop", "../other/gate.toml", ""},
      {"/w/shop", "/w/shop", "/etc/gate.toml", ""},
      {"/w/shop", "/w/shop", ".", ""},
      {"", "/w/shop", "gates/../gate.toml", "gate.toml"},
      {"", "/w/shop", "/etc/gate.toml", ""},
  };
  for (const Case& one : cases) {
    INFO(one.root << " " << one.folder << " " << one.file);
    CHECK(path_from(one.root, one.folder, one.file) == one.inside);
  }
}
