// The emulator of AMX against the definitions of its instructions.
#include "test/amx/Emulator.h"
#include "catch2/catch.hpp"

#include <array>
#include <cstring>
#include <random>
#include <vector>

using namespace qcc::test::amx;

namespace {

/// A context whose next instruction has those bytes.
struct Machine {
  bool run(std::initializer_list<uint8_t> bytes) {
    code.assign(bytes);
    code.resize(16); // what decoding looks at
    auto begin = reinterpret_cast<greg_t>(code.data());
    set(REG_RIP, begin);
    bool isDone = execute(context, state);
    greg_t step = context.uc_mcontext.gregs[REG_RIP] - begin;
    CHECK(step == (isDone ? static_cast<greg_t>(bytes.size()) : 0));
    return isDone;
  }
  void set(int number, greg_t value) { context.uc_mcontext.gregs[number] = value; }
  void set(int number, const void *pointer) { set(number, reinterpret_cast<greg_t>(pointer)); }

  ucontext_t context = {};
  TileState state = {};
  std::vector<uint8_t> code;
};

/// Of tiles 0 to 7, rows and bytes.
std::array<uint8_t, 64> makeConfig(std::array<int, 8> rows, std::array<int, 8> bytes) {
  std::array<uint8_t, 64> config = {};
  config[0] = 1;
  for (int i = 0; i < 8; ++i) {
    config[16 + 2 * i] = static_cast<uint8_t>(bytes[i]);
    config[48 + i] = static_cast<uint8_t>(rows[i]);
  }
  return config;
}

Machine configured(std::array<int, 8> rows, std::array<int, 8> bytes) {
  Machine machine;
  std::array<uint8_t, 64> config = makeConfig(rows, bytes);
  machine.set(REG_RDI, config.data() - 16);
  REQUIRE(machine.run({0xc4, 0xe2, 0x78, 0x49, 0x47, 0x10})); // ldtilecfg 16(%rdi)
  return machine;
}

Machine configured(int rows = 16, int bytes = 64) {
  std::array<int, 8> all, wide;
  all.fill(rows);
  wide.fill(bytes);
  return configured(all, wide);
}

std::vector<uint8_t> randomBytes(size_t count) {
  std::mt19937 source(static_cast<unsigned>(count));
  std::vector<uint8_t> bytes(count);
  for (uint8_t &byte : bytes)
    byte = static_cast<uint8_t>(source());
  return bytes;
}

/// Rows `stride` apart are what the tile holds, and zeros are around them.
void checkTile(const TileState::Tile &tile, const uint8_t *from, int64_t stride) {
  for (int row = 0; row < TileState::maxRows; ++row)
    for (int i = 0; i < TileState::maxBytes; ++i) {
      bool isThere = row < tile.rows && i < tile.bytes;
      REQUIRE(tile.data[row][i] == (isThere ? from[row * stride + i] : 0));
    }
}
} // namespace

TEST_CASE("a configuration is loaded, stored and released") {
  Machine machine = configured({1, 2, 3, 16, 5, 0, 7, 8}, {64, 4, 60, 64, 5, 0, 32, 1});
  CHECK(machine.state.palette == 1);
  CHECK(machine.state.tile[2].rows == 3);
  CHECK(machine.state.tile[2].bytes == 60);
  std::array<uint8_t, 64> stored;
  stored.fill(0xA5);
  machine.set(REG_R13, stored.data());
  REQUIRE(machine.run({0xc4, 0xc2, 0x79, 0x49, 0x45, 0x00})); // sttilecfg (%r13)
  CHECK(stored == makeConfig({1, 2, 3, 16, 5, 0, 7, 8}, {64, 4, 60, 64, 5, 0, 32, 1}));
  REQUIRE(machine.run({0xc4, 0xe2, 0x78, 0x49, 0xc0})); // tilerelease
  CHECK(machine.state.palette == 0);
  CHECK_FALSE(machine.run({0xc4, 0xe2, 0x7b, 0x49, 0xe8})); // tilezero %tmm5, of which there is none
}

TEST_CASE("a configuration that no CPU takes is not loaded") {
  auto loads = [](std::array<uint8_t, 64> config) {
    Machine machine;
    machine.set(REG_R12, config.data());
    machine.set(REG_RCX, greg_t(-32));
    return machine.run({0xc4, 0xc2, 0x78, 0x49, 0x44, 0x4c, 0x40}); // ldtilecfg 64(%r12,%rcx,2)
  };
  auto config = makeConfig({1, 1, 1, 1, 1, 1, 1, 1}, {4, 4, 4, 4, 4, 4, 4, 4});
  CHECK(loads(config));
  for (auto [at, value] : {std::pair(0, 2), {5, 1}, {16, 65}, {48, 17}, {48, 0}, {16, 0}, {40, 1}}) {
    INFO(at << " = " << value);
    auto bad = config;
    bad[at] = static_cast<uint8_t>(value);
    CHECK_FALSE(loads(bad));
  }
}

TEST_CASE("an address is relative to the next instruction, or has any registers, scale and displacement") {
  std::vector<uint8_t> memory = randomBytes(16384);
  const uint8_t *middle = memory.data() + 8192;
  Machine machine = configured(5, 12);
  machine.set(REG_RAX, middle);
  machine.set(REG_RBX, greg_t(100));
  REQUIRE(machine.run({0xc4, 0xe2, 0x7b, 0x4b, 0x0c, 0x18})); // tileloadd (%rax,%rbx), %tmm1
  checkTile(machine.state.tile[1], middle, 100);
  machine.set(REG_R13, middle);
  machine.set(REG_R9, greg_t(-3));
  REQUIRE(machine.run({0xc4, 0x82, 0x7b, 0x4b, 0xbc, 0xcd, 0x00, 0x01, 0x00, 0x00})); // 256(%r13,%r9,8), %tmm7
  checkTile(machine.state.tile[7], middle + 256, -24);
  machine.set(REG_RBP, middle);
  machine.set(REG_R15, greg_t(7));
  REQUIRE(machine.run({0xc4, 0xa2, 0x7b, 0x4b, 0x54, 0x7d, 0xf8})); // -8(%rbp,%r15,2), %tmm2
  checkTile(machine.state.tile[2], middle - 8, 14);
  machine.set(REG_R8, middle);
  machine.set(REG_RSI, greg_t(5));
  REQUIRE(machine.run({0xc4, 0xc2, 0x79, 0x4b, 0x1c, 0xb0})); // tileloaddt1 (%r8,%rsi,4), %tmm3
  checkTile(machine.state.tile[3], middle, 20);
  machine.set(REG_RSP, middle);
  REQUIRE(machine.run({0xc4, 0xe2, 0x7b, 0x4b, 0x64, 0x24, 0x40})); // 64(%rsp), %tmm4: all rows are the same
  checkTile(machine.state.tile[4], middle + 64, 0);

  auto config = makeConfig({3, 0, 0, 0, 0, 0, 0, 0}, {8, 0, 0, 0, 0, 0, 0, 0});
  std::vector<uint8_t> code = {0xc4, 0xe2, 0x78, 0x49, 0x05, 0x10, 0x00, 0x00, 0x00}; // ldtilecfg 16(%rip)
  size_t length = code.size();
  code.resize(length + 16);
  code.insert(code.end(), config.begin(), config.end());
  machine.set(REG_RIP, code.data());
  REQUIRE(execute(machine.context, machine.state));
  CHECK(machine.context.uc_mcontext.gregs[REG_RIP] == reinterpret_cast<greg_t>(code.data() + length));
  CHECK(machine.state.tile[0].rows == 3);
  CHECK(machine.state.tile[7].rows == 0);
}

TEST_CASE("a tile is stored where it is, and nothing around it") {
  Machine machine = configured(3, 8);
  std::vector<uint8_t> from = randomBytes(256), to(256, 0xA5), expected = to;
  machine.set(REG_RSP, from.data() - 64);
  REQUIRE(machine.run({0xc4, 0xe2, 0x7b, 0x4b, 0x74, 0x24, 0x40})); // tileloadd 64(%rsp), %tmm6
  machine.set(REG_R10, to.data());
  machine.set(REG_R14, greg_t(20));
  REQUIRE(machine.run({0xc4, 0x82, 0x7a, 0x4b, 0x74, 0x32, 0x20})); // tilestored %tmm6, 32(%r10,%r14)
  for (int row = 0; row < 3; ++row)
    std::memcpy(expected.data() + 32 + row * 20, from.data(), 8);
  CHECK(to == expected);
  REQUIRE(configured().run({0xc4, 0xe2, 0x7b, 0x49, 0xe8})); // tilezero %tmm5
}

TEST_CASE("products of bytes of either sign are added modulo 2^32") {
  struct {
    uint8_t pp;
    bool isLeftSigned, isRightSigned;
  } const kinds[] = {{0x63, true, true}, {0x62, true, false}, {0x61, false, true}, {0x60, false, false}};
  for (auto [pp, isLeftSigned, isRightSigned] : kinds)
    for (auto [rows, columns, depth] : {std::array{16, 16, 16}, {1, 1, 1}, {7, 16, 3}, {16, 5, 16}, {3, 2, 11}}) {
      INFO(int(pp) << ": " << rows << " x " << columns << " x " << depth);
      Machine machine =
          configured({0, rows, rows, depth, 0, 0, 0, 0}, {0, 4 * columns, 4 * depth, 4 * columns, 0, 0, 0, 0});
      std::vector<uint8_t> sums = randomBytes(1024), left = randomBytes(1025), right = randomBytes(1026);
      left[0] = right[0] = 0x80;
      auto fill = [&](int tile, const std::vector<uint8_t> &from) {
        std::memset(machine.state.tile[tile].data, 0, 1024);
        for (int row = 0; row < machine.state.tile[tile].rows; ++row)
          std::memcpy(machine.state.tile[tile].data[row], from.data() + 64 * row, machine.state.tile[tile].bytes);
      };
      fill(1, sums);
      fill(2, left);
      fill(3, right);
      REQUIRE(machine.run({0xc4, 0xe2, pp, 0x5e, 0xca})); // tdpb--d %tmm3, %tmm2, %tmm1
      std::vector<uint8_t> expected = sums;
      auto number = [](uint8_t byte, bool isSigned) { return isSigned ? int64_t(int8_t(byte)) : int64_t(byte); };
      for (int row = 0; row < rows; ++row)
        for (int column = 0; column < columns; ++column) {
          int32_t first;
          std::memcpy(&first, &sums[64 * row + 4 * column], 4);
          int64_t sum = first;
          for (int k = 0; k < 4 * depth; ++k)
            sum += number(left[64 * row + k], isLeftSigned) *
                   number(right[64 * (k / 4) + 4 * column + k % 4], isRightSigned);
          auto low = static_cast<uint32_t>(sum);
          std::memcpy(&expected[64 * row + 4 * column], &low, 4);
        }
      checkTile(machine.state.tile[1], expected.data(), 64);
    }
}

TEST_CASE("products of bfloat16 are added in f32, subnormal numbers as 0") {
  constexpr int rows = 3, columns = 2, depth = 5;
  Machine machine =
      configured({0, rows, rows, depth, 0, 0, 0, 0}, {0, 4 * columns, 4 * depth, 4 * columns, 0, 0, 0, 0});
  auto set = [&](int tile, int row, int index, uint16_t half) {
    std::memcpy(machine.state.tile[tile].data[row] + 2 * index, &half, 2);
  };
  // Numbers from 1.0 up, in steps of 1/128: sums of their products are exact.
  auto number = [](int i) { return 1 + static_cast<float>(i) / 128; };
  float first = 1.5;
  for (int row = 0; row < rows; ++row)
    for (int column = 0; column < columns; ++column)
      std::memcpy(machine.state.tile[1].data[row] + 4 * column, &first, 4);
  for (int k = 0; k < 2 * depth; ++k) {
    for (int row = 0; row < rows; ++row)
      set(2, row, k, 0x3f80 + row + k);
    for (int column = 0; column < columns; ++column)
      set(3, k / 2, 2 * column + k % 2, 0x3f80 + 3 * column + k);
  }
  set(2, 0, 0, 0x0001);                                 // the least subnormal number
  REQUIRE(machine.run({0xc4, 0xe2, 0x62, 0x5c, 0xca})); // tdpbf16ps %tmm3, %tmm2, %tmm1
  for (int row = 0; row < rows; ++row)
    for (int column = 0; column < columns; ++column) {
      float expected = first, got;
      for (int k = row == 0 ? 1 : 0; k < 2 * depth; ++k)
        expected += number(row + k) * number(3 * column + k);
      std::memcpy(&got, machine.state.tile[1].data[row] + 4 * column, 4);
      REQUIRE(got == expected);
    }
  CHECK_FALSE(machine.run({0xc4, 0xe2, 0x63, 0x5c, 0xca})); // tdpfp16ps
}

TEST_CASE("what no CPU with AMX executes is not emulated") {
  std::initializer_list<uint8_t> product = {0xc4, 0xe2, 0x41, 0x5e, 0xee}; // tdpbusd %tmm7, %tmm6, %tmm5
  CHECK(configured().run(product));
  CHECK_FALSE(Machine().run(product));
  CHECK_FALSE(configured({0, 0, 0, 0, 0, 16, 15, 16}, {0, 0, 0, 0, 0, 64, 64, 64}).run(product));
  CHECK_FALSE(configured({0, 0, 0, 0, 0, 16, 16, 16}, {0, 0, 0, 0, 0, 64, 60, 64}).run(product));
  CHECK_FALSE(configured({0, 0, 0, 0, 0, 16, 16, 16}, {0, 0, 0, 0, 0, 64, 64, 60}).run(product));
  CHECK_FALSE(configured().run({0xc4, 0xe2, 0x63, 0x5e, 0xc9})); // tdpbssd %tmm3, %tmm1, %tmm1
  CHECK_FALSE(configured().run({0x0f, 0x0b}));                   // ud2
  CHECK_FALSE(configured().run({0xc4, 0xe2, 0x7b, 0x4b, 0x08})); // a tile from (%rax), without a SIB byte
}

TEST_CASE("instructions of this process are emulated where the CPU lacks them") {
  install();
  auto config = makeConfig({16, 16, 16, 0, 0, 0, 0, 0}, {64, 64, 64, 0, 0, 0, 0, 0});
  std::vector<uint8_t> left(1024, 255), right(1024, 0x80), sums(1024);
  asm volatile("ldtilecfg %0\n"
               "tilezero %%tmm0\n"
               "tileloadd (%1,%4), %%tmm1\n"
               "tileloadd (%2,%4), %%tmm2\n"
               "tdpbusd %%tmm2, %%tmm1, %%tmm0\n"
               "tilestored %%tmm0, (%3,%4)\n"
               "tilerelease"
               :
               : "m"(config), "r"(left.data()), "r"(right.data()), "r"(sums.data()), "r"(int64_t(64))
               : "memory");
  for (size_t i = 0; i < sums.size(); i += 4) {
    int32_t sum;
    std::memcpy(&sum, &sums[i], 4);
    REQUIRE(sum == 64 * 255 * -128);
  }
}
