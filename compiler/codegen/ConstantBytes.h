// Constants of kernels that are read at places known only when these run.
#ifndef QCC_COMPILER_CODEGEN_CONSTANTBYTES_H
#define QCC_COMPILER_CODEGEN_CONSTANTBYTES_H

#include "compiler/codegen/KernelBuilder.h"

namespace qcc::codegen {

/// A pointer to bytes that lie beside the functions of the module; equal ones are one array.
Val constantBytes(KernelBuilder &k, llvm::ArrayRef<int8_t> bytes);

} // namespace qcc::codegen

#endif // QCC_COMPILER_CODEGEN_CONSTANTBYTES_H
