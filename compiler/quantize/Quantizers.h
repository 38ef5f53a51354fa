// The quantizers that there are; each is described in its file.
#ifndef QCC_COMPILER_QUANTIZE_QUANTIZERS_H
#define QCC_COMPILER_QUANTIZE_QUANTIZERS_H

#include "compiler/quantize/RangeQuantizer.h"

namespace qcc::quantize {

const Quantizer &getAutomaticQuantizer();
const Quantizer &getMinMaxQuantizer();
const Quantizer &getPercentileQuantizer();
const Quantizer &getEntropyQuantizer();
const Quantizer &getMeanSquaredErrorQuantizer();
const Quantizer &getOctavQuantizer();
const Quantizer &getDoReFaQuantizer();

} // namespace qcc::quantize

#endif // QCC_COMPILER_QUANTIZE_QUANTIZERS_H
