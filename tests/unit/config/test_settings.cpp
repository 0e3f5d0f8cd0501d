// Sources: keys of every type, secrets, references.
#include <catch2/catch.hpp>

#include "support.h"

using namespace gate::config;
using namespace gate::config::test;

namespace {

std::string with_source(const std::string& body) {
  return "version = 1\n[sources.p]\ntype = 'points'\nurl = 'u'\n" + body + "\n[metrics.m]\nsource = 'p'\nquery = 'q'\n";
}

const World kWorld{{{"TOKEN", "planted-secret"}, {"LINES", "a\nb"}, {"LIMIT", "2MiB"}}, {{"t.txt", "from-file \r\n"}}, {}, {}};

}  // namespace

TEST_CASE("keys of a source have the type that it declares") {
  struct Case {
    const char* body;
    const char* codes;
  };
  for (const Case& c : {Case{"timeout = '10s'\nlimit = '64MiB'\nretries = 3\ninsecure = true\nshare = 0.5\nnames = ['a', "
                             "'b']\nextra = { a = 1 }\nany = 5",
                             ""},
                        Case{"limit = 1000", ""},
                        Case{"limit = { env = 'LIMIT' }", ""},
                        Case{"names = 'a'", ""},
                        Case{"share = 1", ""},
                        Case{"timeout = 10", "RG0102"},
                        Case{"timeout = '10'", "RG0222"},
                        Case{"limit = '64 apples'", "RG0204"},
                        Case{"limit = '5s'", "RG0204"},
                        Case{"limit = 0", "RG0204"},
                        Case{"limit = -1", "RG0204"},
                        Case{"retries = '3'", "RG0102"},
                        Case{"retries = 2.5", "RG0102"},
                        Case{"retries = -1", "RG0203"},
                        Case{"insecure = 'true'", "RG0102"},
                        Case{"share = '1'", "RG0102"},
                        Case{"share = nan", "RG0102"},
                        Case{"names = [1]", "RG0102"},
                        Case{"names = 5", "RG0102"},
                        Case{"extra = 5", "RG0102"},
                        Case{"headers = 'x'", "RG0102"},
                        Case{"tiemout = '5s'", "RG0104"},
                        Case{"timeout = { env = 'UNSET' }", "RG0407"},
                        Case{"limit = { env = 'UNSET' }", "RG0407"},
                        Case{"any = '{{x}}'\nextra = { a = ['{{y}}'] }", "RG0401 RG0401"}}) {
    INFO(c.body);
    CHECK(codes(kWorld.load(with_source(c.body))) == c.codes);
  }
}

TEST_CASE("secrets come from outside, keep their origin, and stand in no message") {
  struct Case {
    const char* body;
    const char* codes;
  };
  for (const Case& c :
       {Case{"token = { env = 'TOKEN' }", ""}, Case{"token = { file = 't.txt' }", ""}, Case{"token = { env = 'UNSET' }", ""},
        Case{"token = 'planted-secret'", "RG0501"}, Case{"token = 5", "RG0501"}, Case{"token = { env = 'LINES' }", "RG0502"},
        Case{"token = { file = 'none' }", "RG0405"}, Case{"token = { value = 'planted-secret' }", "RG0102"},
        Case{"headers = { Authorization = 'planted-secret' }", "RG0501"},
        Case{"headers = { X-Api-Key = 'planted-secret' }", "RG0501"}, Case{"headers = { X-Scope-OrgID = '1' }", ""},
        Case{"headers = { Cookie = { env = 'TOKEN' } }", ""}}) {
    INFO(c.body);
    const Loaded loaded = kWorld.load(with_source(c.body));
    CHECK(codes(loaded) == c.codes);
    for (const auto& diagnostic : loaded.diagnostics) {
      CHECK(render_diagnostic(diagnostic, loaded.files).find("planted-secret") == std::string::npos);
    }
  }
  const Loaded loaded = kWorld.load(with_source("token = { env = 'TOKEN' }\nheaders = { Cookie = { file = 't.txt' } }"));
  const auto& settings = loaded.gate->sources[0].settings;
  CHECK(settings.secret("token").reveal() == "planted-secret");
  CHECK(settings.secret("token").name() == "env TOKEN");
  CHECK(settings.find("headers")->headers[0].second.reveal() == "from-file");
  CHECK_FALSE(settings.text("token") == "planted-secret");
  CHECK(kWorld.load(with_source("token = { env = 'UNSET' }")).gate->notes ==
        std::vector<std::string>{"sources.p.token: UNSET is not set, so requests go without it"});
}

TEST_CASE("what is a secret somewhere cannot be used where it would be shown") {
  struct Case {
    const char* before;
    const char* body;
    const char* codes;
  };
  for (const Case& c :
       {Case{"", "title = { env = 'TOKEN' }", "RG0505"}, Case{"[vars]\na = { env = 'TOKEN' }", "query = '{{a}}'", "RG0505"},
        Case{"", "link = { file = 't.txt' }", ""}, Case{"[release]\nversion = { env = 'TOKEN' }", "", "RG0505"}}) {
    INFO(c.before << c.body);
    std::string text = with_source("token = { env = 'TOKEN' }\n" + std::string(c.before)) + c.body + "\n";
    if (std::string(c.body).find("query") == 0) text.replace(text.find("query = 'q'\n"), 12, "");
    CHECK(codes(kWorld.load(text)) == c.codes);
  }
}

TEST_CASE("literal credentials are starred in excerpts, wherever the mistake on their line is") {
  const Loaded loaded = kWorld.load(
      "version = 1\nsources.p = { type = 'pionts', token = 'planted-secret', url = "
      "'https://me:planted-secret@x/?k=planted-secret' }\n");
  CHECK(codes(loaded) == "RG0510");
  const std::string shown = render_diagnostic(loaded.diagnostics[0], loaded.files);
  CHECK(shown.find("planted-secret") == std::string::npos);
  CHECK(shown.find("token = '**************'") != std::string::npos);
  const Loaded broken = kWorld.load("version = 1\nsources.p.token = 'planted-secret\n");
  CHECK(codes(broken) == "RG0101");
  CHECK(render_diagnostic(broken.diagnostics[0], broken.files).find("planted") == std::string::npos);
}

TEST_CASE("a file reference is relative to the file that it stands in") {
  World world;
  world.files = {{"a/packs/pack.toml", "[sources.p]\ntype = 'points'\nurl = 'u'\ntoken = { file = 't' }\n"},
                 {"a/packs/t", "pack"},
                 {"a/t", "gate"}};
  const Loaded loaded =
      world.load("version = 1\nuse = './packs/pack.toml'\n[metrics.m]\nsource = 'p'\nquery = 'q'\ntitle = { file = 't' }\n",
                 "a/gate.toml");
  CHECK(codes(loaded).empty());
  CHECK(loaded.gate->sources[0].settings.secret("token").reveal() == "pack");
  CHECK(loaded.gate->metrics[0].title == "gate");
}
