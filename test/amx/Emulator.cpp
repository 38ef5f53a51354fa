#include "test/amx/Emulator.h"

#include <cmath>
#include <cstring>
#include <limits>

using namespace qcc::test::amx;

namespace {

constexpr uint8_t bfloatProduct = 0x5C;

/// A three-byte VEX prefix, opcode and ModRM of map 0F38, and the address if there is one.
struct Instruction {
  uint8_t opcode, pp;              // pp: no prefix, 66, F3, F2
  int mod, reg, rm, vvvv;          // registers with their fourth bits
  bool hasIndex = false;           // there is a SIB byte
  uint64_t address = 0, index = 0; // of base and displacement; of the index register, times its scale
  const uint8_t *end;
};

/// The general register of that number.
uint64_t registerOf(const ucontext_t &context, int number) {
  static constexpr int places[] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                                   REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
  return static_cast<uint64_t>(context.uc_mcontext.gregs[places[number]]);
}

int64_t displacement(const uint8_t *at, int mod, bool isLong) {
  int32_t number = 0;
  if (isLong)
    std::memcpy(&number, at, 4);
  else if (mod == 1)
    number = static_cast<int8_t>(*at);
  return number;
}

/// The memory operand behind ModRM (SDM, volume 2, tables 2-2 and 2-3).
const uint8_t *decodeAddress(const uint8_t *at, bool x, bool b, const ucontext_t &context, Instruction &in) {
  int base = in.rm & 7;
  in.hasIndex = base == 4;
  if (in.hasIndex) {
    uint8_t sib = *at++;
    int index = (sib >> 3 & 7) | x << 3;
    if (index != 4)
      in.index = registerOf(context, index) << (sib >> 6);
    base = sib & 7;
  }
  bool isBaseless = base == 5 && in.mod == 0, isLong = isBaseless || in.mod == 2;
  int64_t offset = displacement(at, in.mod, isLong);
  at += isLong ? 4 : in.mod == 1 ? 1 : 0;
  uint64_t from = registerOf(context, base | b << 3);
  if (isBaseless)
    from = in.hasIndex ? 0 : reinterpret_cast<uint64_t>(at); // relative to the next instruction: no immediates here
  in.address = from + static_cast<uint64_t>(offset);
  return at;
}

bool decode(const uint8_t *at, const ucontext_t &context, Instruction &in) {
  constexpr uint8_t vex = 0xC4, map0F38 = 2;
  if (at[0] != vex || (at[1] & 0x1F) != map0F38 || (at[2] & 0x84) != 0) // W and L are 0
    return false;
  bool r = !(at[1] & 0x80), x = !(at[1] & 0x40), b = !(at[1] & 0x20);
  in.vvvv = ~at[2] >> 3 & 15;
  in.pp = at[2] & 3;
  in.opcode = at[3];
  in.mod = at[4] >> 6;
  in.reg = (at[4] >> 3 & 7) | r << 3;
  in.rm = (at[4] & 7) | b << 3;
  in.end = at + 5;
  if (in.mod != 3)
    in.end = decodeAddress(in.end, x, b, context, in);
  return true;
}

//===-- Configuration -----------------------------------------------------------------------------===//

constexpr int configBytes = 64, columnsAt = 16, rowsAt = 48;

bool loadConfig(const uint8_t *memory, TileState &state) {
  TileState next = {};
  next.palette = memory[0];
  next.startRow = memory[1];
  if (next.palette > 1)
    return false;
  for (int i = 2; i < configBytes && next.palette == 1; ++i) {
    bool isColumns = i >= columnsAt && i < columnsAt + 2 * TileState::tiles,
         isRows = i >= rowsAt && i < rowsAt + TileState::tiles;
    if (!isColumns && !isRows && memory[i] != 0)
      return false;
  }
  for (int i = 0; i < TileState::tiles && next.palette == 1; ++i) {
    TileState::Tile &tile = next.tile[i];
    std::memcpy(&tile.bytes, memory + columnsAt + 2 * i, 2);
    tile.rows = memory[rowsAt + i];
    if (tile.bytes > TileState::maxBytes || tile.rows > TileState::maxRows || (tile.bytes == 0) != (tile.rows == 0))
      return false;
  }
  state = next;
  return true;
}

void storeConfig(uint8_t *memory, const TileState &state) {
  std::memset(memory, 0, configBytes);
  if (state.palette == 0)
    return;
  memory[0] = state.palette;
  memory[1] = state.startRow;
  for (int i = 0; i < TileState::tiles; ++i) {
    std::memcpy(memory + columnsAt + 2 * i, &state.tile[i].bytes, 2);
    memory[rowsAt + i] = state.tile[i].rows;
  }
}

bool executeConfig(const Instruction &in, TileState &state) {
  enum { None, Prefix66, PrefixF3, PrefixF2 };
  bool isMemory = in.mod != 3 && in.reg == 0 && in.vvvv == 0;
  auto *memory = reinterpret_cast<uint8_t *>(in.address + in.index);
  if (isMemory && in.pp == None)
    return loadConfig(memory, state);
  if (isMemory && in.pp == Prefix66) {
    storeConfig(memory, state);
    return true;
  }
  if (in.mod != 3 || in.rm != 0 || in.vvvv != 0)
    return false;
  if (in.pp == None && in.reg == 0) { // tilerelease
    state = {};
    return true;
  }
  bool isZero = in.pp == PrefixF2 && state.palette == 1 && in.reg < TileState::tiles && state.tile[in.reg].rows > 0;
  if (isZero)
    std::memset(state.tile[in.reg].data, 0, sizeof state.tile[in.reg].data);
  return isZero;
}

//===-- Loads, stores, products -------------------------------------------------------------------===//

bool executeMove(const Instruction &in, TileState &state) {
  enum { None, StreamingLoad, Store, Load };
  if (in.mod == 3 || !in.hasIndex || in.vvvv != 0 || in.pp == None || in.reg >= TileState::tiles ||
      state.palette != 1 || state.tile[in.reg].rows == 0)
    return false;
  TileState::Tile &tile = state.tile[in.reg];
  if (in.pp != Store)
    std::memset(tile.data, 0, sizeof tile.data);
  for (int row = 0; row < tile.rows; ++row) {
    auto *memory = reinterpret_cast<uint8_t *>(in.address + row * in.index);
    if (in.pp == Store)
      std::memcpy(memory, tile.data[row], tile.bytes);
    else
      std::memcpy(tile.data[row], memory, tile.bytes);
  }
  return true;
}

template <typename Left, typename Right>
void multiply(TileState::Tile &sum, const TileState::Tile &left, const TileState::Tile &right) {
  constexpr int together = 4;
  for (int row = 0; row < sum.rows; ++row) {
    uint32_t sums[TileState::maxBytes / together];
    std::memcpy(sums, sum.data[row], sizeof sums);
    for (int k = 0; k < left.bytes / together; ++k)
      for (int column = 0; column < sum.bytes / together; ++column)
        for (int i = 0; i < together; ++i)
          sums[column] += static_cast<uint32_t>(static_cast<Left>(left.data[row][together * k + i]) *
                                                static_cast<Right>(right.data[k][together * column + i]));
    std::memcpy(sum.data[row], sums, sizeof sums);
  }
}

/// bfloat16 number `index` of a row; subnormal ones are 0.
float bfloatAt(const uint8_t *row, int index) {
  uint16_t half;
  std::memcpy(&half, row + 2 * index, 2);
  uint32_t bits = (half & 0x7F80) == 0 ? (half & 0x8000u) << 16 : static_cast<uint32_t>(half) << 16;
  float number;
  std::memcpy(&number, &bits, 4);
  return number;
}

float flushed(float number) {
  return std::abs(number) < std::numeric_limits<float>::min() ? std::copysign(0.0f, number) : number;
}

/// Sums of even and of odd products, each fused and rounded to the nearest, then their sum.
void multiplyBfloats(TileState::Tile &sum, const TileState::Tile &left, const TileState::Tile &right) {
  for (int row = 0; row < sum.rows; ++row)
    for (int column = 0; column < sum.bytes / 4; ++column) {
      float parts[2] = {0, 0}, total;
      for (int k = 0; k < left.bytes / 4; ++k)
        for (int i = 0; i < 2; ++i)
          parts[i] =
              flushed(std::fma(bfloatAt(left.data[row], 2 * k + i), bfloatAt(right.data[k], 2 * column + i), parts[i]));
      std::memcpy(&total, sum.data[row] + 4 * column, 4);
      total = flushed(flushed(total) + flushed(parts[0] + parts[1]));
      std::memcpy(sum.data[row] + 4 * column, &total, 4);
    }
}

bool executeProduct(const Instruction &in, TileState &state) {
  int left = in.rm, right = in.vvvv;
  bool areTiles = in.mod == 3 && in.reg < TileState::tiles && left < TileState::tiles && right < TileState::tiles &&
                  in.reg != left && in.reg != right && left != right && state.palette == 1;
  if (!areTiles)
    return false;
  TileState::Tile &sum = state.tile[in.reg], &a = state.tile[left], &b = state.tile[right];
  bool match =
      sum.rows > 0 && a.rows == sum.rows && b.bytes == sum.bytes && a.bytes == 4 * b.rows && sum.bytes % 4 == 0;
  if (!match)
    return false;
  enum { UnsignedUnsigned, UnsignedSigned, SignedUnsigned, SignedSigned };
  if (in.opcode == bfloatProduct) {
    if (in.pp != SignedUnsigned)
      return false;
    multiplyBfloats(sum, a, b);
    return true;
  }
  switch (in.pp) {
  case UnsignedUnsigned:
    multiply<uint8_t, uint8_t>(sum, a, b);
    break;
  case UnsignedSigned:
    multiply<uint8_t, int8_t>(sum, a, b);
    break;
  case SignedUnsigned:
    multiply<int8_t, uint8_t>(sum, a, b);
    break;
  case SignedSigned:
    multiply<int8_t, int8_t>(sum, a, b);
    break;
  }
  return true;
}

//===-- Signals -------------------------------------------------------------------------------------===//

using Handler = void (*)(int, siginfo_t *, void *);
__attribute__((tls_model("initial-exec"))) thread_local TileState threadState;
Handler fallback;

void handle(int signal, siginfo_t *info, void *context) {
  if (execute(*static_cast<ucontext_t *>(context), threadState))
    return;
  if (fallback)
    return fallback(signal, info, context);
  struct sigaction standard = {};
  standard.sa_handler = SIG_DFL;
  sigaction(SIGILL, &standard, nullptr); // the instruction is tried again, and ends the program
}
} // namespace

bool qcc::test::amx::execute(ucontext_t &context, TileState &state) {
  constexpr uint8_t config = 0x49, move = 0x4B, product = 0x5E;
  Instruction in;
  if (!decode(reinterpret_cast<const uint8_t *>(context.uc_mcontext.gregs[REG_RIP]), context, in))
    return false;
  bool isProduct = in.opcode == product || in.opcode == bfloatProduct;
  bool isDone = in.opcode == config ? executeConfig(in, state)
                : in.opcode == move ? executeMove(in, state)
                                    : isProduct && executeProduct(in, state);
  if (isDone)
    context.uc_mcontext.gregs[REG_RIP] = reinterpret_cast<greg_t>(in.end);
  return isDone;
}

void qcc::test::amx::setFallback(Handler handler) { fallback = handler; }

void qcc::test::amx::install() {
  struct sigaction action = {}, before = {};
  action.sa_sigaction = handle;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGILL, &action, &before);
  if ((before.sa_flags & SA_SIGINFO) && before.sa_sigaction != handle)
    fallback = before.sa_sigaction;
}
