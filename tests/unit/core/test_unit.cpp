#include <catch2/catch.hpp>
#include <limits>

#include "core/unit.h"

using namespace gate::core;

TEST_CASE("units are read with their dimension and scale") {
  struct Case {
    const char* text;
    const char* symbol;
    const char* dimension;
    double scale;
  };
  for (const Case& c : {Case{"", "1", "1", 1},
                        Case{"1", "1", "1", 1},
                        Case{"%", "%", "1", 0.01},
                        Case{"pp", "pp", "pp", 0.01},
                        Case{"ms", "ms", "time", 1e-3},
                        Case{"us", "us", "time", 1e-6},
                        Case{"µs", "µs", "time", 1e-6},
                        Case{" s ", "s", "time", 1},
                        Case{"d", "d", "time", 86400},
                        Case{"kB", "kB", "size", 1e3},
                        Case{"MiB", "MiB", "size", 1048576},
                        Case{"Gbit", "Gbit", "bits", 1e9},
                        Case{"core", "core", "core", 1},
                        Case{"mcore", "mcore", "core", 1e-3},
                        Case{"Hz", "Hz", "1/time", 1},
                        Case{"1/d", "1/d", "1/time", 1.0 / 86400},
                        Case{"/s", "/s", "1/time", 1},
                        Case{"B/s", "B/s", "size/time", 1},
                        Case{"MiB/min", "MiB/min", "size/time", 1048576.0 / 60},
                        Case{"EUR", "EUR", "EUR", 1},
                        Case{"req/s", "req/s", "req/time", 1},
                        Case{"ms/req", "ms/req", "time/req", 1e-3},
                        Case{"user_id", "user_id", "user_id", 1}}) {
    INFO(c.text);
    const auto unit = parse_unit(c.text);
    REQUIRE(unit.ok());
    CHECK(unit->symbol == c.symbol);
    CHECK(unit->dimension == c.dimension);
    CHECK(unit->scale == Approx(c.scale).epsilon(1e-15));
  }
  for (const char* text : {"m s", "s/", "1/2", "2s", "s/s/s", "€", "-", "%%", "s^2", "/"}) {
    INFO(text);
    const auto unit = parse_unit(text);
    REQUIRE_FALSE(unit.ok());
    CHECK(unit.error().code == "RG0210");
    CHECK_FALSE(unit.error().hint.empty());
  }
}

TEST_CASE("quantities are a finite number and at most one unit") {
  struct Case {
    const char* text;
    double value;
    const char* unit;
    bool bare;
  };
  for (const Case& c : {Case{"800ms", 800, "ms", false}, Case{"-3 %", -3, "%", false}, Case{"+10%", 10, "%", false},
                        Case{"0.2pp", 0.2, "pp", false}, Case{"5/h", 5, "/h", false}, Case{"12 EUR", 12, "EUR", false},
                        Case{"0.25", 0.25, "1", true}, Case{" 64MiB ", 64, "MiB", false}, Case{"1e3", 1000, "1", true},
                        Case{"1e3ms", 1000, "ms", false}, Case{".5", 0.5, "1", true}, Case{"5.", 5, "1", true}}) {
    INFO(c.text);
    const auto quantity = parse_quantity(c.text);
    REQUIRE(quantity.ok());
    CHECK(quantity->value == c.value);
    CHECK(quantity->unit.symbol == c.unit);
    CHECK(quantity->bare == c.bare);
  }
  for (const char* text : {"", " ", "ms", "%10", "nan", "inf", "-inf ms", "1,5", "5 m s", "+-5", "--5", "1e999", "10 %%"}) {
    INFO(text);
    const auto quantity = parse_quantity(text);
    REQUIRE_FALSE(quantity.ok());
    CHECK(quantity.error().code == "RG0212");
  }
}

TEST_CASE("a quantity is converted into the unit of its metric, or refused") {
  struct Case {
    const char* quantity;
    const char* unit;
    double value;
  };
  for (const Case& c :
       {Case{"800ms", "s", 0.8}, Case{"0.8s", "ms", 800}, Case{"0.1", "%", 0.1}, Case{"10%", "1", 0.1}, Case{"0.1", "1", 0.1},
        Case{"1%", "%", 1}, Case{"1GB", "MiB", 953.67431640625}, Case{"5/h", "1/d", 120}, Case{"5/h", "req/s", 5.0 / 3600},
        Case{"2 min", "s", 120}, Case{"12 EUR", "EUR", 12}, Case{"60/min", "Hz", 1}, Case{"1MiB/s", "KiB/s", 1024}}) {
    INFO(c.quantity << " in " << c.unit);
    const auto value = convert(*parse_quantity(c.quantity), *parse_unit(c.unit));
    REQUIRE(value.ok());
    CHECK(*value == Approx(c.value).epsilon(1e-14));
  }
  for (const auto& [quantity, unit] : {std::pair{"800MB", "s"},
                                       {"0.2pp", "%"},
                                       {"5s", "1"},
                                       {"5/h", "B/s"},
                                       {"5 EUR", "USD"},
                                       {"5s", "1/s"},
                                       {"5%", "s"},
                                       {"5 req/s", "err/s"}}) {
    INFO(quantity << " in " << unit);
    const auto value = convert(*parse_quantity(quantity), *parse_unit(unit));
    REQUIRE_FALSE(value.ok());
    CHECK(value.error().code == "RG0211");
    CHECK_FALSE(value.error().hint.empty());
  }
}

TEST_CASE("dimensions are described in words") {
  for (const auto& [unit, words] : {std::pair{"ms", "a duration"},
                                    {"MiB", "a size"},
                                    {"%", "a percentage"},
                                    {"1", "a plain number"},
                                    {"pp", "a number of percentage points"},
                                    {"1/d", "a rate (\"1/d\")"},
                                    {"B/s", "a rate (\"B/s\")"},
                                    {"EUR", "an amount in \"EUR\""}}) {
    CHECK(describe_dimension(*parse_unit(unit)) == words);
  }
}

TEST_CASE("numbers have three significant digits, a true minus and no noise") {
  struct Case {
    double value;
    const char* text;
  };
  for (const Case& c :
       {Case{0, "0"}, Case{-0.0, "0"}, Case{1.0000000001, "1.00"}, Case{0.1 + 0.2, "0.300"}, Case{-2.7, "−2.70"},
        Case{18, "18"}, Case{0.0312, "0.0312"}, Case{9.995, "9.99"}, Case{9.996, "10.0"}, Case{99.96, "100"},
        Case{1234.5, "1234"}, Case{123456789, "123456789"}, Case{1.2e9, "1.20e+09"}, Case{1e-7, "1.00e-07"},
        Case{0.99999, "1.00"}, Case{-1e-7, "−1.00e-07"}, Case{0.000012345, "0.0000123"}, Case{-1.5e12, "−1.50e+12"}}) {
    INFO(c.value);
    CHECK(format_number(c.value) == c.text);
  }
  CHECK(format_number(2.5, 2) == "2.5");
  CHECK(format_number(std::numeric_limits<double>::quiet_NaN()) == "NaN");
  CHECK(format_number(-std::numeric_limits<double>::infinity()) == "−∞");
}

TEST_CASE("signed numbers, and interval ends rounded in one direction") {
  struct Case {
    double value;
    int digits;
    Rounding rounding;
    const char* text;
  };
  for (const Case& c :
       {Case{31, 3, Rounding::nearest, "+31"}, Case{-2.7, 2, Rounding::nearest, "−2.7"}, Case{0, 3, Rounding::nearest, "0"},
        Case{24.5, 2, Rounding::down, "+24"}, Case{24.5, 2, Rounding::up, "+25"}, Case{-2.71, 2, Rounding::down, "−2.8"},
        Case{-2.79, 2, Rounding::up, "−2.7"}, Case{24, 2, Rounding::up, "+24"}, Case{0.1 + 0.2, 2, Rounding::up, "+0.30"},
        Case{-0.3, 2, Rounding::down, "−0.30"}, Case{0, 2, Rounding::up, "0"}, Case{0.0999, 2, Rounding::up, "+0.10"},
        Case{99.91, 3, Rounding::up, "+100"}}) {
    INFO(c.value);
    CHECK(format_signed(c.value, {c.digits, c.rounding}) == c.text);
  }
  CHECK(format_signed(std::numeric_limits<double>::infinity(), {2, Rounding::up}) == "+∞");
  CHECK(format_signed(-std::numeric_limits<double>::infinity()) == "−∞");
  CHECK(format_signed(-0.0) == "0");
}

TEST_CASE("quantities are written with a prefix that fits their size") {
  struct Case {
    double value;
    const char* unit;
    const char* text;
  };
  for (const Case& c : {Case{0.312, "s", "312 ms"},
                        Case{312, "ms", "312 ms"},
                        Case{0.0214, "s", "21.4 ms"},
                        Case{0, "s", "0 s"},
                        Case{1.5e-5, "s", "15 µs"},
                        Case{3e-9, "s", "3 ns"},
                        Case{90, "s", "90 s"},
                        Case{7200, "s", "2 h"},
                        Case{600, "s", "10 min"},
                        Case{3, "d", "3 d"},
                        Case{-0.25, "s", "−250 ms"},
                        Case{0.9999, "s", "1.00 s"},
                        Case{64, "MiB", "64 MiB"},
                        Case{1536, "B", "1.50 KiB"},
                        Case{512, "B", "512 B"},
                        Case{2048, "B/s", "2 KiB/s"},
                        Case{-1048576, "B", "−1 MiB"},
                        Case{71.4, "%", "71.4 %"},
                        Case{0.11, "%", "0.110 %"},
                        Case{0, "%", "0 %"},
                        Case{1234567, "1", "1.23M"},
                        Case{12, "1", "12"},
                        Case{0.5, "1", "0.500"},
                        Case{999.9, "1", "1.00k"},
                        Case{1200, "1/s", "1.20k/s"},
                        Case{31, "1/d", "31/d"},
                        Case{1200, "req/s", "1.20k req/s"},
                        Case{12, "EUR", "12 EUR"},
                        Case{-12.5, "EUR", "−12.5 EUR"},
                        Case{1, "rating", "A"},
                        Case{5, "rating", "E"},
                        Case{2.5, "rating", "2.50"},
                        Case{0, "rating", "0"},
                        Case{6, "rating", "6"},
                        Case{1.5, "core", "1.50 core"}}) {
    INFO(c.value << " " << c.unit);
    CHECK(format_quantity(c.value, *parse_unit(c.unit)) == c.text);
  }
  CHECK(format_quantity(0.0011, Unit{}, Style::proportion) == "0.110 %");
  CHECK(format_quantity(0.714, Unit{}, Style::proportion) == "71.4 %");
}

TEST_CASE("ratings are letters from A to E, and their changes steps") {
  for (const auto& [letter, value] :
       {std::pair("A", 1.0), std::pair("B", 2.0), std::pair("C", 3.0), std::pair("D", 4.0), std::pair("E", 5.0)})
    CHECK(parse_rating(letter) == value);
  for (const char* wrong : {"", "F", "a", "AB", "2"}) CHECK_FALSE(parse_rating(wrong).has_value());
  const Unit rating = *parse_unit("rating");
  CHECK(rating.is_rating());
  CHECK(describe_dimension(rating) == "a rating from A to E");
  CHECK(format_signed_quantity(2, rating) == "+2");
  CHECK(format_signed_quantity(-1, rating) == "−1");
  CHECK(format_signed_quantity(0, rating) == "0");
}
