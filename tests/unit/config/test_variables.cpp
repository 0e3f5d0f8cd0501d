#include <catch2/catch.hpp>

#include "support.h"

using namespace gate::config;
using namespace gate::config::test;

TEST_CASE("variables are put in, and what is wrong with them is told") {
  Variables variables({"step", "window"});
  variables.set("service", {"checkout", "", {}, false});
  variables.set("odd", {"a\"b\\c\nd{", "", {}, false});
  variables.set("unset", {"", "environment variable X is not set", {}, false});
  variables.set("broken", {"", "", {}, true});
  struct Case {
    const char* text;
    const char* result;
    const char* codes;
  };
  for (const Case& c : {Case{"", "", ""},
                        Case{"plain", "plain", ""},
                        Case{"{{service}}", "checkout", ""},
                        Case{"{{ service }}", "checkout", ""},
                        Case{"a{{service}}b{{service}}c", "acheckoutbcheckoutc", ""},
                        Case{"up{x=\"{{service}}\"}", "up{x=\"checkout\"}", ""},
                        Case{"up{{{service}}=~\"a\"}", "up{checkout=~\"a\"}", ""},
                        Case{"[{{step}}] {{window}}", "[{{step}}] {{window}}", ""},
                        Case{"{{service|quote}}", "checkout", ""},
                        Case{"{{odd|quote}}", "a\\\"b\\\\c\\nd{", ""},
                        Case{"{{odd}}", nullptr, "RG0403"},
                        Case{"{{servce}}", nullptr, "RG0401"},
                        Case{"{{servce}} {{nope}}", nullptr, "RG0401 RG0401"},
                        Case{"{{unset}}", nullptr, "RG0402"},
                        Case{"{{broken}}", nullptr, ""},
                        Case{"{{service}", nullptr, "RG0404"},
                        Case{"{{service|upper}}", nullptr, "RG0404"},
                        Case{"{{service|}}", nullptr, "RG0404"},
                        Case{"{{my var}}", nullptr, "RG0404"},
                        Case{"{{", "{{", ""},
                        Case{"{{}}", "{{}}", ""},
                        Case{"{{1}}", "{{1}}", ""},
                        Case{"{{ .Label }}", "{{ .Label }}", ""},
                        Case{"}} {{service}}", "}} checkout", ""}}) {
    INFO(c.text);
    gate::core::Diagnostics found;
    const auto result = variables.expand({std::string(c.text), {}}, found);
    Loaded loaded;
    loaded.diagnostics = found;
    CHECK(codes(loaded) == c.codes);
    CHECK(result.has_value() == (c.result != nullptr));
    if (result && c.result != nullptr) CHECK(*result == c.result);
  }
}

TEST_CASE("what a source puts in itself is left standing, with whatever filter") {
  gate::config::Variables variables({"step"});
  variables.set("start", {"of the file", "", {}, false});
  variables.leave("start");
  const auto expanded = [&](const char* text) {
    gate::core::Diagnostics found;
    const auto result = variables.expand({std::string(text), {}}, found);
    return result ? *result : found.front().error.code;
  };
  CHECK(expanded("{{start}} {{ start | unix }} {{step}}") == "{{start}} {{ start | unix }} {{step}}");
  CHECK(expanded("{{start") == "RG0404");
  CHECK(expanded("{{step|unix}}") == "RG0404");
  CHECK(expanded("{{strat}}") == "RG0401");
}

TEST_CASE("[vars]: order, --set, environment, files and defaults") {
  const World world{{{"SERVICE", "from-env"}, {"EMPTY", ""}},
                    {{"dir/v.txt", "from-file\n"}, {"dir/empty.txt", ""}},
                    {},
                    {{"b", "1"}, {"b", "set"}}};
  const Loaded loaded = world.load(
      "version = 1\n[vars]\nlast = '{{first}}/{{b}}'\nfirst = '{{env}}-{{file}}'\nenv = { env = 'SERVICE' }\nfile = { file = "
      "'v.txt' }\n"
      "b = 'file'\nnumber = 5\nflag = true\nfallback = { env = 'EMPTY', default = '{{number}}' }\n"
      "[sources.p]\ntype = 'points'\nurl = 'u'\n"
      "[metrics.m]\nsource = 'p'\nquery = '{{last}} {{flag}} {{fallback}}'\n",
      "dir/gate.toml");
  CHECK(codes(loaded).empty());
  REQUIRE(loaded.gate);
  CHECK(loaded.gate->metrics[0].parts.at("value").query.text("query") == "from-env-from-file/set true 5");
}

TEST_CASE("[vars]: what cannot be read") {
  struct Case {
    const char* vars;
    const char* codes;
  };
  for (const Case& c :
       {Case{"a = '{{a}}'", "RG0413"}, Case{"a = '{{b}}'\nb = '{{a}}'", "RG0413 RG0413"}, Case{"a = '{{x}}'", "RG0401"},
        Case{"a = []", "RG0102"}, Case{"a = {}", "RG0102"}, Case{"a = { env = '' }", "RG0406"},
        Case{"a = { env = 5 }", "RG0406"}, Case{"a = { env = 'A', file = 'b' }", "RG0406"},
        Case{"a = { file = 'b', default = 'c' }", "RG0406"}, Case{"a = { file = 'none' }", "RG0405"},
        Case{"a = { env = 'A', default = [] }", "RG0102"}, Case{"a = { env = 'A', other = 1 }", "RG0104"},
        Case{"a = { env = 'UNSET' }", "RG0402"}, Case{"step = '5s'\na = 'x'", "RG0412"}}) {
    INFO(c.vars);
    const Loaded loaded = World{}.load(with_metric("query = '{{a}}'", std::string("[vars]\n") + c.vars));
    CHECK(codes(loaded) == c.codes);
    CHECK_FALSE(loaded.gate.has_value());
  }
  World world;
  world.settings = {{"nope", "x"}};
  CHECK(codes(world.load(with_metric("query = 'q'"))) == "RG0411");
}

TEST_CASE("a variable that nothing uses is a warning, unless its slip is told elsewhere") {
  World world;
  world.packs["pack"] = "[vars]\njob = 'x'\nother = 'y'\n[metrics.k]\nsource = 'p'\nquery = '{{job}}'\n";
  struct Case {
    const char* vars;
    const char* query;
    const char* codes;
  };
  for (const Case& c : {Case{"a = 'x'", "q", "w:RG0220"}, Case{"a = 'x'", "{{a}}", ""}, Case{"job = 'z'", "q", ""},
                        Case{"jbo = 'z'", "q", "w:RG0220"}, Case{"zone = 'z'", "{{zoen}}", "RG0401"}}) {
    INFO(c.vars << " " << c.query);
    CHECK(codes(world.load("version = 1\nuse = 'pack'\n[vars]\n" + std::string(c.vars) +
                           "\n[sources.p]\ntype = 'points'\nurl = 'u'\n[metrics.m]\nsource = 'p'\nquery = '" + c.query +
                           "'\n")) == c.codes);
  }
}
