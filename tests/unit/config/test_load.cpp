// Whole files: sections, packs, the moments of a release, what is reported together.
#include <catch2/catch.hpp>

#include "support.h"

using namespace gate::config;
using namespace gate::config::test;

TEST_CASE("a small file is read with its defaults") {
  const Loaded loaded = World{}.load(with_metric("query = 'q'"), "dir/my-gate.toml");
  CHECK(codes(loaded).empty());
  REQUIRE(loaded.gate);
  const Gate& gate = *loaded.gate;
  CHECK(gate.name == "my-gate");
  CHECK(gate.directory == "dir");
  REQUIRE(gate.metrics.size() == 1);
  const Metric& metric = gate.metrics[0];
  CHECK(metric.title == "m");
  CHECK(metric.kind == Kind::samples);
  CHECK(metric.unit.symbol == "1");
  CHECK_FALSE(metric.required);
  CHECK(metric.weight == 1.0);
  CHECK(metric.min_samples == 5);
  CHECK(metric.compare.design == Design::before_after);
  CHECK(metric.compare.baseline_window == std::chrono::minutes(30));
  CHECK(metric.compare.settle.count() == 0);
  CHECK(metric.rules.confidence == 0.95);
  CHECK(metric.rules.unproven_within == Fallback::warn);
  CHECK(metric.rules.unproven_beyond == Fallback::inconclusive);
  CHECK(metric.on_new == gate::core::Verdict::warn);
}

TEST_CASE("sections are read, and a metric's own keys win") {
  const Loaded loaded = World{}.load(
      "version = 1\nname = 'shop'\ndescription = 'd'\n[release]\nversion = '1.2'\nprevious_version = { env = 'UNSET' }\n"
      "deployed_at = '2026-03-17T12:00:00Z'\nstarted_at = 1773748800\n"
      "[compare]\ndesign = 'side-by-side'\nbaseline = { window = '1h', gap = '5m' }\ncandidate = { window = '20m', settle = "
      "'1m' }\n"
      "step = '30s'\ningest_delay = '90s'\nanchor = 'now'\nearly = 'shorten'\nmethod = 'auto'\nmin_samples = 8\non_nan = "
      "'zero'\n"
      "[compare.tracks]\nbaseline = { pod = 'a' }\ncandidate = { pod = 'b' }\n"
      "[verdict]\nconfidence = 0.99\non_no_data = 'fail'\non_pending = 'skip'\non_unproven = { within = 'pass' }\npass_score = "
      "80\n"
      "[sources.p]\ntype = 'points'\nurl = 'u'\n"
      "[metrics.a]\nsource = 'p'\nquery = 'up{pod=\"{{pod}}\", track=\"{{track}}\"}'\n"
      "[metrics.b]\nsource = 'p'\nquery = 'q'\ndesign = 'none'\ncandidate = { window = '5m' }\nstep = '10s'\nanchor = "
      "'deployed_at'\n"
      "confidence = 0.9\non_unproven = 'fail'\nmin_samples = 2\nearly = 'wait'\n");
  CHECK(codes(loaded).empty());
  REQUIRE(loaded.gate);
  const Gate& gate = *loaded.gate;
  CHECK(gate.name == "shop");
  CHECK(gate.release_version == "1.2");
  CHECK(gate.previous_version.empty());
  CHECK(gate::core::format_time(*gate.deployed_at->time) == "2026-03-17T12:00:00Z");
  CHECK(gate::core::format_time(*gate.started_at->time) == "2026-03-17T12:00:00Z");
  CHECK(gate.pass_score == 80.0);
  CHECK(gate.baseline_variables == std::map<std::string, std::string>{{"pod", "a"}, {"track", "stable"}});
  CHECK(gate.candidate_variables == std::map<std::string, std::string>{{"pod", "b"}, {"track", "canary"}});
  const Metric& a = gate.metrics[0];
  CHECK(a.compare.design == Design::side_by_side);
  CHECK(a.compare.baseline_window == std::chrono::hours(1));
  CHECK(a.compare.gap == std::chrono::minutes(5));
  CHECK(a.compare.candidate_window == std::chrono::minutes(20));
  CHECK(a.compare.settle == std::chrono::minutes(1));
  CHECK(*a.compare.step == std::chrono::seconds(30));
  CHECK_FALSE(a.compare.own_step);
  CHECK(*a.compare.ingest_delay == std::chrono::seconds(90));
  CHECK(a.compare.anchor->now);
  CHECK(a.compare.shorten_early);
  CHECK(a.min_samples == 8);
  CHECK(a.on_nan == OnNan::zero);
  CHECK(a.rules.on_no_data == Fallback::fail);
  CHECK(a.rules.on_pending == Fallback::skip);
  CHECK(a.rules.unproven_within == Fallback::pass);
  CHECK(a.rules.unproven_beyond == Fallback::inconclusive);
  CHECK(a.parts.at("value").query.text("query") == "up{pod=\"{{pod}}\", track=\"{{track}}\"}");
  const Metric& b = gate.metrics[1];
  CHECK(b.compare.design == Design::none);
  CHECK(b.compare.candidate_window == std::chrono::minutes(5));
  CHECK(b.compare.settle == std::chrono::minutes(1));
  CHECK(b.compare.own_step);
  CHECK_FALSE(b.compare.anchor.has_value());
  CHECK_FALSE(b.compare.shorten_early);
  CHECK(b.rules.confidence == 0.9);
  CHECK(b.rules.unproven_within == Fallback::fail);
  CHECK(b.rules.unproven_beyond == Fallback::fail);
  CHECK(b.min_samples == 2);
}

TEST_CASE("mistakes in sections") {
  struct Case {
    const char* text;
    const char* codes;
  };
  for (const Case& c : {Case{"[compare]\ndesign = 'a-b'", "RG0202"},
                        Case{"[compare]\ndesign = 'yesterday'\ncluster = 'user'", "RG0202"},
                        Case{"[compare]\nbaseline = { window = '0s' }", "RG0203"},
                        Case{"[compare]\nbaseline = '30m'", "RG0102"},
                        Case{"[compare]\nstep = '0s'", "RG0203"},
                        Case{"[compare]\nanchor = 'someday'", "RG0221"},
                        Case{"[compare]\nearly = 'yes'", "RG0202"},
                        Case{"[compare.tracks]\nbaseline = { a = 1 }", "RG0408"},
                        Case{"[compare.tracks]\nthird = {}", "RG0104"},
                        Case{"[compare.tracks]\nbaseline = 5", "RG0102"},
                        Case{"[verdict]\nconfidence = 0.5", "RG0203"},
                        Case{"[verdict]\nconfidence = 1", "RG0203"},
                        Case{"[verdict]\nconfidence = '95%'", "RG0102"},
                        Case{"[verdict]\non_no_data = 'skip'", "RG0202"},
                        Case{"[verdict]\non_unproven = { before = 'warn' }", "RG0104"},
                        Case{"[verdict]\non_unproven = 'skip'", "RG0202"},
                        Case{"[verdict]\nfamily = 'bonferroni'", "RG0202"},
                        Case{"[verdict]\npass_score = 101", "RG0203"},
                        Case{"[release]\ndeployed_at = 'noon'", "RG0221"},
                        Case{"[release]\ndeployed_at = 2026-03-17", "RG0221"},
                        Case{"[release]\ndeployed_at = true", "RG0221"},
                        Case{"[release]\ndeployed = 'now'", "RG0104"},
                        Case{"[sources.x]\nurl = 'u'", "RG0103"},
                        Case{"[sources.x]\ntype = 'pionts'", "RG0510"},
                        Case{"[sources]\nx = 5", "RG0102"},
                        Case{"[sources.'a b']\ntype = 'rows'", "RG0107"},
                        Case{"[vars]\nx = { file = 'none' }", "w:RG0220 RG0405"}}) {
    INFO(c.text);
    CHECK(codes(World{}.load(with_metric("query = 'q'", c.text))) == c.codes);
  }
  for (const auto& [text, expected] : {std::pair{"", "RG0105"},
                                       {"version = 2", "RG0106"},
                                       {"version = '1'", "RG0106"},
                                       {"version = 1", "RG0108"},
                                       {"version = 1\nmetrics = 5", "RG0102"},
                                       {"version = 1\nname = 5", "RG0102"},
                                       {"version = 1\nuse = [5]", "RG0102"},
                                       {"version", "RG0101"},
                                       {"version = 1\n[metrics.m]\nenabled = false", "RG0108 w:RG0220"}}) {
    INFO(text);
    CHECK(codes(World{}.load(text)) == expected);
  }
}

TEST_CASE("packs lie under the file, key by key") {
  World world;
  world.packs["own"] =
      "version = 1\nname = 'own'\n[vars]\nsource = 'p'\nlimit = '10%'\n"
      "[metrics.a]\nsource = '{{source}}'\nquery = 'q'\ntitle = 'A'\nfail = { above = 5, increase_over = '{{limit}}' }\n"
      "[metrics.b]\nsource = '{{source}}'\nquery = 'q'\n";
  world.files["dir/packs/mine.toml"] = "use = ['../shared.toml']\n[metrics.c]\nsource = 'p'\nquery = 'mine'\n";
  world.files["dir/shared.toml"] =
      "[metrics.c]\nsource = 'p'\nquery = 'shared'\ntitle = 'C'\n[metrics.d]\nsource = 'p'\nquery = 'q'\n";
  const Loaded loaded = world.load(
      "version = 1\nuse = ['own', 'packs/mine.toml']\n[vars]\nlimit = '20%'\n[sources.p]\ntype = 'points'\nurl = 'u'\n"
      "[metrics.a]\nfail = { above = 6 }\n[metrics.b]\nenabled = false\n",
      "dir/gate.toml");
  CHECK(codes(loaded).empty());
  REQUIRE(loaded.gate);
  const Gate& gate = *loaded.gate;
  CHECK(gate.name == "gate");
  CHECK(gate.packs == std::vector<std::string>{"own", "packs/mine.toml", "../shared.toml"});
  REQUIRE(gate.metrics.size() == 3);
  CHECK(gate.metrics[0].id == "a");
  CHECK(gate.metrics[0].title == "A");
  REQUIRE(gate.metrics[0].criteria.size() == 2);
  CHECK(gate.metrics[0].criteria[0].bounds[0].value == 6.0);
  CHECK(gate.metrics[0].criteria[1].bounds[0].value == 0.2);
  CHECK(gate.metrics[0].criteria[1].location.file == "gates/own.toml");
  CHECK(gate.metrics[1].id == "c");
  CHECK(gate.metrics[1].title == "C");
  CHECK(gate.metrics[1].parts.at("value").query.text("query") == "mine");
  CHECK(gate.metrics[2].id == "d");
}

TEST_CASE("mistakes with packs stand in the file that makes them") {
  World world;
  world.packs["own"] = "[metrics.a]\nsource = 'p'\nquery = 'q'\ntitel = 'A'\n";
  world.packs["newer"] = "version = 2\n";
  world.files = {{"circle.toml", "use = 'other.toml'"},
                 {"other.toml", "use = './circle.toml'"},
                 {"self.toml", "use = 'gate.toml'"},
                 {"gate.toml", ""},
                 {"bad.toml", "a ="},
                 {"diamond.toml", "use = ['leaf.toml', 'leaf.toml']"},
                 {"leaf.toml", "[vars]\n"}};
  struct Case {
    const char* use;
    const char* codes;
    const char* file;
  };
  for (const Case& c : {Case{"'own'", "RG0104", "gates/own.toml"}, Case{"'onw'", "RG0409", "gate.toml"},
                        Case{"'./none.toml'", "RG0405", "gate.toml"}, Case{"'circle.toml'", "RG0410", "other.toml"},
                        Case{"'self.toml'", "RG0410", "self.toml"}, Case{"'newer'", "RG0106", "gates/newer.toml"},
                        Case{"'bad.toml'", "RG0101", "bad.toml"}, Case{"5", "RG0102", "gate.toml"}}) {
    INFO(c.use);
    const Loaded loaded =
        world.load("version = 1\nuse = " + std::string(c.use) + kHead.substr(11) + "[metrics.m]\nsource = 'p'\nquery = 'q'\n");
    CHECK(codes(loaded) == c.codes);
    CHECK(loaded.diagnostics[0].error.location.file == c.file);
  }
  CHECK(codes(world.load("version = 1\nuse = 'diamond.toml'" + kHead.substr(11) + "[metrics.m]\nsource = 'p'\nquery = 'q'\n"))
            .empty());
}

TEST_CASE("a variable chooses the pack, that of the file over that of the pack, --set over both") {
  World world;
  world.packs["own"] = "use = 'own-{{system}}'\n[vars]\nsystem = 'one'\n[metrics.a]\ntitle = 'A'\nunit = 's'\n";
  world.packs["own-one"] = "[metrics.a]\nsource = 'p'\nquery = 'first'\n";
  world.packs["own-two"] =
      "[vars]\nwhat = 'up'\n[metrics.a]\nsource = 'p'\nquery = 'second({{what}})'\n[metrics.b]\nsource = 'p'\nquery = 'b'\n";
  world.files = {{"./mine-two.toml", ""}, {"mine-two.toml", "[metrics.c]\nsource = 'p'\nquery = 'c'\n"}};
  world.environment = {{"SYSTEM", "two"}};
  struct Case {
    const char* file;
    const char* set;
    const char* query;  // of the metric a, or the codes of what is wrong
  };
  const Case cases[] = {
      {"use = 'own'", "", "first"},
      {"use = 'own'\n[vars]\nsystem = 'two'", "", "second(up)"},
      {"use = 'own'\n[vars]\nsystem = 'two'\nwhat = 'down'", "", "second(down)"},
      {"use = 'own'\n[vars]\nsystem = { env = 'SYSTEM' }", "", "second(up)"},
      {"use = 'own'\n[vars]\nkind = 'two'\nsystem = '{{kind}}'", "", "second(up)"},
      {"use = 'own'\n[vars]\nsystem = 'two'", "one", "first"},
      {"use = ['own-{{system}}', './mine-{{system}}.toml']\n[vars]\nsystem = 'two'", "", "second(up)"},
      {"use = 'own'\n[vars]\nsystem = 'three'", "", "RG0414"},
      {"use = 'own'", "three", "RG0414"},
      {"use = 'own-{{sytem}}'\n[vars]\nsystem = 'two'", "", "RG0401"},
      {"use = 'own'\n[vars]\nsystem = { env = 'UNSET' }", "", "RG0402"},
      {"use = './mine-{{system}}.toml'\n[vars]\nsystem = 'nine'", "", "RG0405"},
      {"use = 'x{{system}}{{system}}'\n[vars]\nsystem = 'nine'", "", "RG0409"},
  };
  for (const Case& c : cases) {
    INFO(c.file << " --set system=" << c.set);
    world.settings.clear();
    if (*c.set != '\0') world.settings = {{"system", c.set}};
    const Loaded loaded =
        world.load("version = 1\n" + std::string(c.file) + kHead.substr(11) + "[metrics.z]\nsource = 'p'\nquery = 'z'\n");
    if (!loaded.gate) {
      CHECK(codes(loaded) == c.query);
      continue;
    }
    CHECK(codes(loaded).empty());
    CHECK(loaded.gate->metrics[0].title == (std::string(c.file).starts_with("use = 'own'") ? "A" : "a"));
    CHECK(loaded.gate->metrics[0].parts.at("value").query.text("query") == c.query);
  }
}

TEST_CASE("a value that chooses no pack is shown where it stands, with those that do") {
  World world;
  world.packs["own"] = "use = 'own-{{system}}'\n[vars]\nsystem = 'one'\n";
  world.packs["own-one"] = "";
  world.packs["own-two"] = "";
  const Loaded loaded = world.load("version = 1\nuse = 'own'\n[vars]\nsystem = 'tow'\n");
  REQUIRE(loaded.diagnostics.size() == 1);
  const gate::core::Error& error = loaded.diagnostics[0].error;
  CHECK(error.message == "variable `system` cannot be \"tow\": it is `one` or `two`");
  CHECK(error.hint == "did you mean `two`?");
  CHECK(error.context == std::vector<std::string>{"gates/own.toml uses the pack \"own-{{system}}\""});
  CHECK(error.location.file == "gate.toml");
  CHECK(error.location.line == 4);
}

TEST_CASE("all mistakes are reported, in the order of the file, and what is sound is handed out for planning") {
  const Loaded loaded = World{}.load(kHead +
                                     "[metrics.bad]\nsource = 'x'\nquery = 'q'\nunit = 'm s'\nbetter = 'up'\n"
                                     "[metrics.good]\nsource = 'p'\nquery = 'q'\n[metrics.worse]\nsource = 'p'\n");
  CHECK(codes(loaded) == "RG0511 RG0210 RG0202 RG0103");
  std::uint32_t line = 0;
  for (const auto& diagnostic : loaded.diagnostics) {
    CHECK(diagnostic.error.location.line > line);
    line = diagnostic.error.location.line;
  }
  CHECK_FALSE(loaded.gate.has_value());
  REQUIRE(loaded.sound_part);
  REQUIRE(loaded.sound_part->metrics.size() == 1);
  CHECK(loaded.sound_part->metrics[0].id == "good");
  CHECK_FALSE(World{}.load(with_metric("query = 'q'\nunit = 'm s'", "[compare]\nstep = 5")).sound_part.has_value());
}

TEST_CASE("a byte order mark counts in no column") {
  const Loaded loaded = World{}.load("\xEF\xBB\xBFversion = 3\n");
  REQUIRE_FALSE(loaded.diagnostics.empty());
  CHECK(loaded.diagnostics[0].error.location.column == 11);
  CHECK(loaded.files.at("gate.toml").find("version") == 0);
}
