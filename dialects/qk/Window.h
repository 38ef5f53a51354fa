// Questions about windows that more than one room asks.
#ifndef QCC_DIALECTS_QK_WINDOW_H
#define QCC_DIALECTS_QK_WINDOW_H

#include "dialects/qk/QkOps.h"

namespace qcc::qk {

/// True if no position of the window along this axis reaches outside the input.
inline bool staysInside(WindowAttr window, int axis) {
  int64_t reach = (window.getKernel()[axis] - 1) * window.getDilations()[axis];
  int64_t last = (window.getOutput()[axis] - 1) * window.getStrides()[axis];
  return window.getPads()[axis] == 0 && last + reach < window.getInput()[axis];
}

/// Elements of the window in one channel.
inline int64_t windowSize(WindowAttr window) { return window.getKernel()[0] * window.getKernel()[1]; }

} // namespace qcc::qk

#endif // QCC_DIALECTS_QK_WINDOW_H
